package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Entries that exports make: one for each thing that somebody does. */
class ExportTrailTest {

  /** Entries of which an export takes a moment. */
  private static final int MANY = 24_000;

  private static final int BATCH = 4_000;

  @TempDir static Path directory;
  private static GovernedServer server;
  private String acme;
  private String exports;
  private AccessCalls operator;

  @BeforeAll
  static void start() throws Exception {
    server =
        new GovernedServer(
            directory, Map.of(Setting.EXPORTS_THREADS, "1", Setting.EXPORTS_MAX_BYTES, "64MiB"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void makeTenant() throws Exception {
    acme = server.newTenant("standard");
    exports = "/v1/tenants/" + acme + "/exports";
    operator = AccessCalls.operator(server);
  }

  private void record(int count) throws Exception {
    for (int from = 0; from < count; from += BATCH) {
      operator
          .post(
              "/v1/events",
              IntStream.range(from, Math.min(count, from + BATCH))
                  .mapToObj(
                      i ->
                          "{'tenant':'%s','id':'e%d','action':'a.b','actor':{'type':'system'}}"
                              .formatted(acme, i))
                  .collect(Collectors.joining(",", "[", "]")))
          .expect(201);
    }
    assertThat(server.find(acme, "id:e" + (count - 1), 1)).hasSize(1);
  }

  private JsonNode job(String id) throws Exception {
    return operator.get(exports + "/" + id).expect(200).json();
  }

  private JsonNode ended(String id) {
    return Eventually.see(
        "the end of " + id,
        () -> job(id),
        seen -> !List.of("waiting", "running").contains(seen.path("state").asString()));
  }

  @Test
  void requestsOfOneIdAtOnceBeginOnce() throws Exception {
    record(3);
    List<Integer> answered = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
      List<CompletableFuture<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(CompletableFuture.supplyAsync(this::beginOnce, callers));
      }
      for (CompletableFuture<Integer> one : all) {
        answered.add(one.get());
      }
    }
    assertThat(answered).containsOnly(202);
    ended("once");
    assertThat(server.findSettled(acme, "action:audit.export.started")).hasSize(1);
  }

  private int beginOnce() {
    try {
      return operator.post(exports, "{'format':'csv','id':'once'}").status();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aCancellationIsRecordedWithWhoItWas() throws Exception {
    record(MANY);
    operator.post(exports, "{'format':'xlsx','id':'first'}").expect(202);
    operator.post(exports, "{'format':'csv','id':'second'}").expect(202); // has to wait
    operator.post(exports + "/second/cancel", "").expect(200);
    operator.delete(exports + "/first").expect(204);
    assertThat(job("second").path("state").asString()).isEqualTo("canceled");
    operator.post(exports + "/second/cancel", "").expect(200);
    assertThat(server.find(acme, "action:audit.export.canceled", 2)).hasSize(2);
    JsonNode entry = server.newest(acme, "action:audit.export.canceled target:export/second");
    assertThat(entry.path("actor").path("type").asString()).isNotEqualTo("system");
    assertThat(entry.path("details").path("format").asString()).isEqualTo("csv");
  }

  @Test
  void partsOfOneDownloadAreOneEntry() throws Exception {
    record(5);
    operator.post(exports, "{'format':'csv','id':'x','columns':['id']}").expect(202);
    String etag = ended("x").at("/file/sha256").asString();
    String file = exports + "/x/file";
    operator.with("Range", "bytes=0-3").call("GET", file, "").expect(206);
    operator.with("Range", "bytes=4-7").call("GET", file, "").expect(206);
    operator.with("Range", "bytes=8-").call("GET", file, "").expect(206);
    operator.with("Range", "bytes=9999-").call("GET", file, "").expect(416);
    operator.with("If-None-Match", "\"" + etag + "\"").call("GET", file, "").expect(304);
    assertThat(server.findSettled(acme, "action:audit.exported")).hasSize(1);
    // Whoever did not begin cannot go on.
    AccessCalls other = operator.key(acme, "'audit.view','audit.export','audit.view_personal'");
    other.with("Range", "bytes=4-7").call("GET", file, "").expect(206);
    assertThat(server.find(acme, "action:audit.exported", 2)).hasSize(2);
    operator.call("GET", file, "").expect(200);
    assertThat(server.find(acme, "action:audit.exported", 3)).hasSize(3);
  }

  @Test
  void rightsThatEndBetweenChunksEndAnExport() throws Exception {
    record(MANY);
    AccessCalls key = operator.key(acme, "'audit.view','audit.export','audit.view_personal'");
    key.post(exports, "{'format':'xlsx','id':'x'}").expect(202);
    JsonNode begun =
        Eventually.see(
            "its first chunk",
            () -> job("x"),
            seen -> seen.path("entries").asLong() > 0 || seen.has("ended_at"));
    operator
        .delete("/v1/tenants/" + acme + "/keys/" + begun.at("/created_by/id").asString())
        .expect(204);
    JsonNode end = ended("x");
    assertThat(end.at("/problem/code").asString()).as(end.toString()).isEqualTo("rights_lost");
    assertThat(server.find(acme, "action:audit.export.failed", 1)).hasSize(1);
    Eventually.see(
        "no files",
        () -> Files.exists(server.data.resolve("exports/" + acme + "/x")),
        there -> !there);
  }

  @Test
  void filesAreRefusedWhenAllTakeMoreThanTheSettingAllows(@TempDir Path own) throws Exception {
    try (GovernedServer small =
        new GovernedServer(own, Map.of(Setting.EXPORTS_MAX_BYTES, "1MiB"))) {
      AccessCalls caller = AccessCalls.operator(small);
      small.tenant("acme", "standard");
      for (int batch = 0; batch < 2; batch++) {
        int first = batch * BATCH;
        caller
            .post(
                "/v1/events",
                IntStream.range(first, first + BATCH)
                    .mapToObj(
                        i ->
                            "{'tenant':'acme','id':'e%d','action':'a.b','actor':{'type':'system'}}"
                                .formatted(i))
                    .collect(Collectors.joining(",", "[", "]")))
            .expect(201);
      }
      caller.post("/v1/tenants/acme/exports", "{'format':'json','id':'x'}").expect(202);
      JsonNode end =
          Eventually.see(
              "its end",
              () -> caller.get("/v1/tenants/acme/exports/x").expect(200).json(),
              seen -> !List.of("waiting", "running").contains(seen.path("state").asString()));
      assertThat(end.at("/problem/code").asString()).as(end.toString()).isEqualTo("exports_full");
      assertThat(small.find("acme", "action:audit.export.failed", 1)).hasSize(1);
      assertThat(small.data.resolve("exports/acme/x")).doesNotExist();
    }
  }
}
