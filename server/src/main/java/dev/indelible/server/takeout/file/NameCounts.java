package dev.indelible.server.takeout.file;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts of names, in bounded memory: names beyond the first ones, {@link #MAX_NAMES} where nothing
 * else is said, are counted together.
 */
public final class NameCounts {

  /** The most names that are counted apart. */
  public static final int MAX_NAMES = 20_000;

  private final Map<String, Long> counts = new HashMap<>();
  private final int most;
  private long others;

  /** Counts of up to {@link #MAX_NAMES} names. */
  public NameCounts() {
    this(MAX_NAMES);
  }

  /** Counts of up to that many names. */
  public NameCounts(int most) {
    this.most = most;
  }

  /**
   * Entries of a name.
   *
   * @param name the name
   */
  public record Count(String name, long entries) {}

  /** Counts an entry of that name. */
  public void add(String name) {
    if (counts.size() < most || counts.containsKey(name)) {
      counts.merge(name, 1L, Long::sum);
    } else {
      others++;
    }
  }

  /** How many names there are, apart from the uncounted. */
  public int names() {
    return counts.size();
  }

  /** Entries whose name is not counted apart. */
  public long others() {
    return others;
  }

  /** The names with most entries, those with most first. */
  public List<Count> top(int wanted) {
    return counts.entrySet().stream()
        .map(count -> new Count(count.getKey(), count.getValue()))
        .sorted(Comparator.comparingLong(Count::entries).reversed().thenComparing(Count::name))
        .limit(wanted)
        .toList();
  }
}
