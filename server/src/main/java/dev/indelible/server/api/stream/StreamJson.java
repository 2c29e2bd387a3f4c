package dev.indelible.server.api.stream;

import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.control.EventStream;
import dev.indelible.server.json.Json;
import dev.indelible.server.search.Search;
import dev.indelible.server.sink.Sink;
import dev.indelible.server.sink.WebhookType;
import dev.indelible.server.stream.LedgerLine;
import dev.indelible.server.stream.StreamStatus;
import dev.indelible.server.stream.Streams;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Streams, their ledgers and dead letters as JSON. */
record StreamJson(Streams streams, Search search) {

  /**
   * A stream with its state, read before anything is written.
   *
   * @param told what the receiver is to be told of a new secret, shown once; or null
   */
  record Shown(EventStream stream, StreamStatus status, @Nullable String told) {}

  Shown shown(EventStream stream, @Nullable String told) throws IOException {
    return new Shown(stream, streams.status(stream), told);
  }

  /** Writes a stream as a caller may see it. */
  void write(JsonGenerator json, Callers.Allowed allowed, Shown shown) {
    EventStream stream = shown.stream();
    EventStream.Content content = stream.content();
    json.writeStartObject();
    json.writeStringProperty("id", stream.streamId());
    json.writeStringProperty("name", stream.name());
    json.writeStringProperty("state", shown.status().state().jsonName());
    EventStream.Stop stop = stream.stop();
    if (stop != null) {
      json.writeStringProperty("paused_because", stop.because());
    }
    if (search.mayAsk(allowed.scope(), content.query())) {
      json.writeStringProperty("query", content.query());
    } else {
      json.writeNullProperty("query");
      json.writeBooleanProperty("query_withheld", true);
    }
    json.writeStringProperty("format", content.format());
    Json.text(json, "map", content.map());
    json.writeBooleanProperty("withheld", content.withhold());
    destination(json, stream.receiver());
    if (shown.told() != null) {
      boolean isKey =
          stream.receiver().settings().path("signature").asString("").equals(WebhookType.V1A);
      json.writeStringProperty(isKey ? "signing_key" : "signing_secret", shown.told());
    }
    json.writeObjectPropertyStart("limits");
    json.writeNumberProperty("batch_entries", stream.limits().batchEntries());
    json.writeNumberProperty("batch_bytes", stream.limits().batchBytes());
    json.writeNumberProperty("message_bytes", stream.limits().messageBytes());
    json.writeEndObject();
    json.writeNumberProperty("start_seq", stream.startSeq());
    json.writeObjectPropertyStart("maker");
    json.writeStringProperty("kind", stream.maker().kind());
    json.writeStringProperty("id", stream.maker().id());
    json.writeEndObject();
    Json.time(json, "created_at", stream.createdAt());
    status(json, shown.status());
    json.writeEndObject();
  }

  private static void destination(JsonGenerator json, EventStream.Receiver receiver) {
    json.writeObjectPropertyStart("destination");
    json.writeStringProperty("type", receiver.type());
    for (Map.Entry<String, JsonNode> setting : receiver.settings().properties()) {
      Json.tree(json, setting.getKey(), setting.getValue());
    }
    json.writeEndObject();
  }

  private static void status(JsonGenerator json, StreamStatus status) {
    json.writeObjectPropertyStart("status");
    json.writeNumberProperty("next_seq", status.nextSeq());
    json.writeNumberProperty("lag_entries", status.lagEntries());
    json.writeNumberProperty("lag_seconds", status.lagSeconds());
    Json.text(json, "last_error", status.lastError());
    Json.time(json, "next_attempt_at", status.nextAttemptAt());
    json.writeNumberProperty("sent", status.sent());
    json.writeNumberProperty("dead_letters", status.deadLetters());
    json.writeNumberProperty("entries_per_second", status.entriesPerSecond());
    Json.time(json, "last_taken_at", status.lastTakenAt());
    json.writeEndObject();
  }

  /** Writes how a test ended. */
  static void write(JsonGenerator json, Sink.Answer answer) {
    json.writeStartObject();
    switch (answer) {
      case Sink.Answer.Taken _ -> json.writeStringProperty("outcome", "taken");
      case Sink.Answer.Failed failed -> {
        json.writeStringProperty("outcome", "failed");
        json.writeStringProperty("problem", failed.problem());
      }
      case Sink.Answer.Refused(String problem) -> {
        json.writeStringProperty("outcome", "refused");
        json.writeStringProperty("problem", problem);
      }
    }
    json.writeEndObject();
  }

  /** Writes a line of a ledger. */
  static void write(JsonGenerator json, LedgerLine line) {
    LedgerLine.Counts counts = line.counts();
    json.writeStartObject();
    json.writeNumberProperty("number", line.number());
    json.writeNumberProperty("first_seq", line.firstSeq());
    json.writeNumberProperty("last_seq", line.lastSeq());
    json.writeNumberProperty("matched", counts.matched());
    json.writeNumberProperty("sent", counts.sent());
    json.writeNumberProperty(line.flags().received() ? "acknowledged" : "written", counts.sent());
    json.writeNumberProperty("dead_letters", counts.dead());
    json.writeNumberProperty("purged", counts.purged());
    json.writeBooleanProperty("replay", line.flags().replay());
    json.writeBooleanProperty("repeated", line.flags().repeated());
    json.writeBooleanProperty("abandoned", line.flags().abandoned());
    json.writeNumberProperty("attempts", line.attempts());
    json.writeStringProperty("sha256", HexFormat.of().formatHex(line.sha256()));
    json.writeStringProperty("previous", HexFormat.of().formatHex(line.before()));
    json.writeStringProperty("head", HexFormat.of().formatHex(line.hash()));
    Json.time(json, "at", Instant.ofEpochMilli(line.atMillis()));
    json.writeEndObject();
  }

  /** Writes a dead letter. */
  static void write(JsonGenerator json, Streams.Dead letter) {
    json.writeStartObject();
    json.writeNumberProperty("seq", letter.seq());
    json.writeStringProperty("entry_id", letter.entryId());
    json.writeStringProperty("reason", letter.reason());
    Json.time(json, "at", letter.at());
    json.writeNumberProperty("number", letter.number());
    json.writeEndObject();
  }
}
