package dev.indelible.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Plain calls: what is sent, and what becomes of an answer. */
class CallTest {

  @Test
  void aRequestHasItsPathParametersKeyAndName() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer((exchange, _) -> ScriptedServer.json(exchange, 200, "{}"));
        IndelibleClient client =
            IndelibleClient.to(URI.create(server.address() + "//")).key("ik_1").build()) {
      client.get(Request.path("tenants", "a/b", "events"), Map.of("q", "a b&c", "limit", "1"));
      client.send(
          Request.get("/x?a=1").parameter("b", "2").header("Authorization", "Bearer other"));
      client.put("/y", "{\"n\":1}");
      client.delete("/z");
      assertThat(server.asked())
          .extracting(asked -> asked.method() + " " + asked.target())
          .containsExactly(
              "GET /v1/tenants/a%2Fb/events?limit=1&q=a%20b%26c",
              "GET /x?a=1&b=2", "PUT /y", "DELETE /z");
      assertThat(server.asked().get(0).headers())
          .containsEntry("authorization", "Bearer ik_1")
          .containsEntry("user-agent", "indelible-client");
      assertThat(server.asked().get(1).headers()).containsEntry("authorization", "Bearer other");
      assertThat(server.asked().get(2).headers()).containsEntry("content-type", "application/json");
      assertThat(server.asked().get(2).body()).isEqualTo("{\"n\":1}");
    }
  }

  @Test
  void aProblemDocumentIsReadWithAllThatIsWrong() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, _) ->
                    ScriptedServer.json(
                        exchange,
                        422,
                        "{'title':'Unprocessable Content','status':422,'code':'invalid_event',\n'detail':'Two things.',"
                            + "'column':3,'errors':[{'pointer':'/actor','code':'missing','detail':'No actor.'},{'code':'x'}]}"));
        IndelibleClient client = server.client().build()) {
      Problem problem = client.post("/v1/events", "{}").problem();
      assertThat(problem.status()).isEqualTo(422);
      assertThat(problem.code()).isEqualTo("invalid_event");
      assertThat(problem.faults())
          .containsExactly(
              new Problem.Fault("/actor", "missing", "No actor."), new Problem.Fault("", "x", ""));
      assertThat(problem.json().at("column").integer()).hasValue(3);
      assertThat(problem).hasToString("Two things. (invalid_event)");
    }
  }

  @Test
  void anAnswerThatIsNoProblemDocumentHasItsStatus() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, _) -> ScriptedServer.json(exchange, 418, "<html>teapot</html>"));
        IndelibleClient client = server.client().build()) {
      Answer answer = client.get("/");
      assertThat(answer.isSuccess()).isFalse();
      assertThat(answer.problem()).hasToString("HTTP 418");
      assertThat(answer.json().isObject()).isTrue();
      assertThat(answer.body()).isEqualTo("<html>teapot</html>".getBytes(UTF_8));
    }
  }

  @Test
  void aRedirectIsNotFollowedWithTheKey() throws Exception {
    try (ScriptedServer other =
            new ScriptedServer((exchange, _) -> ScriptedServer.json(exchange, 200, "{}"));
        ScriptedServer server =
            new ScriptedServer(
                (exchange, _) -> {
                  exchange.getResponseHeaders().set("Location", other.address().toString());
                  ScriptedServer.json(exchange, 307, "");
                });
        IndelibleClient client = server.client().build()) {
      assertThat(client.get("/").status()).isEqualTo(307);
      assertThat(other.asked()).isEmpty();
    }
  }

  @Test
  void addressesAndTenantsAreAskedForEarly() throws Exception {
    for (String wrong : new String[] {"ftp://a", "audit.example.com", "http:///x"}) {
      assertThatThrownBy(() -> IndelibleClient.to(URI.create(wrong)))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
    try (IndelibleClient client = IndelibleClient.to(URI.create("http://127.0.0.1:1")).build()) {
      assertThatThrownBy(client::log).hasMessageContaining("which tenant?");
    }
  }
}
