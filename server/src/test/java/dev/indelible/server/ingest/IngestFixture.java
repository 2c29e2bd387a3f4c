package dev.indelible.server.ingest;

import dev.indelible.ports.journal.Position;
import dev.indelible.ports.testing.InMemoryBlobStore;
import dev.indelible.ports.testing.InMemoryJournal;
import dev.indelible.ports.testing.SettableClock;
import dev.indelible.server.control.AppliedChange;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.ConfigurationObject;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.control.Tenant.UnknownActions;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.EventLogBuilder;
import dev.indelible.server.log.LogConfig;
import dev.indelible.server.log.NewEntry;
import dev.indelible.server.profile.Profiles;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.EntryReader;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The way in to a log in memory, with tenants and a time of a test's choice. */
public final class IngestFixture implements AutoCloseable {

  public static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  public static final TenantId ACME = new TenantId("acme");

  /** Location of the one address that has one. */
  static final Event.Location BERLIN = new Event.Location("DE", null, "Berlin", null, null);

  static final String BERLIN_ADDRESS = "203.0.113.9";

  public final SettableClock clock = new SettableClock(NOW.toEpochMilli());
  public final InMemoryJournal events = new InMemoryJournal(clock);
  public final TenantProfiles profiles = new TenantProfiles(Profiles.builtIn(), _ -> null);
  public final ControlLog control;
  public final EventLog log;
  public final Ingest ingest;

  /** The changes of the configuration that were made. */
  final List<AppliedChange> changes = new CopyOnWriteArrayList<>();

  private final InMemoryJournal controls = new InMemoryJournal(clock);
  private final EntryReader reader = new EntryReader();

  public IngestFixture() throws Exception {
    Random random = new Random(20_261_120);
    control = new ControlLog(controls, 1);
    control.start(Position.START, changes::add);
    log =
        new EventLogBuilder(
                events,
                new InMemoryBlobStore(),
                LogConfig.DEFAULT,
                clock,
                1,
                reader,
                IngestFixture::sameFacts)
            .open((_, _) -> OptionalLong.empty(), List.of());
    log.start();
    ingest =
        new Ingest(
            log,
            new Ingest.Sources(
                control.configuration(),
                new TenantClassifiers(profiles, _ -> id -> "hash of " + id),
                ip -> ip.equals(BERLIN_ADDRESS) ? BERLIN : null,
                new UuidV7(clock, random),
                random,
                clock));
  }

  private static boolean sameFacts(NewEntry event, StoredEntry entry) {
    return entry.body() instanceof StoredEntry.Whole(EntryParts parts)
        && Arrays.equals(parts.facts(), event.parts().facts());
  }

  /** Makes a tenant that accepts every action. */
  public Tenant tenant(TenantId id, String profile) {
    return change(new Tenant(id, id.value(), profile, UnknownActions.ACCEPT_AND_FLAG, NOW));
  }

  /** Puts an object in force. */
  public <T extends ConfigurationObject> T change(T object) {
    long version = control.configuration().version(object);
    control.change(new Change(object, version, ChangedBy.SYSTEM, null));
    return object;
  }

  /** Event of a program, without a time. */
  public static Event event(@Nullable TenantId tenant, @Nullable String id, String action) {
    return event(tenant, id, action, null, Event.Context.NONE);
  }

  static Event event(
      @Nullable TenantId tenant,
      @Nullable String id,
      String action,
      @Nullable Instant occurredAt,
      Event.Context context) {
    return new Event(
        id,
        tenant,
        null,
        occurredAt,
        action,
        new Event.Actor(Event.ActorType.USER, "u_1", "Ana", null, List.of(), List.of(), null),
        List.of(),
        Event.Outcome.SUCCESS,
        null,
        List.of(),
        null,
        context,
        null);
  }

  /** Stored entries of a tenant's log, in order. */
  public List<StoredEntry> stored(TenantId tenant) throws IOException {
    List<StoredEntry> stored = new ArrayList<>();
    log.forEach(tenant, 0, Long.MAX_VALUE, stored::add);
    return stored;
  }

  /** Entries of a tenant's log, in order. */
  public List<Entry> entries(TenantId tenant) throws IOException {
    return stored(tenant).stream().map(entry -> reader.read(entry).orElseThrow()).toList();
  }

  @Override
  public void close() {
    controls.close(); // wakes the control log's fold, so that it need not be waited for
    control.close();
    log.close();
    events.close();
  }
}
