package dev.indelible.server;

import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.retention.DeletionSteps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * A server in a process of its own whose clock is ahead by as many days as a file says, so that
 * whoever writes the file makes entries due.
 */
public final class LateServer {

  private LateServer() {}

  /**
   * Serves until it is ended.
   *
   * @param arguments the data directory, the file, and settings as {@code key=value}
   */
  public static void main(String[] arguments) throws Exception {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    flags.put(Setting.DATA, arguments[0]);
    flags.put(Setting.PORT, "0");
    for (int i = 2; i < arguments.length; i++) {
      String[] pair = arguments[i].split("=", 2);
      flags.put(Setting.ofKey(pair[0]).orElseThrow(), pair[1]);
    }
    Path days = Path.of(arguments[1]);
    IndelibleServer server =
        IndelibleServer.start(
            ServerConfig.of(Settings.resolve(flags, Map.of(), null)),
            new IndelibleServer.Environment(
                () -> Instant.now().plus(Duration.ofDays(read(days))),
                DeletionSteps.UNWATCHED,
                new SystemDisk()));
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    System.out.println("Indelible listens on http://127.0.0.1:" + server.port());
  }

  private static long read(Path file) {
    try {
      return Long.parseLong(Files.readString(file).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
