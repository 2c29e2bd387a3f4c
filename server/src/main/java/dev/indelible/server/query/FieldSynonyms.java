package dev.indelible.server.query;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Names that other programs have for the fields of the query language, for hints to their users.
 */
final class FieldSynonyms {

  private static final Map<String, String> FIELDS =
      Map.ofEntries(
          Map.entry("user", "actor"),
          Map.entry("user_id", "actor_id"),
          Map.entry("username", "actor"),
          Map.entry("user_name", "actor_name"),
          Map.entry("who", "actor"),
          Map.entry("by", "actor"),
          Map.entry("name", "actor_name"),
          Map.entry("email", "actor"),
          Map.entry("principal", "actor"),
          Map.entry("event", "action"),
          Map.entry("event_name", "action"),
          Map.entry("event_type", "action"),
          Map.entry("operation", "action"),
          Map.entry("resource", "target"),
          Map.entry("resource_id", "target_id"),
          Map.entry("resource_type", "target_type"),
          Map.entry("object", "target"),
          Map.entry("object_id", "target_id"),
          Map.entry("object_type", "target_type"),
          Map.entry("entity", "target"),
          Map.entry("entity_type", "target_type"),
          Map.entry("type", "target_type"),
          Map.entry("result", "outcome"),
          Map.entry("status", "outcome"),
          Map.entry("success", "outcome"),
          Map.entry("field", "changed"),
          Map.entry("ip_address", "ip"),
          Map.entry("source_ip", "ip"),
          Map.entry("location", "country"),
          Map.entry("since", "after"),
          Map.entry("from", "after"),
          Map.entry("date", "after"),
          Map.entry("until", "before"),
          Map.entry("to", "before"));

  private FieldSynonyms() {}

  /** The field that is meant by another program's name for it. */
  static Optional<String> of(String name) {
    return Optional.ofNullable(FIELDS.get(name.toLowerCase(Locale.ROOT)));
  }
}
