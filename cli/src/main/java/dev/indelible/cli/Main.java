package dev.indelible.cli;

import dev.indelible.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The program {@code indelible}: names its commands and turns their outcome into an {@link
 * ExitCode}.
 */
@Command(
    name = "indelible",
    description = "An audit log that can prove that nothing in it was altered.",
    versionProvider = Main.Version.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:done",
      " 1:done in part (some events were rejected), or what was checked does not hold",
      " 2:wrong usage, nothing was done; or what was to be checked could not be",
      "69:the server cannot be reached, or does not accept work for now",
      "70:an error in the program",
      "77:not allowed: the key is missing, wrong or lacks a permission"
    })
public final class Main implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  public static void main(String[] arguments) {
    ProgramLog.quietLucene();
    System.exit(commandLine(Terminal.ofProcess()).execute(arguments));
  }

  /** The command line with every command, reading from and writing to {@code terminal}. */
  public static CommandLine commandLine(Terminal terminal) {
    return new CommandLine(new Main())
        .addSubcommand(new Demo(terminal))
        .addSubcommand(new Serve(terminal))
        .addSubcommand(new SignIn(terminal))
        .addSubcommand(new Reindex(terminal))
        .addSubcommand(new Doctor(terminal))
        .addSubcommand(new OperatorKey(terminal))
        .addSubcommand(new ProfileCommand(terminal))
        .addSubcommand(new Send(terminal))
        .addSubcommand(Pull.commandLine(terminal))
        .addSubcommand(new Search(terminal))
        .addSubcommand(new Tail(terminal))
        .addSubcommand(new Verify(terminal))
        .addSubcommand(new Export(terminal))
        .addSubcommand(new ExportList(terminal))
        .addSubcommand(new Pack(terminal))
        .addSubcommand(new ScheduleList(terminal))
        .addSubcommand(new StreamCommand(terminal))
        .addSubcommand(new Reconcile(terminal))
        .addSubcommand(new AccessReviewCommand(terminal))
        .addSubcommand(new StoryCommand(terminal))
        .addSubcommand(new WitnessCommand(terminal))
        .addSubcommand(new SaveCheckpoint(terminal))
        .addSubcommand(new Bench(terminal))
        .addSubcommand(new Train(terminal))
        .addSubcommand(new CommandLine.HelpCommand())
        .setOut(terminal.out())
        .setErr(terminal.err())
        .setColorScheme(Help.defaultColorScheme(terminal.colours() ? Help.Ansi.ON : Help.Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, command, _) ->
                report(failure, command.getCommandName(), command.getErr(), terminal));
  }

  /** Shows the commands when none is given. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  private static int report(Exception failure, String command, PrintWriter err, Terminal terminal) {
    if (failure instanceof CommandFailure expected) {
      err.println("indelible " + command + ": " + expected.getMessage());
      return expected.exitCode();
    }
    err.println("indelible " + command + ": an error in the program: " + failure);
    if (terminal.environment().containsKey("INDELIBLE_DEBUG")) {
      failure.printStackTrace(err);
    } else {
      err.println("INDELIBLE_DEBUG=1 shows where.");
    }
    return ExitCode.SOFTWARE;
  }

  /** The version, from the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {
        "indelible " + (version == null ? "(not packaged)" : version),
        "Java " + Runtime.version() + ", " + System.getProperty("os.name")
      };
    }
  }
}
