package dev.indelible.cli.source;

import dev.indelible.mapping.form.FieldForms;
import dev.indelible.mapping.text.KeyValueText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Entries and changes of LDIF (<a href="https://www.rfc-editor.org/rfc/rfc2849">RFC 2849</a>), each
 * a record of its attributes. What is not UTF-8 is {@code {"base64": "…"}}, a value that is
 * elsewhere {@code {"url": "…"}}.
 *
 * <p>A record of changes has its {@code changetype}, the comments above it as {@code #} (OpenLDAP's
 * auditlog says there who, when and from where), and, when it modifies, {@code changes}: a list of
 * {@code {"op": "replace", "attribute": "mail", "values": ["…"]}}, in which deleting all values
 * names none.
 */
final class LdifSource extends TextSource {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Ways to change an attribute; {@code increment} is of RFC 4525. */
  private static final Set<String> OPERATIONS = Set.of("add", "delete", "replace", "increment");

  private final StringBuilder unfolded = new StringBuilder();
  private ObjectNode entry = NODES.objectNode();

  /** The comments above the entry, one a line. */
  private final StringBuilder comments = new StringBuilder();

  /** The changes of an entry that is modified; null when it is not. */
  private @Nullable ArrayNode changes;

  /** The values of the change that is read; null between two. */
  private @Nullable ArrayNode values;

  private String changed = "";
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
    comments.setLength(0);
    changes = null;
    values = null;
    problem = null;
    count = 0;
    length = 0;
  }

  /** Ends the attribute whose lines were joined. */
  private void attribute() {
    String text = unfolded.toString();
    unfolded.setLength(0);
    if (text.isEmpty() || problem != null) {
      return;
    }
    int colon = text.indexOf(':');
    if (text.startsWith("#")) {
      comment(text.substring(1).strip());
    } else if (changes != null && text.equals("-")) {
      values = null;
    } else if (colon <= 0) {
      problem = "the entry holds a line without \"name: value\"";
    } else if (!(entry.isEmpty() && text.substring(0, colon).equals("version"))) {
      JsonNode value = value(text.substring(colon + 1));
      if (value != null) {
        add(text.substring(0, colon), value);
      }
    }
  }

  private void comment(String text) {
    if (entry.isEmpty()) {
      comments.append(comments.isEmpty() ? "" : "\n").append(text);
    }
  }

  private void add(String name, JsonNode value) {
    if (changes != null) {
      change(changes, name, value);
      return;
    }
    KeyValueText.add(entry, name, value);
    if (name.equals("changetype")) {
      if (!comments.isEmpty()) {
        entry.put("#", comments.toString());
      }
      if (value.asString("").equals("modify")) {
        changes = entry.putArray("changes");
      }
    }
  }

  /** Reads {@code replace: mail}, or a value of the attribute that such a line named. */
  private void change(ArrayNode all, String name, JsonNode value) {
    if (values == null && OPERATIONS.contains(name) && value.isString()) {
      changed = value.stringValue();
      values = all.addObject().put("op", name).put("attribute", changed).putArray("values");
    } else if (values != null && name.equalsIgnoreCase(changed)) {
      values.add(value);
    } else {
      problem = "the change holds a value that is not of the attribute it names: " + name;
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
