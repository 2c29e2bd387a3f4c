package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log whose checkpoints, keys and tiles are for everybody, and nothing else of its tenant. */
class PublicLogTest {

  private static final List<String> OPEN =
      List.of(
          "log/checkpoint",
          "log/checkpoint?cosigned=true",
          "log/key",
          "log/key.pem",
          "log/witnesses",
          "log/consistency?from_size=1&to_size=1",
          "log/tile/0/000.p/1",
          "log/tile/entries/000.p/1");

  @TempDir private Path directory;

  private static AccessCalls member(AccessCalls operator, String path, String role)
      throws Exception {
    operator
        .post(path + "/members", "{'id':'" + role + "','assignments':[{'role':'" + role + "'}]}")
        .expect(201);
    String tenant = path.substring(path.lastIndexOf('/') + 1);
    return operator.signedIn("{'tenant':'" + tenant + "','user':{'id':'" + role + "'}}");
  }

  private static void patch(AccessCalls who, String path, boolean published, int status)
      throws Exception {
    who.call("PATCH", path, "{\"publishes_log\":" + published + "}").expect(status);
  }

  @Test
  void aLogIsShownToEverybodyWhereItsTenantSaysSoAndNothingElse() throws Exception {
    try (GovernedServer server = new GovernedServer(directory)) {
      String tenant = server.newTenant("standard");
      String path = "/v1/tenants/" + tenant;
      server.record(tenant, "e1", "user.login", "u_7", "Anastasia");
      AccessCalls operator = AccessCalls.operator(server);
      AccessCalls nobody = AccessCalls.nobody(server);
      AccessCalls owner = member(operator, path, "owner");
      Eventually.see(
          "a checkpoint of the first entry",
          () -> operator.call("GET", path + "/log/tile/0/000.p/1", "").status(),
          status -> status == 200);
      for (String each : OPEN) {
        assertThat(nobody.call("GET", path + "/" + each, "").status()).as(each).isEqualTo(401);
      }
      patch(operator, path, true, 403);
      patch(owner, path, true, 200);
      for (String each : OPEN) {
        assertThat(nobody.call("GET", path + "/" + each, "").status()).as(each).isEqualTo(200);
      }
      assertThat(nobody.get(path + "/log/key").text())
          .isEqualTo(operator.get(path + "/log/key").text());
      for (String each :
          List.of(
              "log/keys",
              "log/entries",
              "events",
              "events/e1",
              "events/e1/proof",
              "export",
              "retention",
              "unknown-actions")) {
        assertThat(nobody.call("GET", path + "/" + each, "").status()).as(each).isEqualTo(401);
      }
      assertThat(nobody.bearer("ik_wrong").call("GET", path + "/log/key", "").status())
          .as("a key that is shown has to be one")
          .isEqualTo(401);
      String quiet = server.newTenant("standard");
      for (String other : List.of(quiet, "nobody-knows-it")) {
        nobody.call("GET", "/v1/tenants/" + other + "/log/checkpoint", "").expect(401);
      }
      patch(operator, path, false, 200);
      nobody.call("GET", path + "/log/checkpoint", "").expect(401);
      Eventually.see(
          "both changes on record",
          () -> operator.get(path + "/events?q=action:audit.tenant.update").json().path("entries"),
          entries -> entries.size() == 2);
    }
  }

  @Test
  void theOperatorMayForbidIt() throws Exception {
    String path;
    try (GovernedServer server = new GovernedServer(directory)) {
      path = "/v1/tenants/" + server.newTenant("standard");
      AccessCalls owner = member(AccessCalls.operator(server), path, "owner");
      patch(owner, path, true, 200);
      AccessCalls.nobody(server).call("GET", path + "/log/key", "").expect(200);
    }
    try (GovernedServer server =
        new GovernedServer(directory, Map.of(Setting.LOG_MAY_BE_PUBLISHED, "false"))) {
      AccessCalls.nobody(server).call("GET", path + "/log/key", "").expect(401);
      AccessCalls admin = member(AccessCalls.operator(server), path, "admin");
      patch(admin, path, false, 200);
      assertThat(admin.call("PATCH", path, "{\"publishes_log\":true}").expect(403).text())
          .contains("log.may_be_published");
    }
  }
}
