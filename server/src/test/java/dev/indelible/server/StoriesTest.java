package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Stories and reversals over HTTP. */
class StoriesTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private String tenant = "";

  @BeforeAll
  static void start() throws Exception {
    server = new GovernedServer(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void newTenant() throws Exception {
    tenant = server.newTenant("standard");
  }

  private void send(String id, String action, String rest) throws Exception {
    String event =
        "{'id':'%s','tenant':'%s','action':'%s','occurred_at':'%s','actor':{'type':'user','id':'u_1','name':'Una'},'context':{'session_id':'s_1'}%s}"
            .formatted(id, tenant, action, server.now(), rest.isEmpty() ? "" : "," + rest);
    server.expect(201, "POST", "/v1/events", event.replace('\'', '"'));
    server.advance(Duration.ofSeconds(9));
  }

  @Test
  void aBurstIsOnePassageAndTheStoryBeginsWithTheOldest() throws Exception {
    send("e1", "user.created", "'targets':[{'type':'user','id':'u_2'}]");
    for (int i = 0; i < 47; i++) {
      send("f" + i, "user.login_failed", "");
    }
    send("e2", "user.login", "");
    server.advance(Duration.ofMinutes(20));
    send("e3", "user.login", "");
    server.find(tenant, "session:s_1", 50);
    JsonNode story = server.get("/v1/tenants/" + tenant + "/story?session=s_1");
    assertThat(story.path("entries").asLong()).isEqualTo(50);
    assertThat(story.path("complete").asBoolean()).isTrue();
    List<String> told =
        story
            .path("passages")
            .valueStream()
            .map(
                passage ->
                    passage.path("count").asInt()
                        + " "
                        + passage.path("entry").path("action").asString())
            .toList();
    assertThat(told)
        .containsExactly("1 user.created", "47 user.login_failed", "1 user.login", "1 user.login");
    JsonNode burst = story.path("passages").get(1);
    assertThat(burst.path("ids")).hasSize(47);
    assertThat(burst.path("from").asString()).isLessThan(burst.path("to").asString());
    assertThat(server.get("/v1/tenants/" + tenant + "/story?person=u_2").path("entries").asLong())
        .isEqualTo(1);
    assertThat(
            server.get("/v1/tenants/" + tenant + "/story?object=user/u_2").path("entries").asLong())
        .isEqualTo(1);
    assertThat(server.call("GET", "/v1/tenants/" + tenant + "/story", "").code())
        .isEqualTo("invalid_parameter");
  }

  private static String change(String before, String after) {
    return "'targets':[{'type':'record','id':'r_1'}],'changes':[{'field':'price','before':%s,'after':%s}]"
        .formatted(before, after);
  }

  @Test
  void theInverseOfAChangeIsSaidWithWhatTouchedTheFieldLater() throws Exception {
    send("c1", "record.updated", change("10", "20"));
    send("c2", "record.updated", change("20", "30"));
    send("c3", "record.updated", change("30", "40").replace("price", "color"));
    server.find(tenant, "target:record/r_1", 3);
    JsonNode reversal = server.get("/v1/tenants/" + tenant + "/events/c1/reversal");
    assertThat(reversal.path("reversible").asBoolean()).isTrue();
    JsonNode inverse = reversal.path("inverse");
    assertThat(inverse.path("target").path("id").asString()).isEqualTo("r_1");
    assertThat(inverse.path("changes").get(0).path("before").asInt()).isEqualTo(20);
    assertThat(inverse.path("changes").get(0).path("after").asInt()).isEqualTo(10);
    assertThat(reversal.path("words").path("en").get(0).asString())
        .isEqualTo("Set price of record/r_1 back to 10; it became 20.");
    assertThat(reversal.path("words").path("de").get(0).asString()).contains("zurück auf 10");
    assertThat(reversal.path("later")).hasSize(1);
    assertThat(reversal.path("later").get(0).path("id").asString()).isEqualTo("c2");
    assertThat(server.get("/v1/tenants/" + tenant + "/events/c2/reversal").path("later")).isEmpty();
  }

  @Test
  void whatAnEntryDoesNotTellCannotBeUndoneByIt() throws Exception {
    send(
        "c1",
        "record.updated",
        "'targets':[{'type':'record','id':'r_2'}],'changes':[{'field':'price','after':2}]");
    send("c2", "record.deleted", "'targets':[{'type':'record','id':'r_2'}]");
    server.find(tenant, "target:record/r_2", 2);
    JsonNode unknown = server.get("/v1/tenants/" + tenant + "/events/c1/reversal");
    assertThat(unknown.path("reversible").asBoolean()).isFalse();
    assertThat(unknown.path("unknown").get(0).asString()).isEqualTo("price");
    JsonNode none = server.get("/v1/tenants/" + tenant + "/events/c2/reversal");
    assertThat(none.path("reversible").asBoolean()).isFalse();
    assertThat(server.call("GET", "/v1/tenants/" + tenant + "/events/none/reversal", "").status())
        .isEqualTo(404);
  }
}
