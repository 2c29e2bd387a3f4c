package dev.indelible.server.takeout;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.proof.EntryProof;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.Hash;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The JSON form of a proof; see {@code docs/formats/proof.md}. */
public final class ProofJson {

  /** Parts of an entry that a proof shows beside its leaf, each with its salt. */
  public enum Parts {
    /** Neither part, for those who may record but not read. */
    NONE,
    /** The facts: all that those see who may not see what is personal. */
    FACTS,
    /** Both. */
    ALL
  }

  private ProofJson() {}

  /** Writes a proof. */
  public static void write(JsonGenerator json, String id, EntryProof proof, Parts parts) {
    json.writeStartObject();
    json.writeStringProperty("id", id);
    json.writeStringProperty("tenant", proof.tenant().value());
    json.writeStringProperty("origin", proof.checkpoint().checkpoint().origin());
    json.writeNumberProperty("seq", proof.inclusion().leafIndex());
    json.writeStringProperty(
        "recorded_at", Rfc3339.format(Instant.ofEpochMilli(proof.leaf().recordedAtMillis())));
    json.writeStringProperty("leaf", base64(proof.leaf().encode()));
    json.writeObjectPropertyStart("leaf_fields");
    json.writeNumberProperty("recorded_at_ms", proof.leaf().recordedAtMillis());
    json.writeStringProperty("facts_digest", proof.leaf().facts().toBase64());
    json.writeStringProperty("personal_digest", proof.leaf().personal().toBase64());
    json.writeEndObject();
    if (parts != Parts.NONE) {
      writeParts(json, proof, parts);
    }
    json.writeNumberProperty("size", proof.checkpoint().checkpoint().size());
    json.writeStringProperty("root", proof.checkpoint().checkpoint().root().toBase64());
    json.writeArrayPropertyStart("inclusion");
    for (Hash hash : proof.inclusion().hashes()) {
      json.writeString(hash.toBase64());
    }
    json.writeEndArray();
    json.writeStringProperty("checkpoint", proof.checkpoint().note().toString());
    json.writeArrayPropertyStart("verifier_keys");
    proof.verifierKeys().forEach(key -> json.writeString(key.toString()));
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeParts(JsonGenerator json, EntryProof proof, Parts shown) {
    switch (proof.entry().body()) {
      case StoredEntry.Whole(EntryParts parts) -> {
        boolean withPersonal = shown == Parts.ALL;
        writePart(json, "facts", parts.facts(), parts.factsSalt());
        writePart(
            json,
            "personal",
            withPersonal ? parts.personal() : null,
            withPersonal ? parts.personalSalt() : null);
        json.writeStringProperty(
            "personal_state",
            parts.personal() == null ? "none" : withPersonal ? "present" : "withheld");
      }
      case StoredEntry.PersonalErased erased -> {
        writePart(json, "facts", erased.facts(), erased.factsSalt());
        writePart(json, "personal", null, null);
        json.writeStringProperty("personal_state", "erased");
      }
      case StoredEntry.Purged _ -> {
        writePart(json, "facts", null, null);
        writePart(json, "personal", null, null);
        json.writeStringProperty("personal_state", "purged");
      }
    }
  }

  private static void writePart(
      JsonGenerator json, String name, byte @Nullable [] part, byte @Nullable [] salt) {
    if (part == null || salt == null) {
      json.writeNullProperty(name);
      return;
    }
    json.writeObjectPropertyStart(name);
    json.writeStringProperty("text", new String(part, StandardCharsets.UTF_8));
    json.writeStringProperty("salt", base64(salt));
    json.writeEndObject();
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
