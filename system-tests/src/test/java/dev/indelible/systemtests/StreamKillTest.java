package dev.indelible.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.indelible.testing.Eventually;
import dev.indelible.testing.Pace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Kills the server while a stream sends to a receiver that fails one request in five, before or
 * after it took the entries: nothing is lost, nothing is there twice that the ledger does not
 * declare, and a number never has two contents. {@code -Dindelible.streamKills} says how often.
 */
@Tag("long")
class StreamKillTest {

  private static final int KILLS = Integer.getInteger("indelible.streamKills", 20);
  private static final int EVENTS = 2_000;
  private static final int MOST_MILLIS = 400;
  private static final String STREAMS = "/v1/tenants/acme/streams";

  @TempDir private Path directory;
  private final Map<Long, AtomicInteger> times = new ConcurrentHashMap<>();
  private final Map<Long, List<Long>> contents = new ConcurrentHashMap<>();
  private final List<String> mixed = new ArrayList<>();
  private volatile boolean failing = true;
  private int events;

  @Test
  void nothingIsLostAndEveryRepeatIsDeclared() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      receiver.setExecutor(threads);
      Random chance = new Random(seed + 1);
      receiver.createContext(
          "/",
          exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            int fate;
            synchronized (chance) {
              fate = failing ? chance.nextInt(10) : 9;
            }
            if (fate != 0) { // it has them, and may say so or not
              take(JsonMapper.shared().readTree(body));
            }
            exchange.sendResponseHeaders(fate <= 1 ? 503 : 204, -1);
            exchange.close();
          });
      receiver.start();
      killedAgainAndAgain(random, receiver.getAddress().getPort());
    } finally {
      receiver.stop(0);
      threads.close();
    }
  }

  private synchronized void take(JsonNode message) {
    if (!message.path("type").asString("").equals("entries")) {
      return;
    }
    List<Long> seqs = new ArrayList<>();
    message.path("entries").forEach(entry -> seqs.add(entry.path("seq").asLong()));
    seqs.forEach(seq -> times.computeIfAbsent(seq, _ -> new AtomicInteger()).incrementAndGet());
    long number = message.path("number").asLong();
    List<Long> before = contents.putIfAbsent(number, seqs);
    if (before != null && !before.equals(seqs)) {
      mixed.add(number + ": " + before + " and " + seqs);
    }
  }

  private void killedAgainAndAgain(Random random, int port) throws Exception {
    Map<String, String> settings = new HashMap<>(ServerProcess.BUSY);
    settings.put("deliver.allow_private", "127.0.0.1/32");
    Path data = directory.resolve("data");
    String id = "";
    for (int kill = 0; kill < KILLS; kill++) {
      try (ServerProcess server = ServerProcess.start(data, settings)) {
        Calls operator = server.operator();
        id = kill == 0 ? prepare(operator, port) : id;
        record(operator);
        Pace.pause(Duration.ofMillis(random.nextInt(MOST_MILLIS)));
        server.kill();
      }
    }
    failing = false;
    try (ServerProcess server = ServerProcess.start(data, settings)) {
      Calls operator = server.operator();
      String stream = STREAMS + "/" + id;
      JsonNode end =
          Eventually.see(
              "the end of the log",
              () -> operator.get(stream).expect(200).json(),
              one -> one.at("/status/lag_entries").asLong() == 0);
      assertThat(end.at("/status/dead_letters").asLong()).isZero();
      long repeated = assertComplete(operator, stream);
      System.out.printf(
          "%d kills, %,d entries, %,d messages, %,d entries there twice or more, all declared%n",
          KILLS, events, contents.size(), repeated);
      server.stop();
    }
  }

  private String prepare(Calls operator, int port) throws Exception {
    operator.tenant("acme", "standard");
    return operator
        .post(
            STREAMS,
            """
            {"name":"Kills","query":"action:a.b","start":{"seq":0},"limits":{"batch_entries":100},
             "destination":{"type":"webhook","url":"http://127.0.0.1:%d/"}}\
            """
                .formatted(port))
        .expect(201)
        .json()
        .path("id")
        .asString();
  }

  private void record(Calls operator) throws Exception {
    StringBuilder body = new StringBuilder("[");
    for (int i = 0; i < EVENTS; i++) {
      body.append(i == 0 ? "" : ",")
          .append(
              "{\"tenant\":\"acme\",\"id\":\"e%d\",\"action\":\"a.b\",\"actor\":{\"type\":\"system\"}}"
                  .formatted(events++));
    }
    operator.record(body.append(']').toString()).expect(201);
  }

  private long assertComplete(Calls operator, String stream) throws Exception {
    long sent = 0;
    long next = 0;
    List<long[]> declared = new ArrayList<>();
    String head = "0".repeat(64);
    String cursor = "";
    do {
      JsonNode page = operator.get(stream + "/ledger?limit=1000" + cursor).expect(200).json();
      for (JsonNode line : page.path("ledger")) {
        assertThat(line.path("previous").asString()).isEqualTo(head);
        head = line.path("head").asString();
        assertThat(line.path("first_seq").asLong()).as(line.toString()).isEqualTo(next);
        next = line.path("last_seq").asLong() + 1;
        sent += line.path("sent").asLong();
        if (line.path("repeated").asBoolean()) {
          declared.add(new long[] {line.path("first_seq").asLong(), next});
        }
      }
      JsonNode more = page.path("next_cursor");
      cursor = more.isNull() || more.isMissingNode() ? "" : "&cursor=" + more.asString();
    } while (!cursor.isEmpty());
    assertThat(mixed).as("numbers with two contents").isEmpty();
    assertThat(times).as("entries that arrived").hasSize(events);
    assertThat(sent).as("entries of the ledger").isEqualTo(events);
    List<Long> undeclared = new ArrayList<>();
    long repeated = 0;
    for (Map.Entry<Long, AtomicInteger> one : times.entrySet()) {
      if (one.getValue().get() > 1) {
        repeated++;
        long seq = one.getKey();
        if (declared.stream().noneMatch(range -> seq >= range[0] && seq < range[1])) {
          undeclared.add(seq);
        }
      }
    }
    assertThat(undeclared).as("repeats that the ledger does not declare").isEmpty();
    return repeated;
  }
}
