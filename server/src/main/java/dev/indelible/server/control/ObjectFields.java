package dev.indelible.server.control;

import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The members of a JSON object in a control record. A member that is missing, though records always
 * have it, is an {@link IllegalStateException} that names it.
 *
 * @param json the object
 */
record ObjectFields(JsonNode json) {

  JsonNode required(String field) {
    JsonNode value = json.get(field);
    if (value == null) {
      throw new IllegalStateException("control record without " + field);
    }
    return value;
  }

  /** Whether it has the member. */
  boolean has(String field) {
    return json.has(field);
  }

  String text(String field) {
    return required(field).stringValue();
  }

  @Nullable String optionalText(String field) {
    JsonNode value = json.get(field);
    return value == null ? null : value.stringValue();
  }

  /** The tenant that the object belongs to. */
  TenantId tenant() {
    return new TenantId(text("tenant"));
  }

  Instant instant(String field) {
    return Instant.parse(text(field));
  }

  @Nullable Instant optionalInstant(String field) {
    String value = optionalText(field);
    return value == null ? null : Instant.parse(value);
  }

  boolean flag(String field) {
    return required(field).booleanValue();
  }

  /** A switch: off without the member. */
  boolean isOn(String field) {
    return json.path(field).asBoolean(false);
  }

  @Nullable Integer optionalNumber(String field) {
    return json.has(field) ? json.path(field).intValue() : null;
  }

  Set<String> texts(String field) {
    return new TreeSet<>(list(required(field)));
  }

  List<String> list(String field) {
    return list(required(field));
  }

  /** The texts of a list; none without the member. */
  List<String> listOrEmpty(String field) {
    return list(json.path(field));
  }

  /** The texts of a list; null without the member. */
  @Nullable List<String> optionalList(String field) {
    return json.has(field) ? list(json.path(field)) : null;
  }

  private static List<String> list(JsonNode array) {
    List<String> result = new ArrayList<>();
    array.forEach(element -> result.add(element.stringValue()));
    return result;
  }

  // ---- To write them.

  static void putIfPresent(ObjectNode json, String field, @Nullable Object value) {
    if (value != null) {
      json.put(field, value.toString());
    }
  }

  static void putAll(ObjectNode json, String field, Iterable<String> values) {
    ArrayNode array = json.putArray(field);
    values.forEach(array::add);
  }
}
