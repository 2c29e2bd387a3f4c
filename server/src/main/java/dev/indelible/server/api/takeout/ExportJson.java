package dev.indelible.server.api.takeout;

import dev.indelible.server.export.ExportJob;
import dev.indelible.server.export.ExportMaker;
import dev.indelible.server.export.ExportOrder;
import dev.indelible.server.json.Json;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Exports as JSON. */
public final class ExportJson {

  private ExportJson() {}

  /** Writes a job. */
  public static void write(JsonGenerator json, ExportJob job) {
    ExportOrder order = job.order();
    json.writeStartObject();
    json.writeStringProperty("id", job.id());
    json.writeStringProperty("state", job.state().jsonName());
    json.writeStringProperty("format", order.format().jsonName());
    order(json, order);
    Json.text(json, "schedule", order.schedule());
    ExportOrder.Pack pack = order.pack();
    Json.text(json, "template", pack == null ? null : pack.templateId());
    Json.time(json, "created_at", job.times().created());
    maker(json, order.maker());
    position(json, job);
    json.writeNumberProperty("estimate", job.position().estimate());
    json.writeNumberProperty("entries", job.progress().entries());
    json.writeNumberProperty("bytes", job.progress().bytes());
    Json.time(json, "started_at", job.times().started());
    Json.time(json, "ended_at", job.times().ended());
    job.available().ifPresent(file -> file(json, job, file));
    counts(json, job);
    List<String> leftOut = job.leftOut();
    if (!leftOut.isEmpty()) {
      Json.texts(json, "left_out", leftOut);
    }
    ExportJob.Problem problem = job.problem();
    if (problem != null) {
      json.writeObjectPropertyStart("problem");
      json.writeStringProperty("code", problem.code());
      json.writeStringProperty("detail", problem.detail());
      json.writeEndObject();
    }
    ExportJob.Withdrawal withdrawal = job.withdrawal();
    if (withdrawal != null) {
      json.writeObjectPropertyStart("withdrawal");
      json.writeStringProperty("record", withdrawal.record());
      Json.time(json, "at", withdrawal.at());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /** Writes what was asked for. */
  static void order(JsonGenerator json, ExportOrder order) {
    json.writeStringProperty("query", order.filter());
    Json.time(json, "from", order.from());
    Json.time(json, "to", order.to());
    json.writeStringProperty("zone", order.zone().getId());
    Json.texts(json, "columns", order.columns());
    json.writeBooleanProperty("withhold_personal", order.withhold());
    json.writeStringProperty("language", order.language().toLanguageTag());
    Json.text(json, "reason", order.reason());
  }

  /** Writes who asked. */
  static void maker(JsonGenerator json, ExportMaker maker) {
    json.writeObjectPropertyStart("created_by");
    json.writeStringProperty("kind", maker.kind().jsonName());
    json.writeStringProperty("id", maker.id());
    json.writeStringProperty("name", maker.name());
    json.writeEndObject();
  }

  static void position(JsonGenerator json, ExportJob job) {
    json.writeNumberProperty("position", job.position().size());
    json.writeObjectPropertyStart("window");
    json.writeNumberProperty("from_seq", job.position().fromSeq());
    json.writeNumberProperty("to_seq", job.position().toSeq());
    json.writeEndObject();
  }

  static void file(JsonGenerator json, ExportJob job, ExportJob.FileOf file) {
    json.writeObjectPropertyStart("file");
    json.writeStringProperty("name", file.name());
    json.writeStringProperty("media_type", job.order().format().mediaType());
    json.writeNumberProperty("bytes", file.bytes());
    json.writeStringProperty("sha256", file.sha256());
    Json.time(json, "expires_at", file.expiresAt());
    json.writeEndObject();
  }

  static void counts(JsonGenerator json, ExportJob job) {
    ExportJob.Counts counts = job.counts();
    if (counts != null) {
      json.writeObjectPropertyStart("counts");
      json.writeNumberProperty("entries", counts.entries());
      json.writeNumberProperty("purged", counts.purged());
      json.writeNumberProperty("erased", counts.erased());
      json.writeEndObject();
    }
  }

  /** Writes a job's manifest. */
  static void manifest(JsonGenerator json, ExportJob job) {
    json.writeStartObject();
    json.writeStringProperty("manifest", "export");
    json.writeNumberProperty("version", 1);
    json.writeStringProperty("tenant", job.tenant().value());
    json.writeStringProperty("export", job.id());
    json.writeStringProperty("format", job.order().format().jsonName());
    order(json, job.order());
    json.writeObjectPropertyStart("scope");
    if (job.reach().accounts() != null) {
      Json.texts(json, "accounts", job.reach().sortedAccounts());
    }
    json.writeBooleanProperty("restricted", job.reach().isRestricted());
    json.writeStringProperty("personal", job.hasPersonal() ? "included" : "withheld");
    json.writeEndObject();
    Json.time(json, "as_of", job.position().asOf());
    maker(json, job.order().maker());
    position(json, job);
    Json.text(json, "checkpoint", job.checkpoint());
    Json.texts(json, "file_columns", job.columns());
    Json.texts(json, "left_out", job.leftOut());
    counts(json, job);
    job.available().ifPresent(file -> file(json, job, file));
    json.writeStringProperty("how_to_verify", HowToVerify.of(job.order().format()));
    json.writeEndObject();
  }
}
