package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.client.Answer;
import dev.indelible.client.Request;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** CloudEvents of several sources, and in binary mode, over real HTTP. */
class CloudEventSourcesTest {

  private static final String CLOUD_EVENT =
      "{'specversion':'1.0','id':'%s','source':'%s','type':'order.paid','tenant':'acme'%s}";

  @TempDir Path directory;
  private GovernedServer server;

  @BeforeEach
  void start() throws Exception {
    server = new GovernedServer(directory);
    server.tenant("acme", "standard");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private JsonNode entry(String id) throws Exception {
    return server.get("/v1/tenants/acme/events/" + id);
  }

  private JsonNode send(int status, String type, String body, String... headers) throws Exception {
    Request request =
        Request.of("POST", "/v1/events")
            .body(type, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8))
            .header("Authorization", "Bearer " + server.key());
    for (int i = 0; i < headers.length; i += 2) {
      request = request.header(headers[i], headers[i + 1]);
    }
    Answer answer = server.client().send(request);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    return JsonMapper.shared().readTree(answer.body());
  }

  @Test
  void theSameIdOfTwoSourcesIsTwoEventsAndEachSentAgainIsTheSame() throws Exception {
    String batch =
        "[%s,%s]"
            .formatted(
                CLOUD_EVENT.formatted("17", "/shop", ""),
                CLOUD_EVENT.formatted("17", "/stock", ""));
    JsonNode first = send(201, "application/cloudevents-batch+json", batch);
    assertThat(first.path("accepted").asInt()).isEqualTo(2);
    assertThat(first.path("rejected")).isEmpty();
    String shop = first.path("entries").path(0).path("id").asString();
    String stock = first.path("entries").path(1).path("id").asString();
    assertThat(shop).startsWith("17@").isNotEqualTo(stock);
    JsonNode again = send(201, "application/cloudevents-batch+json", batch);
    for (JsonNode entry : again.path("entries")) {
      assertThat(entry.path("duplicate").asBoolean()).isTrue();
    }
    JsonNode other =
        send(
            409,
            "application/cloudevents+json",
            CLOUD_EVENT.formatted("17", "/shop", ",'subject':'another'"));
    assertThat(other.path("code").asString()).isEqualTo("id_conflict");
    assertThat(other.path("detail").asString()).contains(shop);
    assertThat(server.find("acme", "id:17@*", 2)).containsExactlyInAnyOrder(shop, stock);
    assertThat(server.find("acme", "id:" + stock, 1)).containsExactly(stock);
    assertThat(entry(stock).at("/details/cloudevents/source").asString()).isEqualTo("/stock");
    assertThat(entry(stock).at("/details/cloudevents/id").asString()).isEqualTo("17");
  }

  @Test
  void headersOfBinaryModeAreReadAsTheBindingSays() throws Exception {
    JsonNode answer =
        send(
            201,
            "application/json",
            "{'total':1}",
            "ce-specversion",
            "1.0",
            "ce-id",
            "\"18\"",
            "ce-source",
            "/caf%C3%A9",
            "ce-type",
            "order.paid",
            "ce-subject",
            "\"two words\"",
            "ce-tenant",
            "acme",
            "ce-authtype",
            "app_user");
    JsonNode entry = entry(answer.path("entries").path(0).path("id").asString());
    assertThat(entry.at("/targets/0/id").asString()).isEqualTo("two words");
    assertThat(entry.at("/details/cloudevents/source").asString()).isEqualTo("/café");
    assertThat(entry.at("/details/cloudevents/id").asString()).isEqualTo("18");
    assertThat(entry.path("actor").toString()).isEqualTo("{\"type\":\"user\"}");
  }
}
