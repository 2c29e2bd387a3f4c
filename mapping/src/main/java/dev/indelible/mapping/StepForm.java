package dev.indelible.mapping;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.indelible.mapping.form.FieldForms;
import dev.indelible.mapping.form.FieldLimits;
import dev.indelible.mapping.text.CsvRow;
import dev.indelible.mapping.text.ExactReader;
import dev.indelible.mapping.text.KeyValueText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** A way to write a value in another one, which a step undoes. */
sealed interface StepForm {

  /** The most elements of a list that a step looks at; a longer list stays as it is. */
  int MAX_ELEMENTS = 10_000;

  /** Nesting of JSON in a text; a text with more stays text, since no event could hold it. */
  int MAX_JSON_DEPTH = FieldLimits.MAX_JSON_DEPTH;

  /** Reads {@code node}; null when it is not of this form. */
  @Nullable JsonNode read(JsonNode node, Budget budget);

  /** Whether the result says all that the original did, so that it may stand in its place. */
  default boolean isWhole() {
    return true;
  }

  /** Text that is a JSON object or list. */
  record Json() implements StepForm {
    private static final JsonMapper JSON =
        new JsonMapper(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_JSON_DEPTH).build())
                .build());

    @Override
    public @Nullable JsonNode read(JsonNode node, Budget budget) {
      if (!node.isString()) {
        return null;
      }
      String text = node.stringValue();
      int start = 0;
      while (start < text.length() && text.charAt(start) <= ' ') {
        start++;
      }
      if (start == text.length() || "{[".indexOf(text.charAt(start)) < 0) {
        return null;
      }
      try (JsonParser parser = JSON.createParser(text)) {
        parser.nextToken();
        ExactReader reader = new ExactReader(parser);
        JsonNode tree = reader.read();
        return reader.problem() == null && parser.nextToken() == null ? tree : null;
      } catch (JacksonException _) {
        return null;
      }
    }
  }

  /**
   * List of objects that each hold a name and a value.
   *
   * @param key the member that is the name
   * @param values the members that may be the value, in this order
   */
  record Pairs(String key, List<String> values) implements StepForm {
    public Pairs {
      values = List.copyOf(values);
    }

    @Override
    public @Nullable JsonNode read(JsonNode node, Budget budget) {
      if (!(node instanceof ArrayNode list) || list.isEmpty() || list.size() > MAX_ELEMENTS) {
        return null;
      }
      ObjectNode byName = JsonNodeFactory.instance.objectNode();
      ObjectNode many = JsonNodeFactory.instance.objectNode();
      for (JsonNode element : list) {
        if (!(element instanceof ObjectNode pair)
            || !(pair.get(key) instanceof StringNode name)
            || name.stringValue().isEmpty()) {
          return null;
        }
        add(byName, many, name.stringValue(), valueOf(pair));
      }
      byName.setAll(many);
      return byName;
    }

    private JsonNode valueOf(ObjectNode pair) {
      if (pair.size() == 2) {
        for (String value : values) {
          JsonNode found = pair.get(value);
          if (found != null) {
            return found;
          }
        }
      }
      return pair.deepCopy().without(key);
    }

    private static void add(ObjectNode byName, ObjectNode many, String name, JsonNode value) {
      JsonNode before = byName.putIfAbsent(name, value);
      if (before != null) {
        if (many.get(name) instanceof ArrayNode all) {
          all.add(value);
        } else {
          many.putArray(name).add(before).add(value);
        }
      }
    }
  }

  /** List of the bytes of a text in UTF-8, as numbers. */
  record Bytes() implements StepForm {
    @Override
    public @Nullable JsonNode read(JsonNode node, Budget budget) {
      if (!(node instanceof ArrayNode list) || list.size() > Budget.MAX_MADE_LENGTH) {
        return null;
      }
      byte[] bytes = new byte[list.size()];
      for (int i = 0; i < bytes.length; i++) {
        JsonNode number = list.get(i);
        int value = number.isIntegralNumber() && number.canConvertToInt() ? number.intValue() : -1;
        if (value < -128 || value > 255 || !number.isIntegralNumber()) {
          return null;
        }
        bytes[i] = (byte) value;
      }
      return text(bytes);
    }
  }

  /** Text in Base64 of a text in UTF-8. */
  record Base64Text() implements StepForm {
    @Override
    public @Nullable JsonNode read(JsonNode node, Budget budget) {
      if (!node.isString() || node.stringValue().isEmpty()) {
        return null;
      }
      try {
        byte[] bytes = Base64.getDecoder().decode(node.stringValue());
        boolean canonical = Base64.getEncoder().encodeToString(bytes).equals(node.stringValue());
        return canonical ? text(bytes) : null;
      } catch (IllegalArgumentException _) {
        return null;
      }
    }
  }

  private static @Nullable JsonNode text(byte[] utf8) {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      return FieldForms.isSound(text) ? StringNode.valueOf(text) : null;
    } catch (CharacterCodingException _) {
      return null;
    }
  }

  /** Text of the form {@code a=b c="d"}. */
  record KeyValue() implements StepForm {
    @Override
    public @Nullable JsonNode read(JsonNode node, Budget budget) {
      return node.isString() && node.stringValue().indexOf('=') >= 0
          ? KeyValueText.read(node.stringValue())
          : null;
    }

    @Override
    public boolean isWhole() {
      return false;
    }
  }

  /** Text that is one row of CSV. */
  record Csv(List<String> columns, char separator) implements StepForm {
    public Csv {
      columns = List.copyOf(columns);
    }

    @Override
    public @Nullable JsonNode read(JsonNode node, Budget budget) {
      if (!node.isString() || node.stringValue().isEmpty()) {
        return null;
      }
      try {
        CsvRecord row =
            CsvReader.builder()
                .fieldSeparator(separator)
                .skipEmptyLines(false)
                .maxBufferSize(Budget.MAX_MADE_LENGTH)
                .ofSingleCsvRecord(node.stringValue());
        return CsvRow.object(columns, row.getFields());
      } catch (CsvParseException _) {
        return null;
      }
    }

    @Override
    public boolean isWhole() {
      return false;
    }
  }

  /** Text that one of several patterns matches; says the named groups that took part. */
  record Groups(List<Regex> patterns) implements StepForm {
    public Groups {
      patterns = List.copyOf(patterns);
    }

    @Override
    public @Nullable JsonNode read(JsonNode node, Budget budget) {
      if (!node.isValueNode() || node.isNull()) {
        return null;
      }
      for (Regex pattern : patterns) {
        Matcher match = pattern.match(node.asString(), budget);
        if (match != null) {
          ObjectNode groups = JsonNodeFactory.instance.objectNode();
          for (String name : pattern.groups()) {
            String text = match.group(name);
            if (text != null) {
              groups.put(name, text);
            }
          }
          return groups;
        }
      }
      return null;
    }

    @Override
    public boolean isWhole() {
      return false;
    }
  }
}
