package dev.indelible.server;

import dev.indelible.ports.journal.ErasableJournal;
import dev.indelible.server.audit.Scrubber;
import dev.indelible.server.export.ExportJobs;
import dev.indelible.server.http.HttpService;
import dev.indelible.server.http.RequestObserver;
import dev.indelible.server.http.Route;
import dev.indelible.server.index.EventIndex;
import dev.indelible.server.index.IndexStats;
import dev.indelible.server.ingest.Ingest;
import dev.indelible.server.journal.JournalListener;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.profile.Classifier;
import dev.indelible.server.profile.Profiles;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.review.ReviewReminders;
import dev.indelible.server.review.ReviewTimes;
import dev.indelible.server.schedule.ScheduleRun;
import dev.indelible.server.schedule.Schedules;
import dev.indelible.server.search.IndexFold;
import dev.indelible.server.share.BusyException.Share;
import dev.indelible.server.share.IntakeGate;
import dev.indelible.server.share.ReadPool;
import dev.indelible.server.takeout.ShownEntries;
import dev.indelible.server.witness.CheckpointPush;
import dev.indelible.server.witness.Witnesses;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The program's figures, for Prometheus. Thread-safe. */
final class ServerMetrics implements JournalListener, RequestObserver {

  private static final Duration[] SYNC_BUCKETS = {
    Duration.ofNanos(250_000),
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter accepted;
  private final Counter duplicates;
  private final Timer journalSync;
  private final DistributionSummary journalGroup;
  private final Timer journalSegmentWait;

  ServerMetrics() {
    accepted =
        Counter.builder("indelible.events.accepted")
            .description("Events acknowledged, repetitions included")
            .register(registry);
    duplicates =
        Counter.builder("indelible.events.duplicates")
            .description("Events that were recorded before under the same id")
            .register(registry);
    journalSync =
        Timer.builder("indelible.journal.sync")
            .description("How long the journal's fsync takes")
            .serviceLevelObjectives(SYNC_BUCKETS)
            .register(registry);
    journalGroup =
        DistributionSummary.builder("indelible.journal.group")
            .description("Batches that one fsync makes durable")
            .register(registry);
    journalSegmentWait =
        Timer.builder("indelible.journal.segment.wait")
            .description("How long appends waited for a new segment")
            .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
  }

  void watch(
      EventLog log,
      IndexFold fold,
      EventIndex index,
      ErasableJournal journal,
      InstantSource clock) {
    gauge(
        "indelible.journal.bytes",
        "Size of the events journal",
        journal,
        ErasableJournal::sizeBytes);
    gauge("indelible.runs", "Sealed runs", log, l -> l.statistics().runs());
    gauge("indelible.runs.bytes", "Size of all runs", log, l -> l.statistics().sealedBytes());
    gauge("indelible.runs.entries", "Entries in runs", log, l -> l.statistics().sealedEntries());
    gauge("indelible.fresh.entries", "Entries in memory", log, l -> l.statistics().freshEntries());
    gauge(
        "indelible.sequencer.lag.bytes",
        "Events appended and not yet sequenced",
        log,
        l -> l.statistics().inFlightBytes());
    gauge(
        "indelible.sequencer.lag.events",
        "How many events are appended and not yet sequenced",
        log,
        l -> l.statistics().inFlightEvents());
    gauge(
        "indelible.sequencer.lag.seconds",
        "How long the oldest of them has waited",
        log,
        l -> l.statistics().inFlightNanos() / 1e9);
    gauge(
        "indelible.index.lag.events",
        "Entries that wait to be indexed",
        fold,
        IndexFold::lagEntries);
    gauge(
        "indelible.index.lag.seconds",
        "Age of the oldest entry that waits to be indexed",
        fold,
        f -> {
          long oldest = f.oldestQueuedMillis();
          return oldest == Long.MAX_VALUE ? 0 : Math.max(0, clock.millis() - oldest) / 1000.0;
        });
    gauge("indelible.index.bytes", "Size of the search index", index, i -> stats(i).bytes());
    gauge("indelible.index.entries", "Entries that are found", index, i -> stats(i).entries());
  }

  void watch(Scrubber scrubber) {
    gauge(
        "indelible.scrub.progress",
        "How much of everything the present check has read, from 0 to 1",
        scrubber,
        s -> s.statistics().progress());
    gauge(
        "indelible.scrub.violations",
        "What did not hold when everything stored was last read and checked",
        scrubber,
        s -> s.statistics().violations());
    gauge(
        "indelible.scrub.last.pass.seconds",
        "When the last check of everything ended, since 1970; 0 before the first",
        scrubber,
        s -> s.statistics().lastPass().map(at -> at.toEpochMilli() / 1000.0).orElse(0.0));
    FunctionCounter.builder("indelible.scrub.passes", scrubber, s -> s.statistics().passes())
        .description("Checks of everything since the start")
        .register(registry);
    FunctionCounter.builder("indelible.scrub.bytes", scrubber, s -> s.statistics().bytes())
        .description("Bytes that these checks read")
        .register(registry);
  }

  void watch(ExportJobs exports) {
    gauge(
        "indelible.exports.under.way",
        "Exports that wait or are made",
        exports,
        e -> e.figures().underWay());
    gauge(
        "indelible.exports.file.bytes",
        "Size of the files of exports",
        exports,
        e -> e.figures().fileBytes());
    FunctionCounter.builder("indelible.exports.done", exports, e -> e.figures().done())
        .description("Exports made since the start")
        .register(registry);
    FunctionCounter.builder("indelible.exports.failed", exports, e -> e.figures().failed())
        .description("Exports that failed since the start")
        .register(registry);
  }

  void watch(ClockWatch clock) {
    gauge(
        "indelible.clock.doubted",
        "1 while the clock is more than a day ahead of what it can be, and nothing is purged",
        clock,
        c -> c.isDoubted() ? 1 : 0);
    gauge(
        "indelible.clock.ahead.seconds",
        "How far the clock is ahead of what it can be",
        clock,
        c -> c.ahead().toMillis() / 1000.0);
  }

  /** Watches for actions that no catalog has, by the catalogs that their names point to. */
  void watch(Ingest ingest) {
    List<String> sources = new ArrayList<>(List.of(Classifier.NO_SOURCE));
    Profiles.builtIn().standard().catalogs().forEach(catalog -> sources.add(catalog.name()));
    for (String source : sources) {
      FunctionCounter.builder(
              "indelible.events.unknown.actions", ingest, i -> i.unknownActions(source))
          .description("Events whose action no catalog has")
          .tag("source", source)
          .register(registry);
    }
  }

  void watch(UnknownTenants unknown) {
    gauge(
        "indelible.tenants.unknown",
        "Tenants with entries that the configuration did not know at the start",
        unknown,
        u -> u.tenants().size());
  }

  void watch(Schedules schedules) {
    for (boolean active : List.of(true, false)) {
      Gauge.builder("indelible.schedules", schedules, s -> s.count(active))
          .tag("state", active ? "active" : "paused")
          .description("Schedules of exports")
          .register(registry);
    }
    for (ScheduleRun.State state : ScheduleRun.State.values()) {
      if (!state.isUnderWay()) {
        FunctionCounter.builder("indelible.schedule.runs", schedules, s -> s.ended(state))
            .tag("state", state.jsonName())
            .description("Runs of schedules that have ended")
            .register(registry);
      }
    }
  }

  /** The figures of streams. */
  StreamMetrics streams() {
    return new StreamMetrics(registry);
  }

  void watch(ReviewReminders reviews) {
    for (ReviewTimes.State state : ReviewTimes.State.values()) {
      Gauge.builder("indelible.reviews", reviews, r -> r.count(state))
          .tag("state", state.jsonName())
          .description("Reviews that are planned")
          .register(registry);
    }
    FunctionCounter.builder("indelible.review.mails", reviews, ReviewReminders::sent)
        .description("Reminders of reviews that the mail server took")
        .register(registry);
  }

  void watch(ReadPool reads, IntakeGate gate) {
    gauge(
        "indelible.reads.working",
        "Searches and reads that have their turn",
        reads,
        r -> r.figures().working());
    gauge(
        "indelible.reads.waiting",
        "Searches and reads that wait for their turn",
        reads,
        r -> r.figures().waiting());
    FunctionCounter.builder("indelible.reads.passed", reads, r -> r.figures().passed())
        .description("Turns that long searches and reads gave to others")
        .register(registry);
    FunctionCounter.builder("indelible.reads.at.once", reads, r -> r.figures().atOnce())
        .description("Searches and reads that were done on the threads of those who asked")
        .register(registry);
    for (Share share : Share.values()) {
      refused("indelible.reads.refused", share, reads, r -> r.refused(share));
    }
    gauge("indelible.intake.waiting", "Batches that wait for their turn", gate, g -> g.waiting());
    gauge(
        "indelible.intake.passing.bytes",
        "Bytes of events between their turn and their acknowledgement",
        gate,
        g -> g.passingBytes());
    refused("indelible.intake.refused", Share.GROUP, gate, g -> g.refused());
  }

  void watch(ShownEntries shown) {
    gauge(
        "indelible.shown.bytes",
        "Memory of entries that are kept as they were shown",
        shown,
        s -> s.figures().bytes());
    FunctionCounter.builder("indelible.shown.kept", shown, s -> s.figures().kept())
        .description("Entries of pages that were in memory as they are shown")
        .register(registry);
    FunctionCounter.builder("indelible.shown.read", shown, s -> s.figures().read())
        .description("Entries of pages that were read from the log")
        .register(registry);
  }

  void watch(HttpService http) {
    gauge("indelible.http.active", "Requests at work", http, h -> h.figures().requests());
    gauge("indelible.http.tails", "Live tails", http, h -> h.figures().streams());
    gauge("indelible.http.connections", "Open connections", http, HttpService::connections);
    FunctionCounter.builder(
            "indelible.http.connections.refused", http, HttpService::refusedConnections)
        .description("Connections that were closed at once, as their address had its share")
        .register(registry);
    gauge(
        "indelible.http.bodies.waiting",
        "Bodies that are waited for",
        http,
        h -> h.figures().waitingBodies());
    gauge(
        "indelible.http.bodies.bytes",
        "Bytes of bodies in memory",
        http,
        h -> h.figures().bodyBytes());
    FunctionCounter.builder("indelible.http.bodies.evicted", http, h -> h.figures().evictedBodies())
        .description("Bodies that were waited for until others took their places")
        .register(registry);
    FunctionCounter.builder("indelible.http.bodies.refused", http, h -> h.figures().refusedBodies())
        .description("Bodies for which there was no memory")
        .register(registry);
    for (Share share : Share.values()) {
      refused("indelible.http.refused", share, http, h -> h.refusedRequests(share));
      refused("indelible.http.tails.refused", share, http, h -> h.refusedStreams(share));
    }
  }

  private <T> void refused(String name, Share share, T of, ToDoubleFunction<T> value) {
    FunctionCounter.builder(name, of, value)
        .description("What was refused, and whose share was used up")
        .tag(
            "share",
            switch (share) {
              case MEMBER -> "caller";
              case GROUP -> "tenant";
              case ALL -> "all";
            })
        .register(registry);
  }

  void watch(TenantLogs logs) {
    gauge(
        "indelible.logs.stopped",
        "Logs that disagree with what was signed of them",
        logs,
        l -> l.statistics().stoppedLogs());
    gauge(
        "indelible.checkpoints.lag.seconds",
        "How long the log that waits longest has waited for a checkpoint",
        logs,
        l -> l.statistics().lagNanos() / 1e9);
    gauge(
        "indelible.checkpoints.failing",
        "1 while heads cannot be made durable, and so nothing new is signed",
        logs,
        l -> l.statistics().failing() ? 1 : 0);
    FunctionCounter.builder(
            "indelible.checkpoints.published", logs, l -> l.statistics().published())
        .description("Heads of logs made durable")
        .register(registry);
    FunctionCounter.builder("indelible.checkpoints.signed", logs, l -> l.statistics().signed())
        .description("Notes signed")
        .register(registry);
    FunctionCounter.builder(
            "indelible.checkpoints.seconds", logs, l -> l.statistics().spentNanos() / 1e9)
        .description("Time that comparing and signing took; its rate is the share of a core")
        .register(registry);
  }

  void watch(Witnesses witnesses) {
    gauge(
        "indelible.witness.quorum.lag.seconds",
        "How long the log that waits longest for its quorum of witnesses has waited",
        witnesses,
        w -> w.quorumLagNanos() / 1e9);
    List<Witnesses.Statistics> all = witnesses.statistics();
    for (int i = 0; i < all.size(); i++) {
      int at = i;
      String name = all.get(i).name();
      Gauge.builder(
              "indelible.witness.lag.seconds",
              witnesses,
              w -> w.statistics().get(at).lagNanos() / 1e9)
          .description("How long the log that waits longest for this witness has waited")
          .tag("witness", name)
          .strongReference(true)
          .register(registry);
      count("indelible.witness.cosignatures", name, witnesses, at, s -> s.cosignatures());
      count("indelible.witness.conflicts", name, witnesses, at, s -> s.conflicts());
      count("indelible.witness.refusals", name, witnesses, at, s -> s.refusals());
    }
  }

  void watch(CheckpointPush push) {
    List<CheckpointPush.Statistics> all = push.statistics();
    for (int i = 0; i < all.size(); i++) {
      int at = i;
      String to = all.get(i).to();
      FunctionCounter.builder(
              "indelible.checkpoint.pushes", push, p -> p.statistics().get(at).pushed())
          .description("Checkpoints pushed to where others hold them")
          .tag("to", to)
          .register(registry);
      Gauge.builder(
              "indelible.checkpoint.push.failing",
              push,
              p -> p.statistics().get(at).failing() ? 1 : 0)
          .description("1 while checkpoints cannot be pushed there")
          .tag("to", to)
          .strongReference(true)
          .register(registry);
    }
  }

  private void count(
      String meter,
      String name,
      Witnesses witnesses,
      int at,
      ToDoubleFunction<Witnesses.Statistics> value) {
    FunctionCounter.builder(meter, witnesses, w -> value.applyAsDouble(w.statistics().get(at)))
        .tag("witness", name)
        .register(registry);
  }

  private static IndexStats stats(EventIndex index) {
    try {
      return index.stats();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
    Gauge.builder(name, of, value)
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  void recorded(int acceptedEvents, int duplicateEvents, List<String> rejectedCodes) {
    accepted.increment(acceptedEvents);
    duplicates.increment(duplicateEvents);
    for (String code : rejectedCodes) {
      registry.counter("indelible.events.rejected", "code", code).increment();
    }
  }

  /** Counts an attempt to deliver a file; see {@code Deliveries.Observer}. */
  void attempted(String type, String outcome, long nanos) {
    registry
        .timer("indelible.deliveries", "type", type, "outcome", outcome)
        .record(Duration.ofNanos(nanos));
  }

  @Override
  public void groupCommitted(int batches, long bytes, long forceNanos) {
    journalSync.record(Duration.ofNanos(forceNanos));
    journalGroup.record(batches);
  }

  @Override
  public void segmentStarted(long waitNanos) {
    journalSegmentWait.record(Duration.ofNanos(waitNanos));
  }

  @Override
  public void completed(Completed completed) {
    Route route = completed.route();
    registry
        .timer(
            "indelible.http.requests",
            "route",
            route == null ? "none" : route.operationId(),
            "status",
            Integer.toString(completed.status()))
        .record(Duration.ofNanos(completed.nanos()));
  }

  String scrape() {
    return registry.scrape();
  }

  void close() {
    registry.close();
  }
}
