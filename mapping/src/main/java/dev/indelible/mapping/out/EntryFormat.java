package dev.indelible.mapping.out;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Form in which entries leave. Thread-safe. */
public interface EntryFormat {

  /** The name, such as {@code ocsf}. */
  String name();

  /** The media type of one entry in this form. */
  String mediaType();

  /**
   * Writes an entry.
   *
   * @param entry as the API gives it
   * @param integrity where it stands in the log's tree; null where nothing signed covers it yet
   * @return one line of UTF-8 without a line break at its end
   */
  byte[] format(JsonNode entry, @Nullable Integrity integrity);

  /**
   * Place of an entry in its log's tree (RFC 6962, C2SP tlog-checkpoint).
   *
   * @param origin the log's name, the first line of its checkpoints
   * @param leafHash SHA-256 of the leaf, 32 bytes
   * @param size of the tree of a checkpoint that covers it
   * @param rootHash of that tree, 32 bytes
   */
  record Integrity(String origin, byte[] leafHash, long size, byte[] rootHash) {}
}
