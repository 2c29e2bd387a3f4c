package dev.indelible.server.evidence.story;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.search.Found;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Events in the order in which they happened; the same again and again is one passage: "47 failed
 * sign-ins, 03:10 to 03:17". Immutable.
 *
 * @param passages in order
 * @param entries how many entries they tell
 * @param complete whether these are all; otherwise the story breaks off after the most it tells
 */
public record Story(List<Passage> passages, long entries, boolean complete) {

  /** The most entries that a story tells. */
  public static final int MAX_ENTRIES = 5_000;

  /** Longest time between two entries of one passage. */
  public static final Duration MAX_PAUSE = Duration.ofMinutes(15);

  /** Fewest entries in a row that are folded into one passage. */
  public static final int LEAST_FOLDED = 3;

  public Story {
    passages = List.copyOf(passages);
  }

  /**
   * One entry, or several in a row that say the same.
   *
   * @param first the first, or only, entry
   * @param last the last entry
   * @param count how many they are
   * @param ids ids of all of them, in order
   */
  public record Passage(Found first, Found last, int count, List<String> ids) {
    public Passage {
      ids = List.copyOf(ids);
    }

    /** Time of the first entry. */
    public Instant from() {
      return first.shown().occurredAt();
    }

    /** Time of the last entry. */
    public Instant to() {
      return last.shown().occurredAt();
    }
  }

  /** Tells entries, which are in the order in which they happened. */
  public static Story of(List<Found> entries, boolean complete) {
    List<Passage> passages = new ArrayList<>();
    List<Found> row = new ArrayList<>();
    for (Found entry : entries) {
      if (!row.isEmpty() && !goesOn(row.getLast().shown(), entry.shown())) {
        end(row, passages);
      }
      row.add(entry);
    }
    end(row, passages);
    return new Story(passages, entries.size(), complete);
  }

  private static void end(List<Found> row, List<Passage> passages) {
    if (row.size() >= LEAST_FOLDED) {
      passages.add(
          new Passage(
              row.getFirst(),
              row.getLast(),
              row.size(),
              row.stream().map(entry -> entry.shown().id()).toList()));
    } else {
      row.forEach(entry -> passages.add(new Passage(entry, entry, 1, List.of(entry.shown().id()))));
    }
    row.clear();
  }

  /** Whether an entry says the same as the one before, soon after it, and changes nothing. */
  private static boolean goesOn(Entry before, Entry entry) {
    Event one = before.event();
    Event other = entry.event();
    return one.action().equals(other.action())
        && one.outcome() == other.outcome()
        && one.changes().isEmpty()
        && other.changes().isEmpty()
        && same(one.actor(), other.actor())
        && targets(one).equals(targets(other))
        && Objects.equals(one.account(), other.account())
        && Duration.between(before.occurredAt(), entry.occurredAt()).compareTo(MAX_PAUSE) <= 0;
  }

  private static boolean same(Event.Actor one, Event.Actor other) {
    return one.type() == other.type()
        && Objects.equals(one.id(), other.id())
        && Objects.equals(one.idHash(), other.idHash());
  }

  private static List<String> targets(Event event) {
    return event.targets().stream()
        .map(target -> target.type() + "/" + target.id() + "/" + target.idHash())
        .toList();
  }
}
