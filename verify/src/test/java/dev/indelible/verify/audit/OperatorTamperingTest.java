package dev.indelible.verify.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.verify.SignedCheckpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tampering by an operator with every right, and which check finds it. The table is that of {@code
 * docs/reliability.md}.
 *
 * <p>Each tampering is done twice: leaving the log's signature as it is, and with the whole tree
 * computed and signed anew with the log's real key.
 */
class OperatorTamperingTest {

  private static final int SIZE = 300;

  /** The reader's checkpoint is of this size. */
  private static final int HELD = 280;

  /** Renumbers, as an operator would who wants no gap to be seen. */
  private static void renumber(SampleExport log) {
    for (int seq = 0; seq < log.entries.size(); seq++) {
      ExportText.Entry old = log.entries.get(seq);
      log.entries.set(
          seq,
          new ExportText.Entry(
              seq, old.recordedAtMillis(), old.content(), old.leaf(), old.facts(), old.personal()));
    }
  }

  private static ExportText.Entry forged(SampleExport log, int seq) {
    return log.entry(
        seq,
        log.entries.get(seq).recordedAtMillis(),
        "{\"id\":\"e%d\",\"action\":\"user.logout\"}".formatted(seq),
        null);
  }

  private static Map<String, Consumer<SampleExport>> tamperings() {
    Map<String, Consumer<SampleExport>> all = new LinkedHashMap<>();
    all.put("deletes an entry", log -> log.entries.remove(150));
    all.put("deletes the newest entry", log -> log.entries.remove(SIZE - 1));
    all.put("swaps two entries", log -> Collections.swap(log.entries, 150, 151));
    all.put("edits an entry", log -> log.entries.set(150, forged(log, 150)));
    all.put("truncates the log", log -> log.entries.subList(200, SIZE).clear());
    all.put(
        "forks the history",
        log -> {
          for (int seq = 200; seq < SIZE; seq++) {
            log.entries.set(seq, forged(log, seq));
          }
        });
    all.put("puts an old backup in place", log -> log.entries.subList(100, SIZE).clear());
    return all;
  }

  private static List<String> found(
      SampleExport log, byte[] export, @Nullable SignedCheckpoint held) throws IOException {
    List<String> codes = new ArrayList<>();
    for (Finding finding :
        ExportVerifier.verify(
                new ByteArrayInputStream(export), new Trust(List.of(log.key()), held), seen -> {})
            .findings()) {
      if (finding.breaks() || finding instanceof Finding.CheckpointNotReached) {
        codes.add(finding.code());
      }
    }
    return codes;
  }

  @Test
  void theSignatureAloneFindsWhateverIsDoneWithoutTheKey() throws IOException {
    for (Map.Entry<String, Consumer<SampleExport>> tampering : tamperings().entrySet()) {
      SampleExport log = new SampleExport(42).add(SIZE);
      SignedCheckpoint signed = log.checkpoint();
      tampering.getValue().accept(log);
      renumber(log);
      assertThat(found(log, log.export(signed), null)).as(tampering.getKey()).isNotEmpty();
    }
  }

  @Test
  void withTheRealKeyNothingIsFoundWithoutACheckpointKeptElsewhere() throws IOException {
    for (Map.Entry<String, Consumer<SampleExport>> tampering : tamperings().entrySet()) {
      SampleExport log = new SampleExport(42).add(SIZE);
      tampering.getValue().accept(log);
      renumber(log);
      List<String> expected =
          tampering.getKey().equals("swaps two entries")
              ? List.of("time_runs_backwards")
              : List.of();
      assertThat(found(log, log.export(), null)).as(tampering.getKey()).isEqualTo(expected);
    }
  }

  @Test
  void aHeldCheckpointFindsAllThatHappenedToWhatItCovers() throws IOException {
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("deletes an entry", "forked_history");
    expected.put("deletes the newest entry", ""); // behind the held size; see below
    expected.put("swaps two entries", "forked_history");
    expected.put("edits an entry", "forked_history");
    expected.put("truncates the log", "checkpoint_not_reached");
    expected.put("forks the history", "forked_history");
    expected.put("puts an old backup in place", "checkpoint_not_reached");
    for (Map.Entry<String, Consumer<SampleExport>> tampering : tamperings().entrySet()) {
      SampleExport log = new SampleExport(42).add(SIZE);
      SignedCheckpoint held = log.checkpoint(HELD);
      SignedCheckpoint newest = log.checkpoint();
      tampering.getValue().accept(log);
      renumber(log);
      String code = expected.getOrDefault(tampering.getKey(), "?");
      List<String> codes = found(log, log.export(), held);
      if (code.isEmpty()) {
        assertThat(codes).as(tampering.getKey()).isEmpty();
      } else {
        assertThat(codes).as(tampering.getKey()).contains(code);
      }
      assertThat(found(log, log.export(), newest))
          .as("newest held: %s", tampering.getKey())
          .containsAnyOf("forked_history", "checkpoint_not_reached");
    }
  }
}
