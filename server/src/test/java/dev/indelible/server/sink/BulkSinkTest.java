package dev.indelible.server.sink;

import static dev.indelible.server.sink.Batches.OPEN;
import static dev.indelible.server.sink.Batches.STRICT;
import static dev.indelible.server.sink.Batches.plain;
import static dev.indelible.server.sink.Batches.rejected;
import static dev.indelible.server.sink.Batches.settings;
import static dev.indelible.server.sink.Batches.taken;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.sink.Endpoint.Said;
import dev.indelible.server.sink.Sink.Answer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The bulk API at an endpoint that answers as the documents of OpenSearch say. */
class BulkSinkTest {

  private static final String SECRET = "secretOfTheTest";

  /** The answer of a bulk request whose documents end so. */
  private static Said items(int... statuses) {
    return new Said(
        200,
        "{\"errors\":true,\"items\":["
            + Arrays.stream(statuses)
                .mapToObj(
                    status ->
                        status < 300
                            ? "{\"create\":{\"status\":%d}}".formatted(status)
                            : """
                            {"create":{"status":%d,"error":{"type":"%s","reason":"because"}}}
                            """
                                .formatted(
                                    status,
                                    status == 409
                                        ? "version_conflict_engine_exception"
                                        : status == 403
                                            ? "cluster_block_exception"
                                            : "mapper_parsing_exception"))
                .collect(Collectors.joining(","))
            + "]}");
  }

  private static Sink open(Endpoint endpoint, String more) {
    return Batches.open(
        new BulkType(),
        settings(
            "{\"url\":\"%s/sub\",\"index\":\"audit-%%Y.%%m.%%d\"%s}"
                .formatted(endpoint.url(), more)),
        OPEN);
  }

  @Test
  void documentsAreCreatedByTheirIds() throws Exception {
    try (Endpoint endpoint = new Endpoint(_ -> items(201, 201));
        Sink sink = open(endpoint, ",\"user\":\"u\",\"password\":\"" + SECRET + "\"")) {
      taken(sink.send(plain(1, 5, 2)));
      Endpoint.Asked asked = endpoint.asked.getFirst();
      assertThat(asked.method()).isEqualTo("POST");
      assertThat(asked.path()).startsWith("/sub/_bulk?filter_path=");
      assertThat(asked.header("Content-type")).isEqualTo("application/x-ndjson");
      assertThat(asked.header("Authorization")).isEqualTo("Basic dTpzZWNyZXRPZlRoZVRlc3Q=");
      List<JsonNode> lines = asked.lines();
      assertThat(lines).hasSize(4);
      assertThat(lines.getFirst().toString())
          .isEqualTo("{\"create\":{\"_index\":\"audit-2026.11.20\",\"_id\":\"acme:e-5\"}}");
      assertThat(lines.get(1).toString()).isEqualTo(Batches.entry(5).toString());
    }
  }

  @Test
  void whatIsAlreadyThereIsTakenAndWhatCannotBeIsRejectedAlone() throws Exception {
    try (Endpoint endpoint = new Endpoint(_ -> items(409, 400, 201));
        Sink sink = open(endpoint, "")) {
      assertThat(rejected(sink.send(plain(1, 0, 3))))
          .containsExactly(Map.entry(1, "mapper_parsing_exception: because"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "201:201:429,Failed,2",
    "201:400:503,Failed,1",
    "409:403:201,Failed,1",
    "201:404:201,Refused,0",
    "201:401:201,Refused,0"
  })
  void aBusyNodeFailsTheBatchAndARightThatIsMissingRefusesIt(
      String statuses, String outcome, int arrived) throws Exception {
    try (Endpoint endpoint =
            new Endpoint(
                _ ->
                    items(
                        Arrays.stream(statuses.split(":", -1))
                            .mapToInt(Integer::parseInt)
                            .toArray()));
        Sink sink = open(endpoint, "")) {
      Answer answer = sink.send(plain(1, 0, 3));
      assertThat(answer.getClass().getSimpleName()).isEqualTo(outcome);
      if (answer instanceof Answer.Failed failed) {
        assertThat(failed.arrived()).isEqualTo(arrived);
      }
    }
  }

  @Test
  void aBatchThatIsTooLargeIsSentInHalvesAndOneEntryIsRejected() throws Exception {
    try (Endpoint endpoint =
            new Endpoint(
                asked ->
                    asked.body().length > 600
                        ? new Said(413, "")
                        : items(
                            asked.lines().stream()
                                .mapToInt(_ -> 201)
                                .limit(asked.lines().size() / 2)
                                .toArray()));
        Sink sink = open(endpoint, "")) {
      ObjectNode large = Batches.entry(2).put("details", "x".repeat(600));
      Answer answer =
          sink.send(Batches.of(1, plain(0), plain(1), Batches.message(2, large), plain(3)));
      assertThat(rejected(answer)).containsOnlyKeys(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "302,Refused",
    "401,Refused",
    "404,Refused",
    "429,Failed",
    "500,Failed",
    "503,Failed"
  })
  void answersAreClassifiedAndRepeatNoSecret(int status, String outcome) throws Exception {
    try (Endpoint endpoint =
            new Endpoint(
                _ ->
                    new Said(
                        status,
                        Map.of("Retry-After", "120", "Location", "http://127.0.0.1:1/"),
                        "no\n" + SECRET));
        Sink sink = open(endpoint, ",\"api_key\":\"" + SECRET + "\"")) {
      Answer answer = sink.send(plain(1, 0, 1));
      assertThat(answer.getClass().getSimpleName()).isEqualTo(outcome);
      assertThat(answer.toString()).contains(" answered " + status).doesNotContain(SECRET);
      if (answer instanceof Answer.Failed failed) {
        assertThat(failed.retryAfter()).isEqualTo(Duration.ofMinutes(2));
      }
      assertThat(endpoint.asked).hasSize(1);
      assertThat(endpoint.asked.getFirst().header("Authorization")).isEqualTo("ApiKey " + SECRET);
    }
  }

  @Test
  void anAnswerWithoutEndIsCut() throws Exception {
    try (Endpoint endpoint =
            new Endpoint(_ -> new Said(200, Map.of("Endless", "1"), "x".repeat(1 << 16)));
        Sink sink = open(endpoint, "")) {
      assertThat(sink.send(plain(1, 0, 1)))
          .asString()
          .contains("Failed", "an answer that is no JSON, or too long");
    }
  }

  @Test
  void anAnswerForFewerDocumentsIsNoAnswer() throws Exception {
    try (Endpoint endpoint = new Endpoint(_ -> items(201));
        Sink sink = open(endpoint, "")) {
      assertThat(sink.send(plain(1, 0, 2))).asString().contains("for 1 documents of 2");
    }
  }

  @Test
  void theTemplateIsInstalledOnceBeforeTheFirstDocument() throws Exception {
    try (Endpoint endpoint =
            new Endpoint(asked -> asked.method().equals("PUT") ? new Said(200, "{}") : items(201));
        Sink sink = open(endpoint, ",\"install_template\":true")) {
      taken(sink.send(plain(1, 0, 1)));
      taken(sink.send(plain(2, 1, 1)));
      taken(sink.probe());
      assertThat(endpoint.asked)
          .extracting(Endpoint.Asked::method)
          .containsExactly("PUT", "POST", "POST", "POST");
      Endpoint.Asked put = endpoint.asked.getFirst();
      assertThat(put.path()).isEqualTo("/sub/_index_template/indelible-stm_1");
      JsonNode template = JsonMapper.shared().readTree(put.body());
      assertThat(template.get("index_patterns").toString()).isEqualTo("[\"audit-*\"]");
      assertThat(template.at("/template/mappings/properties/occurred_at/type").stringValue())
          .isEqualTo("date");
    }
  }

  @Test
  void aBodyThatIsNoJsonIsTheTextOfADocument() throws Exception {
    try (Endpoint endpoint = new Endpoint(_ -> items(201));
        Sink sink = open(endpoint, "")) {
      taken(sink.send(Batches.of(1, Batches.message(7, Batches.entry(7), "CEF:0|a|b"))));
      assertThat(endpoint.asked.getFirst().lines().getLast().toString())
          .isEqualTo(
              "{\"@timestamp\":\"2026-11-20T09:59:59.500Z\",\"id\":\"e-7\",\"tenant\":\"acme\","
                  + "\"seq\":7,\"message\":\"CEF:0|a|b\"}");
    }
  }

  @Test
  void anIdThatIsTooLongForADocumentGivesWayToTheNumber() throws Exception {
    try (Endpoint endpoint = new Endpoint(_ -> items(201));
        Sink sink = open(endpoint, "")) {
      ObjectNode entry = Batches.entry(7).put("id", "ü".repeat(256));
      taken(sink.send(Batches.of(1, Batches.message(7, entry))));
      assertThat(endpoint.asked.getFirst().lines().getFirst().at("/create/_id").stringValue())
          .isEqualTo("acme::7");
    }
  }

  @Test
  void aPrivateAddressIsRefused() throws Exception {
    try (Endpoint endpoint = new Endpoint(_ -> items(201))) {
      ObjectNode settings = settings("{\"index\":\"a\"}").put("url", endpoint.url());
      assertThat(Batches.faults(new BulkType(), settings, STRICT))
          .containsExactly("url not_allowed");
      try (Sink sink = Batches.open(new BulkType(), settings, STRICT)) {
        assertThat(sink.send(plain(1, 0, 1))).isInstanceOf(Answer.Refused.class);
      }
      assertThat(endpoint.asked).isEmpty();
    }
  }

  @Test
  void settingsAreCheckedAllAtOnce() {
    assertThat(
            Batches.faults(
                new BulkType(),
                settings(
                    """
                    {"url":"ftp://a","index":"Audit","password":"x","ca":1,"other":2}
                    """),
                OPEN))
        .containsExactlyInAnyOrder(
            "url bad_format",
            "index bad_format",
            "user missing",
            "ca wrong_type",
            "other unknown_field");
    assertThat(
            Batches.faults(
                new BulkType(),
                settings(
                    """
                    {"url":"http://127.0.0.1:9200","index":"a","user":"u","api_key":"k"}
                    """),
                OPEN))
        .containsExactlyInAnyOrder("password missing", "api_key not_allowed");
  }
}
