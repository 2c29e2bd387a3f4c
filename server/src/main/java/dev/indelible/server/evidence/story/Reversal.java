package dev.indelible.server.evidence.story;

import dev.indelible.server.event.Event;
import dev.indelible.server.event.Event.Change;
import dev.indelible.server.search.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The change that undoes what an entry says, as far as the entry tells what was before. It is an
 * aid for people: nothing here changes anything. Immutable.
 *
 * @param entry the entry
 * @param inverse the changes that lead back, in the order of the entry's
 * @param unknown changed fields of which the entry does not say what was before
 * @param later entries that changed one of the fields of the same object afterwards, oldest first
 * @param allLater whether these are all of them
 */
public record Reversal(
    Found entry, List<Change> inverse, List<String> unknown, List<Found> later, boolean allLater) {

  /** The most later entries that are listed. */
  public static final int MAX_LATER = 100;

  public Reversal {
    inverse = List.copyOf(inverse);
    unknown = List.copyOf(unknown);
    later = List.copyOf(later);
  }

  /** The inverse of the changes that an entry has a value before for. */
  static List<Change> inverse(Event event) {
    List<Change> inverse = new ArrayList<>();
    for (Change change : event.changes()) {
      if (change.before() != null) {
        inverse.add(new Change(change.field(), change.after(), change.before()));
      }
    }
    return inverse;
  }

  /** Changed fields of which nothing is said of before. */
  static List<String> unknown(Event event) {
    return event.changes().stream()
        .filter(change -> change.before() == null)
        .map(Change::field)
        .toList();
  }

  /** The object that was changed. */
  public Optional<Event.Target> target() {
    return entry.shown().event().targets().stream().findFirst();
  }

  /** The inverse in words, a sentence for each field, in a language. */
  public List<String> words(boolean german) {
    String object =
        target().map(target -> target.type() + "/" + target.id()).orElse(german ? "?" : "it");
    List<String> words = new ArrayList<>();
    for (Change change : inverse) {
      String back = text(change.after());
      String now = text(change.before());
      words.add(
          german
              ? "Setzen Sie %s von %s%s zurück auf %s."
                  .formatted(
                      change.field(), object, now.isEmpty() ? "" : ", jetzt " + now + ",", back)
              : "Set %s of %s back to %s%s."
                  .formatted(
                      change.field(), object, back, now.isEmpty() ? "" : "; it became " + now));
    }
    return words;
  }

  private static String text(@org.jspecify.annotations.Nullable JsonNode value) {
    return value == null ? "" : value.toString();
  }
}
