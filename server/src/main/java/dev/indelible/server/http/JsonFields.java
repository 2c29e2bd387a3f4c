package dev.indelible.server.http;

import dev.indelible.server.http.ProblemException.Fault;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a small JSON object in a request: collects everything that is wrong with them, then
 * says it at once.
 *
 * <p>Unknown fields are faults. A value that was found faulty is returned as null.
 */
public final class JsonFields {

  /** The most elements of a list of texts. */
  static final int MAX_TEXTS = 100;

  /** The fields whose texts may hold tabs and ends of lines. */
  private static final Set<String> LONGER_TEXTS =
      Set.of(
          "reason",
          "query",
          "filter",
          "value",
          "map",
          "checkpoint",
          "look_for",
          "findings",
          "what",
          "with");

  private final JsonNode object;
  private final List<Fault> faults;
  private final String path;

  private JsonFields(JsonNode object, List<Fault> faults, String path) {
    this.object = object;
    this.faults = faults;
    this.path = path;
  }

  /** Whether a field has to be there. */
  public enum Field {
    REQUIRED,
    OPTIONAL
  }

  public static JsonFields of(JsonNode json, String... known) {
    if (!json.isObject()) {
      throw new ProblemException(400, "wrong_type", "The body must be a JSON object.");
    }
    JsonFields fields = new JsonFields(json, new ArrayList<>(), "");
    fields.requireKnown(known);
    return fields;
  }

  private void requireKnown(String... known) {
    for (String name : object.propertyNames()) {
      if (!List.of(known).contains(name)) {
        fault(
            name,
            "unknown_field",
            "There is no such field; there are " + String.join(", ", known) + ".");
      }
    }
  }

  /** The fields of an object in a field, whose faults are said with this one's; null without it. */
  public @Nullable JsonFields object(String name, Field presence, String... known) {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      if (presence == Field.REQUIRED) {
        fault(name, "missing", "This field is required.");
      }
      return null;
    }
    return child(name, value, known);
  }

  private @Nullable JsonFields child(String name, JsonNode value, String... known) {
    if (!value.isObject()) {
      fault(name, "wrong_type", "This must be an object.");
      return null;
    }
    JsonFields fields = new JsonFields(value, faults, path + "/" + name);
    fields.requireKnown(known);
    return fields;
  }

  /** The fields of each object in a list of at most {@code most}. */
  public List<JsonFields> objects(String name, int most, String... known) {
    JsonNode value = object.get(name);
    List<JsonFields> result = new ArrayList<>();
    if (value == null || value.isNull()) {
      return result;
    }
    if (!value.isArray() || value.size() > most) {
      fault(name, "wrong_type", "This must be a list of at most " + most + " objects.");
      return result;
    }
    for (int i = 0; i < value.size(); i++) {
      JsonFields fields = child(name + "/" + i, value.get(i), known);
      if (fields != null) {
        result.add(fields);
      }
    }
    return result;
  }

  /** Whether the field is there, if only as null. */
  public boolean has(String name) {
    return object.has(name);
  }

  /** True or false; null when the field is missing or null. */
  public @Nullable Boolean flag(String name) {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isBoolean()) {
      fault(name, "wrong_type", "This must be true or false.");
      return null;
    }
    return value.booleanValue();
  }

  /** An ISO 8601 duration within bounds, such as {@code PT15M}. */
  public Duration duration(String name, Duration least, Duration most, Duration fallback) {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      return fallback;
    }
    try {
      if (value.isString()) {
        Duration duration = Duration.parse(value.stringValue());
        if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
          return duration;
        }
        fault(name, "out_of_range", "This must be from " + least + " to " + most + ".");
        return fallback;
      }
    } catch (DateTimeException e) {
      // said below
    }
    fault(name, "bad_format", "This must be an ISO 8601 duration such as PT15M.");
    return fallback;
  }

  public void fault(String field, String code, String detail) {
    faults.add(Fault.at(path + "/" + field, code, detail));
  }

  public @Nullable String text(String name, Field presence, int maxLength) {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      if (presence == Field.REQUIRED) {
        fault(name, "missing", "This field is required.");
      }
      return null;
    }
    if (!value.isString()) {
      fault(name, "wrong_type", "This must be a text.");
      return null;
    }
    String text = value.stringValue();
    if (text.isBlank() || text.length() > maxLength) {
      fault(name, "too_long", "This must have 1 to " + maxLength + " characters.");
      return null;
    }
    if (text.codePoints().anyMatch(c -> isControl(c, name))) {
      fault(name, "bad_format", "This must not hold control characters.");
      return null;
    }
    return text;
  }

  /** Names go into lists, files and terminals; in longer texts lines may end. */
  private static boolean isControl(int character, String field) {
    boolean layout = character == '\n' || character == '\r' || character == '\t';
    return Character.isISOControl(character) && !(layout && LONGER_TEXTS.contains(field));
  }

  /** A text that may be empty; a missing one is. */
  public String textOrEmpty(String name, int maxLength) {
    JsonNode value = object.get(name);
    if (value != null && value.isString() && value.stringValue().isBlank()) {
      return "";
    }
    return Objects.requireNonNullElse(text(name, Field.OPTIONAL, maxLength), "");
  }

  /** A whole number from 0; null when the field is missing or null. */
  public @Nullable Long number(String name, Field presence) {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      if (presence == Field.REQUIRED) {
        fault(name, "missing", "This field is required.");
      }
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      fault(name, "wrong_type", "This must be a whole number from 0.");
      return null;
    }
    return value.longValue();
  }

  public String choice(String name, List<String> choices, String fallback) {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      return fallback;
    }
    if (!value.isString() || !choices.contains(value.stringValue())) {
      fault(name, "unknown_value", "This must be one of " + String.join(", ", choices) + ".");
      return fallback;
    }
    return value.stringValue();
  }

  public List<String> texts(String name) {
    JsonNode value = object.get(name);
    List<String> result = new ArrayList<>();
    if (value == null || value.isNull()) {
      return result;
    }
    if (!value.isArray() || value.size() > MAX_TEXTS) {
      fault(name, "wrong_type", "This must be a list of at most " + MAX_TEXTS + " texts.");
      return result;
    }
    for (JsonNode element : value) {
      if (!element.isString()) {
        fault(name, "wrong_type", "This must be a list of texts.");
        return List.of();
      }
      if (element.stringValue().isEmpty()) {
        fault(name + "/" + result.size(), "bad_format", "This is an empty text.");
        return List.of();
      }
      result.add(element.stringValue());
    }
    return result;
  }

  public @Nullable Instant instant(String name) {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    try {
      if (value.isString()) {
        return OffsetDateTime.parse(value.stringValue()).toInstant();
      }
    } catch (DateTimeException e) {
      // said below
    }
    fault(name, "bad_format", "This must be an RFC 3339 time such as 2026-11-20T10:00:00.000Z.");
    return null;
  }

  /** Says everything that is wrong, if anything is. */
  public void check() {
    if (!faults.isEmpty()) {
      Fault first = faults.getFirst();
      throw new ProblemException(422, "invalid", first.pointer() + ": " + first.detail())
          .withFaults(faults);
    }
  }
}
