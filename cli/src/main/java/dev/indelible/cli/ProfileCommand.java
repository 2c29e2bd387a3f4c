package dev.indelible.cli;

import dev.indelible.cli.terminal.Terminal;
import dev.indelible.server.ConfigurationException;
import dev.indelible.server.ProfileFiles;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.Profiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a profile to copy, or checks one that somebody wrote. */
@Command(
    name = "profile",
    description =
        "Prints the file of a profile that comes with the program, for you to copy; or checks a file as a server would.",
    mixinStandardHelpOptions = true)
final class ProfileCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(
      paramLabel = "NAME_OR_FILE",
      description = "a profile that comes with the program, or a file NAME.yaml")
  private String what = "";

  ProfileCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Profiles builtIn = Profiles.builtIn();
    if (builtIn.find(what) != null) {
      terminal.out().print(builtIn.source(what));
      terminal.out().flush();
      return ExitCode.DONE;
    }
    if (!what.endsWith(".yaml")) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "there is no profile %s; there are %s. A file to check ends in .yaml"
              .formatted(
                  what, String.join(", ", builtIn.all().stream().map(Profile::name).toList())));
    }
    if (!Files.isReadable(Path.of(what))) {
      throw new CommandFailure(ExitCode.USAGE, what + " cannot be read");
    }
    return check();
  }

  private int check() {
    try {
      Profile profile = ProfileFiles.read(Path.of(what));
      long actions =
          profile.categories().stream().mapToLong(category -> category.actions().size()).sum();
      terminal
          .out()
          .println(
              "%s: the profile %s with %d actions in %d categories is sound"
                  .formatted(what, profile.name(), actions, profile.categories().size()));
      terminal.out().flush();
      return ExitCode.DONE;
    } catch (ConfigurationException broken) {
      throw new CommandFailure(ExitCode.PARTLY, String.valueOf(broken.getMessage()));
    }
  }
}
