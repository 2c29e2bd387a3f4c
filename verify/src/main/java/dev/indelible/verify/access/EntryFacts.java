package dev.indelible.verify.access;

import dev.indelible.verify.audit.Json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One entry's facts and personal part ({@code docs/formats/parts.md}), as far as access is read
 * from them. Whom an entry is about is read from the facts alone, so that a copy of the log without
 * what is personal yields the same people; names come from the personal part.
 */
final class EntryFacts {

  /** In compact JSON, where quotes are escaped, this cannot be within a string. */
  private static final byte[] ACTION = "\"action\":\"".getBytes(StandardCharsets.US_ASCII);

  private final Map<String, Object> facts;
  private final Map<String, Object> personal;
  private final long recordedAtMillis;

  private EntryFacts(
      Map<String, Object> facts, Map<String, Object> personal, long recordedAtMillis) {
    this.facts = facts;
    this.personal = personal;
    this.recordedAtMillis = recordedAtMillis;
  }

  /** Reads both parts. */
  static EntryFacts read(
      JsonTree tree, byte[] facts, int length, byte @Nullable [] personal, long recordedAtMillis)
      throws MalformedJsonException {
    Map<String, Object> read = tree.object(facts, length);
    Map<String, Object> names =
        personal == null ? Map.of() : tree.object(personal, personal.length);
    return new EntryFacts(read, names, recordedAtMillis);
  }

  /** The action of facts, found without reading all of them; empty when there is none. */
  static String action(byte[] facts, int length) {
    int last = length - ACTION.length;
    for (int i = 0; i <= last; i++) {
      if (facts[i] == '"' && facts[i + 1] == 'a' && isAt(facts, i)) {
        int from = i + ACTION.length;
        int to = from;
        while (to < length && facts[to] != '"') {
          to++;
        }
        return new String(facts, from, to - from, StandardCharsets.UTF_8);
      }
    }
    return "";
  }

  private static boolean isAt(byte[] facts, int at) {
    for (int i = 0; i < ACTION.length; i++) {
      if (facts[at + i] != ACTION[i]) {
        return false;
      }
    }
    return true;
  }

  String id() {
    return text(facts, "id");
  }

  @Nullable String account() {
    return JsonTree.text(facts.get("account"));
  }

  /** Whether what the entry tells of took place; producers need not say so. */
  boolean succeeded() {
    String outcome = JsonTree.text(facts.get("outcome"));
    return !"failure".equals(outcome);
  }

  /** Time at which it happened; never after it was recorded. */
  long atMillis() {
    long occurred = millis(facts.get("occurred_at"));
    return occurred < 0 ? recordedAtMillis : Math.min(occurred, recordedAtMillis);
  }

  Map<String, Object> details() {
    return JsonTree.map(facts.get("details"));
  }

  /** Milliseconds of a time as entries write it; negative when it is none. */
  static long millis(@Nullable Object time) {
    String text = JsonTree.text(time);
    if (text == null) {
      return -1;
    }
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (DateTimeParseException e) {
      return -1;
    }
  }

  /** The actor, such as {@code user/u_1}. */
  String by() {
    Map<String, Object> actor = JsonTree.map(facts.get("actor"));
    String id = identity(actor);
    return id == null ? text(actor, "type") : text(actor, "type") + "/" + id;
  }

  /**
   * A person that an entry names.
   *
   * @param type {@code user} for people, else the actor's type
   * @param id as the facts have it: where ids are hashed, the hash
   * @param name their name, or null
   */
  record Named(String type, String id, @Nullable String name) {}

  /** The first of the places that the entry has. */
  @Nullable Named person(List<String> places) {
    for (String place : places) {
      Named found = person(place);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private @Nullable Named person(String place) {
    if (place.equals("actor")) {
      Map<String, Object> actor = JsonTree.map(facts.get("actor"));
      String id = identity(actor);
      return id == null
          ? null
          : new Named(
              text(actor, "type"),
              id,
              JsonTree.text(JsonTree.map(personal.get("actor")).get("name")));
    }
    if (place.startsWith("target")) {
      int at = target(place);
      if (at < 0) {
        return null;
      }
      List<Object> names = JsonTree.list(personal.get("targets"));
      String name =
          at < names.size() ? JsonTree.text(JsonTree.map(names.get(at)).get("name")) : null;
      return new Named("user", targetId(at), name);
    }
    List<String> found = values(List.of(place));
    return found.isEmpty() ? null : new Named("user", found.get(0), null);
  }

  private static @Nullable String identity(Map<String, Object> actor) {
    String hash = JsonTree.text(actor.get("id_hash"));
    return hash == null ? JsonTree.text(actor.get("id")) : hash;
  }

  private int target(String place) {
    List<Object> targets = JsonTree.list(facts.get("targets"));
    if (place.equals("target")) {
      return targets.isEmpty() ? -1 : 0;
    }
    String type = place.substring("target.".length());
    for (int i = 0; i < targets.size(); i++) {
      if (type.equals(JsonTree.map(targets.get(i)).get("type"))) {
        return i;
      }
    }
    return -1;
  }

  private String targetId(int at) {
    return text(JsonTree.map(JsonTree.list(facts.get("targets")).get(at)), "id");
  }

  /** The values of the first of the places that the entry has; none when it has none. */
  List<String> values(List<String> places) {
    for (String place : places) {
      List<String> found = values(place);
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  private List<String> values(String place) {
    if (place.startsWith("=")) {
      return List.of(place.substring(1));
    }
    if (place.equals("session")) {
      return flat(JsonTree.map(facts.get("context")).get("session_id"));
    }
    if (place.equals("account")) {
      return flat(facts.get("account"));
    }
    if (place.startsWith("target")) {
      int at = target(place);
      return at < 0 ? List.of() : List.of(targetId(at));
    }
    if (place.startsWith("details.")) {
      Object value = facts.get("details");
      for (String name : place.substring("details.".length()).split("\\.", -1)) {
        value = JsonTree.map(value).get(name);
      }
      return flat(value);
    }
    return changed(place);
  }

  private List<String> changed(String place) {
    int dot = place.indexOf('.');
    String side = dot < 0 ? place : place.substring(0, dot);
    String field = dot < 0 ? null : place.substring(dot + 1);
    for (Object element : JsonTree.list(facts.get("changes"))) {
      Map<String, Object> change = JsonTree.map(element);
      if (field == null || isField(text(change, "field"), field)) {
        return change.containsKey(side) ? flat(change.get(side)) : List.of();
      }
    }
    return List.of();
  }

  /** Whether a changed field is meant: by its whole name, or by its last part. */
  private static boolean isField(String changed, String field) {
    return changed.equals(field)
        || (changed.endsWith(field)
            && changed.length() > field.length()
            && "./".indexOf(changed.charAt(changed.length() - field.length() - 1)) >= 0);
  }

  /** Texts of a value: of a list each element, of an object its members in one text. */
  private static List<String> flat(@Nullable Object value) {
    if (value == null) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object element : list) {
        texts.add(one(element));
      }
    } else {
      texts.add(one(value));
    }
    texts.removeIf(String::isEmpty);
    return texts;
  }

  private static String one(@Nullable Object value) {
    if (value instanceof Map) {
      List<String> members = new ArrayList<>();
      new TreeMap<>(JsonTree.map(value))
          .forEach((name, member) -> members.add(name + "=" + one(member)));
      return String.join(" ", members);
    }
    if (value instanceof List<?> list) {
      return String.join("+", list.stream().map(EntryFacts::one).toList());
    }
    return String.valueOf(value);
  }

  private static String text(Map<String, Object> object, String name) {
    String text = JsonTree.text(object.get(name));
    return text == null ? "" : text;
  }
}
