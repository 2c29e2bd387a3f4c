package dev.indelible.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.indelible.client.IndelibleClient;
import dev.indelible.client.UnreachableException;
import dev.indelible.testing.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a fresh copy of the sources: it builds at the first start, and then no more. */
@Tag("long")
@DisabledOnOs(OS.WINDOWS)
class LauncherStartTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern ADDRESS = Pattern.compile("Indelible listens on (http://\\S+)");

  @TempDir private Path folder;

  private record Start(Duration took, String said) {}

  @Test
  void theSecondStartBuildsNothingAndIsReady() throws Exception {
    Path tree = folder.resolve("tree");
    copySources(tree);
    Start first = start(tree);
    assertThat(first.said()).contains("Building Indelible", "Built in");
    Path log = tree.resolve(".build/build.log");
    var built = Files.getLastModifiedTime(log);
    String current = Files.readString(tree.resolve(".build/current"));

    Start second = start(tree);
    assertThat(second.said()).doesNotContain("Building", "Preparing", "Waiting");
    assertThat(Files.getLastModifiedTime(log)).isEqualTo(built);
    assertThat(Files.readString(tree.resolve(".build/current"))).isEqualTo(current);
    System.out.printf(
        "ready after %,d ms at the first start, %,d ms at the second%n",
        first.took().toMillis(), second.took().toMillis());
  }

  /** All that belongs to the sources, and what npm would download. */
  private static void copySources(Path tree) throws Exception {
    Process git =
        new ProcessBuilder("git", "ls-files", "-z")
            .directory(ROOT.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String names = new String(git.getInputStream().readAllBytes(), UTF_8);
    assumeTrue(
        Eventually.ended("git", git) == 0 && !names.isEmpty(),
        "the sources are in a Git repository");
    for (String name : names.split("\0", -1)) {
      Path source = ROOT.resolve(name);
      if (!name.isEmpty() && Files.isRegularFile(source)) {
        Path target = tree.resolve(name);
        Files.createDirectories(target.getParent());
        Files.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    Path modules = ROOT.resolve("web/node_modules");
    if (Files.isDirectory(modules)) {
      Path copy = Files.createDirectories(tree.resolve("web/node_modules"));
      Process cp =
          new ProcessBuilder("cp", "-R", "-P", "-p", modules + "/.", copy.toString())
              .inheritIO()
              .start();
      assertThat(Eventually.ended("cp", cp)).isZero();
    }
  }

  /**
   * Starts the server, waits until it is ready, and ends it. What it says is read as long as it
   * says something: a first start builds, and downloads what is needed.
   */
  private Start start(Path tree) throws Exception {
    long begun = System.nanoTime();
    Process process =
        new ProcessBuilder(
                List.of(
                    "./indelible",
                    "serve",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    "0",
                    "--data",
                    folder.resolve("data").toString()))
            .directory(tree.toFile())
            .redirectErrorStream(true)
            .start();
    StringBuilder said = new StringBuilder();
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      URI address = address(lines, said);
      awaitReadiness(address);
      return new Start(Duration.ofNanos(System.nanoTime() - begun), said.toString());
    } finally {
      process.destroy();
      try {
        Eventually.ended("the server", process);
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }

  private static URI address(BufferedReader lines, StringBuilder said) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.append(line).append('\n');
      Matcher address = ADDRESS.matcher(line);
      if (address.find()) {
        return URI.create(address.group(1));
      }
    }
    throw new AssertionError("it ended and said:\n" + said);
  }

  private static void awaitReadiness(URI address) {
    try (IndelibleClient client = IndelibleClient.to(address).withoutRetries().build()) {
      Eventually.holds("readiness of " + address, () -> isReady(client));
    }
  }

  private static boolean isReady(IndelibleClient client) {
    try {
      return client.get("/health/ready").isSuccess();
    } catch (UnreachableException _) {
      return false;
    }
  }
}
