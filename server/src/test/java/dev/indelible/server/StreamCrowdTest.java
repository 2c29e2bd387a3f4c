package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many streams at once, and among them receivers that are down. */
class StreamCrowdTest {

  private static final int MAX_THREADS = 16;

  @TempDir private Path directory;
  private GovernedServer server;
  private StreamReceiver receiver;

  @BeforeEach
  void start() throws Exception {
    server = new GovernedServer(directory, Map.of(Setting.DELIVER_ALLOW_PRIVATE, "127.0.0.1/32"));
    receiver = new StreamReceiver();
  }

  @AfterEach
  void stop() {
    receiver.close();
    server.close();
  }

  private void make(String tenant, String name, String url) throws Exception {
    server.expect(
        201,
        "POST",
        "/v1/tenants/" + tenant + "/streams",
        "{\"name\":\"%s\",\"query\":\"action:a.b\",\"destination\":{\"type\":\"webhook\",\"url\":\"%s\"}}"
            .formatted(name, url));
  }

  private void record(String tenant, String id) throws Exception {
    server.expect(
        201,
        "POST",
        "/v1/events",
        "[{\"tenant\":\"%s\",\"id\":\"%s\",\"action\":\"a.b\",\"actor\":{\"type\":\"system\"}}]"
            .formatted(tenant, id));
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("stream-\\d+"))
        .count();
  }

  private void allArrive(int tenants, int streams) throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < tenants; i++) {
      String tenant = server.newTenant("standard");
      names.add(tenant);
      for (int j = 0; j < streams; j++) {
        make(tenant, "s" + j, receiver.url());
      }
    }
    for (String tenant : names) {
      record(tenant, "e");
    }
    long most = 0;
    int wanted = tenants * streams;
    long end = System.nanoTime() + Eventually.LIMIT.toNanos();
    while (receiver.got.size() < wanted && System.nanoTime() < end) {
      most = Math.max(most, threads());
      Thread.onSpinWait();
    }
    assertThat(receiver.got).hasSize(wanted);
    assertThat(most).isBetween(1L, (long) MAX_THREADS);
  }

  @Test
  void streamsShareAFewThreads() throws Exception {
    allArrive(2, 30);
  }

  @Tag("long")
  @Test
  void aThousandStreamsShareAFewThreads() throws Exception {
    allArrive(10, 100);
  }

  @Test
  void receiversThatAreDownAreLeftAloneAndCostTheOthersNothing() throws Exception {
    String tenant = server.newTenant("standard");
    AtomicInteger attempts = new AtomicInteger();
    try (StreamReceiver down = new StreamReceiver()) {
      down.answer =
          _ -> {
            attempts.incrementAndGet();
            return 503;
          };
      for (int i = 0; i < 5; i++) {
        make(tenant, "down" + i, down.url());
      }
      make(tenant, "up", receiver.url());
      record(tenant, "first");
      Eventually.see("each was tried", attempts::get, count -> count == 5);
      for (int i = 0; i < 20; i++) {
        record(tenant, "e" + i);
      }
      Eventually.see("all arrive", receiver::seqs, all -> all.size() == 21);
      assertThat(attempts).as("no try before its wait is over").hasValue(5);
    }
  }
}
