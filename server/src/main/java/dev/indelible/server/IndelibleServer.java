package dev.indelible.server;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.access.AccessServices;
import dev.indelible.server.access.KeyRing;
import dev.indelible.server.access.KnownActors;
import dev.indelible.server.api.Api;
import dev.indelible.server.api.caller.ErrorTable;
import dev.indelible.server.api.caller.ProgramState;
import dev.indelible.server.audit.Scrubber;
import dev.indelible.server.blob.DirectoryBlobStore;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.deliver.DestinationRequests;
import dev.indelible.server.deliver.ReviewNotices;
import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.evidence.pack.PackTemplates;
import dev.indelible.server.evidence.pack.TemplateException;
import dev.indelible.server.export.ExportJobs;
import dev.indelible.server.http.HttpService;
import dev.indelible.server.http.Route;
import dev.indelible.server.http.WebPages;
import dev.indelible.server.ingest.AddressLocations;
import dev.indelible.server.ingest.ControlMirror;
import dev.indelible.server.ingest.UuidV7;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.server.journal.JournalListener;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.query.HashedActors;
import dev.indelible.server.retention.DeletionSteps;
import dev.indelible.server.review.ReviewReminders;
import dev.indelible.server.schedule.Schedules;
import dev.indelible.server.share.IntakeGate;
import dev.indelible.server.share.ReadPool;
import dev.indelible.server.stream.Streams;
import dev.indelible.server.trail.AccessTrail;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
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

  private final ServerConfig config;
  private final Disk disk;
  private final DataDirectory data;
  private final Environment around;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final PooledRandom pooled = new PooledRandom(random);
  private final StartedParts started = new StartedParts();
  private final ServerMetrics metrics = new ServerMetrics();
  private List<Route> routes = List.of();
  private @Nullable HttpService http;

  private IndelibleServer(ServerConfig config, Environment around) {
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
        config, new Environment(InstantSource.system(), DeletionSteps.UNWATCHED, new SystemDisk()));
  }

  /**
   * Surroundings that a test may replace.
   *
   * @param clock the time
   * @param steps is told of the steps of deletions
   * @param disk the disk; the index and the keys are not on it
   * @param nanos the monotonic clock by which the other is doubted
   */
  record Environment(InstantSource clock, DeletionSteps steps, Disk disk, LongSupplier nanos) {

    /** Surroundings in which the monotonic clock is the machine's. */
    Environment(InstantSource clock, DeletionSteps steps, Disk disk) {
      this(clock, steps, disk, System::nanoTime);
    }
  }

  /** Starts a server in other surroundings: with entries that are old, or on a disk that fails. */
  static IndelibleServer start(ServerConfig config, Environment around)
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
    Journals journals = new Journals(disk, clock, random, started);
    Shard.Own own = Shard.Own.open(journals, data, config, metrics);
    FileJournal controls =
        journals.open(data.controlJournal(), CONTROL_SEGMENT_BYTES, JournalListener.NONE);
    BlobStore blobs = started.keep("blobs", DirectoryBlobStore.open(disk, data.blobs()));
    ClockWatch watch = new ClockWatch(blobs, journals.newest(), clock, around.nanos());
    ControlMirror mirror = new ControlMirror(blobs);
    ControlLog control = started.keep("control log", new ControlLog(controls, random.nextLong()));
    control.start(mirror.position(), mirror::accept);
    mirror.requireSame(control);
    FileJournal sessions =
        journals.open(data.sessionsJournal(), CONTROL_SEGMENT_BYTES, JournalListener.NONE);
    TenantProfiles profiles = ProfileFiles.open(config.profiles(), control.configuration());
    AccessServices access =
        AccessServices.open(
            control.configuration(),
            profiles,
            sessions,
            blobs,
            clock,
            random,
            tenant -> new HashedActors(secrets.actorHasher(tenant)::hash));
    ensureOperatorKey(control, access.keys());
    Installation installation =
        new Installation(
            config, disk, data, blobs, secrets, control, access, profiles, watch, metrics, started,
            chance());
    Shard shard = Shard.open(installation, own, locations(), around.steps());
    started.add("control mirror", mirror::close);
    mirror.start(shard.ingest(), new KnownActors(control.configuration(), access));
    watch.start(
        shard.ingest(), control.configuration(), shard.retention().erasures()::clockAccepted);
    started.keep("clock", watch);
    metrics.watch(watch);
    UnknownTenants unknown =
        UnknownTenants.among(shard.published().published(), control.configuration());
    metrics.watch(unknown);
    Reading reading = reading(installation, shard);
    Scrubber scrubber = shard.start(controls);
    start(reading);
    serve(
        api(installation, shard, mirror, reading),
        new Host(shard, own.journals(controls, sessions), new Warnings(scrubber, watch, unknown)),
        installation.chance().ids());
  }

  private Installation.Chance chance() {
    return new Installation.Chance(
        clock, random, pooled, new UuidV7(clock, pooled), around.nanos());
  }

  /** Ways out of a log: in turns, recorded, at once or in the background. */
  private record Reading(
      ReadPool pool,
      AccessTrail trail,
      ExportJobs exports,
      Schedules schedules,
      Streams streams,
      ReviewReminders reviews,
      PackTemplates packTemplates) {}

  private void start(Reading reading) {
    reading.exports().start();
    metrics.watch(reading.schedules());
    reading.schedules().start();
    metrics.streams().watch(reading.streams());
    reading.streams().start();
    metrics.watch(reading.reviews());
    reading.reviews().start();
  }

  private Reading reading(Installation installation, Shard shard)
      throws IOException, InterruptedException, ConfigurationException {
    ReadPool pool = started.keep("reads", new ReadPool(config.reads()));
    AccessTrail trail =
        new AccessTrail(
            shard.ingest(),
            installation.control().configuration(),
            installation.access().roles(),
            clock);
    ExportJobs exports = shard.exports(pool, trail);
    ReviewReminders reviews =
        started.keep(
            "reviews",
            new ReviewReminders(
                installation.control(),
                new ReviewNotices(config.delivery(), clock),
                config.reviewsEvery(),
                clock));
    return new Reading(
        pool,
        trail,
        exports,
        shard.schedules(pool, exports),
        shard.streams(pool, trail),
        reviews,
        packTemplates(config));
  }

  private static PackTemplates packTemplates(ServerConfig config) throws ConfigurationException {
    try {
      return PackTemplates.open(config.packTemplates());
    } catch (TemplateException e) {
      throw new ConfigurationException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new ConfigurationException(
          Setting.PACK_TEMPLATES.key()
              + ": "
              + config.packTemplates()
              + " cannot be read: "
              + e.getMessage(),
          e);
    }
  }

  private Api.Dependencies api(
      Installation installation, Shard shard, ControlMirror mirror, Reading reading) {
    ControlLog control = installation.control();
    AccessServices access = installation.access();
    Api.Dependencies api =
        new Api.Dependencies(
            control,
            mirror,
            access,
            installation.profiles(),
            shard.ingest(),
            shard.search(),
            shard.tail(),
            shard.log(),
            shard.published(),
            shard.retention(),
            reading.trail(),
            reading.exports(),
            reading.schedules(),
            reading.streams(),
            new DestinationRequests(installation.deliveries()),
            reading.packTemplates(),
            reading.pool(),
            new IntakeGate(IntakeGate.Limits.DEFAULT),
            clock);
    metrics.watch(api.reads(), api.gate());
    metrics.watch(reading.exports());
    return api;
  }

  private void serve(Api.Dependencies api, Host host, UuidV7 ids) throws IOException {
    routes = Api.routes(api, host);
    HttpService service =
        new HttpService(
            config.http(),
            WebPages.over(routes),
            metrics,
            ids::next,
            new HttpService.Policies(api.access().sessions()::knowsOrigin, new ErrorTable()));
    started.add("http", () -> service.stop(config.stopTimeout()));
    // First of all: on a full disk, whatever else stops may wait for an entry that waits for room.
    started.add("waits for room", host.shard.log()::stopWaiting);
    service.start();
    metrics.watch(service);
    http = service;
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
    return file == null
        ? AddressLocations.NONE
        : started.keep("city database", CityDatabase.open(file));
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

  /** File of the operator's key. */
  public Path operatorKeyFile() {
    return data.operatorKey();
  }

  /** Stops every part, in reverse order; one that fails does not keep the others from stopping. */
  @Override
  public void close() {
    started.close();
    metrics.close();
  }

  /** State of the program as the API shows it. */
  private final class Host implements ProgramState {

    private final Shard shard;
    private final List<FileJournal> journals;
    private final Warnings warnings;

    Host(Shard shard, List<FileJournal> journals, Warnings warnings) {
      this.shard = shard;
      this.journals = journals;
      this.warnings = warnings;
    }

    @Override
    public void recorded(int accepted, int duplicates, List<String> rejectedCodes) {
      metrics.recorded(accepted, duplicates, rejectedCodes);
    }

    @Override
    public Optional<String> impairment() {
      if (!shard.log().isHealthy()) {
        return Optional.of("Sequencing has stopped; see the server's log, then restart it.");
      }
      if (!shard.fold().isHealthy()) {
        return Optional.of("Indexing has stopped; see the server's log, then restart it.");
      }
      if (shard.room().isLow()) {
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
