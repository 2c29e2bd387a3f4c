package dev.indelible.server.takeout;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.print.PrintedDocument;
import dev.indelible.server.proof.EntryProof;
import dev.indelible.server.retention.DeletionFacts;
import dev.indelible.verify.SignedNote;
import dev.indelible.verify.VerifierKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The certificate of a deletion, sealed by the log's keys: {@code docs/formats/certificate.md}.
 *
 * @param entry records the deletion
 * @param proof that the log holds that record
 * @param withPersonal whether the proof shows the record's personal part, if it has one, or its
 *     digest alone; the facts, which are what is certified, are always shown
 */
public record Certificate(Entry entry, EntryProof proof, boolean withPersonal) {

  /** The most ranges that are printed; the attached JSON has all. */
  static final int MAX_PRINTED_RANGES = 50;

  private static final String PDF_SEAL = "%indelible-seal ";

  /** Signs what the certificate's bytes are. */
  @FunctionalInterface
  public interface Sealer {
    SignedNote seal(byte[] bytes) throws IOException, InterruptedException;
  }

  /** The certificate as JSON, in one line. */
  public byte[] json(Sealer sealer) throws IOException, InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JsonMapper.shared().createGenerator(out)) {
      write(json);
    }
    byte[] whole = out.toByteArray();
    // All but the brace that ends it.
    byte[] sealed = java.util.Arrays.copyOf(whole, whole.length - 1);
    out.reset();
    out.write(sealed);
    String seal = JsonMapper.shared().writeValueAsString(sealer.seal(sealed).toString());
    out.write((",\"seal\":" + seal + "}").getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  private void write(JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("certificate", "deletion");
    json.writeNumberProperty("version", 1);
    json.writeStringProperty("statement", DeletionFacts.statement(entry));
    json.writeStringProperty("tenant", entry.tenant().value());
    json.writeStringProperty("origin", origin());
    json.writeStringProperty("record_id", entry.id());
    json.writeNumberProperty("record_seq", entry.seq());
    json.writeStringProperty("recorded_at", Rfc3339.format(entry.recordedAt()));
    json.writeStringProperty("kind", kind());
    String reason = entry.event().reason();
    if (reason != null) {
      json.writeStringProperty("reason", reason);
    }
    json.writeName("deleted");
    json.writeRawValue(DeletionFacts.details(entry).toString());
    json.writeName("proof");
    ProofJson.write(
        json, entry.id(), proof, withPersonal ? ProofJson.Parts.ALL : ProofJson.Parts.FACTS);
    json.writeEndObject();
  }

  private String origin() {
    return proof.checkpoint().checkpoint().origin();
  }

  private String kind() {
    return DeletionFacts.isPurge(entry) ? "purge" : "erasure";
  }

  /**
   * Certificate for people, as PDF, with the JSON attached.
   *
   * @param now when it is made
   */
  public byte[] pdf(Sealer sealer, Instant now) throws IOException, InterruptedException {
    byte[] json = json(sealer);
    byte[] unsealed;
    try (PrintedDocument document = new PrintedDocument("Certificate of deletion", now)) {
      print(document);
      document.attach("certificate.json", "application/json", json);
      unsealed = document.toBytes();
    }
    String seal =
        Base64.getEncoder()
            .encodeToString(sealer.seal(unsealed).toString().getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(unsealed);
    out.write((PDF_SEAL + seal + "\n").getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  private void print(PrintedDocument document) {
    ObjectNode details = DeletionFacts.details(entry);
    document.paragraph(DeletionFacts.statement(entry));
    document.heading("What was deleted");
    document.field("Tenant", entry.tenant().value());
    document.field("Entries", Long.toString(details.path("entries").asLong()));
    document.field("Their numbers", ranges(details.path("ranges")));
    field(document, "Recorded before", details.path("cut_off"));
    field(document, "Kept for", details.path("retention"));
    field(document, "Request", details.path("erasure"));
    field(document, "SHA-256 over leaves", details.path("set_digest"));
    document.heading("Who, why and when");
    document.field("Decided by", decidedBy(entry.event().actor()));
    String reason = entry.event().reason();
    document.field("Reason", reason == null ? "" : reason);
    document.field("Decided at", Rfc3339.format(entry.occurredAt()));
    document.field("Recorded at", Rfc3339.format(entry.recordedAt()));
    document.heading("How to check it");
    document.paragraph(
        ("Entry %d of the log %s says so. The file certificate.json in this PDF holds that entry"
                + " and the proof that it is in the log. This PDF and that file are sealed with the"
                + " log's key: a changed byte is noticed by")
            .formatted(entry.seq(), origin()));
    document.small("indelible verify certificate-" + entry.id() + ".pdf --key log.vkey");
    document.paragraph("");
    document.paragraph("The log's key, to be compared with the one that you hold:");
    for (VerifierKey key : proof.verifierKeys()) {
      document.small(key.toString());
    }
    document.heading("The log's checkpoint when this was issued");
    document.small(proof.checkpoint().note().toString().strip());
  }

  private static String decidedBy(Event.Actor actor) {
    if (actor.type() == Event.ActorType.SYSTEM) {
      return "the program, on schedule";
    }
    // Where actors are hashed, those who may not see who it was see the hash.
    String id = actor.id() != null ? actor.id() : actor.idHash();
    return String.join(" ", actor.roles()) + " " + id;
  }

  private static void field(PrintedDocument document, String name, JsonNode value) {
    if (!value.isMissingNode()) {
      document.field(name, value.asString());
    }
  }

  private static String ranges(JsonNode ranges) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(ranges.size(), MAX_PRINTED_RANGES); i++) {
      long first = ranges.get(i).path(0).asLong();
      long last = ranges.get(i).path(1).asLong() - 1;
      text.append(i == 0 ? "" : ", ").append(first);
      if (last > first) {
        text.append(" to ").append(last);
      }
    }
    int more = ranges.size() - MAX_PRINTED_RANGES;
    return more > 0
        ? text + " and " + more + " more ranges, see certificate.json"
        : text.toString();
  }
}
