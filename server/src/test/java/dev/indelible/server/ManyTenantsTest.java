package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.client.Answer;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.Request;
import dev.indelible.testing.Eventually;
import dev.indelible.testing.LiveFolder;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A hundred thousand tenants of one server, with a few entries each. */
@Tag("long")
@Isolated("counts threads and measures the heap")
class ManyTenantsTest {

  private static final int TENANTS = Integer.getInteger("indelible.tenants", 100_000);
  private static final int EACH = 3;
  private static final int BATCH = 1_000;
  private static final int CLIENTS = 32;
  private static final int SAMPLE = 200;

  private static final long MAX_FILES = 300;
  private static final int MAX_THREADS = 150; // the clients in the same process too

  /** Memory of a tenant's settings and its log's key, in bytes. */
  private static final long MAX_HEAP_BYTES_A_TENANT = 2_500;

  @TempDir Path directory;

  private IndelibleServer server;
  private IndelibleClient client;

  private interface Step {
    void at(int number) throws Exception;
  }

  @Test
  void theyCostNoFilesOrThreadsAndLittleHeapEach() throws Exception {
    Random random = new Random(7);
    long emptyHeap = usedHeapBytes();
    double creating = inParallel(TENANTS, this::create);
    double sending = inParallel(TENANTS / BATCH * EACH, this::send);
    double publishing = awaitPublished();
    Counted grown = counted();
    long begun = System.nanoTime();
    server.close();
    double stopping = seconds(begun);
    begun = System.nanoTime();
    start();
    double starting = seconds(begun);
    for (int i = 0; i < SAMPLE; i++) {
      checkTenant(random.nextInt(TENANTS));
    }
    Counted again = counted();
    long heapEach = (again.heapBytes() - emptyHeap) / TENANTS;
    System.out.printf(
        "%,d tenants: created in %.1f s, %,d events sent in %.1f s, all checkpoints after %.1f s more;"
            + " stopped in %.1f s, started in %.1f s; %d files and %d threads, after the restart %d"
            + " and %d; %,d bytes of heap each (%,d before the restart), %,d bytes on disk each%n",
        TENANTS,
        creating,
        TENANTS * EACH,
        sending,
        publishing,
        stopping,
        starting,
        grown.files(),
        grown.threads(),
        again.files(),
        again.threads(),
        heapEach,
        (grown.heapBytes() - emptyHeap) / TENANTS,
        again.diskBytes() / TENANTS);
    server.close();
    assertThat(grown.files()).isLessThan(MAX_FILES);
    assertThat(again.files()).isLessThan(MAX_FILES);
    assertThat(grown.threads()).isLessThan(MAX_THREADS);
    assertThat(again.threads()).isLessThan(MAX_THREADS);
    assertThat(heapEach).isLessThan(MAX_HEAP_BYTES_A_TENANT);
  }

  @BeforeEach
  void start() throws Exception {
    server =
        IndelibleServer.start(
            ServerConfig.of(
                Settings.resolve(
                    Map.of(Setting.DATA, directory.resolve("data").toString(), Setting.PORT, "0"),
                    Map.of(),
                    null)));
    client = TestClient.of(server, Files.readString(server.operatorKeyFile()).strip());
  }

  private static String tenant(int number) {
    return "customer-%06d".formatted(number);
  }

  private void create(int number) throws Exception {
    post("/v1/tenants", "{\"id\":\"%s\"}".formatted(tenant(number)));
  }

  /** A batch of an event of each of a thousand tenants. */
  private void send(int number) throws Exception {
    int first = number / EACH * BATCH;
    String batch =
        IntStream.range(first, first + BATCH)
            .mapToObj(
                i ->
                    "{\"tenant\":\"%s\",\"id\":\"e%d\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"u%d\"}}"
                        .formatted(tenant(i), number % EACH, i))
            .collect(Collectors.joining(",", "[", "]"));
    assertThat(post("/v1/events", batch).path("accepted").asInt()).isEqualTo(BATCH);
  }

  private void checkTenant(int number) throws Exception {
    String path = "/v1/tenants/" + tenant(number);
    JsonNode page = get(path + "/events?q=actor:u" + number);
    assertThat(page.path("entries").size()).isEqualTo(EACH);
    assertThat(post("/v1/events", repeated(number)).path("entries").get(0).toString())
        .contains("\"duplicate\":true");
    assertThat(get(path + "/events/e1/proof").path("seq").asLong()).isPositive();
  }

  private static String repeated(int number) {
    return "{\"tenant\":\"%s\",\"id\":\"e1\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"u%d\"}}"
        .formatted(tenant(number), number);
  }

  /** Waits until each of some tenants shows a checkpoint of all its entries, in seconds. */
  private double awaitPublished() throws Exception {
    long begun = System.nanoTime();
    for (int i = 0; i < TENANTS; i += TENANTS / SAMPLE) {
      int number = i;
      Eventually.see(
          "size of the checkpoint of " + tenant(i),
          () -> publishedSize(number),
          size -> size >= EACH + 1);
    }
    return seconds(begun);
  }

  private long publishedSize(int number) throws Exception {
    Answer answer = call("GET", "/v1/tenants/" + tenant(number) + "/log/checkpoint", "");
    assertThat(answer.status()).isEqualTo(200);
    return Long.parseLong(answer.text().split("\n", 3)[1]);
  }

  private double inParallel(int count, Step step) throws Exception {
    long begun = System.nanoTime();
    AtomicInteger next = new AtomicInteger();
    ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.execute(
            () -> {
              int at;
              while (failures.isEmpty() && (at = next.getAndIncrement()) < count) {
                try {
                  step.at(at);
                } catch (Exception e) {
                  failures.add(e);
                }
              }
            });
      }
    }
    if (!failures.isEmpty()) {
      throw failures.remove();
    }
    return seconds(begun);
  }

  private JsonNode get(String path) throws Exception {
    Answer answer = call("GET", path, "");
    assertThat(answer.status()).as("%s: %s", path, answer.text()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.text());
  }

  private JsonNode post(String path, String body) throws Exception {
    Answer answer = call("POST", path, body);
    assertThat(answer.status()).as("%s: %s", path, answer.text()).isEqualTo(201);
    return JsonMapper.shared().readTree(answer.text());
  }

  private Answer call(String method, String path, String body) {
    return client.send(Request.of(method, path).json(body));
  }

  private record Counted(long files, long diskBytes, int threads, long heapBytes) {}

  private Counted counted() throws Exception {
    return new Counted(
        LiveFolder.files(directory).size(),
        LiveFolder.sizeBytes(directory),
        ManagementFactory.getThreadMXBean().getThreadCount(),
        usedHeapBytes());
  }

  private static double seconds(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }

  private static long usedHeapBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
