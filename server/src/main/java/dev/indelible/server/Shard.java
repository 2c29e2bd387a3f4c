package dev.indelible.server;

import dev.indelible.server.access.Scopes;
import dev.indelible.server.audit.Scrubber;
import dev.indelible.server.deliver.Deliveries;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.evidence.access.AccessCarrying;
import dev.indelible.server.export.ExportJobs;
import dev.indelible.server.export.ExportRights;
import dev.indelible.server.export.ExportSources;
import dev.indelible.server.follow.EntryFeed;
import dev.indelible.server.follow.PendingTenants;
import dev.indelible.server.index.EventIndex;
import dev.indelible.server.ingest.AddressLocations;
import dev.indelible.server.ingest.Ingest;
import dev.indelible.server.ingest.TenantClassifiers;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.server.journal.JournalListener;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.EventLogBuilder;
import dev.indelible.server.proof.LogKeys;
import dev.indelible.server.proof.SeedCipher;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.retention.Copies;
import dev.indelible.server.retention.DeletionSteps;
import dev.indelible.server.retention.DeletionsUnderWay;
import dev.indelible.server.retention.RetentionServices;
import dev.indelible.server.schedule.RunParts;
import dev.indelible.server.schedule.Schedules;
import dev.indelible.server.search.EntryReader;
import dev.indelible.server.search.Identities;
import dev.indelible.server.search.IndexFold;
import dev.indelible.server.search.Search;
import dev.indelible.server.search.StoredComparison;
import dev.indelible.server.search.Tail;
import dev.indelible.server.share.ReadPool;
import dev.indelible.server.stream.NativeFormat;
import dev.indelible.server.stream.StreamParts;
import dev.indelible.server.stream.Streams;
import dev.indelible.server.takeout.EntryWriter;
import dev.indelible.server.trail.AccessTrail;
import dev.indelible.server.witness.CheckpointPush;
import dev.indelible.server.witness.Witnesses;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/**
 * One journal of events with everything that is made of it: the log, its index, the heads that were
 * signed, the way in, retention, and what publishes and scrubs it.
 *
 * <p>A shard has one owner, whose number is in the log's manifest. A server that is embedded has
 * one shard and owns it; it is stopped with the server's other {@linkplain StartedParts parts}.
 */
final class Shard {

  /** Segments of the heads journal are small: it is cut often, and two are always there. */
  private static final int HEADS_SEGMENT_BYTES = 4 << 20;

  /** So are those of the streams journal, whose lines go on into files. */
  private static final int STREAMS_SEGMENT_BYTES = 4 << 20;

  private final Installation installation;
  private final Own journals;
  private final Stored stored;
  private final TenantLogs published;
  private final Ingest ingest;
  private final ProgramEntries entries;
  private final Copies.All copies = new Copies.All();
  private final RetentionServices retention;

  /**
   * The journals of a shard.
   *
   * @param events everything that was recorded, until it is sealed
   * @param heads what was signed of each log
   * @param exports exports that were asked for
   * @param schedules runs of schedules of exports
   * @param streams states of streams, and their ledgers
   * @param cursors how far streams have read
   */
  record Own(
      FileJournal events,
      FileJournal heads,
      FileJournal exports,
      FileJournal schedules,
      FileJournal streams,
      FileJournal cursors) {

    /** All journals, with those of the installation. */
    List<FileJournal> journals(FileJournal control, FileJournal sessions) {
      return List.of(events, control, heads, sessions, exports, schedules, streams, cursors);
    }

    static Own open(
        Journals journals, DataDirectory data, ServerConfig config, JournalListener listener)
        throws IOException {
      return new Own(
          journals.open(data.eventsJournal(), config.segmentBytes(), listener),
          journals.open(data.headsJournal(), HEADS_SEGMENT_BYTES, JournalListener.NONE),
          journals.open(
              data.exportsJournal(), IndelibleServer.CONTROL_SEGMENT_BYTES, JournalListener.NONE),
          journals.open(
              data.schedulesJournal(), IndelibleServer.CONTROL_SEGMENT_BYTES, JournalListener.NONE),
          journals.open(data.streamsJournal(), STREAMS_SEGMENT_BYTES, JournalListener.NONE),
          journals.open(
              data.cursorsJournal(), IndelibleServer.CONTROL_SEGMENT_BYTES, JournalListener.NONE));
    }
  }

  /** The log and the index of what is in it. */
  private record Stored(
      EntryReader reader,
      SearchIndex opened,
      IndexFold fold,
      PendingTenants pending,
      DiskRoom room,
      EventLog log) {

    EventIndex index() {
      return opened.index();
    }
  }

  private Shard(
      Installation installation,
      Own journals,
      Stored stored,
      TenantLogs published,
      Ingest ingest,
      DeletionSteps steps)
      throws IOException {
    this.installation = installation;
    this.journals = journals;
    this.stored = stored;
    this.published = published;
    this.ingest = ingest;
    this.entries = new ProgramEntries(ingest, published);
    this.retention = retention(steps);
  }

  /**
   * Opens a shard: everything that was recorded can be read when this returns, and events can be
   * recorded. Nothing is deleted, shown to witnesses, or scrubbed before {@link #start}.
   *
   * @param steps is told of the steps of deletions
   */
  static Shard open(
      Installation installation, Own journals, AddressLocations locations, DeletionSteps steps)
      throws IOException, InterruptedException {
    Stored stored = log(installation, journals);
    TenantLogs published = published(installation, journals, stored);
    ServerMetrics metrics = installation.metrics();
    metrics.watch(
        stored.log(),
        stored.fold(),
        stored.index(),
        journals.events(),
        installation.chance().clock());
    metrics.watch(published);
    Installation.Chance chance = installation.chance();
    Ingest ingest =
        new Ingest(
            stored.log(),
            new Ingest.Sources(
                installation.control().configuration(),
                new TenantClassifiers(installation.profiles(), installation.secrets()::actorHasher),
                locations,
                chance.ids(),
                chance.pooled(),
                chance.clock()));
    metrics.watch(ingest);
    return new Shard(installation, journals, stored, published, ingest, steps);
  }

  private static Stored log(Installation installation, Own journals)
      throws IOException, InterruptedException {
    ServerConfig config = installation.config();
    DataDirectory data = installation.data();
    StartedParts started = installation.started();
    EntryReader reader = new EntryReader();
    SearchIndex opened =
        SearchIndex.open(data.index(), EventLog.sealedThrough(installation.blobs()));
    EventIndex index = started.keep("index", opened.index());
    IndexFold fold = new IndexFold(index, config.indexRefresh(), opened::examine);
    PendingTenants pending = new PendingTenants();
    DiskRoom room =
        new DiskRoom(
            () -> Files.getFileStore(data.root()).getUsableSpace(), config.diskReserveBytes());
    EventLog log =
        new EventLogBuilder(
                new ReservingJournal(journals.events(), room),
                installation.blobs(),
                config.log(),
                installation.chance().clock(),
                installation.chance().random().nextLong(),
                reader,
                new StoredComparison(reader))
            .open(opened.ids(), List.of(fold, pending));
    opened.complete(log);
    started.add("index fold", fold::close);
    started.add("log", log::close);
    fold.start();
    log.start(DeletionsUnderWay.purges(installation.blobs()));
    return new Stored(reader, opened, fold, pending, room, log);
  }

  private static TenantLogs published(Installation installation, Own journals, Stored stored)
      throws IOException, InterruptedException {
    LogKeys keys =
        new LogKeys(
            installation.control(),
            new SeedCipher(installation.secrets()::logKeySecret, installation.chance().random()),
            installation.config().originHost(),
            installation.chance().clock());
    TenantLogs published =
        installation
            .started()
            .keep(
                "checkpoints",
                TenantLogs.open(
                    new TenantLogs.Parts(
                        stored.log(),
                        keys,
                        journals.heads(),
                        stored.pending(),
                        installation.control().configuration(),
                        installation.config().witnesses().forCheckpoints())));
    published.start();
    return published;
  }

  private RetentionServices retention(DeletionSteps steps) throws IOException {
    Installation.Chance chance = installation.chance();
    return RetentionServices.open(
        new RetentionServices.Parts(
            installation.control(),
            installation.profiles(),
            stored.log(),
            journals.events(),
            stored.index(),
            stored.reader(),
            installation::hashed,
            installation.blobs()),
        new RetentionServices.Surroundings(
            entries,
            this::forgetPeople,
            Scopes::ofTheProgram,
            chance.ids()::next,
            chance.random(),
            chance.clock(),
            installation.watch()::isTrusted,
            installation.watch()::believed,
            installation.config().purgeEvery(),
            copies,
            new AccessCarrying(
                stored.log(),
                installation.profiles(),
                installation.control().configuration(),
                entries,
                chance.clock()),
            steps));
  }

  private void forgetPeople(TenantId tenant) throws IOException {
    installation.access().people().forget(tenant);
    installation.access().sessions().forget(session -> tenant.equals(session.subject().tenant()));
  }

  /** Opens the exports, whose files go when a deletion touches what they hold. */
  ExportJobs exports(ReadPool reads, AccessTrail trail) throws IOException, InterruptedException {
    ExportJobs exports =
        installation
            .started()
            .keep(
                "exports",
                ExportJobs.open(
                    installation.data().exports(),
                    journals.exports(),
                    new ExportSources(
                        stored.log(),
                        stored.reader(),
                        search(),
                        published,
                        new EntryWriter(retention.holds(), retention.keptActors()),
                        installation.profiles(),
                        installation.control().configuration(),
                        new ExportRights(
                            installation.access().authentication(),
                            installation.control().configuration()),
                        trail,
                        reads,
                        installation.chance().clock()),
                    installation.config().exports()));
    copies.add(exports);
    return exports;
  }

  /** Opens the schedules of exports, which are made by {@code jobs}. */
  Schedules schedules(ReadPool reads, ExportJobs jobs) throws IOException, InterruptedException {
    Installation.Chance chance = installation.chance();
    return installation
        .started()
        .keep(
            "schedules",
            Schedules.open(
                journals.schedules(),
                new RunParts(
                    installation.control(),
                    stored.log(),
                    search(),
                    stored.fold()::oldestQueuedMillis,
                    reads,
                    installation.access().authentication(),
                    jobs,
                    new Deliveries(installation.deliveries())),
                new Schedules.Surroundings(
                    installation.config().schedulesEvery(), chance.clock(), chance.random())));
  }

  /** Opens the streams to other systems. */
  Streams streams(ReadPool reads, AccessTrail trail) throws IOException, InterruptedException {
    Installation.Chance chance = installation.chance();
    Deliveries.Around around = installation.deliveries();
    Streams streams =
        installation
            .started()
            .keep(
                "streams",
                Streams.open(
                    new Streams.Storage(
                        journals.streams(),
                        journals.cursors(),
                        installation.disk(),
                        installation.data().ledgers()),
                    new StreamParts(
                        installation.control(),
                        stored.log(),
                        new EntryFeed(stored.log(), stored.reader()),
                        search(),
                        new EntryWriter(retention.holds(), retention.keptActors()),
                        reads,
                        installation.access().authentication(),
                        trail,
                        around.cipher(),
                        around.guard(),
                        NativeFormat::byName,
                        installation.metrics().streams(),
                        installation.config().streams(),
                        new StreamParts.Chance(chance.clock(), chance.nanos(), chance.random()))));
    copies.add(streams.copies());
    return streams;
  }

  /** Starts what deletes, shows checkpoints to others, and reads everything again. */
  Scrubber start(FileJournal control) {
    StartedParts started = installation.started();
    ServerConfig config = installation.config();
    ServerMetrics metrics = installation.metrics();
    started.add("retention", retention.purges()::close);
    retention.purges().start();
    VerificationAlarm alarm = new VerificationAlarm(entries);
    Witnesses witnesses =
        started.keep("witnesses", new Witnesses(config.witnesses(), published, alarm::raise));
    witnesses.start();
    metrics.watch(witnesses);
    CheckpointPush push =
        started.keep(
            "pushed checkpoints",
            new CheckpointPush(config.checkpointPush(), published, installation.chance().clock()));
    push.start();
    metrics.watch(push);
    Scrubber scrubber =
        started.keep(
            "scrubber",
            new Scrubber(
                new Scrubber.Sources(
                    stored.log(),
                    published,
                    installation.blobs(),
                    installation.data().states(),
                    Map.of(
                        "events", journals.events(), "control", control, "heads", journals.heads()),
                    stored.opened()::check,
                    stored.fold()::isBehind),
                alarm,
                config.scrub(),
                installation.chance().clock()));
    metrics.watch(scrubber);
    scrubber.start();
    return scrubber;
  }

  /** Pages, entries, counts. */
  Search search() {
    return new Search(
        stored.log(),
        stored.index(),
        stored.reader(),
        identities(),
        installation.chance().clock(),
        installation.config().queryTimeout());
  }

  private Identities identities() {
    return tenant ->
        installation
            .control()
            .configuration()
            .tenantOrClosed(tenant)
            .filter(found -> installation.access().roles().profile(found).actorHashing())
            .map(_ -> installation.secrets().actorHasher(tenant));
  }

  /** Follows the logs live. */
  Tail tail() {
    return new Tail(new EntryFeed(stored.log(), stored.reader()));
  }

  /** The entries. */
  EventLog log() {
    return stored.log();
  }

  /** Fold that feeds the index. */
  IndexFold fold() {
    return stored.fold();
  }

  /** The room that is left on the disk. */
  DiskRoom room() {
    return stored.room();
  }

  /** The logs as others see them: checkpoints, tiles, proofs. */
  TenantLogs published() {
    return published;
  }

  /** The way in. */
  Ingest ingest() {
    return ingest;
  }

  /** Services of retention. */
  RetentionServices retention() {
    return retention;
  }
}
