package dev.indelible.mapping;

import org.jspecify.annotations.Nullable;

/**
 * Results of a costly rule for the texts that it saw last: logs say the same few actions and types
 * again and again. A result that is known costs a record's {@link Budget} what it cost the first
 * time, so that it makes no difference to which records are refused. Thread-safe: an entry that
 * another thread replaces is found or is not.
 *
 * @param <R> results
 */
final class Memory<R> {

  /** Number of texts of which the result is kept; a power of two. */
  static final int ENTRIES = 64;

  /** The longest text of which the result is kept. */
  static final int MAX_TEXT_LENGTH = 256;

  private final @Nullable Entry<?>[] entries = new Entry<?>[ENTRIES];

  private record Entry<R>(String text, R result, int steps) {}

  /** Rule whose result depends on the text alone. */
  interface Work<R> {
    R of(String text, Budget budget);
  }

  /** The result of {@code work}, done now or before. */
  R of(String text, Budget budget, Work<R> work) {
    if (text.length() > MAX_TEXT_LENGTH) {
      return work.of(text, budget);
    }
    int hash = text.hashCode();
    int at = (hash ^ hash >>> 16) & (ENTRIES - 1);
    Entry<?> known = entries[at];
    if (known != null && known.text.equals(text)) {
      budget.spend(known.steps);
      @SuppressWarnings("unchecked") // written below
      R result = (R) known.result;
      return result;
    }
    int before = budget.spent();
    R result = work.of(text, budget);
    entries[at] = new Entry<>(text, result, budget.spent() - before);
    return result;
  }
}
