package dev.indelible.server.control;

import dev.indelible.server.control.ConfigurationObject.Governance;
import dev.indelible.server.control.ConfigurationObject.Retention;
import dev.indelible.server.event.TenantId;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of what governs entries in control records; see {@code docs/formats/control-record.md}.
 */
final class GovernanceCodec {

  private static final String RETENTION = "retention";

  private GovernanceCodec() {}

  static String kind(Governance governed) {
    return switch (governed) {
      case Retention _ -> RETENTION;
    };
  }

  /** Kind and id: unique among all that governs. */
  static String path(Governance governed) {
    return kind(governed) + "/" + governed.id();
  }

  static void write(ObjectNode json, Governance governed) {
    switch (governed) {
      case Retention retention -> {
        json.put("tenant", retention.tenant().value());
        ControlRecordCodec.putIfPresent(json, "tier", retention.tier());
        ArrayNode requirements = json.putArray("requirements");
        for (Retention.Requirement requirement : retention.requirements()) {
          requirements
              .addObject()
              .put("name", requirement.name())
              .put("period", requirement.period());
        }
      }
    }
  }

  static Governance read(String kind, JsonNode json) {
    return switch (kind) {
      case RETENTION -> {
        List<Retention.Requirement> requirements = new ArrayList<>();
        for (JsonNode requirement : ControlRecordCodec.required(json, "requirements")) {
          requirements.add(
              new Retention.Requirement(
                  ControlRecordCodec.text(requirement, "name"),
                  ControlRecordCodec.text(requirement, "period")));
        }
        yield new Retention(
            new TenantId(ControlRecordCodec.text(json, "tenant")),
            ControlRecordCodec.optionalText(json, "tier"),
            requirements);
      }
      default -> throw new IllegalStateException("control record of unknown kind " + kind);
    };
  }
}
