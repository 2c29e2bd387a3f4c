package dev.indelible.server.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tenant's own changes to its profile.
 *
 * @param tenant whose profile
 * @param changes a JSON object of the profile's form
 */
public record ProfileChanges(TenantId tenant, String changes) implements ConfigurationObject {
  static final Kind<ProfileChanges> KIND = new ProfileChangesKind();

  /** The longest JSON, in UTF-8 bytes. */
  public static final int MAX_BYTES = 64 * 1024;

  @Override
  public String id() {
    return tenant.value();
  }

  @Override
  public Kind<ProfileChanges> kind() {
    return KIND;
  }

  private static final class ProfileChangesKind extends Kind<ProfileChanges> {

    ProfileChangesKind() {
      super("profile_changes", ProfileChanges.class);
    }

    @Override
    void write(ProfileChanges changed, ObjectNode json) {
      json.put("tenant", changed.tenant().value());
      json.set("changes", JsonMapper.shared().readTree(changed.changes()));
    }

    @Override
    ProfileChanges read(ObjectFields json) {
      return new ProfileChanges(json.tenant(), json.required("changes").toString());
    }

    @Override
    void check(ProfileChanges changed) {
      requireAtMost(MAX_BYTES, "number of bytes", changed.changes().getBytes(UTF_8).length);
    }

    @Override
    boolean isOnePerTenant() {
      return true;
    }

    @Override
    Event.Target target(ProfileChanges changed) {
      return new Event.Target("profile", changed.id(), null, null);
    }

    @Override
    String action(@Nullable ProfileChanges before, ProfileChanges after) {
      return "audit.profile.change";
    }

    /** One field for each thing that the tenant changes of its profile. */
    @Override
    ObjectNode compared(ProfileChanges changes) {
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
}
