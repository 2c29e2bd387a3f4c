package dev.indelible.server.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A journal whose files somebody takes away while it runs. */
class SegmentPresenceTest {

  @TempDir private Path folder;

  private FileJournal open() throws IOException {
    return FileJournal.open(
        new SystemDisk(),
        folder.resolve("journal"),
        FileJournal.Options.of(InstantSource.system(), new Random(1))
            .withSegmentBytes(FileJournal.MIN_SEGMENT_BYTES));
  }

  private Path oldest() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("journal"))) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".segment"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  private static boolean isRefused(FileJournal journal) {
    try {
      journal.append(new byte[100]).join();
      return false;
    } catch (CompletionException e) {
      return e.getCause() instanceof JournalUnavailableException unavailable
          && unavailable.reason() == JournalUnavailableException.Cause.FAILED;
    }
  }

  private void takeAway(String how) throws IOException {
    Path file = oldest();
    switch (how) {
      case "deleted" -> Files.delete(file);
      case "moved" -> Files.move(file, folder.resolve("elsewhere"));
      case "replaced" -> {
        Path copy = Files.copy(file, folder.resolve("copy"));
        Files.delete(file);
        Files.move(copy, file);
      }
      case "folder moved" -> Files.move(folder.resolve("journal"), folder.resolve("away"));
      default -> throw new IllegalArgumentException(how);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"deleted", "moved", "replaced", "folder moved"})
  void aFileThatIsTakenAwayStopsAcknowledgementsWithinSeconds(String how) throws Exception {
    try (FileJournal journal = open()) {
      journal.append(new byte[100]).join();
      takeAway(how);
      Eventually.holds("appending is refused", () -> isRefused(journal));
      assertThat(journal.impairment()).contains(JournalUnavailableException.Cause.FAILED);
      assertThat(isRefused(journal)).as("for good").isTrue();
    }
  }

  @Test
  void filesThatTheJournalItselfForgetsAreNotMissed() throws Exception {
    try (FileJournal journal = open()) {
      Position[] last = {journal.end()};
      // Over more than two looks, and over many segments.
      long begun = System.nanoTime();
      Eventually.holds(
          "batches are taken while segments are forgotten",
          () -> {
            for (int i = 0; i < 50; i++) {
              last[0] = journal.append(new byte[1_000]).join().position();
            }
            journal.forget(last[0]);
            return System.nanoTime() - begun > 2 * SegmentPresence.EVERY_NANOS;
          });
      assertThat(journal.begin().value()).isPositive();
      assertThat(journal.impairment()).isEmpty();
    }
  }
}
