package dev.indelible.systemtests;

import dev.indelible.testing.Eventually;
import dev.indelible.testing.Pace;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The program, {@code serve}, in a JVM of its own on a free port of the loopback interface.
 *
 * <p>Only the process that this object started is ever ended. Not thread-safe.
 */
public final class ServerProcess implements AutoCloseable {

  static final String MAIN = "dev.indelible.cli.Main";

  private static final String LATE = "dev.indelible.server.LateServer";

  private static final Pattern ADDRESS = Pattern.compile("Indelible listens on (http://\\S+)");

  /** Settings that make sealing, merging, index commits and journal cuts happen all the time. */
  static final Map<String, String> BUSY =
      Map.of(
          "journal.segment_bytes",
          "1MiB",
          "log.seal_bytes",
          "1MiB",
          "log.seal_age",
          "1s",
          "index.refresh",
          "50ms");

  private final Process process;
  private final Path output;
  private final Path data;
  private final Duration startTook;
  private final URI address;

  private ServerProcess(Process process, Path output, Path data, Duration startTook, URI address) {
    this.process = process;
    this.output = output;
    this.data = data;
    this.startTook = startTook;
    this.address = address;
  }

  /** Starts the program and waits until it listens. */
  public static ServerProcess start(Path data, Map<String, String> settings)
      throws IOException, InterruptedException {
    return start(data, settings, 0);
  }

  /** Starts the program on that port, as one that was there before. */
  static ServerProcess start(Path data, Map<String, String> settings, int port)
      throws IOException, InterruptedException {
    return await(data, () -> launch("serve", data, settings, port, output(data)));
  }

  /** Starts the demonstration and waits until it listens; it tells its story afterwards. */
  public static ServerProcess demo(Path data) throws IOException, InterruptedException {
    return await(data, () -> launch("demo", data, Map.of(), 0, output(data)));
  }

  /** Starts a server whose clock is ahead by as many days as {@code days} says. */
  static ServerProcess late(Path data, Path days, Map<String, String> settings)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(java());
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), LATE));
    line.addAll(List.of(data.toString(), days.toString()));
    settings.forEach((key, value) -> line.add(key + "=" + value));
    Path output = output(data);
    return await(
        data,
        () ->
            new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start());
  }

  @FunctionalInterface
  private interface Launch {
    Process launch() throws IOException;
  }

  private static ServerProcess await(Path data, Launch launch)
      throws IOException, InterruptedException {
    Path output = output(data);
    long begin = System.nanoTime();
    Process process = launch.launch();
    boolean listening = false;
    try {
      URI address = awaitAddress(process, output);
      listening = true;
      return new ServerProcess(
          process, output, data, Duration.ofNanos(System.nanoTime() - begin), address);
    } finally {
      if (!listening) {
        end(process);
      }
    }
  }

  /** Starts the program and kills it after a while, however far it has come. */
  static void startAndKill(Path data, Map<String, String> settings, Duration after)
      throws IOException, InterruptedException {
    Process process = launch("serve", data, settings, 0, output(data));
    try {
      Pace.pause(after);
      if (!process.isAlive()) {
        throw new AssertionError("the server ended by itself with " + process.exitValue());
      }
    } finally {
      end(process);
    }
  }

  private static Path output(Path data) {
    return data.resolveSibling(data.getFileName() + ".log");
  }

  private static Process launch(
      String command, Path data, Map<String, String> settings, int port, Path output)
      throws IOException {
    List<String> line =
        program(command, "--data", data.toString(), "--port", Integer.toString(port));
    settings.forEach((key, value) -> line.addAll(List.of("--set", key + "=" + value)));
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  /** The command line that runs the program in a JVM of its own. */
  static List<String> program(String... arguments) {
    List<String> command = new ArrayList<>(java());
    command.addAll(StartUpCache.options());
    command.addAll(List.of("-cp", StartUpCache.classPath(), MAIN));
    command.addAll(List.of(arguments));
    return command;
  }

  /** The JVM with its options, as for one server of several on a machine. */
  static List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+IgnoreUnrecognizedVMOptions", // the next is Linux's
        "-XX:+UseTransparentHugePages",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow");
  }

  private static URI awaitAddress(Process process, Path output) {
    String said =
        Eventually.see(
            "the server's address in what it says",
            () -> {
              boolean alive = process.isAlive(); // before it is read, so that nothing is missed
              String text = Files.readString(output, StandardCharsets.UTF_8);
              if (!alive) {
                throw new AssertionError(
                    "the server ended with " + process.exitValue() + ":\n" + text);
              }
              return text;
            },
            text -> address(text).isPresent());
    return address(said).orElseThrow();
  }

  /** Reads the address from the whole line, so that the port is not cut off. */
  private static Optional<URI> address(String said) {
    Matcher matcher = ADDRESS.matcher(said);
    return matcher.find() && matcher.end() < said.length()
        ? Optional.of(URI.create(matcher.group(1)))
        : Optional.empty();
  }

  /** Address that the server listens on. */
  public URI address() {
    return address;
  }

  /** Time from the launch to the line that names the address. */
  Duration startTook() {
    return startTook;
  }

  /** Calls with the operator's key. */
  Calls operator() throws IOException {
    return new Calls(address, operatorKey());
  }

  /** The operator's key. */
  String operatorKey() throws IOException {
    return Files.readString(data.resolve("operator.key")).strip();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** Runs the program to its end with variables of the environment; what it printed, by lines. */
  public static List<String> run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("indelible-run", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(program(arguments))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      Eventually.ended(String.join(" ", arguments), process);
      return Files.readString(output, StandardCharsets.UTF_8).strip().lines().toList();
    } finally {
      end(process);
      Files.delete(output);
    }
  }

  /** Output of the server so far. */
  public String output() throws IOException {
    return Files.readString(output);
  }

  /** Kills it as {@code kill -9} does. */
  void kill() {
    end(process);
  }

  /** Asks it to end, and waits until it has. */
  void stop() throws IOException, InterruptedException {
    process.destroy();
    try {
      Eventually.ended("the server", process);
    } catch (AssertionError e) {
      end(process);
      throw new AssertionError("the server did not stop:\n" + output(), e);
    }
  }

  private static void end(Process process) {
    process.destroyForcibly();
    try {
      Eventually.ended("process " + process.pid() + ", which was killed", process);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end(process);
  }
}
