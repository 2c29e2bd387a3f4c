package dev.indelible.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The streams and the environment of the process, as the commands see them.
 *
 * <p>Both writers are UTF-8 whatever the locale says, since what goes through them is JSON and
 * people's names.
 *
 * @param in standard input
 * @param out standard output; results only
 * @param err standard error; progress, remarks and errors
 * @param outIsTerminal whether a person looks at {@code out}
 * @param errIsTerminal whether a person looks at {@code err}
 * @param environment the environment variables
 */
public record Terminal(
    InputStream in,
    PrintWriter out,
    PrintWriter err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    Map<String, String> environment) {

  /** System property in which the launcher names the streams that are terminals. */
  static final String PROPERTY = "indelible.terminal";

  public Terminal {
    environment = Map.copyOf(environment);
  }

  /** The process's own; the launcher says which streams are terminals, Java alone cannot. */
  public static Terminal ofProcess() {
    List<String> terminals = List.of(System.getProperty(PROPERTY, "").split(",", -1));
    return new Terminal(
        new FileInputStream(FileDescriptor.in),
        writer(FileDescriptor.out),
        writer(FileDescriptor.err),
        terminals.contains("out"),
        terminals.contains("err"),
        System.getenv());
  }

  /** Whether {@code out} may be coloured: a terminal, and the reader did not decline. */
  public boolean colours() {
    return outIsTerminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
  }
}
