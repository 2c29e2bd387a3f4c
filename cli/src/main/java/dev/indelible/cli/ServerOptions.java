package dev.indelible.cli;

import dev.indelible.cli.terminal.Terminal;
import dev.indelible.server.ConfigurationException;
import dev.indelible.server.Setting;
import dev.indelible.server.Settings;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Settings of a server on the command line: each setting as a flag, and one file. */
final class ServerOptions {

  private final Map<Setting, String> flags = new EnumMap<>(Setting.class);

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file of settings; INDELIBLE_CONFIG otherwise.")
  private @Nullable Path file;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The folder that everything is kept in.")
  void data(String value) {
    flags.put(Setting.DATA, value);
  }

  @Option(names = "--host", paramLabel = "HOST", description = "The address to listen on.")
  void host(String value) {
    flags.put(Setting.HOST, value);
  }

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The port to listen on; 0 takes a free one.")
  void port(String value) {
    flags.put(Setting.PORT, value);
  }

  @Option(
      names = "--insecure",
      description = "Listen on an address that others can reach without TLS.")
  void insecure(boolean value) {
    flags.put(Setting.INSECURE, Boolean.toString(value));
  }

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Any other setting; serve --print-config lists them.")
  void set(Map<String, String> values) throws ConfigurationException {
    for (Map.Entry<String, String> entry : values.entrySet()) {
      Setting setting =
          Setting.ofKey(entry.getKey())
              .orElseThrow(
                  () ->
                      new ConfigurationException(
                          "--set: "
                              + entry.getKey()
                              + " is no setting; --print-config lists all of them"));
      flags.put(setting, entry.getValue());
    }
  }

  /** Uses {@code value} unless the command line says something else. */
  void fallback(Setting setting, String value) {
    flags.putIfAbsent(setting, value);
  }

  /** Every setting with its value. */
  Settings settings(Terminal terminal) {
    try {
      String fromEnvironment = terminal.environment().get("INDELIBLE_CONFIG");
      Path chosen = file != null || fromEnvironment == null ? file : Path.of(fromEnvironment);
      return Settings.resolve(flags, terminal.environment(), chosen);
    } catch (ConfigurationException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }
}
