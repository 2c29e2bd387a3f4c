package dev.indelible.cli.source;

import dev.indelible.mapping.form.FieldForms;
import dev.indelible.mapping.text.KeyValueText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Entries of LDIF (<a href="https://www.rfc-editor.org/rfc/rfc2849">RFC 2849</a>), each a record of
 * its attributes. What is not UTF-8 is {@code {"base64": "…"}}, a value that is elsewhere {@code
 * {"url": "…"}}. Records of changes, whose parts are divided by {@code -}, are refused: they say
 * what is to be done and not what was.
 */
final class LdifSource extends TextSource {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final StringBuilder unfolded = new StringBuilder();
  private ObjectNode entry = NODES.objectNode();
  private long first;
  private int count;
  private long length;
  private @Nullable String problem;

  LdifSource(RawFile raw) throws IOException {
    super(raw);
  }

  @Override
  void line(long number, String text) {
    if (text.isEmpty()) {
      end();
      return;
    }
    if (count == 0) {
      first = number;
    }
    count++;
    length += text.length();
    if (count > MAX_RECORD_LINES || length > MAX_RECORD_LENGTH) {
      problem =
          "the entry has more than %,d lines or %,d characters"
              .formatted(MAX_RECORD_LINES, MAX_RECORD_LENGTH);
      unfolded.setLength(0);
    } else if (text.startsWith(" ")) {
      unfolded.append(text, 1, text.length());
    } else {
      attribute();
      unfolded.append(text);
    }
  }

  @Override
  void end() {
    attribute();
    if (problem != null) {
      refuse(first, problem);
    } else if (!entry.isEmpty()) {
      record(first, entry);
    }
    entry = NODES.objectNode();
    problem = null;
    count = 0;
    length = 0;
  }

  /** Ends the attribute whose lines were joined. */
  private void attribute() {
    String text = unfolded.toString();
    unfolded.setLength(0);
    if (text.isEmpty() || text.startsWith("#") || problem != null) {
      return;
    }
    int colon = text.indexOf(':');
    if (text.equals("-")) {
      problem = "the entry is one of changes, which LDIF divides by \"-\"";
    } else if (colon <= 0) {
      problem = "the entry holds a line without \"name: value\"";
    } else if (!(entry.isEmpty() && text.substring(0, colon).equals("version"))) {
      JsonNode value = value(text.substring(colon + 1));
      if (value != null) {
        KeyValueText.add(entry, text.substring(0, colon), value);
      }
    }
  }

  private @Nullable JsonNode value(String written) {
    if (written.startsWith("<")) {
      return NODES.objectNode().put("url", written.substring(1).strip());
    }
    if (!written.startsWith(":")) {
      return StringNode.valueOf(written.stripLeading());
    }
    String base64 = written.substring(1).strip();
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      if (FieldForms.isSound(text)) {
        return StringNode.valueOf(text);
      }
    } catch (CharacterCodingException _) {
      // Kept as its bytes.
    } catch (IllegalArgumentException _) {
      problem = "the entry holds a value that is no Base64";
      return null;
    }
    return NODES.objectNode().put("base64", base64);
  }
}
