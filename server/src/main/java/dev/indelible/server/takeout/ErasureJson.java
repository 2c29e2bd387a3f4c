package dev.indelible.server.takeout;

import dev.indelible.server.control.Erasure;
import dev.indelible.server.json.Json;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.retention.Copies;
import dev.indelible.server.retention.Erasures;
import dev.indelible.verify.audit.ErasureReceipt;
import java.time.Instant;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Requests for erasure, and their receipts, as JSON. */
public final class ErasureJson {

  private ErasureJson() {}

  /** Writes a receipt: {@code docs/formats/erasure-receipt.md}. */
  public static void write(JsonGenerator json, ErasureReceipt receipt) {
    json.writeStartObject();
    json.writeStringProperty("receipt", "erasure");
    json.writeNumberProperty("version", 1);
    json.writeStringProperty("tenant", receipt.tenant());
    json.writeStringProperty("erasure", receipt.erasureId());
    Json.texts(json, "identifiers", receipt.identifiers());
    json.writeStringProperty("salt", receipt.salt());
    json.writeStringProperty("commitment", receipt.commitment());
    json.writeEndObject();
  }

  /** Writes a request with its timeline, and with the exports that had left before. */
  public static void write(
      JsonGenerator json, Erasure erasure, Instant now, List<Copies.Left> left) {
    json.writeStartObject();
    timeline(json, erasure, now);
    left(json, left);
    json.writeEndObject();
  }

  /** Writes the exports that held what was erased and had left before, if there are any. */
  public static void left(JsonGenerator json, List<Copies.Left> left) {
    left(json, "exports_left", left.stream().filter(copy -> copy.stream() == null).toList());
    left(json, "streams_sent", left.stream().filter(copy -> copy.stream() != null).toList());
  }

  private static void left(JsonGenerator json, String name, List<Copies.Left> left) {
    if (left.isEmpty()) {
      return;
    }
    json.writeArrayPropertyStart(name);
    for (Copies.Left copy : left) {
      json.writeStartObject();
      json.writeStringProperty("id", copy.id());
      Copies.OfStream stream = copy.stream();
      if (stream != null) {
        json.writeStringProperty("name", stream.name());
        json.writeStringProperty("destination", stream.destination());
      }
      Json.time(json, stream == null ? "left_at" : "sent_at", copy.at());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Writes the members of a request: its state, its timeline and how many entries it is about. */
  public static void timeline(JsonGenerator json, Erasure erasure, Instant now) {
    json.writeStringProperty("id", erasure.erasureId());
    json.writeStringProperty("state", erasure.state());
    json.writeStringProperty("received_at", Rfc3339.format(erasure.receivedAt()));
    json.writeStringProperty("due_at", Rfc3339.format(erasure.dueAt()));
    Json.time(json, "waits_until", erasure.waitsUntil());
    Json.time(json, "processing_at", erasure.processingAt());
    Json.time(json, "fulfilled_at", erasure.fulfilledAt());
    Json.time(json, "rejected_at", erasure.rejectedAt());
    json.writeBooleanProperty("overdue", Erasures.isOverdue(erasure, now));
    json.writeNumberProperty("entries", erasure.entries());
    json.writeNumberProperty("deferred", erasure.deferred());
    json.writeArrayPropertyStart("records");
    erasure.records().forEach(json::writeString);
    json.writeEndArray();
    if (erasure.commitment() != null) {
      json.writeStringProperty("commitment", erasure.commitment());
    }
  }
}
