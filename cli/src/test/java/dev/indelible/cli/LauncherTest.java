package dev.indelible.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

  private static final Path SCRIPTS = Path.of("..", "scripts", "toolchain.sh").toAbsolutePath();
  private static final String FIND =
      "set -u; . '" + SCRIPTS + "'; find_jdk && printf '%s' \"$java_home\"";

  @TempDir private Path folder = Path.of(".");

  @Test
  void theRequiredVersionIsPreferredToALaterOneAndOldOnesAreIgnored() throws Exception {
    jdk("jvm/a-jdk-26", "26");
    jdk("jvm/b-jdk-25", "25.0.3");
    jdk("jvm/c-jdk-17", "17.0.15");
    assertThat(find("jvm", null)).isEqualTo(folder.resolve("jvm/b-jdk-25").toString());
  }

  @Test
  void aLaterVersionWillDoAndAnOldJavaHomeIsNoObstacle() throws Exception {
    Path old = jdk("old", "17.0.15");
    jdk("jvm/with space 26", "26-ea");
    assertThat(find("jvm", old)).isEqualTo(folder.resolve("jvm/with space 26").toString());
  }

  @Test
  void javaHomeComesFirst() throws Exception {
    jdk("jvm/jdk-25", "25");
    Path chosen = jdk("chosen", "27");
    assertThat(find("jvm", chosen)).isEqualTo(chosen.toString());
  }

  @Test
  void withoutAJdkItSaysWhatToInstall() throws Exception {
    jdk("jvm/jdk-17", "17");
    Ended ended =
        run(
            Map.of("INDELIBLE_JDK_FOLDERS", folder.resolve("jvm").toString()),
            null,
            "../indelible",
            "--version");
    assertThat(ended.code()).isEqualTo(69);
    assertThat(ended.text()).contains("needs a JDK 25", "Debian", "Temurin", "sdk install java");
  }

  @ParameterizedTest
  @CsvSource({
    "v20.18.3, false",
    "v20.0.0, false",
    "v18.20.8, false",
    "v9.99.0, false",
    "v20.19.0, true",
    "v20.20.1, true",
    "v20.100.0, true",
    "v22.0.0, true",
    "v100.1.0, true",
    "v21-nightly, false",
    "20, false",
    "'', false"
  })
  void nodeIsUsedFromTheRequiredVersionOn(String version, boolean used) throws Exception {
    program("npm", "exit 0");
    program("node", "printf '%s\\n' '" + version + "'");
    Ended ended =
        run(Map.of(), null, "bash", "-c", "set -eu; . '" + SCRIPTS + "'; find_node && echo used");
    assertThat(ended.text().strip()).as(version).isEqualTo(used ? "used" : "");
  }

  @Test
  void withoutNpmOrANewEnoughNodeItSaysWhatToInstall() throws Exception {
    program("node", "echo v22.1.0");
    String find = "set -u; . '" + SCRIPTS + "'; find_node || explain_missing_node";
    assertThat(run(Map.of(), null, "bash", "-c", find).text())
        .contains("Node 20.19 or later and npm", "Debian", "https://nodejs.org");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 24000, '-Xmx1g R L'",
    "'', 4096, '-Xmx1g R L'",
    "'', 4095, ''",
    "'', 0, ''",
    "-Dx=y, 24000, '-Xmx1g R L'",
    "-Xmx512m, 24000, ''",
    "-Xmx1048575k, 24000, ''",
    "-Xmx1g, 2000, 'R L'",
    "-Xmx1073741824, 24000, 'R L'",
    "-XX:MaxHeapSize=2G, 24000, 'R L'",
    "-Xmx512m -Xmx2g, 24000, 'R L'",
    "-Xmx16g, 24000, 'R L'",
    "-Xmx17g, 24000, L",
    "-Xmx1t, 24000, L",
    "-Xmxlarge, 24000, ''",
    "-Xmx1g2, 24000, ''",
    "-XX:MaxRAMPercentage=50, 24000, ''",
    "-XX:+UseZGC, 24000, ''"
  })
  void aServersHeapIsChosenAndItsCollectorGoesByIt(String options, int mebibytes, String chosen)
      throws Exception {
    Path script = Path.of("..", "scripts", "heap.sh").toAbsolutePath();
    Ended ended =
        run(
            Map.of(),
            null,
            "bash",
            "-c",
            "set -eu; . '%s'; memory_mebibytes() { echo %d; }; heap_options %s"
                .formatted(script, mebibytes, options));
    assertThat(ended.code()).as(ended.text()).isZero();
    assertThat(ended.text().strip())
        .isEqualTo(
            chosen
                .replace("R", "-XX:G1HeapRegionSize=8m")
                .replace("L", "-XX:InitiatingHeapOccupancyPercent=65"));
  }

  @Test
  void theMemoryOfTheMachineIsKnown() throws Exception {
    Path script = Path.of("..", "scripts", "heap.sh").toAbsolutePath();
    Ended ended =
        run(Map.of(), null, "bash", "-c", "set -eu; . '" + script + "'; memory_mebibytes");
    assertThat(Long.parseLong(ended.text().strip())).isGreaterThan(256);
  }

  /** A program on the PATH. */
  private void program(String name, String script) throws IOException {
    Path file = Files.writeString(tools().resolve(name), "#!/usr/bin/env bash\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private String find(String folders, @org.jspecify.annotations.Nullable Path javaHome)
      throws Exception {
    Ended ended =
        run(
            Map.of("INDELIBLE_JDK_FOLDERS", folder.resolve(folders).toString()),
            javaHome,
            "bash",
            "-c",
            FIND);
    assertThat(ended.code()).as(ended.text()).isZero();
    return ended.text();
  }

  private record Ended(int code, String text) {}

  private Ended run(
      Map<String, String> environment,
      @org.jspecify.annotations.Nullable Path javaHome,
      String... command)
      throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(command))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("HOME", folder.toString());
    // Only what the scripts themselves need, so that no real java is on the PATH.
    builder.environment().put("PATH", tools().toString());
    if (javaHome != null) {
      builder.environment().put("JAVA_HOME", javaHome.toString());
    }
    Process process = builder.start();
    try {
      int code = Eventually.ended(String.join(" ", command), process);
      return new Ended(code, Files.readString(output, UTF_8));
    } finally {
      process.destroyForcibly();
    }
  }

  private Path tools() throws IOException {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool :
        List.of(
            "bash",
            "env",
            "dirname",
            "readlink",
            "cat",
            "find",
            "sort",
            "cut",
            "xargs",
            "sha1sum")) {
      for (String bin : List.of("/usr/bin", "/bin")) {
        if (Files.exists(Path.of(bin, tool)) && !Files.exists(tools.resolve(tool))) {
          Files.createSymbolicLink(tools.resolve(tool), Path.of(bin, tool));
        }
      }
    }
    return tools;
  }

  private Path jdk(String path, String version) throws IOException {
    Path home = folder.resolve(path);
    Files.createDirectories(home.resolve("bin"));
    for (String program : List.of("java", "javac")) {
      Files.createFile(home.resolve("bin").resolve(program)).toFile().setExecutable(true);
    }
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    return home;
  }
}
