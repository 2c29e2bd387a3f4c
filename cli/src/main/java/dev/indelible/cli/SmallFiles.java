package dev.indelible.cli;

import dev.indelible.verify.Parsed;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.TlogPolicy;
import dev.indelible.verify.VerifierKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files that an auditor keeps: checkpoints, verifier keys and policies. */
final class SmallFiles {

  private static final int LARGEST_BYTES = 1 << 20;

  private SmallFiles() {}

  /** The checkpoint in a file. */
  static SignedCheckpoint checkpoint(Path file) {
    return switch (SignedCheckpoint.parse(text(file).getBytes(StandardCharsets.UTF_8))) {
      case Parsed.Ok<SignedCheckpoint>(SignedCheckpoint read) -> read;
      case Parsed.Malformed<SignedCheckpoint> malformed ->
          throw new CommandFailure(ExitCode.USAGE, file + ": " + malformed.message());
    };
  }

  /** The keys in a file, one on each line that is not blank. */
  static List<VerifierKey> keys(Path file) {
    return keys(text(file).lines().filter(line -> !line.isBlank()).toList(), file.toString());
  }

  /** The keys of some lines. */
  static List<VerifierKey> keys(List<String> lines, String source) {
    List<VerifierKey> read = new ArrayList<>();
    for (String line : lines) {
      switch (VerifierKey.parse(line)) {
        case Parsed.Ok<VerifierKey>(VerifierKey key) -> read.add(key);
        case Parsed.Malformed<VerifierKey> malformed ->
            throw new CommandFailure(ExitCode.USAGE, source + ": " + malformed.message());
      }
    }
    return read;
  }

  /** The policy in a file. */
  static TlogPolicy policy(Path file) {
    return switch (TlogPolicy.parse(read(file, Files::readAllBytes))) {
      case Parsed.Ok<TlogPolicy>(TlogPolicy read) -> read;
      case Parsed.Malformed<TlogPolicy> malformed ->
          throw new CommandFailure(ExitCode.USAGE, file + ": " + malformed.message());
    };
  }

  private static String text(Path file) {
    return read(file, Files::readString);
  }

  /** A way to read a file. */
  @FunctionalInterface
  private interface Reading<T> {
    T of(Path file) throws IOException;
  }

  private static <T> T read(Path file, Reading<T> reading) {
    try {
      if (Files.size(file) > LARGEST_BYTES) {
        throw new CommandFailure(ExitCode.USAGE, file + " is too long for what it should hold");
      }
      return reading.of(file);
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
  }

  /** A file that cannot be read, with the reason. */
  static CommandFailure unreadable(String file, IOException e) {
    String why =
        e instanceof NoSuchFileException
            ? "there is no such file"
            : e.getMessage() == null ? e.toString() : e.getMessage();
    return new CommandFailure(ExitCode.USAGE, file + " could not be checked: " + why);
  }
}
