package dev.indelible.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.IndelibleServer;
import dev.indelible.server.ServerConfig;
import dev.indelible.server.Setting;
import dev.indelible.server.Settings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the routes of the real program against the contract, both ways. */
class ApiTest {

  @TempDir Path directory;

  @Test
  void theRoutesAreThoseOfTheDocument() throws Exception {
    Settings settings =
        Settings.resolve(
            Map.of(Setting.DATA, directory.toString(), Setting.PORT, "0"), Map.of(), null);
    try (IndelibleServer server = IndelibleServer.start(ServerConfig.of(settings))) {
      assertThat(OpenApiRoutes.of(server.routes())).isEqualTo(OpenApiRoutes.documented());
    }
  }
}
