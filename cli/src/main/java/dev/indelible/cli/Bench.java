package dev.indelible.cli;

import dev.indelible.cli.bench.Benchmark;
import dev.indelible.cli.bench.Plan;
import dev.indelible.cli.bench.Report;
import dev.indelible.cli.bench.Target;
import dev.indelible.cli.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Measures how much a server takes, how fast it answers, and what it keeps. */
@Command(
    name = "bench",
    description =
        "Measures a server of its own on an empty folder, or one that runs (which keeps the events).",
    mixinStandardHelpOptions = true)
final class Bench implements Callable<Integer> {

  private final Terminal terminal;

  @Option(names = "--quick", description = "A look of half a minute; its figures are rough.")
  private boolean quick;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long each loop sends (" + Plan.DEFAULT_SECONDS + ").")
  private @Nullable Integer seconds;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "Events before questions are asked (" + Plan.DEFAULT_EVENTS + ").")
  private @Nullable Long events;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "" + Plan.DEFAULT_SEED,
      description = "Seed of the events (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--batch",
      paramLabel = "N",
      split = ",",
      description = "Events of a request, in each closed loop (1,100,1000).")
  private List<Integer> batches = Plan.DEFAULT_BATCHES;

  @Option(
      names = "--loop-events",
      paramLabel = "N",
      defaultValue = "" + Plan.MAX_LOOP_EVENTS,
      description =
          "The most events of the warm-up and of each closed loop, to compare two builds at the"
              + " same work; with --seconds 600.")
  private long loopEvents;

  @Option(
      names = "--only",
      paramLabel = "PART",
      split = ",",
      description = "Measure only these: ${COMPLETION-CANDIDATES}.")
  private Set<Plan.Part> parts = EnumSet.noneOf(Plan.Part.class);

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "Measure this server, which keeps the events.")
  private @Nullable String server;

  @Option(names = "--key", paramLabel = "KEY", description = "An operator's key of that server.")
  private @Nullable String key;

  @Option(names = "--json", description = "Print the figures as JSON.")
  private boolean json;

  Bench(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Report report;
    try {
      Benchmark benchmark =
          new Benchmark(
              plan(),
              InstantSource.system(),
              what -> {
                terminal.err().println("bench: " + what);
                terminal.err().flush();
              });
      Target target = target();
      report = target == null ? benchmark.run() : benchmark.run(target);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    }
    if (json) {
      terminal
          .out()
          .println(
              JsonMapper.builder()
                  .enable(SerializationFeature.INDENT_OUTPUT)
                  .build()
                  .writeValueAsString(report));
    } else {
      print(report, terminal.out());
    }
    terminal.out().flush();
    return ExitCode.DONE;
  }

  private Plan plan() {
    try {
      return new Plan(
          seconds != null ? seconds : quick ? Plan.QUICK_SECONDS : Plan.DEFAULT_SECONDS,
          events != null ? events : quick ? Plan.QUICK_EVENTS : Plan.DEFAULT_EVENTS,
          seed,
          batches,
          parts,
          loopEvents);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private @Nullable Target target() {
    if (server == null) {
      if (key != null) {
        throw new CommandFailure(ExitCode.USAGE, "--key goes with --server");
      }
      return null;
    }
    if (key == null) {
      throw new CommandFailure(ExitCode.USAGE, "--server needs --key, an operator's");
    }
    try {
      return new Target(URI.create(server), key);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "--server: " + e.getMessage());
    }
  }

  private static void print(Report report, PrintWriter out) {
    Report.Machine machine = report.machine();
    out.printf(
        Locale.ROOT,
        "%d processors, %d MiB, %s, %s; the load shares them with the server%n",
        machine.processors(),
        machine.memoryMebibytes(),
        machine.system(),
        machine.java());
    out.printf(
        Locale.ROOT,
        "%d tenants (zipf), %.0f bytes of JSON an event%n",
        report.tenants(),
        report.eventBytes());
    if (!report.loops().isEmpty()) {
      out.printf(Locale.ROOT, "%n");
      out.printf(
          Locale.ROOT,
          "%-6s %6s %4s %9s %10s %10s %8s %8s %8s %8s %8s%n",
          "loop",
          "batch",
          "ids",
          "offered/s",
          "acked/s",
          "indexed/s",
          "p50 ms",
          "p99 ms",
          "max ms",
          "refused",
          "CPU µs");
      for (Report.Loop loop : report.loops()) {
        print(loop, out);
      }
    }
    if (!report.queries().isEmpty()) {
      printQueries(report, out);
    }
    print(report.storage(), out);
  }

  private static void printQueries(Report report, PrintWriter out) {
    out.printf(Locale.ROOT, "%n");
    out.printf(Locale.ROOT, "questions over %d events%n", report.events());
    out.printf(
        Locale.ROOT,
        "%-44s %8s %8s %8s %8s %10s%n",
        "",
        "asked",
        "p50 ms",
        "p99 ms",
        "max ms",
        "rows");
    for (Report.Query query : report.queries()) {
      Report.Latency latency = query.latency();
      out.printf(
          Locale.ROOT,
          "%-44s %8d %8.2f %8.2f %8.2f %10.0f%n",
          query.name(),
          latency.count(),
          latency.p50(),
          latency.p99(),
          latency.max(),
          query.rows());
    }
  }

  private static void print(Report.Loop loop, PrintWriter out) {
    Report.Latency latency = loop.acknowledgement();
    Double micros = loop.serverMicros();
    out.printf(
        Locale.ROOT,
        "%-6s %6d %4s %9s %10.0f %10.0f %8.2f %8.2f %8.2f %8d %8s%n",
        loop.kind(),
        loop.batch(),
        loop.ids() ? "yes" : "no",
        loop.offered() == 0 ? "-" : Integer.toString(loop.offered()),
        loop.acknowledgedPerSecond(),
        loop.indexedPerSecond(),
        latency.p50(),
        latency.p99(),
        latency.max(),
        loop.refused(),
        micros == null ? "-" : String.format(Locale.ROOT, "%.1f", micros));
  }

  private static void print(Report.@Nullable Storage storage, PrintWriter out) {
    if (storage == null) {
      return;
    }
    out.printf(Locale.ROOT, "%n");
    out.printf(
        Locale.ROOT,
        "sealed and indexed: %.0f bytes an event (runs %.0f, index %.0f; %d entries)%n",
        storage.bytesPerEvent(),
        storage.runBytes() / (double) storage.entries(),
        storage.indexBytes() / (double) storage.entries(),
        storage.entries());
    if (storage.residentMebibytes() != null) {
      out.printf(
          Locale.ROOT,
          "memory of the server: %d MiB at the end, %d MiB at its peak%n",
          storage.residentMebibytes(),
          storage.peakMebibytes());
    }
  }
}
