package dev.indelible.mapping.out;

import dev.indelible.mapping.DocumentMap;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Form that a map writes.
 *
 * @param name of the form
 */
record MappedFormat(String name, DocumentMap map) implements EntryFormat {

  /** By what name a map asks where an entry stands in its log. */
  static final String LOG = "log";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final HexFormat HEX = HexFormat.of();

  @Override
  public String mediaType() {
    return map.mediaType();
  }

  @Override
  public byte[] format(JsonNode entry, @Nullable Integrity integrity) {
    if (!(entry instanceof ObjectNode record)) {
      throw new IllegalArgumentException("an entry is an object");
    }
    ObjectNode given = NODES.objectNode();
    if (integrity != null) {
      given
          .putObject(LOG)
          .put("origin", integrity.origin())
          .put("leaf_hash", HEX.formatHex(integrity.leafHash()))
          .put("size", integrity.size())
          .put("root_hash", HEX.formatHex(integrity.rootHash()));
    }
    return map.write(record, given);
  }
}
