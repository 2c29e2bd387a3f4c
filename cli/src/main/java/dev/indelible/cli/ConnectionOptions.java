package dev.indelible.cli;

import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that talks to a server; options come before the environment. */
final class ConnectionOptions {

  /** The address that {@code indelible demo} serves on. */
  static final String DEFAULT_SERVER = "http://127.0.0.1:8080";

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "Where the server is; else INDELIBLE_URL, else " + DEFAULT_SERVER + ".")
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

  /** Whether the key stands on the command line, where others can see it. */
  boolean hasKeyInArguments() {
    return key != null;
  }

  /** The address of the server that was named. */
  String address(Terminal terminal) {
    return server(terminal).toString();
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
  private URI server(Terminal terminal) {
    String url =
        server != null
            ? server
            : terminal.environment().getOrDefault("INDELIBLE_URL", DEFAULT_SERVER);
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
    return uri;
  }

  /** A client of the server that was named; {@code remarks} is told of every wait. */
  IndelibleClient client(Terminal terminal, RetryPolicy retry, Consumer<String> remarks) {
    return to(server(terminal), key(terminal)).retry(retry).onWait(remarks).build();
  }

  /** A client of the server that was named which says at once that it is away. */
  IndelibleClient clientWithoutRetries(Terminal terminal) {
    return to(server(terminal), key(terminal)).withoutRetries().build();
  }

  /** A client of any server that says who it is. */
  static IndelibleClient.Builder to(URI server, @Nullable String key) {
    return IndelibleClient.to(server).key(key).userAgent("indelible-cli");
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
