package dev.indelible.mapping.text;

import dev.indelible.mapping.form.FieldForms;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one JSON value as the API does: a key that occurs twice in an object, and text that is no
 * Unicode, are problems of the value; neither is mended in silence.
 *
 * <p>A value with a problem is still read to its end, so that the next one can be. One instance
 * reads one value.
 */
public final class ExactReader {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonParser parser;

  /** Length of the part of a pointer that leads to the value itself. */
  private final int outerSegments;

  private @Nullable String problem;

  /** A reader of the value at whose first token {@code parser} is. */
  public ExactReader(JsonParser parser) {
    this.parser = parser;
    this.outerSegments = parser.streamReadContext().getNestingDepth() - 1;
  }

  /** The first thing that is wrong with what was read, and where; null when nothing is. */
  public @Nullable String problem() {
    return problem;
  }

  /** The value at whose first token the parser is; leaves the parser at its last one. */
  public JsonNode read() {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new IllegalStateException("no value after the last token");
    }
    return switch (token) {
      case START_OBJECT -> object();
      case START_ARRAY -> array();
      case VALUE_STRING -> NODES.stringNode(sound(parser.getString()));
      case VALUE_NUMBER_INT -> integer();
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new IllegalStateException("no value begins with " + token);
    };
  }

  private ObjectNode object() {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      member(object, name);
    }
    return object;
  }

  /** Reads the value at whose first token the parser is into {@code object}. */
  public void member(ObjectNode object, String name) {
    sound(name);
    JsonNode value = read();
    if (object.replace(name, value) != null) {
      note("\"" + name + "\" occurs twice in the same object. Keep one of them.");
    }
  }

  private ArrayNode array() {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(read());
    }
    return array;
  }

  private JsonNode integer() {
    return switch (parser.getNumberType()) {
      case INT -> NODES.numberNode(parser.getIntValue());
      case LONG -> NODES.numberNode(parser.getLongValue());
      default -> NODES.numberNode(parser.getBigIntegerValue());
    };
  }

  private String sound(String text) {
    if (!FieldForms.isSound(text)) {
      note(
          "holds a NUL character or half of a surrogate pair (such as \\u0000 or a lone \\ud800),"
              + " which no Unicode text can hold. Remove it.");
    }
    return text;
  }

  private void note(String what) {
    if (problem == null) {
      String pointer = parser.streamReadContext().pathAsPointer().toString();
      for (int i = 0; i < outerSegments && !pointer.isEmpty(); i++) {
        int next = pointer.indexOf('/', 1);
        pointer = next < 0 ? "" : pointer.substring(next);
      }
      problem = pointer.isEmpty() ? what : pointer + ": " + what;
    }
  }
}
