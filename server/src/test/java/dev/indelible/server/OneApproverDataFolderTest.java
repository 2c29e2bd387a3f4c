package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A start from the data folder of the build in which one person was enough for an erasure.
 *
 * <p>That build wrote {@code data-2026-12.zip}: two tenants, one of which hashes actors, each with
 * requests for erasure that are fulfilled, rejected, put off by a hold and not approved yet; holds
 * in force, asked to be released and released; keys, one of them revoked and one bound to networks;
 * permission sets, one of them removed while a member had it; members, saved views, a viewer's
 * session, an auditor's link; one of them with support access and retention of its own. Beside the
 * folder are {@code sent.ndjson}, events as they were sent, {@code recorded.ndjson}, each entry
 * with its leaf, and {@code answers.ndjson}, what it answered to whom. Its keys were made for it
 * and open nothing else.
 */
class OneApproverDataFolderTest {

  /** Age of the folder. */
  private static final Duration AGE = Duration.ofMinutes(13);

  /** Members that follow the clock, and what a search says of the index. */
  private static final Set<String> OF_THE_MOMENT =
      Set.of("cut_off", "last_used_at", "indexed_through", "next_cursor", "current");

  @TempDir Path directory;
  private GovernedServer server;
  private List<JsonNode> recorded;

  @BeforeEach
  void start() throws Exception {
    KeptDataFolder.unzip("data-2026-12.zip", directory);
    recorded = lines("recorded.ndjson");
    server = new GovernedServer(directory, GovernedServer.START.plus(AGE));
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

  /**
   * Differences of an answer now from one of then: members that are missing or differ; additions
   * are allowed.
   */
  private static List<String> differences(JsonNode then, JsonNode now, String at) {
    List<String> found = new ArrayList<>();
    if (then.isObject() && now.isObject()) {
      for (Map.Entry<String, JsonNode> member : then.properties()) {
        if (!OF_THE_MOMENT.contains(member.getKey())) {
          found.addAll(
              differences(
                  member.getValue(), now.path(member.getKey()), at + "/" + member.getKey()));
        }
      }
    } else if (then.isArray() && now.size() == then.size()) {
      for (int i = 0; i < then.size(); i++) {
        found.addAll(differences(then.get(i), now.get(i), at + "/" + i));
      }
    } else if (!then.equals(now)) {
      found.add("%s was %s and is %s".formatted(at, then, now));
    }
    return found;
  }

  @Test
  void whatItAnsweredItAnswersStill() throws Exception {
    List<String> found = new ArrayList<>();
    for (JsonNode one : lines("answers.ndjson")) {
      String path = one.path("path").asString();
      String bearer = one.path("bearer").asString(server.key);
      if (one.path("answer").has("viewer_sessions") && !path.contains("/desk/")) {
        continue; // It is over when the second tenant's session begins.
      }
      found.addAll(
          differences(one.path("answer"), server.call("GET", path, "", bearer).body(), path));
    }
    assertThat(found).isEmpty();
  }

  /** The index of the folder knows no order by occurrence. */
  @Test
  void itsIndexIsBuiltAgainAndAnswersByOccurrenceToo() throws Exception {
    assertThat(Files.readString(directory.resolve("data/index/CURRENT")))
        .isEqualTo("generation-1\n");
    assertThat(directory.resolve("data/index/generation-0")).doesNotExist();
    List<JsonNode> found =
        server
            .get("/v1/tenants/acme/events?order=-occurred&limit=1000")
            .path("entries")
            .valueStream()
            .toList();
    assertThat(found)
        .isSortedAccordingTo(
            Comparator.<JsonNode, Instant>comparing(
                    entry -> Instant.parse(entry.path("occurred_at").asString()))
                .thenComparingLong(entry -> entry.path("seq").asLong())
                .reversed());
    assertThat(found)
        .extracting(entry -> entry.path("id").asString())
        .containsAll(
            recorded.stream()
                .map(one -> one.path("entry"))
                .filter(entry -> entry.path("tenant").asString().equals("acme"))
                .map(entry -> entry.path("id").asString())
                .toList());
  }

  @Test
  void everyEntryIsAsItWasAndItsLeafToo() throws Exception {
    assertThat(recorded).hasSizeGreaterThan(60);
    for (JsonNode one : recorded) {
      JsonNode entry = one.path("entry");
      String path =
          "/v1/tenants/%s/events/%s"
              .formatted(entry.path("tenant").asString(), entry.path("id").asString());
      assertThat(server.get(path)).isEqualTo(entry);
      JsonNode proof =
          Eventually.see(
                  "a checkpoint covers " + entry.path("id"),
                  () -> server.call("GET", path + "/proof", ""),
                  answer -> answer != null && answer.status() == 200)
              .body();
      assertThat(proof.path("leaf")).isEqualTo(one.path("leaf"));
    }
    server.stop();
    assertThat(PurgeTest.audit(server.data).broken()).isFalse();
    server.start();
  }

  @Test
  void eventsThatItRecordedAreKnownWhenTheyAreSentAgain() throws Exception {
    for (JsonNode event : lines("sent.ndjson")) {
      assertThat(
              server
                  .expect(201, "POST", "/v1/events", event.toString())
                  .at("/entries/0/duplicate")
                  .asBoolean())
          .as("%s", event)
          .isTrue();
    }
  }

  @Test
  void onePersonIsStillEnoughForAnErasureUntilTheTenantSaysOtherwise() throws Exception {
    for (String tenant : List.of("acme", "desk")) {
      String erasures = "/v1/tenants/" + tenant + "/erasures";
      JsonNode open = server.get(erasures).path("erasures").get(3);
      assertThat(open.path("state").asString()).isEqualTo("received");
      String path = erasures + "/" + open.path("id").asString();
      assertThat(server.get(path + "/preview").path("entries").asInt()).isEqualTo(1);
      AccessCalls ana =
          AccessCalls.operator(server)
              .signedIn("{'tenant':'" + tenant + "','user':{'id':'m_ana'}}");
      assertThat(
              ana.post(path + "/approve", "{'reason':'checked'}")
                  .expect(200)
                  .json()
                  .path("entries")
                  .asInt())
          .isEqualTo(1);
      assertThat(server.get("/v1/tenants/" + tenant + "/events/asked").toString())
          .contains("\"personal_erased\":true")
          .doesNotContain("Name of 5", "203.0.113.5");
    }
  }
}
