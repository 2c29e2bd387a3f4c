package dev.indelible.server.api.access;

import dev.indelible.server.access.MadeThings;
import dev.indelible.server.access.Session;
import dev.indelible.server.control.ApiKey;
import dev.indelible.server.control.Guest;
import dev.indelible.server.http.ListCursor;
import dev.indelible.server.json.Rfc3339;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/**
 * Keys, links and sessions that a member made, as JSON: enough to tell whether it may go, and
 * nothing of what it allows.
 */
final class MadeJson {

  private MadeJson() {}

  static void write(JsonGenerator json, MadeThings made) {
    json.writeStartObject();
    json.writeArrayPropertyStart("keys");
    for (ApiKey key : made.keys()) {
      json.writeStartObject();
      json.writeStringProperty("id", key.id());
      json.writeStringProperty("name", key.name());
      json.writeStringProperty("created_at", Rfc3339.format(key.createdAt()));
      json.writeEndObject();
    }
    json.writeEndArray();
    guests(json, "auditor_links", made.guests().stream().filter(g -> !g.isSupport()).toList());
    guests(json, "support_grants", made.guests().stream().filter(Guest::isSupport).toList());
    json.writeArrayPropertyStart("sessions");
    List<Session> sessions = made.sessions();
    for (Session session : sessions.subList(0, Math.min(sessions.size(), ListCursor.MAX_PAGE))) {
      json.writeStartObject();
      json.writeStringProperty("id", session.id());
      SessionJson.writeUser(json, session.user());
      json.writeStringProperty("created_at", Rfc3339.format(session.createdAt()));
      json.writeStringProperty("expires_at", Rfc3339.format(session.expiresAt()));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberProperty("session_count", sessions.size());
    json.writeEndObject();
  }

  private static void guests(JsonGenerator json, String field, List<Guest> guests) {
    json.writeArrayPropertyStart(field);
    for (Guest guest : guests) {
      json.writeStartObject();
      json.writeStringProperty("id", guest.localId());
      json.writeStringProperty("created_at", Rfc3339.format(guest.createdAt()));
      json.writeStringProperty("expires_at", Rfc3339.format(guest.expiresAt()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
