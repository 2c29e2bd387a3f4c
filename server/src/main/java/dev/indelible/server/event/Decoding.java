package dev.indelible.server.event;

import java.util.List;

/**
 * Result of decoding one event that a caller sent: an {@link Event}, or everything wrong with it.
 */
public sealed interface Decoding {

  /**
   * A valid event.
   *
   * @param event the event
   */
  record Decoded(Event event) implements Decoding {}

  /**
   * An event that cannot be accepted.
   *
   * @param problems the problems in the order found; 1 to {@link EventLimits#MAX_PROBLEMS}
   * @param unreported how many more problems there are
   */
  record Invalid(List<Problem> problems, int unreported) implements Decoding {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }

  /** Result of decoding a batch: one result for each item, or one reason to refuse the whole. */
  sealed interface Batch {

    /**
     * A readable batch.
     *
     * @param items the result of each item, by its index in the array
     */
    record Items(List<Decoding> items) implements Batch {
      public Items {
        items = List.copyOf(items);
      }
    }

    /**
     * A batch of which nothing can be accepted.
     *
     * @param problem why, with the byte offset where that helps
     */
    record Broken(Problem problem) implements Batch {}
  }
}
