package dev.indelible.server.trail;

import dev.indelible.server.access.Caller;
import dev.indelible.server.access.KeyNames;
import dev.indelible.server.access.KnownActors;
import dev.indelible.server.access.Roles;
import dev.indelible.server.access.Session;
import dev.indelible.server.access.Subject;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Guest;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.Event.ActorType;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.ingest.Ingest;
import dev.indelible.server.ingest.ItemResult;
import dev.indelible.server.journal.JournalUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records who read of a log, in that log, before they are answered.
 *
 * <p>The same again by the same session (or key) within {@link #WINDOW} is not recorded again, so
 * that paging, polling and a viewer that shows its own entries make one entry, not an avalanche;
 * what a mirror of the tiles does, which comes back because of the entry that it made, counts once
 * a day, and so does what a page shows beside the entries. Figures beside what a session looks at
 * are part of that look (ADR 0019).
 *
 * <p>Views are recorded where the tenant, or else its profile, says so; exports and verifications
 * always, and everything that auditors, support staff and the operator read. Guests are not
 * answered when it cannot be recorded; anybody else is, so that a full disk does not blind those
 * who have to mend it. Thread-safe.
 */
public final class AccessTrail {

  /** Origin of what the program does by itself. */
  public static final Look.Origin INSIDE = new Look.Origin(null, null, null);

  /** Time within which the same look by the same session is one. */
  public static final Duration WINDOW = Duration.ofMinutes(5);

  /** Time within which reading tiles, or one of the settings, is one look. */
  public static final Duration MIRROR_WINDOW = Duration.ofDays(1);

  /** Time that a reader waits for the entry of their look. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /** The most looks that are remembered; beyond it the oldest may be recorded again. */
  static final int MAX_REMEMBERED = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(AccessTrail.class);

  private record Key(TenantId tenant, String who, Look.Kind kind, String what) {}

  private final Ingest ingest;
  private final Configuration configuration;
  private final Roles roles;
  private final InstantSource clock;
  private final Covers covers = new Covers();

  // Guarded by itself. No cache that may refuse a newcomer: the oldest has to go, so that what is
  // recorded does not depend on chance.
  private final LinkedHashMap<Key, Instant> recent =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Instant> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  /** A trail that is recorded by {@code ingest}. */
  public AccessTrail(Ingest ingest, Configuration configuration, Roles roles, InstantSource clock) {
    this.ingest = ingest;
    this.configuration = configuration;
    this.roles = roles;
    this.clock = clock;
  }

  /**
   * Records a look, unless it was recorded lately or is not to be.
   *
   * @throws JournalUnavailableException when it has to be recorded and cannot be now
   */
  public void record(Caller caller, Tenant tenant, Look look) {
    record(caller, tenant, look, Naming.NONE);
  }

  /**
   * Records a look beside which figures are shown.
   *
   * @param naming the names that figures may contain: those of the look itself
   */
  public void record(Caller caller, Tenant tenant, Look look, Naming naming) {
    // What is recorded once a day says nothing of now.
    if (put(caller, tenant, look) && window(look).equals(WINDOW)) {
      stays(caller, tenant, naming);
    }
  }

  /**
   * Records that figures were read, which hold nothing of any entry: unless they are part of what
   * the session looks at, as they name nobody and nothing that its look does not name.
   *
   * @throws JournalUnavailableException when it has to be recorded and cannot be now
   */
  public void recordFigures(Caller caller, Tenant tenant, Look look, Naming.Figures figures) {
    boolean isPart =
        caller.session() != null
            && covers.isCovered(reader(caller, tenant), figures, clock.instant());
    if (!isPart) {
      record(caller, tenant, look, figures.naming());
    }
  }

  /** Notes that a look goes on, as one that follows the log does. */
  public void stays(Caller caller, Tenant tenant, Naming naming) {
    // A program is no page: what it counts is what it asks.
    if (caller.session() != null) {
      covers.note(reader(caller, tenant), naming, clock.instant());
    }
  }

  private static Covers.Reader reader(Caller caller, Tenant tenant) {
    return new Covers.Reader(tenant.tenant(), who(caller));
  }

  /** False when it should be recorded and is not. */
  private boolean put(Caller caller, Tenant tenant, Look look) {
    boolean guest = isGuest(caller);
    boolean always = guest || caller instanceof Caller.Operator;
    if (look.kind().isView() && !always && !recordsViews(tenant)) {
      return true;
    }
    String thing = look.thing();
    Key key =
        new Key(
            tenant.tenant(),
            who(caller),
            kindOfKey(caller, look),
            (thing == null ? look.filter() : look.kind().typeOfThing() + " " + thing)
                + because(look));
    Instant now = clock.instant();
    Instant before = remember(key, now, window(look));
    if (before == null) {
      return true;
    }
    try {
      Optional<List<ItemResult>> results =
          ingest.recordOwn(
              List.of(new Decoding.Decoded(event(caller, tenant, what(look)))), PATIENCE);
      if (results.isEmpty()) {
        late(key, now, tenant, guest);
        return true;
      }
      if (results.get().getFirst() instanceof ItemResult.Rejected rejected) {
        LOG.error("a look at {} was refused as an entry: {}", tenant.tenant(), rejected.detail());
        return false;
      }
      return true;
    } catch (JournalUnavailableException e) {
      forget(key, now);
      if (guest) {
        throw e;
      }
      LOG.warn("a look at {} is not recorded", tenant.tenant(), e);
      return false;
    }
  }

  /**
   * Treats an entry and its proof, which a browser reads together, as one look, whichever is first.
   */
  private static Look.Kind kindOfKey(Caller caller, Look look) {
    boolean isOpened =
        look.kind() == Look.Kind.VERIFIED && look.thing() != null && caller.session() != null;
    return isOpened ? Look.Kind.ENTRY_VIEWED : look.kind();
  }

  /** The entry waits for room, and is recorded once there is some. */
  private void late(Key key, Instant noted, Tenant tenant, boolean guest) {
    if (guest) {
      forget(key, noted);
      throw new JournalUnavailableException(
          JournalUnavailableException.Cause.QUEUE_FULL, "a look could not be recorded in time");
    }
    LOG.warn("a look at {} is recorded later", tenant.tenant());
  }

  private void forget(Key key, Instant noted) {
    synchronized (recent) {
      recent.remove(key, noted);
    }
  }

  /**
   * Records that somebody was let in; never summed up.
   *
   * @throws JournalUnavailableException when it cannot be recorded now
   */
  public void note(
      Caller caller, Tenant tenant, String action, Event.Target target, Look.Origin origin) {
    note(caller, tenant, new Note(action, target, null, null, origin));
  }

  /**
   * Records something that somebody does; never summed up.
   *
   * @throws JournalUnavailableException when it cannot be recorded now
   */
  public void note(Caller caller, Tenant tenant, Note note) {
    put(event(caller, tenant, what(note)));
  }

  /**
   * Records something that the program does by itself.
   *
   * @throws JournalUnavailableException when it cannot be recorded now
   */
  public void noteProgram(Tenant tenant, Note note) {
    put(event(tenant, what(note), ChangedBy.SYSTEM.actor(), null));
  }

  private void put(Event event) {
    ItemResult result = ingest.recordOwn(List.of(new Decoding.Decoded(event))).getFirst();
    if (result instanceof ItemResult.Rejected rejected) {
      LOG.error("{} was refused as an entry: {}", event.action(), rejected.detail());
    }
  }

  private static What what(Note note) {
    return new What(
        note.action(), List.of(note.target()), note.details(), note.reason(), note.origin());
  }

  /** Reason as a part of the key: a look with another reason is another look. */
  private static String because(Look look) {
    return look.reason() == null ? "" : "\n" + look.reason();
  }

  /** Notes the look; null when it was noted within the window. */
  private @Nullable Instant remember(Key key, Instant now, Duration window) {
    synchronized (recent) {
      Instant last = recent.get(key);
      if (last != null && now.isBefore(last.plus(window))) {
        return null;
      }
      recent.remove(key);
      recent.put(key, now);
      return now;
    }
  }

  private static Duration window(Look look) {
    return switch (look.kind()) {
      case VERIFIED -> look.thing() == null ? MIRROR_WINDOW : WINDOW;
      case SETTINGS_VIEWED -> MIRROR_WINDOW;
      case SUBJECT_REPORTED -> Duration.ZERO;
      case VIEWED, SEARCHED, ENTRY_VIEWED, EXPORTED -> WINDOW;
    };
  }

  /** Whether views of a tenant's log are recorded. */
  private boolean recordsViews(Tenant tenant) {
    Boolean chosen = tenant.recordViews();
    return chosen == null ? roles.profile(tenant).viewRecording() : chosen;
  }

  /** Whether it is an auditor or support staff. */
  public static boolean isGuest(Caller caller) {
    Session session = caller.session();
    return session != null && session.subject() instanceof Subject.OfGuest;
  }

  private static String who(Caller caller) {
    Session session = caller.session();
    if (session == null) {
      return caller.keyId();
    }
    // A viewer's token is another one every few minutes; whoever looks through it stays the same.
    return session.subject() instanceof Subject.OfViewer
        ? "viewer " + session.user().id()
        : session.id();
  }

  private record What(
      String action,
      List<Event.Target> targets,
      @Nullable ObjectNode details,
      @Nullable String reason,
      Look.Origin origin) {}

  private static What what(Look look) {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    String thing = look.thing();
    if (thing == null) {
      details.put("filter", look.filter());
      if (look.results() >= 0) {
        details.put("result_count", look.results());
      }
    }
    return new What(
        look.kind().action(),
        thing == null
            ? List.of()
            : List.of(new Event.Target(look.kind().typeOfThing(), thing, null, null)),
        details.isEmpty() ? null : details,
        look.reason(),
        look.origin());
  }

  private Event event(Caller caller, Tenant tenant, What what) {
    Session session = caller.session();
    String id = session == null || session.id().isEmpty() ? null : session.id();
    return event(tenant, what, actor(caller, tenant), id);
  }

  private Event event(Tenant tenant, What what, Event.Actor actor, @Nullable String sessionId) {
    Look.Origin origin = what.origin();
    return new Event(
        null,
        tenant.tenant(),
        null,
        Instant.ofEpochMilli(clock.millis()),
        what.action(),
        actor,
        what.targets(),
        Event.Outcome.SUCCESS,
        null,
        List.of(),
        what.reason(),
        new Event.Context(
            origin.address(), null, origin.userAgent(), sessionId, origin.requestId(), null),
        what.details());
  }

  private Event.Actor actor(Caller caller, Tenant tenant) {
    List<String> permissions =
        caller
            .grant(tenant.tenant())
            .filter(grant -> !(caller instanceof Caller.Operator))
            .map(grant -> List.copyOf(KeyNames.names(grant.permissions())))
            .orElse(List.of());
    Session session = caller.session();
    if (session == null || session.subject() instanceof Subject.OfKey) {
      List<String> held = caller instanceof Caller.Operator ? List.of("operator") : List.of();
      return new Event.Actor(
          ActorType.API_CLIENT, caller.keyId(), null, null, held, permissions, null);
    }
    Session.User user = session.user();
    return switch (session.subject()) {
      case Subject.OfGuest guest ->
          new Event.Actor(
              guest.isSupport() ? ActorType.SUPPORT : ActorType.USER,
              user.id(),
              user.name(),
              user.email(),
              List.of(guest.isSupport() ? "support" : "auditor"),
              permissions,
              guest.isSupport() ? onBehalfOf(guest) : null);
      case Subject.OfOperator _, Subject.OfKey _ -> person(user, List.of("operator"), permissions);
      case Subject.OfMember member ->
          person(user, Roles.names(KnownActors.assignments(configuration, member)), permissions);
      case Subject.OfViewer _ -> person(user, List.of(), permissions);
    };
  }

  private static Event.Actor person(
      Session.User user, List<String> held, List<String> permissions) {
    return new Event.Actor(
        ActorType.USER, user.id(), user.name(), user.email(), held, permissions, null);
  }

  /** Person who let the support staff in. */
  private Event.@Nullable Principal onBehalfOf(Subject.OfGuest guest) {
    return configuration
        .access(guest.tenant(), Guest.class, guest.guestId())
        .map(
            found -> {
              String by = found.grantedBy();
              int colon = by.indexOf(':');
              return new Event.Principal(
                  by.startsWith("user:") ? ActorType.USER : ActorType.API_CLIENT,
                  by.substring(colon + 1),
                  null,
                  null);
            })
        .orElse(null);
  }
}
