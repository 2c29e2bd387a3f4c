package dev.indelible.server.api.governance;

import dev.indelible.server.control.ControlLog;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.json.Rfc3339;
import tools.jackson.core.JsonGenerator;

/** A tenant as JSON. */
final class TenantJson {

  private TenantJson() {}

  /** Writes a tenant as an object. */
  static void write(JsonGenerator json, Tenant tenant) {
    json.writeStartObject();
    writeMembers(json, tenant);
    json.writeEndObject();
  }

  /** Writes the members of a tenant. */
  static void writeMembers(JsonGenerator json, Tenant tenant) {
    json.writeStringProperty("id", tenant.id());
    json.writeStringProperty("name", tenant.name());
    json.writeStringProperty("profile", tenant.profile());
    json.writeStringProperty(
        "unknown_actions", ControlLog.describe(tenant).get("unknown_actions").stringValue());
    if (tenant.refuseMissingReasons() != null) {
      json.writeStringProperty(
          "missing_reasons", tenant.refuseMissingReasons() ? "reject" : "accept_and_flag");
    }
    if (tenant.erasureDueDays() != null) {
      json.writeNumberProperty("erasure_due_days", tenant.erasureDueDays());
    }
    if (tenant.recordViews() != null) {
      json.writeBooleanProperty("record_views", tenant.recordViews());
    }
    json.writeBooleanProperty("erasures_take_two", tenant.erasureRule().takesTwo());
    json.writeNumberProperty("erasure_wait_days", tenant.erasureRule().days());
    json.writeBooleanProperty("support_access", tenant.supportAccess());
    json.writeBooleanProperty("publishes_log", tenant.publishesLog());
    json.writeStringProperty("created_at", Rfc3339.format(tenant.createdAt()));
  }
}
