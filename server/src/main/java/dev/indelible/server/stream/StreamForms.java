package dev.indelible.server.stream;

import dev.indelible.mapping.out.EntryFormat;
import dev.indelible.mapping.out.EntryFormats;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.proof.Standing;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.run.StoredEntry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Forms that streams write entries in. Thread-safe. */
public final class StreamForms {

  /** The name of the form that is written as the API answers, byte for byte. */
  static final String NATIVE = "native";

  /** Decimals keep their digits. */
  private static final JsonMapper EXACT =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final TenantLogs logs;

  /** Forms that may say where an entry stands in one of {@code logs}. */
  public StreamForms(TenantLogs logs) {
    this.logs = logs;
  }

  /**
   * The form of that name.
   *
   * @param map a tenant's own map, which the form {@code custom} needs; else null
   * @throws dev.indelible.mapping.InvalidMapException when the map is none
   */
  public Optional<EntryFormat> byName(String name, @Nullable String map) {
    if (map == null) {
      return EntryFormats.byName(name);
    }
    return name.equals(EntryFormats.CUSTOM)
        ? Optional.of(EntryFormats.read(map))
        : Optional.empty();
  }

  /** An entry as the API gives it, from its bytes. */
  static JsonNode read(byte[] entry) {
    return EXACT.readTree(entry);
  }

  /** The body of an entry in a form. */
  byte[] body(EntryFormat form, TenantId tenant, StoredEntry stored, byte[] bytes, JsonNode json) {
    return form.name().equals(NATIVE) ? bytes : form.format(json, integrity(tenant, stored));
  }

  private EntryFormat.@Nullable Integrity integrity(TenantId tenant, StoredEntry stored) {
    return Standing.of(logs, tenant, stored)
        .map(
            standing ->
                new EntryFormat.Integrity(
                    standing.origin(),
                    standing.leafHash().toBytes(),
                    standing.head().size(),
                    standing.head().root().toBytes()))
        .orElse(null);
  }
}
