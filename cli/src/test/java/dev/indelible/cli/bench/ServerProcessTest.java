package dev.indelible.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that was started for a measurement does not outlive it. */
@Tag("long")
class ServerProcessTest {

  @Test
  void aServerEndsWhenWhoeverStartedItIsKilled() throws Exception {
    Process starter =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Starter.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      BufferedReader out = starter.inputReader(StandardCharsets.UTF_8);
      long pid = Long.parseLong(out.readLine());
      Optional<ProcessHandle> server = ProcessHandle.of(pid);
      assertThat(server).isPresent();
      starter.destroyForcibly();
      Eventually.holds("the server has ended", () -> !server.get().isAlive());
    } finally {
      starter.destroyForcibly();
    }
  }

  /** Starts a server, says which process it is, and does nothing more. */
  static final class Starter {
    public static void main(String[] arguments) throws Exception {
      try (ServerProcess server = ServerProcess.start()) {
        System.out.println(server.process().pid());
        server.process().waitFor();
      }
    }
  }
}
