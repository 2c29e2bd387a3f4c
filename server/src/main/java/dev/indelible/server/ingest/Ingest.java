package dev.indelible.server.ingest;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.access.Caller;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryCodec;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.Problem;
import dev.indelible.server.event.RecordedBy;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.ingest.ItemResult.Code;
import dev.indelible.server.ingest.ItemResult.Rejected;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.NewEntry;
import dev.indelible.server.log.Outcome;
import dev.indelible.server.profile.Classifier;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The way in: gives each event its tenant, its classification, its id and its salts, and appends
 * them.
 *
 * <p>Thread-safe; blocks the caller until the events are durable and sequenced.
 */
public final class Ingest {

  /** The most bytes of events in one journal batch; larger requests are appended as several. */
  static final int MAX_APPEND_BYTES = Journal.MAX_BATCH_BYTES / 2;

  /** The flag of events that happened longer before they were recorded. */
  public static final String LATE = "late";

  /** The flag of events that by their own account have not happened yet. */
  public static final String EARLY = Entry.EARLY;

  /** How long before it is recorded an event may have happened without being flagged. */
  public static final Duration LATE_AFTER = Duration.ofHours(1);

  /** How far the caller's clock may be ahead without an event being flagged. */
  public static final Duration EARLY_AFTER = Entry.EARLY_AFTER;

  /** The action of the server's own entries whose ranges name entries that a purge deletes. */
  private static final String RELEASING_ACTION = "audit.entries.purge";

  /** Prefix of the actions that only the program may record. */
  static final String RESERVED_PREFIX = "audit.";

  private static final Duration WITHOUT_END = Duration.ofNanos(Long.MAX_VALUE);

  private static final Sender THE_PROGRAM =
      new Sender(new Caller.Operator("program"), RecordedBy.THE_SERVER, true, false);

  private final EventLog log;
  private final Sources sources;
  private final EntryCodec codec = new EntryCodec();
  private final UnknownActionCounts unknownActions = new UnknownActionCounts();

  /**
   * Sources from which an event is completed.
   *
   * @param configuration which tenants there are
   * @param classifiers the classifiers of the tenants' profiles
   * @param locations where addresses are
   * @param ids ids for events that come without one
   * @param random a cryptographically strong generator, for salts; thread-safe
   * @param clock the system clock, or a test's
   */
  public record Sources(
      Configuration configuration,
      TenantClassifiers classifiers,
      AddressLocations locations,
      UuidV7 ids,
      RandomGenerator random,
      InstantSource clock) {}

  /** A way in to {@code log}. */
  public Ingest(EventLog log, Sources sources) {
    this.log = log;
    this.sources = sources;
  }

  /**
   * Records events; returns when each is recorded or refused.
   *
   * @param caller the sender
   * @param items the decoded events of the request
   * @return a result for each item, in their order
   * @throws JournalUnavailableException when they cannot be recorded now; some of a large request
   *     may have been, so it is to be sent again with ids
   */
  public List<ItemResult> record(Caller caller, List<Decoding> items) {
    return record(new Sender(caller, caller.recordedBy(), false, false), items, WITHOUT_END)
        .orElseThrow();
  }

  /** Records events of another program's log, whose secrets are marked if the profile lets. */
  public List<ItemResult> recordImported(Caller caller, List<Decoding> items) {
    return record(new Sender(caller, caller.recordedBy(), false, true), items, WITHOUT_END)
        .orElseThrow();
  }

  /** Records the program's own entries, which may have actions that nobody else may send. */
  public List<ItemResult> recordOwn(List<Decoding> items) {
    return record(THE_PROGRAM, items, WITHOUT_END).orElseThrow();
  }

  /**
   * Records own entries and waits no longer than {@code patience}: empty when they are not recorded
   * by then, as on a full disk. They may be later.
   */
  public Optional<List<ItemResult>> recordOwn(List<Decoding> items, Duration patience) {
    return record(THE_PROGRAM, items, patience);
  }

  /**
   * Sender of events.
   *
   * @param recordedBy the sender as their entries state it
   * @param own whether it is the program itself
   * @param imports whether they are of another program's log
   */
  private record Sender(Caller caller, RecordedBy recordedBy, boolean own, boolean imports) {}

  private Optional<List<ItemResult>> record(
      Sender sender, List<Decoding> items, Duration patience) {
    @Nullable ItemResult[] results = new ItemResult[items.size()];
    Pending pending = new Pending(results);
    byte[] salts = new byte[2 * EntryParts.SALT_BYTES * items.size()];
    sources.random().nextBytes(salts);
    for (int i = 0; i < items.size(); i++) {
      int saltOffset = 2 * EntryParts.SALT_BYTES * i;
      switch (items.get(i)) {
        case Decoding.Invalid invalid -> results[i] = invalid(invalid);
        case Decoding.Decoded(Event event) -> {
          if (!sender.own && event.action().startsWith(RESERVED_PREFIX)) {
            results[i] =
                new Rejected(
                    Code.RESERVED_ACTION,
                    "The action " + event.action() + " is recorded by the server alone.",
                    List.of());
            continue;
          }
          switch (prepare(sender, event, salts, saltOffset)) {
            case Prepared.Refused(Rejected rejected) -> results[i] = rejected;
            case Prepared.Ready(NewEntry entry) -> pending.add(i, entry);
          }
        }
      }
    }
    pending.append();
    if (!pending.await(patience)) {
      return Optional.empty();
    }
    List<ItemResult> all = new ArrayList<>(results.length);
    for (ItemResult result : results) {
      if (result == null) {
        throw new IllegalStateException("an item without a result");
      }
      all.add(result);
    }
    return Optional.of(all);
  }

  /** An event on its way, or why it goes no further. */
  private sealed interface Prepared {
    record Ready(NewEntry entry) implements Prepared {}

    record Refused(Rejected rejected) implements Prepared {}
  }

  private Prepared prepare(Sender sender, Event event, byte[] salts, int saltOffset) {
    Caller caller = sender.caller;
    TenantId tenantId = tenantOf(caller, event);
    if (tenantId == null) {
      return refuse(
          Code.INVALID_EVENT,
          "The event names no tenant, and the key is not bound to one.",
          new Problem(
              "/tenant",
              Problem.Code.MISSING,
              "Say whose event it is, such as \"tenant\": \"acme\"."));
    }
    Optional<Tenant> tenant =
        sender.own
            ? sources.configuration().tenantOrClosed(tenantId)
            : caller.sees(tenantId) ? sources.configuration().tenant(tenantId) : Optional.empty();
    if (tenant.isEmpty()) {
      return refuse(
          Code.UNKNOWN_TENANT,
          "There is no tenant "
              + tenantId
              + " for this key; create it with POST /v1/tenants, or use its own key.");
    }
    if (log.stoppedBecause(tenantId).isPresent()) {
      return refuse(
          Code.LOG_STOPPED,
          "The log of tenant "
              + tenantId
              + " is stopped: it disagrees with what was signed of it. See the server's log.");
    }
    return classified(sender, event, tenant.get(), saltsAt(salts, saltOffset));
  }

  private Prepared classified(Sender sender, Event event, Tenant tenant, byte[] salts) {
    TenantId tenantId = tenant.tenant();
    Classifier classifier = sources.classifiers().of(tenant);
    Classifier.Verdict verdict = classifier.classify(event);
    countUnknown(classifier, event.action(), verdict);
    return switch (verdict) {
      case Classifier.Verdict.Recorded recorded ->
          new Prepared.Ready(
              split(
                  new EntryCodec.Accepted(
                      tenantId,
                      idOf(event),
                      located(kept(event, recorded, sender.imports)),
                      timed(event, settled(event, recorded)),
                      sender.recordedBy),
                  sources.classifiers().privacy(tenantId, recorded.personal()),
                  event.id() != null,
                  sender.own && event.action().equals(RELEASING_ACTION),
                  salts));
      case Classifier.Verdict.NotRecorded(String action) ->
          refuse(
              Code.NOT_RECORDED,
              "The profile %s does not record the routine action %s; nothing was recorded."
                  .formatted(tenant.profile(), action));
      case Classifier.Verdict.WrongDetails(List<Problem> problems) ->
          new Prepared.Refused(invalid(new Decoding.Invalid(problems, 0)));
      case Classifier.Verdict.ReasonMissing() ->
          refuse(
              Code.REASON_REQUIRED,
              "The action %s requires a reason; say why it was done in \"reason\"."
                  .formatted(event.action()));
      case Classifier.Verdict.UnknownAction() ->
          refuse(
              Code.UNKNOWN_ACTION,
              "The profile %s does not list the action %s, and the tenant refuses such actions."
                  .formatted(tenant.profile(), event.action()));
    };
  }

  private void countUnknown(Classifier classifier, String action, Classifier.Verdict verdict) {
    if (verdict instanceof Classifier.Verdict.Recorded recorded
        && recorded.classification().flags().contains(Classifier.UNKNOWN_ACTION)) {
      String source = classifier.unknownSource(action);
      unknownActions.add(source == null ? Classifier.NO_SOURCE : source);
    }
  }

  /**
   * Events since the start whose action no catalog has and whose name points to a source,
   * repetitions included.
   *
   * @param source the name of a catalog, or {@link Classifier#NO_SOURCE}
   */
  public long unknownActions(String source) {
    return unknownActions.of(source);
  }

  /** The classification, flagged when the event's own time is far from now. */
  private Classification timed(Event event, Classification classification) {
    Instant occurredAt = event.occurredAt();
    if (occurredAt == null) {
      return classification;
    }
    String flag = timeFlag(occurredAt, sources.clock().instant());
    if (flag == null) {
      return classification;
    }
    return flagged(classification, flag);
  }

  private static Classification flagged(Classification classification, String flag) {
    Set<String> flags = new TreeSet<>(classification.flags());
    flags.add(flag);
    return new Classification(
        classification.category(),
        classification.verb(),
        classification.securityRelevant(),
        List.copyOf(flags));
  }

  /** The flag of an event that happened at {@code occurredAt} and is recorded now, or null. */
  static @Nullable String timeFlag(Instant occurredAt, Instant now) {
    return occurredAt.isBefore(now.minus(LATE_AFTER))
        ? LATE
        : occurredAt.isAfter(now.plus(EARLY_AFTER)) ? EARLY : null;
  }

  /** The classification, flagged when the catalog knows better how the event ended. */
  private static Classification settled(Event event, Classifier.Verdict.Recorded recorded) {
    return recorded.fails() && event.outcome() != Event.Outcome.FAILURE
        ? flagged(recorded.classification(), Classification.OUTCOME_FROM_CATALOG)
        : recorded.classification();
  }

  /**
   * Returns the event as it is kept: without its secrets, with the outcome that its action says.
   */
  private static Event kept(Event event, Classifier.Verdict.Recorded recorded, boolean imports) {
    Classifier.Secrets secrets = recorded.secrets();
    Event kept =
        secrets.marked() || (imports && secrets.onRequest()) ? secrets.keys().marked(event) : event;
    return recorded.fails() && event.outcome() != Event.Outcome.FAILURE
        ? kept.with(Event.Outcome.FAILURE)
        : kept;
  }

  private String idOf(Event event) {
    String callersId = event.id();
    return callersId != null ? callersId : sources.ids().next();
  }

  private static byte[] saltsAt(byte[] salts, int offset) {
    return Arrays.copyOfRange(salts, offset, offset + 2 * EntryParts.SALT_BYTES);
  }

  /** The bytes of an accepted event; {@code salts} has the facts' salt and the personal part's. */
  private NewEntry split(
      EntryCodec.Accepted accepted,
      EntryCodec.Privacy privacy,
      boolean callerChoseId,
      boolean releasesIds,
      byte[] salts) {
    EntryCodec.Parts parts = codec.encode(accepted, privacy);
    byte[] factsSalt = Arrays.copyOf(salts, EntryParts.SALT_BYTES);
    byte[] personalSalt =
        parts.personal() == null
            ? null
            : Arrays.copyOfRange(salts, EntryParts.SALT_BYTES, salts.length);
    return new NewEntry(
        accepted.tenant(),
        accepted.id(),
        callerChoseId,
        releasesIds,
        new EntryParts(parts.facts(), factsSalt, parts.personal(), personalSalt));
  }

  private static @Nullable TenantId tenantOf(Caller caller, Event event) {
    TenantId named = event.tenant();
    if (named != null) {
      return named;
    }
    return caller.home().orElse(null);
  }

  private Event located(Event event) {
    Event.Context context = event.context();
    String ip = context.ip();
    if (ip == null || context.location() != null) {
      return event;
    }
    Event.Location location = sources.locations().locate(ip);
    return location == null ? event : event.with(context.at(location));
  }

  private static Rejected invalid(Decoding.Invalid invalid) {
    Problem first = invalid.problems().getFirst();
    int more = invalid.problems().size() - 1 + invalid.unreported();
    String detail =
        (first.pointer().isEmpty() ? "" : first.pointer() + ": ")
            + first.detail()
            + (more == 0 ? "" : " And " + more + " more.");
    boolean tooLarge =
        first.code() == Problem.Code.TOO_LARGE && first.pointer().isEmpty() && more == 0;
    return new Rejected(
        tooLarge ? Code.EVENT_TOO_LARGE : Code.INVALID_EVENT, detail, invalid.problems());
  }

  private static Prepared refuse(Code code, String detail, Problem... problems) {
    return new Prepared.Refused(new Rejected(code, detail, List.of(problems)));
  }

  /** Events that go to the journal together, and where their results go. */
  private final class Pending {

    private record Sent(
        List<Integer> indexes, List<NewEntry> entries, CompletableFuture<List<Outcome>> outcomes) {}

    private final @Nullable ItemResult[] results;
    private final List<Sent> sent = new ArrayList<>(1);
    private List<Integer> indexes = new ArrayList<>();
    private List<NewEntry> entries = new ArrayList<>();
    private long bytes;

    Pending(@Nullable ItemResult[] results) {
      this.results = results;
    }

    void add(int index, NewEntry entry) {
      int size = entry.maxEncodedBytes();
      if (bytes + size > MAX_APPEND_BYTES && !entries.isEmpty()) {
        append();
      }
      indexes.add(index);
      entries.add(entry);
      bytes += size;
    }

    void append() {
      if (entries.isEmpty()) {
        return;
      }
      sent.add(new Sent(indexes, entries, log.append(entries)));
      indexes = new ArrayList<>();
      entries = new ArrayList<>();
      bytes = 0;
    }

    /** Whether all have their outcomes, which is waited for. */
    boolean await(Duration patience) {
      for (Sent batch : sent) {
        List<Outcome> outcomes = join(batch.outcomes(), patience);
        if (outcomes == null) {
          return false;
        }
        for (int i = 0; i < outcomes.size(); i++) {
          results[batch.indexes().get(i)] = result(batch.entries().get(i), outcomes.get(i));
        }
      }
      return true;
    }

    private ItemResult result(NewEntry entry, Outcome outcome) {
      return switch (outcome) {
        case Outcome.Recorded(long seq, long at) ->
            new ItemResult.Accepted(entry.id(), entry.tenant(), seq, at, false);
        case Outcome.Duplicate(long seq, long at) ->
            new ItemResult.Accepted(entry.id(), entry.tenant(), seq, at, true);
        case Outcome.Conflict(long seq) ->
            new Rejected(
                Code.ID_CONFLICT,
                "The id %s belongs to another event, entry %d. Send this one with an id of its own."
                    .formatted(entry.id(), seq),
                List.of());
      };
    }

    /** The outcomes; null when there are none within {@code patience}. */
    private static @Nullable List<Outcome> join(
        CompletableFuture<List<Outcome>> outcomes, Duration patience) {
      try {
        return patience.equals(WITHOUT_END)
            ? outcomes.join()
            : outcomes.copy().orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).join();
      } catch (CompletionException e) {
        return switch (e.getCause()) {
          case JournalUnavailableException unavailable -> throw unavailable;
          case TimeoutException _ -> null;
          case null, default -> throw e;
        };
      }
    }
  }
}
