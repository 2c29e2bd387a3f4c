package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A start from the data folder of the build before entries said who handed them over: parts of
 * version 1, journal batches of version 1, runs of version 2.
 *
 * <p>That build wrote {@code data-2026-11.zip}: two tenants, one of which hashes actors, with
 * entries in runs and others in the journal alone, and an erasure; beside the folder {@code
 * sent.ndjson}, events as they were sent, and {@code recorded.ndjson}, what it answered of each
 * entry, with its leaf. The folder's keys were made for it and open nothing else.
 */
class OlderDataFolderTest {

  @TempDir Path directory;
  private GovernedServer server;
  private List<JsonNode> recorded;

  @BeforeEach
  void start() throws Exception {
    KeptDataFolder.unzip("data-2026-11.zip", directory);
    recorded = lines("recorded.ndjson");
    server = new GovernedServer(directory, GovernedServer.START.plus(Duration.ofDays(1)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private List<JsonNode> lines(String name) throws IOException {
    return Files.readAllLines(directory.resolve(name)).stream()
        .map(line -> JsonMapper.shared().readTree(line))
        .toList();
  }

  private static String path(JsonNode entry) {
    return "/v1/tenants/%s/events/%s"
        .formatted(entry.path("tenant").asString(), entry.path("id").asString());
  }

  private long count(String query) throws Exception {
    return server
        .get(
            "/v1/tenants/acme/facets?fields=outcome&q="
                + URLEncoder.encode(query, StandardCharsets.UTF_8))
        .path("count")
        .asLong();
  }

  @Test
  void everyEntryIsAsItWasAndItsLeafToo() throws Exception {
    assertThat(recorded).hasSize(13);
    for (JsonNode one : recorded) {
      JsonNode entry = one.path("entry");
      JsonNode now = server.get(path(entry));
      assertThat(now).isEqualTo(entry);
      assertThat(now.has("recorded_by")).isFalse();
      JsonNode proof =
          Eventually.see(
                  "a checkpoint covers " + entry.path("id"),
                  () -> server.call("GET", path(entry) + "/proof", ""),
                  answer -> answer != null && answer.status() == 200)
              .body();
      assertThat(proof.path("leaf")).isEqualTo(one.path("leaf"));
    }
  }

  @Test
  void eventsThatItRecordedAreKnownWhenTheyAreSentAgain() throws Exception {
    List<JsonNode> sent = lines("sent.ndjson");
    assertThat(sent).hasSizeGreaterThan(8);
    for (JsonNode event : sent) {
      JsonNode answer = server.expect(201, "POST", "/v1/events", event.toString());
      assertThat(answer.path("entries").path(0).path("duplicate").asBoolean())
          .as("%s", event)
          .isTrue();
    }
  }

  @Test
  void itsIndexIsBuiltAgainAndNewEntriesAreFoundBesideTheOldOnes() throws Exception {
    assertThat(Files.readString(directory.resolve("data/index/CURRENT")))
        .as("of another format")
        .isEqualTo("generation-1\n");
    server.expect(
        201,
        "POST",
        "/v1/events",
        """
        {"id":"new","tenant":"acme","account":"eu","action":"ticket.updated",
         "actor":{"type":"ai_agent","id":"triage","model":"acme-large-3",
           "on_behalf_of":{"type":"ai_agent","id":"planner","on_behalf_of":{"type":"user","id":"u_1"}}},
         "context":{"producer":"desk-3","producer_seq":1}}""");
    assertThat(server.find("acme", "model:acme-large-3", 1)).containsExactly("new");
    assertThat(server.find("acme", "on_behalf_of:u_1", 2))
        .containsExactlyInAnyOrder("new", "old-1");
    assertThat(count("action:ticket.updated")).isEqualTo(7);
    JsonNode facets =
        server
            .get(
                "/v1/tenants/acme/facets?fields=account,country,model,producer,recorded_by"
                    + "&q=action:ticket.updated")
            .path("facets");
    assertThat(facets.path("account").toString())
        .isEqualTo("[{\"value\":\"eu\",\"count\":4},{\"value\":\"us\",\"count\":3}]");
    assertThat(facets.path("producer").path(0).path("count").asInt()).isEqualTo(1);
    assertThat(facets.path("recorded_by").path(0).path("count").asInt()).isEqualTo(1);
    assertThat(facets.path("recorded_by")).hasSize(1);
  }

  @Test
  void itsRunsAreWrittenAgainForAnErasureAndEverythingVerifies() throws Exception {
    String erasures = "/v1/tenants/desk/erasures";
    String erasure =
        server
            .expect(201, "POST", erasures, "{\"identifiers\":[\"u_2\"],\"reason\":\"asked\"}")
            .path("id")
            .asString();
    assertThat(server.get(erasures + "/" + erasure + "/preview").path("entries").asInt())
        .isEqualTo(1);
    server.expect(200, "POST", erasures + "/" + erasure + "/approve", "{\"reason\":\"checked\"}");
    JsonNode erased = server.get("/v1/tenants/desk/events/old-2");
    assertThat(erased.path("personal_erased").asBoolean()).isTrue();
    assertThat(erased.toString()).doesNotContain("Name of", "u_2");
    server.stop();
    var result = PurgeTest.audit(server.data);
    assertThat(result.broken()).as("%s", result).isFalse();
    server.start();
    for (JsonNode one : recorded) {
      if (!one.at("/entry/id").asString().equals("old-2")) {
        assertThat(server.get(path(one.path("entry")))).isEqualTo(one.path("entry"));
      }
    }
  }
}
