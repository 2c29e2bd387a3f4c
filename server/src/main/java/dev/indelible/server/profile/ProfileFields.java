package dev.indelible.server.profile;

import dev.indelible.server.event.Problem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One object of a profile, read strictly: every value is asked for with its type, and a name that
 * nobody asks for is a problem. All problems are collected; a value that has one is returned as
 * something empty, so that reading goes on.
 */
final class ProfileFields {

  /** The most problems that are told of. */
  static final int MAX_PROBLEMS = 100;

  private final JsonNode object;
  private final String pointer;
  private final List<Problem> problems;
  private final Set<String> asked = new LinkedHashSet<>();

  private ProfileFields(JsonNode node, String pointer, List<Problem> problems) {
    this.pointer = pointer;
    this.problems = problems;
    if (node.isObject()) {
      this.object = node;
    } else {
      this.object = JsonNodeFactory.instance.objectNode();
      report(problems, pointer, Problem.Code.WRONG_TYPE, "must be names with values");
    }
  }

  /** The object that a whole document is. */
  static ProfileFields of(JsonNode root, List<Problem> problems) {
    return new ProfileFields(root, "", problems);
  }

  /** The pointer of a member of what {@code pointer} is of (RFC 6901). */
  static String child(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  static void report(List<Problem> problems, String pointer, Problem.Code code, String detail) {
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(new Problem(pointer, code, detail));
    }
  }

  /** A problem with a member of this object. */
  void fault(String key, Problem.Code code, String detail) {
    report(problems, child(pointer, key), code, detail);
  }

  /** A problem with an element of a list of this object. */
  void fault(String key, int index, Problem.Code code, String detail) {
    fault(key, Integer.toString(index), code, detail);
  }

  /** A problem with something deeper in a member of this object. */
  void fault(String key, String path, Problem.Code code, String detail) {
    report(problems, child(pointer, key) + "/" + path, code, detail);
  }

  String pointerOf(String key) {
    return child(pointer, key);
  }

  private @Nullable JsonNode ask(String key) {
    asked.add(key);
    JsonNode value = object.get(key);
    return value == null || value.isNull() ? null : value;
  }

  private @Nullable JsonNode demand(String key) {
    JsonNode value = ask(key);
    if (value == null) {
      report(problems, pointer, Problem.Code.MISSING, "\"" + key + "\" is missing");
    }
    return value;
  }

  boolean has(String key) {
    return ask(key) != null;
  }

  /** Value of any type, or null. */
  @Nullable JsonNode any(String key) {
    return ask(key);
  }

  String text(String key) {
    JsonNode value = demand(key);
    if (value == null) {
      return "";
    }
    if (!value.isString()) {
      fault(key, Problem.Code.WRONG_TYPE, "must be a text");
      return "";
    }
    return value.stringValue().strip();
  }

  boolean flag(String key, boolean absent) {
    JsonNode value = ask(key);
    if (value == null) {
      return absent;
    }
    if (!value.isBoolean()) {
      fault(key, Problem.Code.WRONG_TYPE, "must be true or false");
      return absent;
    }
    return value.booleanValue();
  }

  int integer(String key, int least, int most) {
    JsonNode value = demand(key);
    if (value == null) {
      return least;
    }
    if (!value.isIntegralNumber()) {
      fault(key, Problem.Code.WRONG_TYPE, "must be an integer");
      return least;
    }
    if (!value.canConvertToInt() || value.intValue() < least || value.intValue() > most) {
      fault(key, Problem.Code.OUT_OF_RANGE, "must be from " + least + " to " + most);
      return least;
    }
    return value.intValue();
  }

  /** A text with a form of its own; {@code otherwise} when it is not of that form. */
  <T> T value(String key, Function<String, T> reader, T otherwise) {
    int before = problems.size();
    String text = text(key);
    if (problems.size() == before) {
      try {
        return reader.apply(text);
      } catch (IllegalArgumentException malformed) {
        fault(key, Problem.Code.BAD_FORMAT, String.valueOf(malformed.getMessage()));
      }
    }
    return otherwise;
  }

  /** Texts without doubles; none when the key is absent. */
  List<String> texts(String key) {
    Set<String> texts = new LinkedHashSet<>();
    int index = 0;
    for (JsonNode element : elements(key)) {
      if (!element.isString()) {
        fault(key, index, Problem.Code.WRONG_TYPE, "must be a text");
      } else if (!texts.add(element.stringValue().strip())) {
        fault(key, index, Problem.Code.INVALID, "\"" + element.stringValue() + "\" occurs twice");
      }
      index++;
    }
    return List.copyOf(texts);
  }

  /** Objects, each read whole; none when the key is absent. */
  <T> List<T> objects(String key, Function<ProfileFields, T> reader) {
    List<T> list = new ArrayList<>();
    for (JsonNode element : elements(key)) {
      list.add(read(element, child(pointer, key) + "/" + list.size(), reader));
    }
    return list;
  }

  /** One object, read whole. */
  <T> T object(String key, Function<ProfileFields, T> reader) {
    JsonNode value = demand(key);
    // What an absent object lacks is not worth saying.
    return value == null
        ? reader.apply(
            new ProfileFields(JsonNodeFactory.instance.objectNode(), pointer, new ArrayList<>()))
        : read(value, child(pointer, key), reader);
  }

  private <T> T read(JsonNode node, String at, Function<ProfileFields, T> reader) {
    ProfileFields fields = new ProfileFields(node, at, problems);
    T value = reader.apply(fields);
    fields.end();
    return value;
  }

  private List<JsonNode> elements(String key) {
    JsonNode value = ask(key);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      fault(key, Problem.Code.WRONG_TYPE, "must be a list");
      return List.of();
    }
    return List.copyOf(value.values());
  }

  /** Finds fault with names that nobody asked for. */
  void end() {
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (!asked.contains(member.getKey())) {
        fault(
            member.getKey(),
            Problem.Code.UNKNOWN_FIELD,
            "is not known here; known are " + String.join(", ", asked));
      }
    }
  }
}
