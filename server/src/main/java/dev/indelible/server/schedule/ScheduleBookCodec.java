package dev.indelible.server.schedule;

import dev.indelible.server.journal.KeyedJournal;
import dev.indelible.server.schedule.ScheduleRun.State;
import dev.indelible.server.schedule.ScheduleRun.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The batches of the schedules journal, JSON documents of {@code {"v": 1, "records": […]}}; see
 * {@code docs/formats/schedules.md}.
 */
final class ScheduleBookCodec {

  static final int VERSION = 1;

  /** The form of the schedules journal. */
  static final KeyedJournal.Form<Recorded> FORM =
      new KeyedJournal.Form<>() {
        @Override
        public byte[] encode(List<? extends Recorded> records) {
          return ScheduleBookCodec.encode(records);
        }

        @Override
        public List<Recorded> decode(byte[] batch) {
          return ScheduleBookCodec.decode(batch);
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

  static byte[] encode(List<? extends Recorded> records) {
    ObjectNode batch = JsonMapper.shared().createObjectNode();
    batch.put("v", VERSION);
    ArrayNode array = batch.putArray("records");
    for (Recorded record : records) {
      ObjectNode json = array.addObject();
      json.put("schedule", record.schedule());
      if (record.run() != null) {
        write(record.run(), json.putObject("run"));
      }
    }
    return JsonMapper.shared().writeValueAsBytes(batch);
  }

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

  /**
   * @throws IllegalStateException when the batch is of another version, or none
   */
  static List<Recorded> decode(byte[] batch) {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(batch);
    } catch (JacksonException e) {
      throw new IllegalStateException("a batch of schedules that is no JSON", e);
    }
    if (json.path("v").asInt(0) != VERSION) {
      throw new IllegalStateException(
          "schedules of version " + json.path("v") + ", this program reads " + VERSION);
    }
    List<Recorded> records = new ArrayList<>();
    for (JsonNode record : json.path("records")) {
      JsonNode run = record.get("run");
      records.add(
          new Recorded(required(record, "schedule").stringValue(), run == null ? null : read(run)));
    }
    return records;
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
