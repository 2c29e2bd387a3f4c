package dev.indelible.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.indelible.cli.OtherSide.Ended;
import dev.indelible.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Runs of {@code send --dry-run}, which needs no server. */
final class DryRun {

  private static final JsonMapper JSON = new JsonMapper();

  private DryRun() {}

  /** Runs it with nothing but {@code environment} around it. */
  static Ended of(Map<String, String> environment, String input, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(UTF_8)),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            false,
            false,
            environment);
    String[] command =
        Stream.concat(Stream.of("send", "--dry-run"), Stream.of(arguments)).toArray(String[]::new);
    int code = Main.commandLine(terminal).execute(command);
    return new Ended(code, out.toString(), err.toString());
  }

  /** Values at {@code pointer} in each event; "" where there is none. */
  static List<String> values(Ended ended, String pointer) {
    return ended
        .out()
        .lines()
        .map(line -> JSON.readTree(line).at(pointer))
        .map(value -> value.isNull() ? "" : value.asString(""))
        .toList();
  }
}
