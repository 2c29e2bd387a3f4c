package dev.indelible.server;

import dev.indelible.server.access.AccessServices;
import dev.indelible.server.access.KeyRing;
import dev.indelible.server.access.KnownActors;
import dev.indelible.server.access.Scopes;
import dev.indelible.server.audit.Scrubber;
import dev.indelible.server.blob.BlobStore;
import dev.indelible.server.blob.DirectoryBlobStore;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.follow.EntryFeed;
import dev.indelible.server.follow.PendingTenants;
import dev.indelible.server.http.Api;
import dev.indelible.server.http.HttpService;
import dev.indelible.server.http.Route;
import dev.indelible.server.http.WebPages;
import dev.indelible.server.index.EventIndex;
import dev.indelible.server.ingest.AddressLocations;
import dev.indelible.server.ingest.ControlMirror;
import dev.indelible.server.ingest.Ingest;
import dev.indelible.server.ingest.TenantClassifiers;
import dev.indelible.server.ingest.UuidV7;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.server.journal.JournalListener;
import dev.indelible.server.journal.JournalUnavailableException;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.EventLogBuilder;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.proof.LogKeys;
import dev.indelible.server.proof.SeedCipher;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.query.HashedActors;
import dev.indelible.server.retention.DeletionSteps;
import dev.indelible.server.retention.RetentionServices;
import dev.indelible.server.search.EntryReader;
import dev.indelible.server.search.Identities;
import dev.indelible.server.search.IndexFold;
import dev.indelible.server.search.Search;
import dev.indelible.server.search.StoredComparison;
import dev.indelible.server.search.Tail;
import dev.indelible.server.share.IntakeGate;
import dev.indelible.server.share.ReadPool;
import dev.indelible.server.trail.AccessTrail;
import dev.indelible.server.witness.CheckpointPush;
import dev.indelible.server.witness.Witnesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server: all parts, wired by hand, started in the order in which they depend on each other and
 * stopped in reverse.
 *
 * <p>HTTP starts last, so that nothing is answered before everything can be, and stops first, so
 * that what was accepted is sequenced, indexed and sealed before the files are closed. Stopping is
 * a courtesy to the next start: a server that is killed instead loses nothing that it acknowledged.
 */
public final class IndelibleServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(IndelibleServer.class);

  /**
   * Size of a segment of the control log: changes are few, and two segments are zero-filled at the
   * first start.
   */
  static final int CONTROL_SEGMENT_BYTES = 1 << 20;

  /** Segments of the heads journal are small: it is cut often, and two are always there. */
  private static final int HEADS_SEGMENT_BYTES = 4 << 20;

  /** A part that was started, and how it is stopped. */
  private record Started(String name, Stop stop) {}

  @FunctionalInterface
  private interface Stop {
    void run() throws Exception;
  }

  private final ServerConfig config;
  private final Disk disk;
  private final DataDirectory data;
  private final Around around;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final PooledRandom pooled = new PooledRandom(random);
  private final Deque<Started> started = new ArrayDeque<>();
  private final ServerMetrics metrics = new ServerMetrics();

  /** The newest time that any journal had at the start. */
  private Optional<Instant> newest = Optional.empty();

  private List<Route> routes = List.of();
  private @Nullable HttpService http;

  private IndelibleServer(ServerConfig config, Around around) {
    this.config = config;
    this.around = around;
    this.clock = around.clock();
    this.disk = around.disk();
    this.data = new DataDirectory(config.data());
  }

  /**
   * Starts a server; what was started is stopped again when a part cannot be.
   *
   * @throws ConfigurationException when the configuration cannot be used
   * @throws IOException when a file or the port cannot be used, with its name
   */
  public static IndelibleServer start(ServerConfig config)
      throws IOException, InterruptedException, ConfigurationException {
    return start(
        config, new Around(InstantSource.system(), DeletionSteps.UNWATCHED, new SystemDisk()));
  }

  /**
   * What a test may replace.
   *
   * @param clock the time
   * @param steps is told of the steps of deletions
   * @param disk the disk; the index and the keys are not on it
   * @param nanos the monotonic clock by which the other is doubted
   */
  record Around(InstantSource clock, DeletionSteps steps, Disk disk, LongSupplier nanos) {

    /** Surroundings in which the monotonic clock is the machine's. */
    Around(InstantSource clock, DeletionSteps steps, Disk disk) {
      this(clock, steps, disk, System::nanoTime);
    }
  }

  /** The same in other surroundings: with entries that are old, or on a disk that fails. */
  static IndelibleServer start(ServerConfig config, Around around)
      throws IOException, InterruptedException, ConfigurationException {
    IndelibleServer server = new IndelibleServer(config, around);
    boolean complete = false;
    try {
      server.start();
      complete = true;
    } finally {
      if (!complete) {
        server.close();
      }
    }
    return server;
  }

  private void start() throws IOException, InterruptedException, ConfigurationException {
    data.create();
    Secrets secrets = Secrets.open(data, random); // first: what it is missing beside would be made
    FileJournal events = journal(data.eventsJournal(), config.segmentBytes(), metrics);
    FileJournal controls =
        journal(data.controlJournal(), CONTROL_SEGMENT_BYTES, JournalListener.NONE);
    FileJournal heads = journal(data.headsJournal(), HEADS_SEGMENT_BYTES, JournalListener.NONE);
    BlobStore blobs = keep("blobs", DirectoryBlobStore.open(disk, data.blobs()));
    ClockWatch watch = new ClockWatch(blobs, newest, clock, around.nanos());
    ControlMirror mirror = new ControlMirror(blobs);
    ControlLog control = keep("control log", new ControlLog(controls, random.nextLong()));
    control.start(mirror.position(), mirror::accept);
    mirror.requireSame(control);
    FileJournal sittings =
        journal(data.sessionsJournal(), CONTROL_SEGMENT_BYTES, JournalListener.NONE);
    TenantProfiles profiles = ProfileFiles.open(config.profiles(), control.configuration());
    Function<TenantId, HashedActors> hashed =
        tenant -> new HashedActors(secrets.actorHasher(tenant)::hash);
    AccessServices access =
        AccessServices.open(
            control.configuration(), profiles, sittings, blobs, clock, random, hashed);
    ensureOperatorKey(control, access.keys());

    EntryReader reader = new EntryReader();
    SearchIndex opened = SearchIndex.open(data.index(), EventLog.sealedThrough(blobs));
    EventIndex index = keep("index", opened.index());
    IndexFold fold = new IndexFold(index, reader, config.indexRefresh(), opened::examine);
    PendingTenants pending = new PendingTenants();
    DiskRoom room =
        new DiskRoom(
            () -> Files.getFileStore(data.root()).getUsableSpace(), config.diskReserveBytes());
    EventLog log =
        new EventLogBuilder(
                new ReservingJournal(events, room),
                blobs,
                config.log(),
                clock,
                random.nextLong(),
                reader,
                new StoredComparison(reader))
            .open(opened.ids(), List.of(fold, pending));
    opened.complete(reader, log);
    UuidV7 ids = new UuidV7(clock, pooled);
    ProgramEntries entries = new ProgramEntries();
    Identities identities =
        tenant ->
            control
                .configuration()
                .tenantOrClosed(tenant)
                .filter(found -> access.roles().profile(found).actorHashing())
                .map(_ -> secrets.actorHasher(tenant));
    RetentionServices retention =
        RetentionServices.open(
            new RetentionServices.Parts(
                control, profiles, log, events, index, reader, hashed, blobs),
            new RetentionServices.Surroundings(
                entries,
                tenant -> {
                  access.people().forget(tenant);
                  access.sessions().forget(session -> tenant.equals(session.subject().tenant()));
                },
                Scopes::ofTheProgram,
                ids::next,
                random,
                clock,
                watch::isTrusted,
                watch::believed,
                config.purgeEvery(),
                around.steps()));
    started.push(new Started("index fold", fold::close));
    started.push(new Started("log", log::close));
    fold.start();
    log.start();
    LogKeys logKeys =
        new LogKeys(
            control, new SeedCipher(secrets::logKeySecret, random), config.originHost(), clock);
    TenantLogs logs =
        keep(
            "checkpoints",
            TenantLogs.open(
                new TenantLogs.Parts(
                    log,
                    logKeys,
                    heads,
                    pending,
                    control.configuration(),
                    config.witnesses().forCheckpoints())));
    logs.start();
    metrics.watch(log, fold, index, events, clock);
    metrics.watch(logs);

    TenantClassifiers classifiers = new TenantClassifiers(profiles, secrets::actorHasher);
    Ingest ingest =
        new Ingest(
            log,
            new Ingest.Sources(
                control.configuration(), classifiers, locations(), ids, pooled, clock));
    started.push(new Started("control mirror", mirror::close));
    mirror.start(ingest, new KnownActors(control.configuration(), access));
    entries.connect(ingest, logs);
    watch.start(ingest, control.configuration(), retention.erasures()::clockAccepted);
    keep("clock", watch);
    metrics.watch(watch);
    UnknownTenants unknown = UnknownTenants.among(logs.published(), control.configuration());
    metrics.watch(unknown);
    started.push(new Started("retention", retention.purges()::close));
    retention.purges().start();
    VerificationAlarm alarm = new VerificationAlarm(entries);
    Witnesses witnesses = keep("witnesses", new Witnesses(config.witnesses(), logs, alarm::raise));
    witnesses.start();
    metrics.watch(witnesses);
    CheckpointPush push =
        keep("pushed checkpoints", new CheckpointPush(config.checkpointPush(), logs, clock));
    push.start();
    metrics.watch(push);
    Scrubber scrubber =
        scrub(
            new Scrubber.Sources(
                log,
                logs,
                blobs,
                data.states(),
                Map.of("events", events, "control", controls, "heads", heads),
                opened::check,
                fold::isBehind),
            alarm);
    Search search = new Search(log, index, reader, identities, clock, config.queryTimeout());
    Api.Parts api =
        new Api.Parts(
            control,
            mirror,
            access,
            profiles,
            ingest,
            search,
            new Tail(new EntryFeed(log, reader)),
            log,
            logs,
            retention,
            new AccessTrail(ingest, control.configuration(), access.roles(), clock),
            keep("reads", new ReadPool(config.reads())),
            new IntakeGate(IntakeGate.Limits.DEFAULT),
            clock);
    metrics.watch(api.reads(), api.gate());
    serve(
        api,
        new Host(
            log,
            fold,
            room,
            List.of(events, controls, heads, sittings),
            new Warnings(scrubber, watch, unknown)),
        ids);
  }

  private Scrubber scrub(Scrubber.Sources sources, Scrubber.Alarm alarm) {
    Scrubber scrubber = keep("scrubber", new Scrubber(sources, alarm, config.scrub(), clock));
    metrics.watch(scrubber);
    scrubber.start();
    return scrubber;
  }

  private void serve(Api.Parts api, Host host, UuidV7 ids) throws IOException {
    routes = Api.routes(api, host);
    HttpService service =
        new HttpService(
            config.http(),
            WebPages.over(routes),
            metrics,
            ids::next,
            api.access().sessions()::knowsOrigin);
    started.push(new Started("http", () -> service.stop(config.stopTimeout())));
    // First of all: on a full disk, whatever else stops may wait for an entry that waits for room.
    started.push(new Started("waits for room", host.log::stopWaiting));
    service.start();
    metrics.watch(service);
    http = service;
  }

  private FileJournal journal(Path directory, int segmentBytes, JournalListener listener)
      throws IOException {
    FileJournal opened =
        keep(
            directory.toString(),
            FileJournal.open(
                disk,
                directory,
                FileJournal.Options.of(clock, random)
                    .withSegmentBytes(segmentBytes)
                    .withListener(listener)));
    opened
        .newestAtStart()
        .filter(found -> newest.isEmpty() || found.isAfter(newest.get()))
        .ifPresent(found -> newest = Optional.of(found));
    return opened;
  }

  private <T extends AutoCloseable> T keep(String name, T part) {
    started.push(new Started(name, part::close));
    return part;
  }

  /** Makes the operator's key at the first start, and says so when its file is gone later. */
  private void ensureOperatorKey(ControlLog control, KeyRing keys) throws IOException {
    boolean known =
        control.configuration().operatorKeys().stream()
            .anyMatch(key -> key.isActive(clock.instant()));
    Optional<String> stored = DataDirectory.readSecret(data.operatorKey());
    if (known) {
      if (stored.isEmpty()) {
        LOG.warn(
            "{} is gone; the key itself still works for those who have it", data.operatorKey());
      }
      return;
    }
    KeyRing.Minted minted;
    if (stored.isPresent()) {
      // A crash after the file was written and before the key was recorded.
      minted = keys.adoptOperatorKey(stored.get());
    } else {
      minted = keys.mintOperatorKey();
      DataDirectory.writeSecret(data.operatorKey(), minted.secret());
    }
    control.change(new Change(minted.key(), 0, Change.ChangedBy.SYSTEM, "first start"));
  }

  private AddressLocations locations() throws ConfigurationException {
    Path file = config.cityDatabase();
    return file == null ? AddressLocations.NONE : keep("city database", CityDatabase.open(file));
  }

  /** The port that is listened on. */
  public int port() {
    HttpService service = http;
    if (service == null) {
      throw new IllegalStateException("not started");
    }
    return service.port();
  }

  /** Everything that it answers. */
  public List<Route> routes() {
    return routes;
  }

  /** Where the operator's key is. */
  public Path operatorKeyFile() {
    return data.operatorKey();
  }

  /** Stops every part, in reverse order; one that fails does not keep the others from stopping. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      Started part = started.pop();
      try {
        part.stop().run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        LOG.error("{} did not stop cleanly", part.name(), e);
      }
    }
    metrics.close();
  }

  /** What the API shows of the program. */
  private final class Host implements Api.Host {

    private final EventLog log;
    private final IndexFold fold;
    private final DiskRoom room;
    private final List<FileJournal> journals;
    private final Warnings warnings;

    Host(
        EventLog log,
        IndexFold fold,
        DiskRoom room,
        List<FileJournal> journals,
        Warnings warnings) {
      this.warnings = warnings;
      this.room = room;
      this.log = log;
      this.fold = fold;
      this.journals = journals;
    }

    @Override
    public void recorded(int accepted, int duplicates, List<String> rejectedCodes) {
      metrics.recorded(accepted, duplicates, rejectedCodes);
    }

    @Override
    public Optional<String> impairment() {
      if (!log.isHealthy()) {
        return Optional.of("Sequencing has stopped; see the server's log, then restart it.");
      }
      if (!fold.isHealthy()) {
        return Optional.of("Indexing has stopped; see the server's log, then restart it.");
      }
      if (room.isLow()) {
        return Optional.of("There is less room on the disk than disk.reserve; make some.");
      }
      return journals.stream()
          .flatMap(journal -> journal.impairment().stream())
          .findFirst()
          .map(
              cause ->
                  cause == JournalUnavailableException.Cause.DISK_FULL
                      ? "There is no room on the disk; events are taken again when there is."
                      : "The journal has failed; see the server's log, then restart it.");
    }

    @Override
    public List<String> warnings() {
      return warnings.all();
    }

    @Override
    public Clock clock() {
      ClockWatch watch = warnings.clock();
      return new Clock(clock.instant(), watch.believed(), watch.ahead(), watch.isDoubted());
    }

    @Override
    public boolean acceptClock(Change.ChangedBy by) throws IOException {
      return warnings.clock().accept(by);
    }

    @Override
    public String metrics() {
      return metrics.scrape();
    }
  }
}
