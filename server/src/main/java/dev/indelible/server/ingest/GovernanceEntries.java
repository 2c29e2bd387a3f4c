package dev.indelible.server.ingest;

import dev.indelible.server.control.ConfigurationObject;
import dev.indelible.server.control.ConfigurationObject.Closure;
import dev.indelible.server.control.ConfigurationObject.Erasure;
import dev.indelible.server.control.ConfigurationObject.Governance;
import dev.indelible.server.control.ConfigurationObject.Hold;
import dev.indelible.server.control.ConfigurationObject.ProfileChanges;
import dev.indelible.server.control.ConfigurationObject.Retention;
import dev.indelible.server.event.Event;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Contents of the entries that record changes of retention, holds and erasures. */
final class GovernanceEntries {

  private GovernanceEntries() {}

  static Event.Target target(Governance governed) {
    return switch (governed) {
      case Retention retention -> new Event.Target("retention", retention.id(), null, null);
      case Erasure erasure -> new Event.Target("erasure", erasure.erasureId(), null, null);
      case ProfileChanges changed -> new Event.Target("profile", changed.id(), null, null);
      case Closure closure -> new Event.Target("tenant", closure.id(), null, null);
      case Hold hold -> new Event.Target("legal_hold", hold.holdId(), hold.name(), null);
    };
  }

  static String action(@Nullable ConfigurationObject before, Governance after) {
    return switch (after) {
      case Retention _ -> before == null ? "audit.retention.preset" : "audit.retention.change";
      case Erasure erasure -> "audit.erasure." + erasure.state();
      case ProfileChanges _ -> "audit.profile.change";
      case Closure _ -> before == null ? "audit.tenant.close" : "audit.tenant.delete";
      case Hold hold -> {
        if (before == null) {
          yield "audit.hold.apply";
        }
        yield hold.isActive() ? "audit.hold.release_request" : "audit.hold.release";
      }
    };
  }

  /** Describes a tenant's changes of its profile, one field for each thing that it changes. */
  static ObjectNode described(ProfileChanges changes) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    fields.put("tenant", changes.id());
    JsonNode document = JsonMapper.shared().readTree(changes.changes());
    for (Map.Entry<String, JsonNode> member : document.properties()) {
      describe(member.getKey(), member.getValue(), fields);
    }
    return fields;
  }

  private static void describe(String name, JsonNode value, ObjectNode fields) {
    if (value.isObject()) {
      value.properties().forEach(part -> fields.set(name + "." + part.getKey(), part.getValue()));
    } else if (name.equals("categories")) {
      for (JsonNode category : value) {
        ObjectNode head = (ObjectNode) category.deepCopy();
        JsonNode actions = head.remove("actions");
        head.put("category", head.path("id").asString(""));
        if (head.size() > 2) {
          fields.set("categories." + head.path("id").asString(""), head.deepCopy());
        }
        if (actions != null) {
          for (JsonNode action : actions) {
            ObjectNode changed = (ObjectNode) action.deepCopy();
            changed.set("category", head.get("category"));
            fields.set("actions." + action.path("action").asString(""), changed);
          }
        }
      }
    } else if (value.isArray() && !value.isEmpty() && value.get(0).isObject()) {
      value.forEach(part -> fields.set(name + "." + part.path("id").asString(""), part));
    } else {
      fields.set(name, value);
    }
  }
}
