package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
