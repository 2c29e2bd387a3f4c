package dev.indelible.server.retention;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Texts that name a person and that no erasure reaches: facts of entries, and changes of the
 * configuration, which the control log keeps for good. For whoever approves an erasure.
 *
 * @param entries how many entries have such a fact
 * @param entryIds the ids of the first of them, {@link #MAX_NAMED} at most
 * @param changed things that were named so in the configuration, {@link #MAX_NAMED} at most
 * @param complete whether {@code entryIds} and {@code changed} have all of them
 */
public record StayingTexts(
    long entries, List<String> entryIds, List<Changed> changed, boolean complete) {

  /** The most entries and objects that are named, each. */
  public static final int MAX_NAMED = 100;

  public StayingTexts {
    entryIds = List.copyOf(entryIds);
    changed = List.copyOf(changed);
  }

  /**
   * An object of the configuration whose changes name the person.
   *
   * @param kind such as {@code hold}
   * @param id its id
   * @param fields in which texts, such as {@code query}; {@code reason} is that of a change
   */
  public record Changed(String kind, String id, Set<String> fields) {
    public Changed {
      fields = java.util.Collections.unmodifiableSet(new TreeSet<>(fields));
    }
  }

  /** Collects them, one after another. */
  static final class Builder {

    private final List<String> entryIds = new ArrayList<>();
    private final Map<String, Changed> changed = new LinkedHashMap<>();
    private long entries;
    private boolean complete = true;

    void add(String entryId) {
      entries++;
      if (entryIds.size() < MAX_NAMED) {
        entryIds.add(entryId);
      } else {
        complete = false;
      }
    }

    void add(String kind, String id, Set<String> fields) {
      String key = kind + "/" + id;
      Changed before = changed.get(key);
      if (before == null && changed.size() >= MAX_NAMED) {
        complete = false;
        return;
      }
      Set<String> all = new TreeSet<>(fields);
      if (before != null) {
        all.addAll(before.fields());
      }
      changed.put(key, new Changed(kind, id, all));
    }

    StayingTexts build() {
      return new StayingTexts(entries, entryIds, new ArrayList<>(changed.values()), complete);
    }
  }
}
