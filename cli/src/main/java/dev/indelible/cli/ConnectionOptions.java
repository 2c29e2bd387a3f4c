package dev.indelible.cli;

import dev.indelible.cli.client.ApiClient;
import dev.indelible.cli.client.Connection;
import dev.indelible.cli.client.RetryPolicy;
import dev.indelible.cli.terminal.Terminal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that talks to a server; options come before the environment. */
final class ConnectionOptions {

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "Where the server is; else INDELIBLE_URL, else " + Connection.DEFAULT_SERVER + ".")
  private @Nullable String server;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "The API key; else INDELIBLE_KEY. Others on this machine can see it: prefer --key-file.")
  private @Nullable String key;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "A file that holds the API key; else INDELIBLE_KEY_FILE.")
  private @Nullable Path keyFile;

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description =
          "The tenant; else INDELIBLE_TENANT. Not needed with a key that is bound to one.")
  private @Nullable String tenant;

  /** Whether a tenant was named on the command line, not only in the environment. */
  boolean namesTenant() {
    return tenant != null;
  }

  /** The tenant that was named, or null. */
  @Nullable String tenant(Terminal terminal) {
    return tenant != null ? tenant : terminal.environment().get("INDELIBLE_TENANT");
  }

  /** The tenant that was named; a failure that says how when none was. */
  String requiredTenant(Terminal terminal) {
    String named = tenant(terminal);
    if (named == null) {
      throw new CommandFailure(
          ExitCode.USAGE, "which tenant? Give --tenant or set INDELIBLE_TENANT.");
    }
    return named;
  }

  /** The server that was named. */
  Connection connection(Terminal terminal) {
    String url =
        server != null
            ? server
            : terminal.environment().getOrDefault("INDELIBLE_URL", Connection.DEFAULT_SERVER);
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException _) {
      throw new CommandFailure(ExitCode.USAGE, "--server is not a URL: " + url);
    }
    String scheme = uri.getScheme();
    if (uri.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new CommandFailure(ExitCode.USAGE, "--server is not an http or https URL: " + url);
    }
    return new Connection(uri, key(terminal));
  }

  /** A client of the server that was named; {@code remarks} is told of every wait. */
  ApiClient client(Terminal terminal, RetryPolicy retry, Consumer<String> remarks) {
    return new ApiClient(
        connection(terminal),
        retry,
        new ApiClient.Time(
            InstantSource.system(), RandomGenerator.getDefault(), Thread::sleep, remarks));
  }

  private @Nullable String key(Terminal terminal) {
    if (key != null) {
      return key;
    }
    return keyFile != null ? keyIn(keyFile) : keyOfEnvironment(terminal);
  }

  /** The API key that the environment holds or names a file of, or null. */
  static @Nullable String keyOfEnvironment(Terminal terminal) {
    String direct = terminal.environment().get("INDELIBLE_KEY");
    if (direct != null) {
      return direct;
    }
    String file = terminal.environment().get("INDELIBLE_KEY_FILE");
    return file == null ? null : keyIn(Path.of(file));
  }

  private static String keyIn(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException failure) {
      throw new CommandFailure(
          ExitCode.USAGE, "the key file cannot be read: " + failure.getMessage());
    }
  }
}
