package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.retention.DeletionSteps.Step;
import dev.indelible.testing.Eventually;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Exports that are under way while what they are of is deleted. */
class ExportUnderDeletionTest {

  private static final int OLD = 300;

  /** Entries of another tenant, whose export keeps the only worker busy for a while. */
  private static final int BUSY = 20_000;

  private static final int BATCH = 4_000;

  @TempDir Path directory;

  private static String batch(String tenant, String prefix, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(
            i ->
                "{'tenant':'%s','id':'%s%d','action':'user.login','actor':{'type':'system'}}"
                    .formatted(tenant, prefix, i))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static boolean isOver(JsonNode job) {
    return !List.of("waiting", "running").contains(job.path("state").asString());
  }

  /** Stands for a crash in the middle of a deletion. */
  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsPurgedWhileAnExportWaitsIsCountedOnce(boolean crashes) throws Exception {
    try (GovernedServer server =
        new GovernedServer(directory, Map.of(Setting.EXPORTS_THREADS, "1"))) {
      AccessCalls operator = AccessCalls.operator(server);
      server.tenant("acme", "msp");
      operator.post("/v1/events", batch("acme", "old", 0, OLD)).expect(201);
      server.advance(Duration.ofDays(3_000));
      server.tenant("busy", "standard");
      for (int from = 0; from < BUSY; from += BATCH) {
        operator.post("/v1/events", batch("busy", "b", from, from + BATCH)).expect(201);
      }
      operator.post("/v1/events", batch("acme", "new", 0, 7)).expect(201);
      server.find("acme", "id:new6", 1);
      AtomicBoolean isFirst = new AtomicBoolean(true);
      server.steps =
          step -> {
            if (step == Step.SEALED && isFirst.getAndSet(false)) {
              begin(operator);
            } else if (crashes && step == Step.UNINDEXED) {
              throw new Crash();
            }
          };
      int answered = purge(server);
      server.steps = _ -> {};
      assertThat(answered).isEqualTo(crashes ? 500 : 200);
      if (crashes) {
        server.stop();
        server.start();
      }
      AccessCalls again = AccessCalls.operator(server);
      JsonNode job =
          Eventually.see(
              "its end",
              () -> again.get("/v1/tenants/acme/exports/x").expect(200).json(),
              ExportUnderDeletionTest::isOver);
      assertThat(job.path("state").asString()).as(job.toString()).isIn("done", "withdrawn");
      assertThat(job.at("/counts/purged").asInt()).as(job.toString()).isEqualTo(OLD);
      if (!crashes) { // else the deletion may come to its end after the export, and withdraw it
        assertThat(job.at("/counts/entries").asInt()).as(job.toString()).isEqualTo(7);
        String csv = again.get("/v1/tenants/acme/exports/x/file").expect(200).text();
        assertThat(csv.lines().skip(1)).hasSize(7).allMatch(line -> line.startsWith("new"));
      }
    }
  }

  /** Asks as nobody's client would: that a crash is no documented answer is not looked at. */
  private static int purge(GovernedServer server) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(
                      URI.create(server.address() + "/v1/tenants/acme/retention/purge"))
                  .header("Authorization", "Bearer " + server.key())
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"r\"}"))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  private static void begin(AccessCalls operator) {
    try {
      operator.post("/v1/tenants/busy/exports", "{'id':'busy','format':'xlsx'}").expect(202);
      operator
          .post(
              "/v1/tenants/acme/exports",
              "{'id':'x','format':'csv','query':'action:user.login','reason':'r'}")
          .expect(202);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anExportEqualsTheQueryWhileOthersRecordAndDelete() throws Exception {
    try (GovernedServer server = new GovernedServer(directory)) {
      AccessCalls operator = AccessCalls.operator(server);
      server.tenant("acme", "msp");
      operator.post("/v1/events", batch("acme", "old", 0, OLD)).expect(201);
      server.advance(Duration.ofDays(3_000));
      operator.post("/v1/events", batch("acme", "new", 0, OLD)).expect(201);
      server.find("acme", "id:new" + (OLD - 1), 1);
      AtomicBoolean goOn = new AtomicBoolean(true);
      AtomicInteger recorded = new AtomicInteger(OLD);
      CompletableFuture<Void> ingest =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 1_000 && goOn.get(); i++) {
                  int from = recorded.getAndAdd(10);
                  call(operator, "/v1/events", batch("acme", "new", from, from + 10), 201);
                }
              });
      CompletableFuture<Void> purge =
          CompletableFuture.runAsync(
              () -> call(operator, "/v1/tenants/acme/retention/purge", "{'reason':'r'}", 200));
      List<JsonNode> jobs = new ArrayList<>();
      for (int i = 0; i < 100 && (i < 3 || !purge.isDone()); i++) {
        jobs.add(exported(operator, "x" + i));
      }
      purge.get();
      jobs.add(exported(operator, "last"));
      goOn.set(false);
      ingest.get();
      server.find("acme", "id:new" + (recorded.get() - 1), 1);
      for (JsonNode job : jobs) {
        JsonNode now = operator.get("/v1/tenants/acme/exports/" + job.path("id").asString()).json();
        assertThat(now.path("state").asString()).as(now.toString()).isIn("done", "withdrawn");
        if (now.path("state").asString().equals("done")) {
          assertIsTheQuery(operator, now);
        }
      }
      assertThat(jobs.getLast().path("state").asString()).isEqualTo("done");
    }
  }

  private static void call(AccessCalls caller, String path, String body, int status) {
    try {
      caller.post(path, body).expect(status);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode exported(AccessCalls operator, String id) throws Exception {
    operator
        .post(
            "/v1/tenants/acme/exports",
            "{'id':'%s','format':'json','query':'action:user.login','reason':'r'}".formatted(id))
        .expect(202);
    return Eventually.see(
        "the end of " + id,
        () -> operator.get("/v1/tenants/acme/exports/" + id).expect(200).json(),
        ExportUnderDeletionTest::isOver);
  }

  /** What the query finds now of what there was then is in the file, and nothing else. */
  private static void assertIsTheQuery(AccessCalls operator, JsonNode job) throws Exception {
    String id = job.path("id").asString();
    long size = job.path("position").asLong();
    assertThat(size).as(job.toString()).isPositive();
    TreeSet<Long> wanted = new TreeSet<>();
    String cursor = "";
    do {
      JsonNode page =
          operator
              .get("/v1/tenants/acme/events?order=oldest&limit=1000&q=action:user.login" + cursor)
              .expect(200)
              .json();
      for (JsonNode entry : page.path("entries")) {
        if (entry.path("seq").asLong() < size) {
          wanted.add(entry.path("seq").asLong());
        }
      }
      cursor =
          page.path("next_cursor").isString()
              ? "&cursor=" + page.path("next_cursor").asString()
              : "";
    } while (!cursor.isEmpty());
    JsonNode file =
        JsonMapper.shared()
            .readTree(operator.get("/v1/tenants/acme/exports/" + id + "/file").expect(200).text());
    assertThat(file.valueStream().map(entry -> entry.path("seq").asLong()))
        .as(job.toString())
        .containsExactlyElementsOf(wanted);
    assertThat(job.at("/counts/entries").asInt()).isEqualTo(wanted.size());
    assertThat(job.at("/counts/purged").asInt()).isIn(0, OLD);
  }
}
