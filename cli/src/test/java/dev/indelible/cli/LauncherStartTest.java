package dev.indelible.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
  private static final Pattern ADDRESS = Pattern.compile("Indelible listens on (http://\\S+)\\s");

  /** On a machine that has much else to do, and downloads what is needed. */
  private static final Duration FIRST_START = Duration.ofMinutes(20);

  private static final Duration SECOND_START = Duration.ofMinutes(1);
  private static final Duration END = Duration.ofMinutes(1);

  @TempDir private Path folder;

  private record Start(Duration took, String said) {}

  @Test
  void theSecondStartBuildsNothingAndIsReady() throws Exception {
    Path tree = folder.resolve("tree");
    copySources(tree);
    Start first = start(tree, FIRST_START);
    assertThat(first.said()).contains("Building Indelible", "Built in");
    Path log = tree.resolve(".build/build.log");
    var built = Files.getLastModifiedTime(log);
    String current = Files.readString(tree.resolve(".build/current"));

    Start second = start(tree, SECOND_START);
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
    assumeTrue(git.waitFor() == 0 && !names.isEmpty(), "the sources are in a Git repository");
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
      assertThat(
              new ProcessBuilder("cp", "-R", "-P", "-p", modules + "/.", copy.toString())
                  .inheritIO()
                  .start()
                  .waitFor())
          .isZero();
    }
  }

  /** Starts the server, waits until it is ready, and ends it. */
  private Start start(Path tree, Duration most) throws Exception {
    Path output = folder.resolve("output");
    Files.deleteIfExists(output);
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
            .redirectOutput(output.toFile())
            .start();
    try {
      awaitReady(process, output, begun + most.toNanos());
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      return new Start(took, Files.readString(output));
    } finally {
      process.destroy();
      if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }

  private static void awaitReady(Process process, Path output, long deadline) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (true) {
        String said = Files.readString(output);
        Matcher address = ADDRESS.matcher(said);
        if (address.find() && isReady(http, URI.create(address.group(1)))) {
          return;
        }
        assertThat(process.isAlive()).as(said).isTrue();
        assertThat(System.nanoTime()).as(said).isLessThan(deadline);
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }

  private static boolean isReady(HttpClient http, URI address) throws InterruptedException {
    try {
      return http.send(
                  HttpRequest.newBuilder(address.resolve("/health/ready"))
                      .timeout(Duration.ofSeconds(20))
                      .build(),
                  BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException _) {
      return false;
    }
  }
}
