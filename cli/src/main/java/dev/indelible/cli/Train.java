package dev.indelible.cli;

import dev.indelible.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Parameters;

/**
 * What the JVM runs once while it records its start-up cache: loads what the commands of a kind
 * load when they start. Hidden, called by the launcher; leaves nothing behind.
 */
@Command(name = "train", hidden = true)
final class Train implements Callable<Integer> {

  /** Which commands are to start faster. */
  enum Kind {
    CLIENT,
    SERVER
  }

  private final Terminal terminal;

  @Parameters(paramLabel = "KIND")
  private Kind kind = Kind.CLIENT;

  Train(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    switch (kind) {
      case CLIENT, SERVER -> Main.commandLine(terminal).usage(terminal.out(), Help.Ansi.OFF);
    }
    return ExitCode.DONE;
  }
}
