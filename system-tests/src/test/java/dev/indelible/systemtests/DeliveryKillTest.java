package dev.indelible.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.indelible.testing.Eventually;
import dev.indelible.testing.Pace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Kills the server while a delivery is on its way, before or after the receiver took it: no window
 * is left out, and one that is delivered again says the same and has the same id. {@code
 * -Dindelible.deliveryKills} says how often.
 */
@Tag("long")
class DeliveryKillTest {

  private static final int KILLS = Integer.getInteger("indelible.deliveryKills", 50);
  private static final int MOST_MILLIS = 60;
  private static final String SCHEDULES = "/v1/tenants/acme/schedules";

  @TempDir private Path directory;
  private final AtomicInteger taken = new AtomicInteger();
  private final ConcurrentMap<String, String> bodies = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Integer> times = new ConcurrentHashMap<>();

  /** Takes a message, and lets its sender wait for a moment, in which it may be killed. */
  private void take(HttpExchange exchange) throws IOException {
    String id = exchange.getRequestHeaders().getFirst("webhook-id");
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String before = bodies.putIfAbsent(String.valueOf(id), body);
    times.merge(String.valueOf(id), 1, Integer::sum);
    taken.incrementAndGet();
    try {
      Pace.pause(Duration.ofMillis(MOST_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.sendResponseHeaders(before == null || before.equals(body) ? 204 : 500, -1);
    exchange.close();
  }

  @Test
  void eachWindowIsDeliveredAndOneThatComesAgainIsMarked() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      receiver.setExecutor(threads);
      receiver.createContext("/", this::take);
      receiver.start();
      try {
        kill(receiver.getAddress().getPort(), random);
      } finally {
        receiver.stop(0);
      }
    }
  }

  private void kill(int port, Random random) throws Exception {
    Map<String, String> settings = new HashMap<>(ServerProcess.BUSY);
    settings.put("schedules.check_every", "10ms");
    settings.put("deliver.allow_private", "127.0.0.0/8");
    settings.put("http.public_url", "https://audit.example.com");
    Path data = directory.resolve("data");
    String id = "";
    for (int kill = 0; kill < KILLS; kill++) {
      try (ServerProcess server = ServerProcess.start(data, settings)) {
        Calls operator = server.operator();
        id = kill == 0 ? prepare(operator, port) : id;
        ended(operator, id); // what the kill before left
        record(operator, kill);
        int before = taken.get();
        operator.post(SCHEDULES + "/" + id + "/run", "{}").expect(202);
        Eventually.see("a message", taken::get, count -> count > before);
        Pace.pause(Duration.ofMillis(random.nextInt(2 * MOST_MILLIS)));
        server.kill();
      }
    }
    try (ServerProcess server = ServerProcess.start(data, settings)) {
      List<JsonNode> runs = ended(server.operator(), id);
      assertThat(runs).hasSize(KILLS);
      long next = runs.getLast().at("/window/from_seq").asLong();
      for (JsonNode run : runs.reversed()) {
        assertThat(run.path("state").asString()).as(run.toString()).isEqualTo("done");
        assertThat(run.at("/window/from_seq").asLong()).as(run.toString()).isEqualTo(next);
        next = run.at("/window/to_seq").asLong();
        String export = run.path("export").asString();
        assertThat(bodies.values()).filteredOn(body -> body.contains(export)).hasSize(1);
      }
      assertThat(bodies).hasSize(KILLS);
      System.out.printf("%d kills; %d messages of %d runs%n", KILLS, taken.get(), bodies.size());
      server.stop();
    }
  }

  private static String prepare(Calls operator, int port) throws Exception {
    operator.tenant("acme", "standard");
    return operator
        .post(
            SCHEDULES,
            """
            {"name":"Kills","cron":"0 0 1 1 *","zone":"UTC","query":"action:a.b","format":"csv",
             "start":"beginning","destination":{"type":"webhook","url":"http://127.0.0.1:%d/"}}\
            """
                .formatted(port))
        .expect(201)
        .json()
        .path("id")
        .asString();
  }

  private static void record(Calls operator, int number) throws Exception {
    operator
        .record(
            "{\"tenant\":\"acme\",\"id\":\"e%d\",\"action\":\"a.b\",\"actor\":{\"type\":\"system\"}}"
                .formatted(number))
        .expect(201);
  }

  private static List<JsonNode> ended(Calls operator, String id) {
    return Eventually.see(
        "the end of the last run",
        () ->
            operator
                .get(SCHEDULES + "/" + id + "/runs")
                .expect(200)
                .json()
                .path("runs")
                .valueStream()
                .toList(),
        runs -> runs.isEmpty() || runs.getFirst().has("ended_at"));
  }
}
