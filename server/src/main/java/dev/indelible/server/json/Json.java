package dev.indelible.server.json;

import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writes members of JSON objects that many documents have. */
public final class Json {

  private Json() {}

  /** Writes an array of texts. */
  public static void texts(JsonGenerator json, String name, Collection<String> values) {
    json.writeArrayPropertyStart(name);
    values.forEach(json::writeString);
    json.writeEndArray();
  }

  /** A member that is JSON already. */
  public static void tree(JsonGenerator json, String name, JsonNode value) {
    json.writeName(name);
    JsonMapper.shared().writeTree(json, value);
  }

  /** Writes a text, or nothing when there is none. */
  public static void text(JsonGenerator json, String field, @Nullable String value) {
    if (value != null) {
      json.writeStringProperty(field, value);
    }
  }

  /** Writes a time (RFC 3339, UTC), or nothing when there is none. */
  public static void time(JsonGenerator json, String name, @Nullable Instant time) {
    if (time != null) {
      json.writeStringProperty(name, Rfc3339.format(time));
    }
  }
}
