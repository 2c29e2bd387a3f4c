package dev.indelible.cli.bench;

import dev.indelible.cli.bench.Plan.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures a server from outside: loads it, asks it, and looks at what it keeps.
 *
 * <p>The load runs on the same machine, over the loopback, and takes its share of the processors;
 * what is reported is what is left for the server.
 */
public final class Benchmark {

  private static final int CREATED = 201;
  private static final int CONFLICT = 409;
  private static final int OPEN_SINGLES = 5_000;
  private static final int OPEN_BATCHED = 30_000;
  private static final int OPEN_BATCH = 100;
  private static final int READ_WHILE_WRITING = 20_000;
  private static final long ASKING_PAUSE_MILLIS = 10;

  private final Plan plan;
  private final InstantSource clock;
  private final Consumer<String> progress;

  /**
   * A run of {@code plan}.
   *
   * @param clock the system's; the newest events occur now
   * @param progress is told what is measured next
   */
  public Benchmark(Plan plan, InstantSource clock, Consumer<String> progress) {
    this.plan = plan;
    this.clock = clock;
    this.progress = progress;
  }

  /** Measures a server of its own, on an empty data folder. */
  public Report run() throws IOException, InterruptedException {
    try (ServerProcess server = ServerProcess.start()) {
      return run(server.target(), server);
    }
  }

  /** Measures a server that runs, without looking at its disk. It keeps the events. */
  public Report run(Target target) throws IOException, InterruptedException {
    return run(target, null);
  }

  private Report run(Target target, @Nullable ServerProcess server)
      throws IOException, InterruptedException {
    EventTemplates templates = new EventTemplates(plan.seed(), clock.millis(), plan.events());
    return new Run(target, server, new ServerFigures(target), new Load(target, templates))
        .measure();
  }

  /** One run against one server. */
  private final class Run {

    private final Target target;
    private final @Nullable ServerProcess server;
    private final ServerFigures figures;
    private final Load load;
    private final List<Report.Loop> loops = new ArrayList<>();
    private final List<Report.Query> queries = new ArrayList<>();

    Run(Target target, @Nullable ServerProcess server, ServerFigures figures, Load load) {
      this.target = target;
      this.server = server;
      this.figures = figures;
      this.load = load;
    }

    Report measure() throws IOException, InterruptedException {
      progress.accept("creating " + Plan.TENANTS + " tenants");
      createTenants();
      long before = figures.settle();
      progress.accept("warming up");
      load.send(closed(100, false, plan.warmUpSeconds()));
      load.send(closed(1, false, plan.warmUpSeconds() / 4.0));
      figures.settle();
      if (plan.parts().contains(Part.CLOSED)) {
        closedLoops();
      }
      if (plan.parts().contains(Part.QUERIES)) {
        fill(before);
      }
      if (plan.parts().contains(Part.OPEN)) {
        loop(open(1, OPEN_SINGLES));
        loop(open(OPEN_BATCH, OPEN_BATCHED));
      }
      long events = figures.settle() - before;
      if (plan.parts().contains(Part.QUERIES)) {
        progress.accept("asking, over " + events + " events");
        queries.addAll(new Questions(target, plan.seed()).askAll());
        askWhileWriting();
      }
      if (plan.parts().contains(Part.ATTACK)) {
        queries.addAll(new Attack(target, plan, clock.millis(), progress).run(figures));
      }
      long entries = figures.settle();
      progress.accept("sealing");
      return new Report(
          machine(),
          Plan.TENANTS,
          load.eventBytes(),
          loops,
          events,
          queries,
          server == null ? null : server.storage(entries));
    }

    private void closedLoops() throws IOException, InterruptedException {
      for (boolean ids : new boolean[] {false, true}) {
        for (int batch : plan.batches()) {
          loop(closed(batch, ids, plan.seconds()));
        }
      }
    }

    private Load.Shape closed(int batch, boolean ids, double seconds) {
      return new Load.Shape(Plan.CLOSED_CONNECTIONS, batch, ids, 0, seconds, plan.loopEvents());
    }

    private Load.Shape open(int batch, int offered) {
      return new Load.Shape(
          Plan.OPEN_CONNECTIONS, batch, false, offered, plan.seconds(), Plan.MAX_LOOP_EVENTS);
    }

    private void loop(Load.Shape shape) throws IOException, InterruptedException {
      boolean open = shape.offered() > 0;
      progress.accept(
          "%s loop, batches of %d%s%s"
              .formatted(
                  open ? "open" : "closed",
                  shape.batch(),
                  shape.ids() ? ", with ids" : "",
                  open ? ", " + shape.offered() + " events/s" : ""));
      long before = figures.found();
      long processorBefore = processorNanos();
      Load.Sent sent = load.send(shape);
      long found = figures.awaitFound(before + sent.events());
      long processor = processorNanos() - processorBefore;
      loops.add(
          new Report.Loop(
              open ? "open" : "closed",
              shape.batch(),
              shape.ids(),
              shape.connections(),
              shape.offered(),
              sent.events(),
              sent.refused(),
              perSecond(sent.events(), sent.endNanos() - sent.startNanos()),
              perSecond(sent.events(), found - sent.startNanos()),
              sent.latencies().summary(),
              server == null ? null : processor / 1e3 / Math.max(1, sent.events())));
    }

    private long processorNanos() {
      return server == null ? 0 : server.processorTime().toNanos();
    }

    private void fill(long before) throws IOException, InterruptedException {
      long missing = plan.events() - (figures.settle() - before);
      if (missing <= 0) {
        return;
      }
      progress.accept("filling up to " + plan.events() + " events");
      long rounded = Math.ceilDiv(missing, Plan.FILL_BATCH) * Plan.FILL_BATCH;
      load.send(
          new Load.Shape(
              Plan.CLOSED_CONNECTIONS, Plan.FILL_BATCH, false, 0, Plan.MAX_SECONDS, rounded));
    }

    private void askWhileWriting() throws IOException, InterruptedException {
      String name = "newest 100 while " + READ_WHILE_WRITING + " events/s arrive";
      progress.accept(name);
      try (ExecutorService background = Executors.newSingleThreadExecutor()) {
        Future<Report.Query> asked =
            background.submit(
                () ->
                    new Questions(target, plan.seed())
                        .askNewest(name, plan.seconds() * 1_000_000_000L, ASKING_PAUSE_MILLIS));
        loop(open(OPEN_BATCH, READ_WHILE_WRITING));
        queries.add(asked.get());
      } catch (ExecutionException e) {
        throw new IOException(e.getMessage(), e);
      }
    }

    private void createTenants() throws IOException, InterruptedException {
      AtomicInteger next = new AtomicInteger();
      List<Future<Integer>> workers = new ArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(Plan.CLOSED_CONNECTIONS)) {
        for (int i = 0; i < Plan.CLOSED_CONNECTIONS; i++) {
          workers.add(threads.submit(() -> createTenants(next)));
        }
        for (Future<Integer> worker : workers) {
          worker.get();
        }
      } catch (ExecutionException e) {
        throw new IOException(e.getMessage(), e);
      }
    }

    private int createTenants(AtomicInteger next) throws IOException {
      int created = 0;
      try (KeepAliveConnection connection = new KeepAliveConnection(target)) {
        for (int tenant; (tenant = next.getAndIncrement()) < Plan.TENANTS; created++) {
          String body = "{\"id\":\"%s\"}".formatted(TenantMix.name(tenant));
          connection.post("/v1/tenants").add(body.getBytes(StandardCharsets.US_ASCII));
          int status = connection.send();
          if (status != CREATED && status != CONFLICT) {
            throw new IOException("a tenant could not be created: " + connection.body());
          }
        }
      }
      return created;
    }
  }

  private static double perSecond(long events, long nanos) {
    return events * 1e9 / Math.max(1, nanos);
  }

  private static Report.Machine machine() {
    long memory =
        java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize() >> 20
            : 0;
    return new Report.Machine(
        Runtime.getRuntime().availableProcessors(),
        memory,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + Runtime.version());
  }
}
