package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new operator's key for one that is lost, or known to others. */
class OperatorKeyReplacementTest {

  @TempDir private Path folder;

  private static ServerConfig config(GovernedServer server) throws ConfigurationException {
    return ServerConfig.of(
        Settings.resolve(Map.of(Setting.DATA, server.data.toString()), Map.of(), null));
  }

  @Test
  void theNewKeyWorksAndNoneBeforeItDoes() throws Exception {
    try (GovernedServer server = new GovernedServer(folder)) {
      server.tenant("acme", "standard");
      String old = server.key;
      assertThatThrownBy(() -> OperatorKeyReplacement.run(config(server), "lost"))
          .as("while the server runs")
          .isInstanceOf(IOException.class)
          .hasMessageContaining("LOCK");
      server.stop();
      Path file = server.data.resolve("operator.key");
      Files.delete(file);

      for (int again = 0; again < 2; again++) {
        OperatorKeyReplacement.Replaced replaced =
            OperatorKeyReplacement.run(config(server), "lost");
        assertThat(replaced.file()).isEqualTo(file);
        assertThat(replaced.revoked()).isEqualTo(1);
        assertThat(Files.getPosixFilePermissions(file))
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      }

      server.start();
      assertThat(server.key).isNotEqualTo(old).isEqualTo(Files.readString(file).strip());
      assertThat(server.call("GET", "/v1/tenants/acme", "").status()).isEqualTo(200);
      server.key = old;
      assertThat(server.call("GET", "/v1/tenants/acme", "").status()).isEqualTo(401);
    }
  }

  @Test
  void whomTheOldKeyLetInIsOutAndWhatElseItMadeIsNamed() throws Exception {
    // The command goes by the system's clock.
    try (GovernedServer server = new GovernedServer(folder, Instant.now())) {
      server.tenant("acme", "standard");
      AccessCalls operator = AccessCalls.operator(server);
      AccessCalls nobody = AccessCalls.nobody(server);
      String ana = "{'tenant':'acme','user':{'id':'ana'},'roles':['owner']}";
      AccessCalls product =
          operator.key(
              "acme", "'members.manage','audit.view','audit.view_personal','audit.verify'");
      AccessCalls signedIn = operator.signedIn(ana);
      AccessCalls asOperator = operator.signedIn("{'user':{'id':'op'}}");
      String open = operator.code(ana);
      AccessCalls theirs =
          product.signedIn(
              "{'tenant':'acme','user':{'id':'bo'},'roles':['account_admin'],'accounts':['eu']}");
      operator
          .post(
              "/v1/tenants/acme/auditor-links",
              "{'user':{'id':'a'},'permissions':['audit.view'],'reason':'r'}")
          .expect(201);
      server.stop();
      OperatorKeyReplacement.Replaced replaced =
          OperatorKeyReplacement.run(config(server), "stolen");
      assertThat(replaced.signedOut()).isEqualTo(3);
      assertThat(replaced.left())
          .extracting(OperatorKeyReplacement.Left::kind)
          .containsExactly("key", "auditor_link");
      server.start();
      for (AccessCalls out : List.of(signedIn, asOperator)) {
        out.get("/v1/tenants/acme/events").expect(401);
      }
      nobody.post("/v1/session", "{'code':'" + open + "'}").expect(401);
      product.get("/v1/tenants/acme/events").expect(200);
      theirs.get("/v1/tenants/acme/events").expect(200);
    }
  }

  @Test
  void nothingIsMadeWhereThereIsNoData() throws Exception {
    ServerConfig config =
        ServerConfig.of(
            Settings.resolve(Map.of(Setting.DATA, folder.resolve("x").toString()), Map.of(), null));
    assertThatThrownBy(() -> OperatorKeyReplacement.run(config, null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is no data directory");
    assertThat(folder.resolve("x")).doesNotExist();
  }
}
