package dev.indelible.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server in a JVM of its own, with the options of this one, on an empty data folder that is
 * deleted at the end.
 *
 * <p>It ends with this process however that ends: its standard input is a pipe that nobody writes
 * to, and it ends with that. Only the folder stays behind when this process is killed.
 */
final class ServerProcess implements AutoCloseable {

  private static final String LISTENS = "Indelible listens on ";
  private static final long STOP_SECONDS = 120;

  private final Path folder;
  private final Process process;
  private final Target target;
  private final Thread atExit;

  private ServerProcess(Path folder, Process process, Target target) {
    this.folder = folder;
    this.process = process;
    this.target = target;
    this.atExit = new Thread(this::endAndDelete, "end of the server");
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Starts one; returns when it listens. */
  static ServerProcess start() throws IOException {
    Path folder = Files.createTempDirectory("indelible-bench-");
    Process process = null;
    ServerProcess started = null;
    try {
      process =
          new ProcessBuilder(command(folder.resolve("data")))
              .redirectError(folder.resolve("server.log").toFile())
              .start();
      URI address = awaitAddress(process, folder);
      String key = Files.readString(folder.resolve("data/operator.key")).strip();
      started = new ServerProcess(folder, process, new Target(address, key));
      return started;
    } finally {
      if (started == null) {
        if (process != null) {
          process.destroyForcibly();
        }
        delete(folder);
      }
    }
  }

  private static List<String> command(Path data) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!option.startsWith("-Dindelible.terminal")) {
        command.add(option);
      }
    }
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "dev.indelible.cli.Main",
            "serve",
            "--data",
            data.toString(),
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--end-with-input"));
    return command;
  }

  private static URI awaitAddress(Process process, Path folder) throws IOException {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(LISTENS)) {
        return URI.create(line.substring(LISTENS.length()).strip());
      }
    }
    throw new IOException(
        "the server did not start: " + Files.readString(folder.resolve("server.log")));
  }

  Target target() {
    return target;
  }

  /** The processor time that it has used. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /**
   * Storage of the server, and its resident memory now and at its peak in MiB, or null where there
   * is no {@code /proc}.
   */
  Report.@org.jspecify.annotations.Nullable Storage storage(long entries)
      throws IOException, InterruptedException {
    Long resident = null;
    Long peak = null;
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (Files.isReadable(status)) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmRSS:")) {
          resident = mebibytes(line);
        } else if (line.startsWith("VmHWM:")) {
          peak = mebibytes(line);
        }
      }
    }
    stop();
    long runs = sizeBytes(folder.resolve("data/blobs"));
    long index = sizeBytes(folder.resolve("data/index"));
    return new Report.Storage(
        entries, runs, index, (runs + index) / (double) Math.max(1, entries), resident, peak);
  }

  private static long mebibytes(String line) {
    return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
  }

  /** Tells it to end, which seals everything, and waits until it has. */
  private void stop() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("the server did not end within " + STOP_SECONDS + " s");
    }
  }

  private static long sizeBytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(ServerProcess::sizeOf).sum();
    }
  }

  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (NoSuchFileException _) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }

  /** Operating system process of the server. */
  Process process() {
    return process;
  }

  private void endAndDelete() {
    try {
      end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void end() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    delete(folder);
  }

  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException _) {
      return; // this process ends, and the hook does it
    }
    end();
  }
}
