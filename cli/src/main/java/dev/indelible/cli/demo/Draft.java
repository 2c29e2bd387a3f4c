package dev.indelible.cli.demo;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** An event while it is written. */
final class Draft {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonMapper JSON = new JsonMapper();

  private final Instant at;
  private final ObjectNode event = NODES.objectNode();
  private final ObjectNode actor = NODES.objectNode();

  Draft(StoryTenant tenant, Instant at, Person who, String action, Trace trace) {
    this.at = at;
    event.put("tenant", tenant.tenant());
    event.put("occurred_at", at.toString());
    event.put("action", action);
    party(actor, who);
    if (!who.roles().isEmpty()) {
      ArrayNode roles = actor.putArray("roles");
      who.roles().forEach(roles::add);
    }
    event.set("actor", actor);
    event.put("outcome", "success");
    Place place = who.place();
    if (place != null) {
      ObjectNode context = event.putObject("context");
      context.put("ip", place.ip());
      ObjectNode location = context.putObject("location");
      location.put("country", place.country());
      location.put("city", place.city());
      location.put("latitude", place.latitude());
      location.put("longitude", place.longitude());
      if (who.agent() != null) {
        context.put("user_agent", who.agent());
      }
      if (trace.session() != null) {
        context.put("session_id", trace.session());
      }
      context.put("request_id", trace.request());
    }
  }

  /** The session and the request that an event belongs to. */
  record Trace(@Nullable String session, String request) {}

  Draft account(String account) {
    event.put("account", account);
    return this;
  }

  Draft target(String type, String id, String name) {
    ArrayNode targets = event.withArrayProperty("targets");
    targets.addObject().put("type", type).put("id", id).put("name", name);
    return this;
  }

  Draft target(Person person) {
    return target("user", person.id(), person.name());
  }

  Draft link(String href) {
    JsonNode last = event.withArrayProperty("targets").get(event.path("targets").size() - 1);
    ((ObjectNode) last).put("href", href);
    return this;
  }

  Draft change(String field, @Nullable Object before, @Nullable Object after) {
    ObjectNode change = event.withArrayProperty("changes").addObject();
    change.put("field", field);
    if (before != null) {
      change.set("before", JSON.valueToTree(before));
    }
    if (after != null) {
      change.set("after", JSON.valueToTree(after));
    }
    return this;
  }

  Draft failed(String why) {
    event.put("outcome", "failure");
    event.put("outcome_reason", why);
    return this;
  }

  Draft because(String reason) {
    event.put("reason", reason);
    return this;
  }

  Draft onBehalfOf(Person person) {
    party(actor.putObject("on_behalf_of"), person);
    return this;
  }

  Draft detail(String name, Object value) {
    event.withObjectProperty("details").set(name, JSON.valueToTree(value));
    return this;
  }

  /** An object whose names keep their order: name, value, name, value, … */
  static ObjectNode object(Object... namesAndValues) {
    ObjectNode object = NODES.objectNode();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.set((String) namesAndValues[i], JSON.valueToTree(namesAndValues[i + 1]));
    }
    return object;
  }

  Instant at() {
    return at;
  }

  ObjectNode event() {
    return event;
  }

  private static void party(ObjectNode party, Person who) {
    party.put("type", who.type()).put("id", who.id()).put("name", who.name());
    if (who.email() != null) {
      party.put("email", who.email());
    }
  }
}
