package dev.indelible.cli.reconcile;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One entry as a receiver has it.
 *
 * @param tenant whose entry, or null where it does not say
 * @param id the entry's id, or null where it does not say
 * @param seq its number in the tenant's log; -1 where it does not say
 * @param form how much of the entry is there
 * @param body what is compared with the log; null where there is nothing but names
 */
record Received(
    @Nullable String tenant, @Nullable String id, long seq, Form form, @Nullable JsonNode body) {

  /** How much of an entry there is. */
  enum Form {
    /** An id and a number: enough to tell that the entry is there, not whether it was altered. */
    NAMED,
    /** The whole entry, as the API gives it. */
    WHOLE,
    /** The whole entry in the stream's format, without its place in the log's tree. */
    FORMED,
    /** A line of a verifiable export: its parts and its leaf. */
    LEAF
  }

  /** Wrappings within wrappings that are looked into. */
  private static final int MAX_WRAPPINGS = 4;

  /**
   * The entries in one JSON value: an entry, a CloudEvent, an OCSF or ECS event, a line of a
   * verifiable export, an object with {@code id} and {@code seq}, or what receivers wrap these in
   * (a webhook's body, a document of a search engine, an envelope of Splunk's).
   */
  static List<Received> of(JsonNode value) {
    List<Received> found = new ArrayList<>();
    collect(value, null, MAX_WRAPPINGS, found);
    return found;
  }

  private static void collect(
      JsonNode value, @Nullable String tenant, int wrappings, List<Received> found) {
    JsonNode entries = value.path("entries");
    if (entries.isArray() && wrappings > 0) {
      String of = text(value, "tenant", tenant);
      entries.forEach(each -> collect(each, of, wrappings - 1, found));
      return;
    }
    JsonNode inside = wrappings > 0 ? inside(value) : null;
    if (inside != null) {
      collect(inside, tenant, wrappings - 1, found);
      return;
    }
    found.add(single(value, tenant));
  }

  /** The value that this one is only the wrapping of; null when it is none. */
  private static @Nullable JsonNode inside(JsonNode value) {
    for (String name : new String[] {"_source", "event"}) {
      JsonNode inside = value.path(name);
      if (inside.isObject() && !value.has("ecs") && !value.has("class_uid") && !isNative(value)) {
        return inside;
      }
    }
    return null;
  }

  private static Received single(JsonNode value, @Nullable String tenant) {
    if (value.has("specversion")) {
      return cloudEvent(value, tenant);
    }
    if (value.has("class_uid")) {
      JsonNode metadata = value.path("metadata");
      return new Received(
          text(metadata, "tenant_uid", tenant),
          text(metadata, "uid", null),
          seq(metadata.path("sequence")),
          Form.FORMED,
          Integrity.without(value));
    }
    if (value.has("ecs")) {
      JsonNode event = value.path("event");
      return new Received(
          text(value.path("organization"), "id", tenant),
          text(event, "id", null),
          seq(event.path("sequence")),
          Form.FORMED,
          Integrity.without(value));
    }
    if (value.has("leaf") && value.has("state")) {
      return new Received(tenant, null, seq(value.path("seq")), Form.LEAF, value);
    }
    return new Received(
        text(value, "tenant", tenant),
        text(value, "id", text(value, "entry_id", null)),
        seq(value.path("seq")),
        isNative(value) ? Form.WHOLE : Form.NAMED,
        isNative(value) ? value : null);
  }

  private static Received cloudEvent(JsonNode value, @Nullable String tenant) {
    JsonNode data = value.path("data");
    if (isNative(data)) {
      return single(data, text(value, "tenant", tenant));
    }
    return new Received(
        text(value, "tenant", tenant),
        text(value, "id", null),
        seq(value.path("sequence")),
        Form.NAMED,
        null);
  }

  /** Whether it is an entry as the API gives it. */
  private static boolean isNative(JsonNode value) {
    return value.path("action").isString()
        && value.path("actor").isObject()
        && value.has("recorded_at");
  }

  /** A number, or a number as text, as some forms carry it. */
  private static long seq(JsonNode value) {
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return Math.max(-1, value.longValue());
    }
    if (value.isString() && value.stringValue().matches("\\d{1,18}")) {
      return Long.parseLong(value.stringValue());
    }
    return -1;
  }

  private static @Nullable String text(JsonNode value, String name, @Nullable String otherwise) {
    JsonNode member = value.path(name);
    return member.isString() ? member.stringValue() : otherwise;
  }
}
