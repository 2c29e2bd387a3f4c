package dev.indelible.server.takeout.file;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Cells of an entry in a printed table; long texts are shortened, and said to be. */
final class PdfRow {

  /** The most characters of a text in the table. */
  static final int MAX_CHARACTERS = 160;

  /** The most targets, and the most changes, that are written out. */
  static final int MAX_ITEMS = 3;

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  private final FileWords words;
  private final ZoneId zone;
  private final Function<Entry, String> sentence;

  /**
   * Rows of a table.
   *
   * @param sentence says what an entry tells of
   */
  PdfRow(FileWords words, ZoneId zone, Function<Entry, String> sentence) {
    this.words = words;
    this.zone = zone;
    this.sentence = sentence;
  }

  /** The cells of when, who, what, on what, how it ended and which entry. */
  List<List<String>> of(Entry entry) {
    Event event = entry.event();
    return List.of(
        when(entry),
        who(event.actor()),
        what(entry),
        items(event.targets(), this::target),
        outcome(event),
        List.of(Long.toString(entry.seq()), shown(entry.id())));
  }

  private List<String> when(Entry entry) {
    var time = entry.occurredAt().atZone(zone);
    return List.of(DAY.format(time), TIME.format(time));
  }

  /** Name, and type with id, of who acted. */
  List<String> who(Event.Actor actor) {
    List<String> lines = new ArrayList<>(party(actor.type(), actor.id(), actor.name()));
    for (Event.Principal principal : actor.chain()) {
      lines.add(words.of("on_behalf_of"));
      lines.addAll(party(principal.type(), principal.id(), principal.name()));
    }
    return lines;
  }

  private List<String> party(Event.ActorType type, @Nullable String id, @Nullable String name) {
    String itself = type.jsonName() + (id == null ? "" : ":" + shown(id));
    return name == null ? List.of(itself) : List.of(shown(name), itself);
  }

  /** The sentence, as the viewer has it, above the action's name and the facts. */
  private List<String> what(Entry entry) {
    Event event = entry.event();
    List<String> lines = new ArrayList<>();
    lines.add(shown(sentence.apply(entry)));
    lines.add(event.action());
    lines.addAll(items(event.changes(), this::change));
    if (event.reason() != null) {
      lines.add(words.of("reason") + ": " + shown(event.reason()));
    }
    return lines;
  }

  private List<String> change(Event.Change change) {
    return List.of(
        shown(change.field()) + ": " + shown(change.before()) + " → " + shown(change.after()));
  }

  private List<String> target(Event.Target target) {
    String itself = target.type() + ":" + shown(target.id());
    return target.name() == null ? List.of(itself) : List.of(shown(target.name()), itself);
  }

  private List<String> outcome(Event event) {
    String outcome = words.of("outcome." + event.outcome().jsonName());
    return event.outcomeReason() == null
        ? List.of(outcome)
        : List.of(outcome, shown(event.outcomeReason()));
  }

  /** Lines of an item. */
  private interface Lines<T> {
    List<String> of(T item);
  }

  private <T> List<String> items(List<T> items, Lines<T> lines) {
    List<String> all = new ArrayList<>();
    items.stream().limit(MAX_ITEMS).forEach(item -> all.addAll(lines.of(item)));
    if (items.size() > MAX_ITEMS) {
      all.add(words.of("more", Integer.toString(items.size() - MAX_ITEMS)));
    }
    return all;
  }

  private String shown(@Nullable JsonNode value) {
    if (value == null) {
      return "–";
    }
    return shown(value.isString() ? value.stringValue() : value.toString());
  }

  /** The text, or its beginning and how many characters are missing. */
  String shown(String text) {
    int characters = text.codePointCount(0, text.length());
    if (characters <= MAX_CHARACTERS) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, MAX_CHARACTERS))
        + " "
        + words.of("shortened", words.number(characters - MAX_CHARACTERS));
  }
}
