package dev.indelible.cli;

import dev.indelible.cli.pull.Window;
import dev.indelible.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that every source of {@code pull} has. */
final class PullOptions {

  /** The least pause between two rounds. */
  static final Duration LEAST_PAUSE = Duration.ofSeconds(5);

  /** The greatest pause between two rounds. */
  static final Duration GREATEST_PAUSE = Duration.ofDays(1);

  private static final Duration FIRST_REACH = Duration.ofDays(1);

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--state",
      paramLabel = "FILE",
      required = true,
      description = "Where the cursor is kept; one file for each source, server and tenant.")
  Path state = Path.of("");

  @Option(
      names = "--follow",
      description = "Go on for ever; without it, end where the log ends for now (--once).")
  boolean follow;

  @Option(
      names = "--once",
      description = "End where the log ends for now; so it is without --follow.")
  boolean once;

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      description = "With --follow: the pause between rounds, PT5S to P1D (PT1M, cloudtrail PT5M).")
  private @Nullable String every;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Where the first round begins, such as 2026-11-01T00:00:00Z (a day ago).")
  private @Nullable String since;

  @Option(
      names = "--overlap",
      paramLabel = "DURATION",
      description = "How far back each round looks for records that came late, PT1M to P7D (PT1H).")
  private @Nullable String overlap;

  @Option(
      names = "--map",
      paramLabel = "NAME|FILE",
      description = "Another map than the source's own.")
  @Nullable String map;

  @Option(
      names = "--rejects",
      paramLabel = "FILE",
      description =
          "Where records go that the server refuses, with the reason, as NDJSON (STATE.rejects).")
  private @Nullable Path rejects;

  @Option(
      names = "--give-up-after",
      paramLabel = "SECONDS",
      description = "How long a request is tried again (300; for ever with --follow).")
  private @Nullable Long giveUpAfterSeconds;

  void check() {
    if (once && follow) {
      throw new CommandFailure(ExitCode.USAGE, "--once and --follow exclude each other.");
    }
    if (connection.hasKeyInArguments()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "everybody on this machine sees the arguments of a program that runs for long: give the"
              + " key as INDELIBLE_KEY or with --key-file.");
    }
  }

  Window window() {
    return new Window(overlap == null ? Window.DEFAULT : duration("--overlap", overlap));
  }

  Duration pause(Duration otherwise) {
    Duration pause = every == null ? otherwise : duration("--every", every);
    if (pause.compareTo(LEAST_PAUSE) < 0 || pause.compareTo(GREATEST_PAUSE) > 0) {
      throw new CommandFailure(
          ExitCode.USAGE, "--every must be from %s to %s".formatted(LEAST_PAUSE, GREATEST_PAUSE));
    }
    return pause;
  }

  Instant since(InstantSource clock) {
    if (since == null) {
      return clock.instant().minus(FIRST_REACH);
    }
    try {
      return Instant.parse(since);
    } catch (DateTimeException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "--since is no time such as 2026-11-01T00:00:00Z: " + since);
    }
  }

  Duration giveUpAfter() {
    if (giveUpAfterSeconds != null) {
      return Duration.ofSeconds(giveUpAfterSeconds);
    }
    return follow ? Duration.ofDays(36_500) : Duration.ofMinutes(5);
  }

  Path rejects() {
    return rejects != null ? rejects : state.resolveSibling(state.getFileName() + ".rejects");
  }

  private static Duration duration(String option, String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      throw new CommandFailure(
          ExitCode.USAGE, option + " is no duration such as PT15M or P1D: " + text);
    }
  }

  /**
   * A secret of the source: of a file, or of the environment.
   *
   * @param file the file that was named, or null
   * @param option the option that names it
   */
  static String secret(Terminal terminal, @Nullable Path file, String option, String variable) {
    String secret;
    try {
      secret =
          file != null
              ? Files.readString(file).strip()
              : terminal.environment().getOrDefault(variable, "").strip();
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, file + " cannot be read: " + e.getMessage());
    }
    if (secret.isEmpty() || secret.chars().anyMatch(Character::isISOControl)) {
      throw new CommandFailure(
          ExitCode.USAGE, "set %s, or name a file with %s".formatted(variable, option));
    }
    return secret;
  }
}
