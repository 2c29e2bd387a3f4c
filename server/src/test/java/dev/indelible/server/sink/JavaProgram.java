package dev.indelible.server.sink;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A receiver written in Java, in a process of its own with a class path of its own, which {@code
 * scripts/real-receivers} has copied. It ends when its input does.
 */
final class JavaProgram implements AutoCloseable {

  private final Process process;
  private final Path log;

  private JavaProgram(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts one, or skips the test where its libraries are missing.
   *
   * @param libraries name of their folder
   * @param source file in {@code scripts/receivers}
   */
  static JavaProgram start(String libraries, String source, Path folder, String... arguments)
      throws IOException {
    Path root = Path.of("..").toAbsolutePath().normalize();
    Path jars = root.resolve(".build/receivers").resolve(libraries);
    assumeTrue(
        Files.isDirectory(jars), libraries + " is not there; scripts/real-receivers copies it");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-cp", jars + "/*"));
    command.add(root.resolve("scripts/receivers").resolve(source).toString());
    command.addAll(List.of(arguments));
    Path log = folder.resolve(libraries + ".log");
    return new JavaProgram(
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start(),
        log);
  }

  /** Waits for a file that the program writes when it is ready; returns what is in it. */
  String written(Path file) {
    return Eventually.see(
            "the receiver",
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError(Files.readString(log));
              }
              return Files.exists(file) ? Files.readString(file) : "";
            },
            text -> text.endsWith("\n"))
        .strip();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      Eventually.ended("the receiver", process);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
