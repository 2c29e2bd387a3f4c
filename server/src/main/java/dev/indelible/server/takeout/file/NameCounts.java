package dev.indelible.server.takeout.file;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts of names, in bounded memory: names beyond the first {@link #MAX_NAMES} are counted
 * together.
 */
final class NameCounts {

  /** The most names that are counted apart. */
  static final int MAX_NAMES = 20_000;

  private final Map<String, Long> counts = new HashMap<>();
  private long others;

  /**
   * Entries of a name.
   *
   * @param name the name
   */
  record Count(String name, long entries) {}

  void add(String name) {
    if (counts.size() < MAX_NAMES || counts.containsKey(name)) {
      counts.merge(name, 1L, Long::sum);
    } else {
      others++;
    }
  }

  /** How many names there are, apart from the uncounted. */
  int names() {
    return counts.size();
  }

  /** Entries whose name is not counted apart. */
  long others() {
    return others;
  }

  /** The names with most entries, those with most first. */
  List<Count> top(int most) {
    return counts.entrySet().stream()
        .map(count -> new Count(count.getKey(), count.getValue()))
        .sorted(Comparator.comparingLong(Count::entries).reversed().thenComparing(Count::name))
        .limit(most)
        .toList();
  }
}
