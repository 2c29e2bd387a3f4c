package dev.indelible.server.control;

import dev.indelible.server.event.TenantId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of saved views in control records; see {@code docs/formats/control-record.md}. */
final class SavedViewCodec {

  static final String KIND = "saved_view";

  private SavedViewCodec() {}

  static void write(ObjectNode json, SavedView view) {
    json.put("tenant", view.tenant().value());
    json.put("id", view.viewId());
    ControlRecordCodec.putIfPresent(json, "owner", view.owner());
    json.put("name", view.name());
    json.put("query", view.query());
    ControlRecordCodec.putIfPresent(json, "time", view.time());
    ControlRecordCodec.putIfPresent(json, "from", view.from());
    ControlRecordCodec.putIfPresent(json, "to", view.to());
    ArrayNode columns = json.putArray("columns");
    view.columns().forEach(columns::add);
    json.put("zone", view.zone());
    ControlRecordCodec.putIfPresent(json, "removed_at", view.removedAt());
  }

  static SavedView read(JsonNode json) {
    return new SavedView(
        new TenantId(ControlRecordCodec.text(json, "tenant")),
        ControlRecordCodec.text(json, "id"),
        ControlRecordCodec.optionalText(json, "owner"),
        ControlRecordCodec.text(json, "name"),
        ControlRecordCodec.text(json, "query"),
        ControlRecordCodec.optionalText(json, "time"),
        ControlRecordCodec.optionalInstant(json, "from"),
        ControlRecordCodec.optionalInstant(json, "to"),
        AccessCodec.list(ControlRecordCodec.required(json, "columns")),
        ControlRecordCodec.text(json, "zone"),
        ControlRecordCodec.optionalInstant(json, "removed_at"));
  }
}
