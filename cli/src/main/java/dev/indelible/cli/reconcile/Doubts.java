package dev.indelible.cli.reconcile;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Receiver's copies whose content is not the log's to the letter, to be read again and compared
 * field by field. Not thread-safe.
 */
final class Doubts {

  /** The most copies that are read again. */
  static final int MAX_DOUBTS = 20_000;

  private final List<Doubt> all = new ArrayList<>();

  /**
   * A copy in doubt.
   *
   * @param line where it is
   * @param id the entry's
   * @param expected the entry as the log has it
   * @param partial whether the log has, or shows, less than was sent
   */
  record Doubt(ReceiptLine line, String id, JsonNode expected, boolean partial) {}

  /** Takes one; false when there are too many already. */
  boolean add(Doubt doubt) {
    return all.size() < MAX_DOUBTS && all.add(doubt);
  }

  /** All of a file, in the order of their lines. */
  List<Doubt> of(int file) {
    return all.stream()
        .filter(doubt -> doubt.line().file() == file)
        .sorted(java.util.Comparator.comparingLong(doubt -> doubt.line().line()))
        .toList();
  }
}
