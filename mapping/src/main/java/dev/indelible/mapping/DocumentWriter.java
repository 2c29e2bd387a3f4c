package dev.indelible.mapping;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Receiver of a document's parts in their order. An object or list into which nothing was written
 * never comes to be. Not thread-safe; one per document.
 */
interface DocumentWriter {

  /** The largest document, in bytes; a longer one is refused. */
  int MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

  /**
   * Name of a member.
   *
   * @param text as the map writes it
   * @param json as JSON writes it, with quotes and colon; null where it is used once
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody writes to it, and identity is never compared
  record Name(String text, byte @Nullable [] json) {
    static Name of(String text) {
      JsonText written = new JsonText(false);
      written.text(null, text);
      return new Name(
          text,
          (new String(written.bytes(), StandardCharsets.UTF_8) + ":")
              .getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Writes a value with all that is in it; {@code name} is null in a list and at the top. */
  void value(@Nullable Name name, JsonNode node);

  /**
   * Writes a value that is the same for every record.
   *
   * @param json as {@link JsonText} writes it
   */
  default void constant(@Nullable Name name, JsonNode node, byte[] json) {
    value(name, node);
  }

  /** Writes a text. */
  void text(@Nullable Name name, String text);

  /** Writes a whole number. */
  void number(@Nullable Name name, long number);

  /** Begins an object or a list. */
  void begin(@Nullable Name name, boolean isList);

  /** Ends what was begun last, and says whether anything was written in it. */
  boolean end();
}
