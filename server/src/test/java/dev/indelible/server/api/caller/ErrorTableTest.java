package dev.indelible.server.api.caller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.JournalUnavailableException.Cause;
import dev.indelible.server.access.Sessions;
import dev.indelible.server.disk.DiskFullException;
import dev.indelible.server.http.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The one table of answers to exceptions, against docs/errors.md. */
class ErrorTableTest {

  private static final Path PAGE = Path.of("../docs/errors.md");

  private final ErrorTable table = new ErrorTable();

  private ProblemException answer(Throwable thrown) {
    return Objects.requireNonNull(table.of(thrown), thrown.toString());
  }

  @Test
  void aJournalThatTakesNothingHasOneAnswerForEachCause() throws IOException {
    Map<Cause, String> codes =
        new EnumMap<>(
            Map.of(
                Cause.QUEUE_FULL, "overloaded",
                Cause.DISK_FULL, "disk_full",
                Cause.FAILED, "journal_failed",
                Cause.CLOSED, "stopping"));
    assertThat(codes.keySet()).containsExactlyInAnyOrder(Cause.values());
    for (Map.Entry<Cause, String> row : codes.entrySet()) {
      JournalUnavailableException thrown = new JournalUnavailableException(row.getKey(), "refused");
      ProblemException problem = answer(thrown);
      assertThat(problem.status()).as(row.getValue()).isEqualTo(503);
      assertThat(problem.code()).isEqualTo(row.getValue());
      assertThat(problem.getCause()).isSameAs(thrown);
      requireDocumented(problem);
      ProblemException partly = ErrorTable.ofJournal(thrown, " The first 3 events are recorded.");
      assertThat(partly.detail()).isEqualTo(problem.detail() + " The first 3 events are recorded.");
      assertThat(partly.headers()).isEqualTo(problem.headers());
    }
  }

  @Test
  void aFullDiskIsTheSameWhereverItIsMet() throws IOException {
    IOException full = new DiskFullException(Path.of("run"), new IOException("no space"));
    ProblemException byJournal = answer(new JournalUnavailableException(Cause.DISK_FULL, "full"));
    for (Throwable thrown :
        new Throwable[] {
          full,
          new UncheckedIOException(full),
          new IllegalStateException("sealing", new IOException("run", full))
        }) {
      ProblemException problem = answer(thrown);
      assertThat(problem.code()).isEqualTo("disk_full");
      assertThat(problem.detail()).isEqualTo(byJournal.detail());
      assertThat(problem.headers()).isEqualTo(byJournal.headers());
    }
    requireDocumented(byJournal);
  }

  @Test
  void tooManySessionsAreDocumentedToo() throws IOException {
    ProblemException problem = answer(new Sessions.TooManyException());
    assertThat(problem.code()).isEqualTo("too_many_sessions");
    requireDocumented(problem);
  }

  @Test
  void whatNobodyForesawHasNoRow() {
    assertThat(table.of(new IllegalStateException("a fault of ours"))).isNull();
    assertThat(table.of(new IOException("a file"))).isNull();
  }

  /** Every 503 of the page has a {@code Retry-After}. */
  private static void requireDocumented(ProblemException problem) throws IOException {
    assertThat(Files.readString(PAGE))
        .contains("\n| %d | `%s` |".formatted(problem.status(), problem.code()));
    assertThat(problem.headers().get("Retry-After")).matches("[1-9][0-9]*");
  }
}
