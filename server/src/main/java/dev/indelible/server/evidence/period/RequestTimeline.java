package dev.indelible.server.evidence.period;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Requests of data subjects, from received to answered, with the time by which each is to be
 * answered: a month after it was received (GDPR, Article 12(3)). Takes entries oldest first. Not
 * thread-safe.
 */
public final class RequestTimeline {

  /** Entries of requests: the product's own, and erasures that this program carries out. */
  public static final String QUERY = "action:dsar.*,data_subject_request.*,audit.erasure.*";

  /** The most requests; later ones are counted. */
  public static final int MAX_REQUESTS = 1_000;

  /** The most steps of a request that are kept. */
  public static final int MAX_STEPS = 100;

  private static final Set<String> RECEIVED =
      Set.of("receive", "received", "create", "created", "open", "opened");
  private static final Set<String> FULFILLED =
      Set.of("fulfill", "fulfilled", "complete", "completed", "close", "closed");
  private static final Set<String> REJECTED =
      Set.of("reject", "rejected", "refuse", "refused", "decline", "declined");
  private static final List<String> TARGETS =
      List.of("data_subject_request", "erasure", "contact", "customer", "user");

  private final Map<String, Building> requests = new LinkedHashMap<>();
  private long others;

  /** How a request stands. */
  public enum State {
    OPEN,
    /** Open, and the time to answer is over. */
    OVERDUE,
    /** Answered in time. */
    IN_TIME,
    /** Answered too late. */
    LATE;

    /** The name in the API. */
    public String jsonName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A step of a request.
   *
   * @param seq of its entry
   * @param entry id of its entry
   * @param at when it happened
   * @param action what was done
   * @param actorId who did it, or null
   */
  public record Step(long seq, String entry, Instant at, String action, @Nullable String actorId) {}

  /**
   * A request.
   *
   * @param id of the request, or of whom it is about where it has none
   * @param type of what that is the id of
   * @param received when it was received, or when its first step is known of
   * @param due by when it is to be answered
   * @param answered when it was fulfilled or turned down, or null
   * @param rejected whether it was turned down
   * @param state how it stands
   * @param steps its entries, oldest first
   */
  public record Request(
      String id,
      String type,
      Instant received,
      Instant due,
      @Nullable Instant answered,
      boolean rejected,
      State state,
      List<Step> steps) {
    public Request {
      steps = List.copyOf(steps);
    }
  }

  private static final class Building {
    private final String id;
    private final String type;
    private final List<Step> steps = new ArrayList<>();
    private Instant received;
    private @Nullable Instant answered;
    private boolean isRejected;

    Building(String id, String type, Instant received) {
      this.id = id;
      this.type = type;
      this.received = received;
    }
  }

  /** Takes the next entry; one that names no request and nobody is passed over. */
  public void add(Entry entry) {
    Event event = entry.event();
    Event.Target target = target(event);
    if (target == null) {
      return;
    }
    String key = target.type() + "/" + target.id();
    String word = event.action().substring(Math.max(event.action().lastIndexOf('.'), -1) + 1);
    Building known = requests.get(key);
    // Whom a second request is about had the first one answered.
    if (known == null || (known.answered != null && RECEIVED.contains(word))) {
      if (requests.size() >= MAX_REQUESTS) {
        others++;
        return;
      }
      if (known != null) {
        requests.put(key + " " + entry.seq(), requests.remove(key));
      }
      known = new Building(target.id(), target.type(), entry.occurredAt());
      requests.put(key, known);
    }
    if (RECEIVED.contains(word) && entry.occurredAt().isBefore(known.received)) {
      known.received = entry.occurredAt();
    }
    if (FULFILLED.contains(word) || REJECTED.contains(word)) {
      known.answered = entry.occurredAt();
      known.isRejected = REJECTED.contains(word);
    }
    if (known.steps.size() < MAX_STEPS) {
      known.steps.add(
          new Step(
              entry.seq(), entry.id(), entry.occurredAt(), event.action(), event.actor().id()));
    }
  }

  private static Event.@Nullable Target target(Event event) {
    for (String type : TARGETS) {
      for (Event.Target target : event.targets()) {
        if (target.type().equals(type) && target.id() != null) {
          return target;
        }
      }
    }
    return null;
  }

  /** Entries of requests beyond the first {@link #MAX_REQUESTS}. */
  public long others() {
    return others;
  }

  /** The requests as they stand at a time, those that were received first at the top. */
  public List<Request> at(Instant now) {
    List<Request> all = new ArrayList<>();
    for (Building one : requests.values()) {
      Instant due = one.received.atZone(ZoneOffset.UTC).plusMonths(1).toInstant();
      Instant answered = one.answered;
      State state =
          answered == null
              ? now.isAfter(due) ? State.OVERDUE : State.OPEN
              : answered.isAfter(due) ? State.LATE : State.IN_TIME;
      all.add(
          new Request(
              one.id, one.type, one.received, due, answered, one.isRejected, state, one.steps));
    }
    all.sort(Comparator.comparing(Request::received));
    return all;
  }
}
