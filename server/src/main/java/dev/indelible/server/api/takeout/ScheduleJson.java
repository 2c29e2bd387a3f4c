package dev.indelible.server.api.takeout;

import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.control.ExportSchedule;
import dev.indelible.server.deliver.Delivery;
import dev.indelible.server.deliver.DestinationRequests;
import dev.indelible.server.json.Json;
import dev.indelible.server.schedule.ScheduleBook;
import dev.indelible.server.schedule.ScheduleRun;
import dev.indelible.server.schedule.Schedules;
import dev.indelible.server.search.Search;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Schedules and their runs as JSON. */
record ScheduleJson(Schedules schedules, Search search) {

  /**
   * Writes a schedule as a caller may see it: a query that asks for what is personal names whom it
   * is about.
   *
   * @param signingSecret a new secret that is shown once, or null
   */
  void write(
      JsonGenerator json,
      Callers.Allowed allowed,
      ExportSchedule schedule,
      @Nullable String signingSecret) {
    ScheduleBook book = schedules.book(schedule);
    ExportSchedule.Export export = schedule.export();
    json.writeStartObject();
    json.writeStringProperty("id", schedule.scheduleId());
    json.writeStringProperty("name", schedule.name());
    json.writeStringProperty("state", schedule.isActive() ? "active" : "paused");
    Json.text(json, "paused_because", schedule.pausedBecause());
    json.writeStringProperty("cron", schedule.when().cron());
    json.writeStringProperty("zone", schedule.when().zone());
    if (search.mayAsk(allowed.scope(), export.query())) {
      json.writeStringProperty("query", export.query());
    } else {
      json.writeNullProperty("query");
      json.writeBooleanProperty("query_withheld", true);
    }
    json.writeStringProperty("format", export.format());
    Json.texts(json, "columns", export.columns());
    json.writeBooleanProperty("withhold_personal", export.withhold());
    json.writeBooleanProperty("send_empty", export.sendEmpty());
    json.writeStringProperty("language", export.language());
    Json.text(json, "reason", export.reason());
    json.writeName("destination");
    DestinationRequests.write(schedule.destination(), json);
    Json.text(json, "signing_secret", signingSecret);
    json.writeObjectPropertyStart("created_by");
    json.writeStringProperty("kind", schedule.maker().kind());
    json.writeStringProperty("id", schedule.maker().id());
    json.writeEndObject();
    Json.time(json, "created_at", schedule.createdAt());
    Json.time(json, "next_run_at", schedules.nextTime(schedule).orElse(null));
    if (book.last().isPresent()) {
      json.writeName("last_run");
      write(json, schedule, book.last().get());
    }
    json.writeObjectPropertyStart("window");
    json.writeNumberProperty("from_seq", book.nextSeq());
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Writes a run. */
  static void write(JsonGenerator json, ExportSchedule schedule, ScheduleRun run) {
    json.writeStartObject();
    json.writeStringProperty("id", schedule.scheduleId() + "-" + run.number());
    Json.time(json, "due_at", run.dueAt());
    json.writeObjectPropertyStart("window");
    json.writeNumberProperty("from_seq", run.window().from());
    json.writeNumberProperty("to_seq", run.window().to());
    json.writeEndObject();
    json.writeStringProperty("state", run.state().jsonName());
    json.writeNumberProperty("attempts", run.attempts());
    json.writeNumberProperty("entries", run.entries());
    Json.text(json, "export", run.export());
    Json.time(json, "next_attempt_at", run.notBefore());
    if (run.problem() != null) {
      json.writeObjectPropertyStart("problem");
      json.writeStringProperty("code", "run_failed");
      json.writeStringProperty("detail", run.problem());
      json.writeEndObject();
    }
    Json.text(json, "delivered_to", run.deliveredTo());
    Json.time(json, "begun_at", run.begunAt());
    Json.time(json, "ended_at", run.endedAt());
    json.writeEndObject();
  }

  /** Writes how a test of a destination ended. */
  static void write(JsonGenerator json, Delivery.Outcome outcome) {
    json.writeStartObject();
    switch (outcome) {
      case Delivery.Outcome.Arrived(String where) -> {
        json.writeStringProperty("outcome", "arrived");
        json.writeStringProperty("detail", where);
      }
      case Delivery.Outcome.Failed(String problem, var _) -> {
        json.writeStringProperty("outcome", "failed");
        json.writeStringProperty("detail", problem);
      }
      case Delivery.Outcome.Refused(String problem) -> {
        json.writeStringProperty("outcome", "refused");
        json.writeStringProperty("detail", problem);
      }
    }
    json.writeEndObject();
  }
}
