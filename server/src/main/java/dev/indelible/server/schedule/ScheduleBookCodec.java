package dev.indelible.server.schedule;

import dev.indelible.server.journal.JsonForm;
import dev.indelible.server.journal.KeyedJournal;
import dev.indelible.server.schedule.ScheduleRun.State;
import dev.indelible.server.schedule.ScheduleRun.Window;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The batches of the schedules journal, JSON documents of {@code {"v": 1, "records": […]}}; see
 * {@code docs/formats/schedules.md}.
 */
final class ScheduleBookCodec {

  static final int VERSION = 1;

  /** The form of the schedules journal. */
  static final KeyedJournal.Form<Recorded> FORM =
      new JsonForm<>("schedules", VERSION, "records") {
        @Override
        protected void write(Recorded record, ObjectNode json) {
          json.put("schedule", record.schedule());
          if (record.run() != null) {
            ScheduleBookCodec.write(record.run(), json.putObject("run"));
          }
        }

        @Override
        protected Recorded read(JsonNode json) {
          JsonNode run = json.get("run");
          return new Recorded(
              required(json, "schedule").stringValue(),
              run == null ? null : ScheduleBookCodec.read(run));
        }
      };

  private ScheduleBookCodec() {}

  /**
   * A record.
   *
   * @param schedule the schedule's id with its tenant's
   * @param run a run as it is now, or null when the schedule is gone
   */
  record Recorded(String schedule, @Nullable ScheduleRun run) {}

  private static void write(ScheduleRun run, ObjectNode json) {
    json.put("number", run.number());
    json.put("due_at", run.dueAt().toEpochMilli());
    json.put("from", run.window().from());
    json.put("to", run.window().to());
    json.put("state", run.state().jsonName());
    json.put("attempts", run.attempts());
    put(json, "not_before", run.notBefore());
    put(json, "export", run.export());
    json.put("entries", run.entries());
    put(json, "problem", run.problem());
    put(json, "delivered_to", run.deliveredTo());
    json.put("begun_at", run.begunAt().toEpochMilli());
    put(json, "ended_at", run.endedAt());
  }

  private static void put(ObjectNode json, String name, @Nullable Instant value) {
    if (value != null) {
      json.put(name, value.toEpochMilli());
    }
  }

  private static void put(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static ScheduleRun read(JsonNode json) {
    return new ScheduleRun(
        required(json, "number").longValue(),
        Instant.ofEpochMilli(required(json, "due_at").longValue()),
        new Window(required(json, "from").longValue(), required(json, "to").longValue()),
        state(required(json, "state").stringValue()),
        required(json, "attempts").intValue(),
        instant(json, "not_before"),
        text(json, "export"),
        required(json, "entries").longValue(),
        text(json, "problem"),
        text(json, "delivered_to"),
        Instant.ofEpochMilli(required(json, "begun_at").longValue()),
        instant(json, "ended_at"));
  }

  private static State state(String name) {
    return Arrays.stream(State.values())
        .filter(state -> state.jsonName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("a run that is " + name));
  }

  private static JsonNode required(JsonNode json, String name) {
    JsonNode value = json.get(name);
    if (value == null) {
      throw new IllegalStateException("a record of a schedule without " + name);
    }
    return value;
  }

  private static @Nullable Instant instant(JsonNode json, String name) {
    JsonNode value = json.get(name);
    return value == null ? null : Instant.ofEpochMilli(value.longValue());
  }

  private static @Nullable String text(JsonNode json, String name) {
    JsonNode value = json.get(name);
    return value == null ? null : value.stringValue();
  }
}
