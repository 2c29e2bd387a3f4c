package dev.indelible.server.control;

import dev.indelible.server.control.ConfigurationObject.Access;
import dev.indelible.server.control.ConfigurationObject.ApiKey;
import dev.indelible.server.control.ConfigurationObject.Governance;
import dev.indelible.server.control.ConfigurationObject.LogKey;
import dev.indelible.server.control.ConfigurationObject.Tenant;
import dev.indelible.server.control.ConfigurationObject.UnknownActions;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of one control record; see {@code docs/formats/control-record.md}. Written by hand
 * rather than bound: the control log is never truncated, so its form must not change with a class.
 */
final class ControlRecordCodec {

  static final int VERSION = 1;

  private static final String ACCEPT_AND_FLAG = "accept_and_flag";
  private static final String REJECT = "reject";

  private static final JsonMapper JSON = JsonMapper.shared();

  private ControlRecordCodec() {}

  /** A record as read back. */
  record Decoded(long ticket, Change change) {}

  static byte[] encode(long ticket, Change change) {
    ObjectNode record = JsonNodeFactory.instance.objectNode();
    record.put("v", VERSION);
    record.put("ticket", ticket);
    record.put("replaces", change.replaces());
    ObjectNode by = record.putObject("by");
    by.put("type", change.by().type());
    if (change.by().id() != null) {
      by.put("id", change.by().id());
    }
    if (change.reason() != null) {
      record.put("reason", change.reason());
    }
    record.put("kind", kind(change.object()));
    record.set("object", toJson(change.object()));
    return JSON.writeValueAsBytes(record);
  }

  static Decoded decode(byte[] payload) {
    try {
      JsonNode record = JSON.readTree(payload);
      int version = record.path("v").asInt(-1);
      if (version != VERSION) {
        throw new IllegalStateException(
            "control record of version " + version + ", this program reads " + VERSION);
      }
      JsonNode by = required(record, "by");
      Change change =
          new Change(
              object(text(record, "kind"), required(record, "object")),
              required(record, "replaces").longValue(),
              new Change.ChangedBy(text(by, "type"), optionalText(by, "id")),
              optionalText(record, "reason"));
      return new Decoded(required(record, "ticket").longValue(), change);
    } catch (JacksonException e) {
      throw new IllegalStateException("control record is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  static String kind(ConfigurationObject object) {
    return switch (object) {
      case Tenant _ -> "tenant";
      case ApiKey _ -> "key";
      case LogKey _ -> "log_key";
      case Access access -> AccessCodec.kind(access);
      case Governance governed -> GovernanceCodec.kind(governed);
      case SavedView _ -> SavedViewCodec.KIND;
    };
  }

  /** The object as it is recorded; a key's secret is there as its hash alone. */
  static ObjectNode toJson(ConfigurationObject object) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    switch (object) {
      case Tenant tenant -> {
        json.put("tenant", tenant.tenant().value());
        json.put("name", tenant.name());
        json.put("profile", tenant.profile());
        json.put("unknown_actions", jsonName(tenant.unknownActions()));
        if (tenant.refuseMissingReasons() != null) {
          json.put("missing_reasons", tenant.refuseMissingReasons() ? REJECT : ACCEPT_AND_FLAG);
        }
        if (tenant.erasureDueDays() != null) {
          json.put("erasure_due_days", tenant.erasureDueDays());
        }
        if (tenant.recordViews() != null) {
          json.put("record_views", tenant.recordViews());
        }
        if (tenant.supportAccess()) {
          json.put("support_access", true);
        }
        if (tenant.keptFor() != null) {
          json.put("kept_for", tenant.keptFor());
        }
        if (tenant.erasureRule().takesTwo()) {
          json.put("erasures_take_two", true);
        }
        if (tenant.erasureRule().waitDays() != null) {
          json.put("erasure_wait_days", tenant.erasureRule().waitDays());
        }
        json.put("created_at", tenant.createdAt().toString());
      }
      case ApiKey key -> {
        json.put("id", key.id());
        putIfPresent(json, "tenant", key.tenant());
        json.put("name", key.name());
        ArrayNode scopes = json.putArray("scopes");
        key.scopes().forEach(scopes::add);
        json.put("secret_hash", key.secretHash());
        if (!key.networks().isEmpty()) {
          ArrayNode networks = json.putArray("networks");
          key.networks().forEach(networks::add);
        }
        json.put("created_at", key.createdAt().toString());
        putIfPresent(json, "expires_at", key.expiresAt());
        putIfPresent(json, "revoked_at", key.revokedAt());
      }
      case LogKey key -> {
        json.put("tenant", key.tenant().value());
        json.put("key_id", key.keyId());
        json.put("origin", key.origin());
        json.put("verifier_key", key.verifierKey());
        json.put("sealed_seed", key.sealedSeed());
        json.put("created_at", key.createdAt().toString());
        putIfPresent(json, "retired_at", key.retiredAt());
      }
      case Access access -> AccessCodec.write(json, access);
      case Governance governed -> GovernanceCodec.write(json, governed);
      case SavedView view -> SavedViewCodec.write(json, view);
    }
    return json;
  }

  static String jsonName(UnknownActions value) {
    return switch (value) {
      case ACCEPT_AND_FLAG -> ACCEPT_AND_FLAG;
      case REJECT -> REJECT;
    };
  }

  private static ConfigurationObject object(String kind, JsonNode json) {
    return switch (kind) {
      case "tenant" ->
          new Tenant(
              new TenantId(text(json, "tenant")),
              text(json, "name"),
              text(json, "profile"),
              unknownActions(text(json, "unknown_actions")),
              refuseMissingReasons(json),
              json.has("erasure_due_days") ? json.path("erasure_due_days").intValue() : null,
              json.has("record_views") ? json.path("record_views").booleanValue() : null,
              json.path("support_access").asBoolean(false),
              optionalText(json, "kept_for"),
              new ErasureRule(
                  json.path("erasures_take_two").asBoolean(false),
                  json.has("erasure_wait_days") ? json.path("erasure_wait_days").intValue() : null),
              Instant.parse(text(json, "created_at")));
      case "key" -> {
        String tenant = optionalText(json, "tenant");
        yield new ApiKey(
            text(json, "id"),
            tenant == null ? null : new TenantId(tenant),
            text(json, "name"),
            texts(required(json, "scopes")),
            text(json, "secret_hash"),
            json.has("networks") ? AccessCodec.list(json.path("networks")) : List.of(),
            Instant.parse(text(json, "created_at")),
            optionalInstant(json, "expires_at"),
            optionalInstant(json, "revoked_at"));
      }
      case "log_key" ->
          new LogKey(
              new TenantId(text(json, "tenant")),
              text(json, "key_id"),
              text(json, "origin"),
              text(json, "verifier_key"),
              text(json, "sealed_seed"),
              Instant.parse(text(json, "created_at")),
              optionalInstant(json, "retired_at"));
      case SavedViewCodec.KIND -> SavedViewCodec.read(json);
      default ->
          AccessCodec.knows(kind) ? AccessCodec.read(kind, json) : GovernanceCodec.read(kind, json);
    };
  }

  private static UnknownActions unknownActions(String value) {
    for (UnknownActions candidate : UnknownActions.values()) {
      if (jsonName(candidate).equals(value)) {
        return candidate;
      }
    }
    throw new IllegalStateException("control record with unknown_actions " + value);
  }

  private static @Nullable Boolean refuseMissingReasons(JsonNode json) {
    String value = optionalText(json, "missing_reasons");
    if (value == null) {
      return null;
    }
    if (value.equals(REJECT) || value.equals(ACCEPT_AND_FLAG)) {
      return value.equals(REJECT);
    }
    throw new IllegalStateException("control record with missing_reasons " + value);
  }

  static Set<String> texts(JsonNode array) {
    Set<String> result = new TreeSet<>();
    for (JsonNode element : array) {
      result.add(element.stringValue());
    }
    return result;
  }

  static void putIfPresent(ObjectNode json, String field, @Nullable Object value) {
    if (value != null) {
      json.put(field, value.toString());
    }
  }

  static JsonNode required(JsonNode json, String field) {
    JsonNode value = json.get(field);
    if (value == null) {
      throw new IllegalStateException("control record without " + field);
    }
    return value;
  }

  static String text(JsonNode json, String field) {
    return required(json, field).stringValue();
  }

  static @Nullable String optionalText(JsonNode json, String field) {
    JsonNode value = json.get(field);
    return value == null ? null : value.stringValue();
  }

  static @Nullable Instant optionalInstant(JsonNode json, String field) {
    String value = optionalText(json, field);
    return value == null ? null : Instant.parse(value);
  }
}
