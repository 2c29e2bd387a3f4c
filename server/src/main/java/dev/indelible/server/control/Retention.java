package dev.indelible.server.control;

import static dev.indelible.server.control.ObjectFields.putIfPresent;

import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The period for which a tenant's entries are kept: that of the longest requirement.
 *
 * @param tenant whose entries
 * @param tier the tier of the tenant's plan, or null
 * @param requirements what asks for entries to be kept; at least one
 */
public record Retention(TenantId tenant, @Nullable String tier, List<Requirement> requirements)
    implements ConfigurationObject {
  static final Kind<Retention> KIND = new RetentionKind();

  /** The most requirements. */
  public static final int MAX_REQUIREMENTS = TenantQuota.RETENTION_REQUIREMENTS.most();

  /** The longest name of a requirement or tier, in UTF-16 units. */
  public static final int MAX_NAME_LENGTH = 200;

  public Retention {
    requirements = List.copyOf(requirements);
  }

  @Override
  public String id() {
    return tenant.value();
  }

  /**
   * A reason to keep entries, and for how long.
   *
   * @param name what it is, such as {@code ISO 27001}
   * @param period {@code lifetime} or an ISO 8601 period such as {@code P13M}
   */
  public record Requirement(String name, String period) {}

  @Override
  public Kind<Retention> kind() {
    return KIND;
  }

  private static final class RetentionKind extends Kind<Retention> {

    RetentionKind() {
      super("retention", Retention.class);
    }

    @Override
    void write(Retention retention, ObjectNode json) {
      json.put("tenant", retention.tenant().value());
      putIfPresent(json, "tier", retention.tier());
      ArrayNode requirements = json.putArray("requirements");
      for (Requirement requirement : retention.requirements()) {
        requirements
            .addObject()
            .put("name", requirement.name())
            .put("period", requirement.period());
      }
    }

    @Override
    Retention read(ObjectFields json) {
      List<Requirement> requirements = new ArrayList<>();
      for (JsonNode one : json.required("requirements")) {
        ObjectFields requirement = new ObjectFields(one);
        requirements.add(new Requirement(requirement.text("name"), requirement.text("period")));
      }
      return new Retention(json.tenant(), json.optionalText("tier"), requirements);
    }

    @Override
    boolean isOnePerTenant() {
      return true;
    }

    @Override
    Event.Target target(Retention retention) {
      return new Event.Target("retention", retention.id(), null, null);
    }

    @Override
    String action(@Nullable Retention before, Retention after) {
      return before == null ? "audit.retention.preset" : "audit.retention.change";
    }
  }
}
