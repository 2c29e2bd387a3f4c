package dev.indelible.server.control;

import dev.indelible.server.control.ConfigurationObject.Closure;
import dev.indelible.server.control.ConfigurationObject.Erasure;
import dev.indelible.server.control.ConfigurationObject.Governance;
import dev.indelible.server.control.ConfigurationObject.Hold;
import dev.indelible.server.control.ConfigurationObject.ProfileChanges;
import dev.indelible.server.control.ConfigurationObject.Retention;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of what governs entries in control records; see {@code docs/formats/control-record.md}.
 */
final class GovernanceCodec {

  private static final String RETENTION = "retention";

  private static final String ERASURE = "erasure";
  private static final String CLOSURE = "closure";
  private static final String HOLD = "hold";
  private static final String PROFILE_CHANGES = "profile_changes";

  private GovernanceCodec() {}

  static String kind(Governance governed) {
    return switch (governed) {
      case Retention _ -> RETENTION;
      case Hold _ -> HOLD;
      case Closure _ -> CLOSURE;
      case Erasure _ -> ERASURE;
      case ProfileChanges _ -> PROFILE_CHANGES;
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
      case Erasure erasure -> {
        json.put("tenant", erasure.tenant().value());
        json.put("id", erasure.erasureId());
        json.put("received_at", erasure.receivedAt().toString());
        json.put("due_at", erasure.dueAt().toString());
        ControlRecordCodec.putIfPresent(json, "commitment", erasure.commitment());
        if (!erasure.askedBy().isEmpty()) {
          ArrayNode askedBy = json.putArray("asked_by");
          erasure.askedBy().forEach(askedBy::add);
        }
        ControlRecordCodec.putIfPresent(json, "waits_until", erasure.waitsUntil());
        ControlRecordCodec.putIfPresent(json, "processing_at", erasure.processingAt());
        ControlRecordCodec.putIfPresent(json, "fulfilled_at", erasure.fulfilledAt());
        ControlRecordCodec.putIfPresent(json, "rejected_at", erasure.rejectedAt());
        json.put("entries", erasure.entries());
        json.put("deferred", erasure.deferred());
        ArrayNode records = json.putArray("records");
        erasure.records().forEach(records::add);
      }
      case ProfileChanges changed -> {
        json.put("tenant", changed.tenant().value());
        json.set("changes", JsonMapper.shared().readTree(changed.changes()));
      }
      case Closure closure -> {
        json.put("tenant", closure.tenant().value());
        json.put("closed_at", closure.closedAt().toString());
        if (closure.isComplete()) {
          // Alone in all records that were written before a deletion could have several.
          json.put("record_id", closure.records().getFirst());
        }
        if (closure.records().size() > 1) {
          ArrayNode records = json.putArray("records");
          closure.records().forEach(records::add);
        }
      }
      case Hold hold -> {
        json.put("tenant", hold.tenant().value());
        json.put("id", hold.holdId());
        json.put("name", hold.name());
        json.put("query", hold.query());
        json.put("two_people", hold.twoPeople());
        json.put("applied_at", hold.appliedAt().toString());
        ControlRecordCodec.putIfPresent(json, "release_asked_by", hold.releaseAskedBy());
        ControlRecordCodec.putIfPresent(json, "released_at", hold.releasedAt());
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
      case ERASURE -> {
        List<String> records = new ArrayList<>();
        for (JsonNode recordId : ControlRecordCodec.required(json, "records")) {
          records.add(recordId.stringValue());
        }
        yield new Erasure(
            new TenantId(ControlRecordCodec.text(json, "tenant")),
            ControlRecordCodec.text(json, "id"),
            Instant.parse(ControlRecordCodec.text(json, "received_at")),
            Instant.parse(ControlRecordCodec.text(json, "due_at")),
            ControlRecordCodec.optionalText(json, "commitment"),
            AccessCodec.list(json.get("asked_by")),
            ControlRecordCodec.optionalInstant(json, "waits_until"),
            ControlRecordCodec.optionalInstant(json, "processing_at"),
            ControlRecordCodec.optionalInstant(json, "fulfilled_at"),
            ControlRecordCodec.optionalInstant(json, "rejected_at"),
            ControlRecordCodec.required(json, "entries").longValue(),
            ControlRecordCodec.required(json, "deferred").longValue(),
            records);
      }
      case PROFILE_CHANGES ->
          new ProfileChanges(
              new TenantId(ControlRecordCodec.text(json, "tenant")),
              ControlRecordCodec.required(json, "changes").toString());
      case CLOSURE ->
          new Closure(
              new TenantId(ControlRecordCodec.text(json, "tenant")),
              Instant.parse(ControlRecordCodec.text(json, "closed_at")),
              closureRecords(json));
      case HOLD ->
          new Hold(
              new TenantId(ControlRecordCodec.text(json, "tenant")),
              ControlRecordCodec.text(json, "id"),
              ControlRecordCodec.text(json, "name"),
              ControlRecordCodec.text(json, "query"),
              ControlRecordCodec.required(json, "two_people").booleanValue(),
              Instant.parse(ControlRecordCodec.text(json, "applied_at")),
              ControlRecordCodec.optionalText(json, "release_asked_by"),
              ControlRecordCodec.optionalInstant(json, "released_at"));
      default -> throw new IllegalStateException("control record of unknown kind " + kind);
    };
  }

  private static List<String> closureRecords(JsonNode json) {
    List<String> records = new ArrayList<>();
    json.path("records").forEach(record -> records.add(record.stringValue()));
    String first = ControlRecordCodec.optionalText(json, "record_id");
    return !records.isEmpty() || first == null ? records : List.of(first);
  }
}
