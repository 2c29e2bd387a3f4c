package dev.indelible.cli.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures what one tenant gets while another, or somebody without a key, does what it can to stop
 * everybody: dear questions, bodies that never come, and more events than can be recorded.
 *
 * <p>Three clients of the other tenant ask for its newest hundred, record single events, and ask
 * whether the server lives, each over and over with pauses: first alone, then during each attack.
 */
final class Attack {

  /** Clients that ask dear questions. */
  static final int CLIENTS = 32;

  /** Sockets that announce a body and send one byte of it. */
  static final int SOCKETS = 1_100;

  private static final int FLOOD_CONNECTIONS = 16;
  private static final int FLOOD_BATCH = 1_000;
  private static final int OTHERS_EVENTS = 5_000;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long REFUSED_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long SWEEP_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int SOCKET_TIMEOUT_MILLIS = 10_000;
  private static final Pattern SECRET = Pattern.compile("\"secret\":\"([^\"]+)\"");

  /** 36 words of which each is in most entries: {@code a* OR b* OR …}. */
  private static final String DEAR =
      IntStream.concat(IntStream.rangeClosed('a', 'z'), IntStream.rangeClosed('0', '9'))
          .mapToObj(letter -> (char) letter + "*")
          .collect(Collectors.joining(" OR "));

  private final Target operator;
  private final Plan plan;
  private final long endMillis;
  private final Consumer<String> progress;

  Attack(Target operator, Plan plan, long endMillis, Consumer<String> progress) {
    this.operator = operator;
    this.plan = plan;
    this.endMillis = endMillis;
    this.progress = progress;
  }

  /** Client that makes trouble until told to stop; returns how often it was refused. */
  @FunctionalInterface
  private interface Attacker {
    long attack(AtomicBoolean stop) throws IOException;
  }

  /** Attacks; the tenants are there. */
  List<Report.Query> run(ServerFigures figures) throws IOException, InterruptedException {
    fill(0, plan.events());
    fill(1, OTHERS_EVENTS);
    figures.settle();
    Target attacker = new Target(operator.server(), key(0));
    Target other = new Target(operator.server(), key(1));
    List<Report.Query> results = new ArrayList<>();
    progress.accept("another tenant, alone");
    measure(results, other, "alone", List.of()); // a warm-up
    results.clear();
    measure(results, other, "alone", List.of());
    progress.accept(CLIENTS + " clients with dear questions");
    measure(
        results,
        other,
        CLIENTS + " clients",
        IntStream.range(0, CLIENTS).<Attacker>mapToObj(_ -> stop -> ask(attacker, stop)).toList());
    progress.accept(SOCKETS + " sockets whose bodies never come");
    measure(results, other, SOCKETS + " sockets", List.of(this::announce));
    progress.accept(FLOOD_CONNECTIONS + " connections with more than can be recorded");
    Load flood = new Load(attacker, templates());
    measure(results, other, "a flood", List.of(stop -> flood(flood, stop)));
    return results;
  }

  private EventTemplates templates() {
    return new EventTemplates(plan.seed(), endMillis, plan.events(), _ -> 0);
  }

  private void fill(int tenant, long events) throws IOException, InterruptedException {
    progress.accept("filling " + TenantMix.name(tenant) + " with " + events + " events");
    long rounded = Math.ceilDiv(events, Plan.FILL_BATCH) * Plan.FILL_BATCH;
    new Load(operator, new EventTemplates(plan.seed(), endMillis, events, _ -> tenant))
        .send(
            new Load.Shape(
                Plan.CLOSED_CONNECTIONS, Plan.FILL_BATCH, false, 0, Plan.MAX_SECONDS, rounded));
  }

  private String key(int tenant) throws IOException {
    try (KeepAliveConnection connection = new KeepAliveConnection(operator)) {
      connection
          .post("/v1/tenants/" + TenantMix.name(tenant) + "/keys")
          .add(
              "{\"name\":\"bench\",\"scopes\":[\"events.write\",\"events.read\"]}"
                  .getBytes(StandardCharsets.US_ASCII));
      int status = connection.send();
      Matcher secret = SECRET.matcher(connection.body());
      if (status != 201 || !secret.find()) {
        throw new IOException("a key could not be made: " + status + " " + connection.body());
      }
      return secret.group(1);
    }
  }

  /** One request of the other tenant; returns its status. */
  @FunctionalInterface
  private interface Probe {
    int send(KeepAliveConnection connection) throws IOException;
  }

  private void measure(
      List<Report.Query> results, Target other, String during, List<Attacker> attackers)
      throws IOException, InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    EventTemplates events = new EventTemplates(plan.seed(), endMillis, OTHERS_EVENTS, _ -> 1);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Long>> attacks = new ArrayList<>();
      for (Attacker attacker : attackers) {
        attacks.add(threads.submit(() -> attacker.attack(stop)));
      }
      try {
        Thread.sleep(attackers.isEmpty() ? 0 : 1_000);
        String newest = "/v1/tenants/" + TenantMix.name(1) + "/events?limit=100";
        Future<Report.Query> asked =
            threads.submit(() -> probe(other, "newest 100, " + during, c -> c.get(newest)));
        Future<Report.Query> lives =
            threads.submit(() -> probe(other, "health, " + during, c -> c.get("/health/live")));
        Report.Query recorded =
            probe(
                other,
                "201, " + during,
                connection -> {
                  events.append(connection.post("/v1/events"), 0, false);
                  return connection.send();
                });
        results.add(asked.get());
        results.add(recorded);
        results.add(lives.get());
      } finally {
        stop.set(true);
      }
      for (Future<Long> attack : attacks) {
        attack.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Sends the same over and over; the rows are what was refused. */
  private Report.Query probe(Target other, String name, Probe probe) throws IOException {
    Latencies latencies = new Latencies();
    long refused = 0;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(plan.seconds());
    try (KeepAliveConnection connection = new KeepAliveConnection(other)) {
      while (System.nanoTime() - end < 0) {
        long before = System.nanoTime();
        int status = probe.send(connection);
        latencies.add(System.nanoTime() - before);
        refused += status >= 400 ? 1 : 0;
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    Report.Latency found = latencies.summary();
    progress.accept(
        String.format(
            Locale.ROOT,
            "%s: %d sent, %d refused, p50 %.2f ms, p99 %.2f ms",
            name,
            found.count(),
            refused,
            found.p50(),
            found.p99()));
    return new Report.Query(name, refused, found);
  }

  private static long ask(Target attacker, AtomicBoolean stop) throws IOException {
    String path =
        "/v1/tenants/"
            + TenantMix.name(0)
            + "/facets?q="
            + URLEncoder.encode(DEAR, StandardCharsets.UTF_8);
    long refused = 0;
    while (!stop.get()) {
      try (KeepAliveConnection connection = new KeepAliveConnection(attacker)) {
        while (!stop.get()) {
          if (connection.get(path) != 200) {
            refused++;
            LockSupport.parkNanos(REFUSED_PAUSE_NANOS);
          }
        }
      } catch (EOFException e) {
        refused++; // who attacks comes again
      }
    }
    return refused;
  }

  /** Opens each socket anew as soon as the server has closed it. */
  private long announce(AtomicBoolean stop) throws IOException {
    byte[] beginning =
        """
        POST /v1/session HTTP/1.1\r
        Host: %s\r
        Content-Type: application/json\r
        Content-Length: 1000\r
        \r
        {"""
            .formatted(operator.server().getAuthority())
            .getBytes(StandardCharsets.US_ASCII);
    List<Socket> sockets = new ArrayList<>();
    long opened = 0;
    try {
      while (!stop.get()) {
        sockets.removeIf(Attack::isOver);
        while (sockets.size() < SOCKETS && !stop.get()) {
          Socket socket = new Socket();
          sockets.add(socket);
          socket.connect(
              new InetSocketAddress(operator.server().getHost(), operator.server().getPort()),
              SOCKET_TIMEOUT_MILLIS);
          socket.getOutputStream().write(beginning);
          opened++;
        }
        LockSupport.parkNanos(SWEEP_PAUSE_NANOS);
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    return opened;
  }

  private static boolean isOver(Socket socket) {
    try {
      if (socket.getInputStream().available() == 0) {
        return false;
      }
      socket.close();
      return true;
    } catch (IOException e) {
      return true;
    }
  }

  private static long flood(Load load, AtomicBoolean stop) throws IOException {
    long refused = 0;
    try {
      while (!stop.get()) {
        refused +=
            load.send(
                    new Load.Shape(
                        FLOOD_CONNECTIONS, FLOOD_BATCH, false, 0, 1, Plan.MAX_LOOP_EVENTS))
                .refused();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return refused;
  }
}
