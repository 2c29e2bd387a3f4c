package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Tests that each read by the operator's key is an entry of the tenant's log, whatever was chosen.
 */
class OperatorReadsTest {

  @TempDir static Path directory;
  private static GovernedServer server;

  @BeforeAll
  static void begin() throws Exception {
    server = new GovernedServer(directory);
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"standard", "msp", "rapidesq", "inbox", "kimondesk", "automation"})
  void theOperatorsReadsAreRecordedInEveryProfile(String profile) throws Exception {
    String tenant = server.newTenant(profile);
    String path = "/v1/tenants/" + tenant;
    server.expect(200, "PATCH", path, "{\"record_views\":false,\"reason\":\"less noise\"}");
    AccessCalls reader =
        AccessCalls.operator(server).key(tenant, "'audit.view','audit.view_personal'");
    server.record(tenant, "e1", "user.login", "u_7", "Ana");
    reader.get(path + "/events/e1").expect(200);
    reader.get(path + "/events?q=action:user.logout").expect(200);
    server.get(path + "/events/e1");
    server.get(path + "/events?q=action:user.login");
    server.get(path + "/events?q=action:user.login");
    JsonNode viewed = newest(reader, path, "action:audit.entry_viewed");
    assertThat(viewed.at("/actor/roles/0").asString()).isEqualTo("operator");
    assertThat(viewed.at("/targets/0/id").asString()).isEqualTo("e1");
    assertThat(newest(reader, path, "action:audit.searched").at("/details/filter").asString())
        .isEqualTo("action:user.login");
    // The tenant's own reads are its own choice, and the same within a while is one.
    assertThat(
            reader
                .get(path + "/facets?fields=action&q=action:audit.searched,audit.entry_viewed")
                .json()
                .path("count")
                .asInt())
        .isEqualTo(2);
  }

  private static JsonNode newest(AccessCalls reader, String path, String query) throws Exception {
    return dev.indelible.testing.Eventually.see(
            query,
            () ->
                reader.get(path + "/events?limit=1&q=" + query).expect(200).json().path("entries"),
            entries -> !entries.isEmpty())
        .get(0);
  }

  @Test
  void whatASessionOfTheOperatorReadsIsRecordedToo() throws Exception {
    String tenant = server.newTenant("standard");
    AccessCalls operator = AccessCalls.operator(server).signedIn("{'user':{'id':'o_1'}}");
    operator.get("/v1/tenants/" + tenant + "/events").expect(200);
    AccessCalls reader =
        AccessCalls.operator(server).key(tenant, "'audit.view','audit.view_personal'");
    assertThat(
            newest(reader, "/v1/tenants/" + tenant, "action:audit.viewed")
                .at("/actor/id")
                .asString())
        .isEqualTo("o_1");
  }
}
