package dev.indelible.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.Setting;
import dev.indelible.server.Settings;
import dev.indelible.testing.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The program's own log, as machines read it. */
class ProgramLogTest {

  @TempDir private Path folder;

  /** Runs a server in a process of its own, in which a thread then ends by a defect. */
  static final class Broken {
    private Broken() {}

    public static void main(String[] arguments) throws Exception {
      RunningServer server =
          RunningServer.start(
              Settings.resolve(
                  Map.of(Setting.DATA, arguments[0], Setting.PORT, "0", Setting.LOG_FORMAT, "json"),
                  Map.of(),
                  null));
      Thread thread =
          new Thread(
              () -> {
                throw new IllegalStateException(
                    "it \"broke\"\nhere \u2028", new java.io.IOException("a\tcause"));
              },
              "a thread");
      thread.start();
      Eventually.ended("the thread with the defect", thread);
      java.util.logging.Logger.getLogger("a.library").severe("said to the JDK's own log");
      server.stop();
    }
  }

  @Test
  void asJsonEachLineIsAnObjectAndAnErrorHasItsStackInIt() throws Exception {
    Path standardError = folder.resolve("stderr");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Broken.class.getName(),
                folder.resolve("data").toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(standardError.toFile())
            .start();
    int code;
    try {
      code = Eventually.ended("the server", process);
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(standardError, UTF_8);
    assertThat(code).as(said).isZero();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : said.split("\n", -1)) {
      if (!line.isEmpty()) {
        JsonNode object = JsonMapper.shared().readTree(line);
        assertThat(object.isObject()).as(line).isTrue();
        for (String name : List.of("timestamp", "level", "threadName", "loggerName", "message")) {
          assertThat(object.has(name)).as("%s in %s", name, line).isTrue();
        }
        lines.add(object);
      }
    }
    assertThat(lines).as(said).hasSizeGreaterThan(1);
    List<JsonNode> errors =
        lines.stream().filter(line -> line.path("level").asString("").equals("ERROR")).toList();
    assertThat(errors).as(said).hasSize(2);
    assertThat(errors.get(1).path("loggerName").asString("")).isEqualTo("a.library");
    assertThat(errors.get(1).path("message").asString("")).isEqualTo("said to the JDK's own log");
    JsonNode thrown = errors.getFirst().path("throwable");
    assertThat(thrown.path("className").asString("")).endsWith("IllegalStateException");
    assertThat(thrown.path("message").asString("")).isEqualTo("it \"broke\"\nhere \u2028");
    assertThat(thrown.path("stepArray").size()).isPositive();
    assertThat(thrown.path("stepArray").get(0).toString()).contains(Broken.class.getName());
    assertThat(thrown.path("cause").path("message").asString("")).isEqualTo("a\tcause");
  }
}
