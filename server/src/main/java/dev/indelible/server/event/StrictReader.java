package dev.indelible.server.event;

import static dev.indelible.server.event.Problem.Code.BAD_ENCODING;
import static dev.indelible.server.event.Problem.Code.BAD_FORMAT;
import static dev.indelible.server.event.Problem.Code.DUPLICATE_KEY;
import static dev.indelible.server.event.Problem.Code.MISSING;
import static dev.indelible.server.event.Problem.Code.OUT_OF_RANGE;
import static dev.indelible.server.event.Problem.Code.TOO_DEEP;
import static dev.indelible.server.event.Problem.Code.TOO_LONG;
import static dev.indelible.server.event.Problem.Code.TOO_MANY;
import static dev.indelible.server.event.Problem.Code.UNKNOWN_FIELD;
import static dev.indelible.server.event.Problem.Code.UNKNOWN_VALUE;
import static dev.indelible.server.event.Problem.Code.WRONG_TYPE;

import dev.indelible.mapping.form.FieldForms;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads single values off a parser and reports what is wrong with each, so that reading can go on.
 *
 * <p>Every method that reads a value expects the parser at the name of the field or, in a list,
 * before the element, and leaves it at the value's last token. A pointer is only computed for a
 * problem: it is the parser's own position.
 */
final class StrictReader {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Integers of up to this many characters fit into a long. */
  private static final int LONG_CHARACTERS = 18;

  final JsonParser parser;
  final Problems problems;
  private final boolean hasEscapes;

  /**
   * A reader of one document.
   *
   * @param hasEscapes whether a string may hold an escape, and so a NUL or half a surrogate pair
   */
  StrictReader(JsonParser parser, Problems problems, boolean hasEscapes) {
    this.parser = parser;
    this.problems = problems;
    this.hasEscapes = hasEscapes;
  }

  /** A text of at most {@code maxLength} UTF-16 units; null when it is JSON null or wrong. */
  @Nullable String text(int maxLength) {
    String text = parser.nextStringValue();
    if (text == null) {
      if (parser.currentToken() != JsonToken.VALUE_NULL) {
        wrongType("a string");
      }
      return null;
    }
    if (text.length() > maxLength) {
      problems.addHere(
          parser,
          TOO_LONG,
          "has "
              + text.length()
              + " characters; at most "
              + maxLength
              + " are allowed. Shorten it, or put the full text into details.");
      return null;
    }
    return soundness(text) ? text : null;
  }

  /** Reads a text as {@link #text} does, but neither empty nor with control characters. */
  @Nullable String id() {
    return idForm(text(EventLimits.MAX_ID_LENGTH));
  }

  /** Reads an id as {@link #id} does; JSON null is a problem. */
  @Nullable String requiredId() {
    String id = id();
    missingIfNull();
    return id;
  }

  /** Reports the value just read when it is JSON null. */
  void missingIfNull() {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      problems.addHere(parser, MISSING, "is required and must not be null.");
    }
  }

  private @Nullable String idForm(@Nullable String text) {
    if (text == null) {
      return null;
    }
    if (text.isEmpty()) {
      problems.addHere(parser, BAD_FORMAT, "must not be empty; leave it out if there is none.");
      return null;
    }
    if (hasEscapes && FieldForms.hasControl(text)) {
      problems.addHere(parser, BAD_FORMAT, "must not hold control characters.");
      return null;
    }
    return text;
  }

  private boolean soundness(String text) {
    if (hasEscapes && !FieldForms.isSound(text)) {
      problems.addHere(
          parser,
          BAD_ENCODING,
          "holds a NUL character or half of a surrogate pair (such as \\u0000 or a lone \\ud800),"
              + " which no Unicode text can hold. Remove it.");
      return false;
    }
    return true;
  }

  /** A list of ids; empty when it is JSON null or wrong. */
  List<String> ids(int maxCount) {
    if (!startList()) {
      return List.of();
    }
    List<String> ids = new ArrayList<>(4);
    int count = 0;
    while (true) {
      String text = parser.nextStringValue();
      JsonToken token = parser.currentToken();
      if (token == JsonToken.END_ARRAY) {
        break;
      }
      count++;
      if (text == null) {
        wrongType("a string");
      } else if (count <= maxCount) {
        if (text.length() > EventLimits.MAX_ID_LENGTH) {
          problems.addHere(
              parser,
              TOO_LONG,
              "has "
                  + text.length()
                  + " characters; at most "
                  + EventLimits.MAX_ID_LENGTH
                  + " are allowed.");
        } else if (soundness(text)) {
          String id = idForm(text);
          if (id != null) {
            ids.add(id);
          }
        }
      }
    }
    tooMany(count, maxCount);
    return ids;
  }

  /** Reports a list, at whose end the parser is, when it has more elements than it may. */
  void tooMany(int count, int maxCount) {
    if (count > maxCount) {
      problems.addHere(
          parser,
          TOO_MANY,
          "has "
              + count
              + " elements; at most "
              + maxCount
              + " are allowed. Split the event, or put a list into details.");
    }
  }

  /** Whether the next value is a list; JSON null is none, anything else is reported. */
  boolean startList() {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.START_ARRAY) {
      return true;
    }
    if (token != JsonToken.VALUE_NULL) {
      wrongType("an array");
    }
    return false;
  }

  /** Whether the next value is an object; JSON null is none, anything else is reported. */
  boolean startObject() {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.START_OBJECT) {
      return true;
    }
    if (token != JsonToken.VALUE_NULL) {
      wrongType("an object");
    }
    return false;
  }

  /** Whether the next value is a number; JSON null is none, anything else is reported. */
  private boolean nextNumber(String expected) {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
      return true;
    }
    if (token != JsonToken.VALUE_NULL) {
      wrongType(expected);
    }
    return false;
  }

  /** A finite number between the bounds; null when it is JSON null or wrong. */
  @Nullable Double number(double least, double most) {
    if (!nextNumber("a number")) {
      return null;
    }
    double number =
        parser.getStringLength() > EventLimits.MAX_NUMBER_DIGITS
            ? Double.NaN
            : Double.parseDouble(parser.getString());
    if (number >= least && number <= most) {
      return number == 0 ? 0.0 : number;
    }
    problems.addHere(parser, OUT_OF_RANGE, "must be a number from " + least + " to " + most + ".");
    return null;
  }

  /** A whole number between the bounds, without a fraction; null when it is JSON null or wrong. */
  @Nullable Long wholeNumber(long least, long most) {
    if (!nextNumber("a whole number")) {
      return null;
    }
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NUMBER_INT && parser.getStringLength() <= LONG_CHARACTERS) {
      long number = parser.getLongValue();
      if (number >= least && number <= most) {
        return number;
      }
    }
    problems.addHere(
        parser, OUT_OF_RANGE, "must be a whole number from " + least + " to " + most + ".");
    return null;
  }

  /** Any JSON value, for a field whose value is {@code depth} deep. */
  JsonNode anything(int depth) {
    parser.nextToken();
    return currentNode(depth);
  }

  /** The object at whose start the parser is. */
  ObjectNode currentObject(int depth) {
    ObjectNode object = NODES.objectNode();
    if (isTooDeep(depth)) {
      return object;
    }
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      if (name.length() > EventLimits.MAX_NAME_LENGTH) {
        problems.addHere(
            parser,
            TOO_LONG,
            "has a name of "
                + name.length()
                + " characters; at most "
                + EventLimits.MAX_NAME_LENGTH
                + " are allowed.");
      }
      // A name that is not sound is reported once; its value is read for its own problems.
      soundness(name);
      JsonNode value = anything(depth + 1);
      if (object.replace(name, value) != null) {
        duplicateKey(name);
      }
    }
    return object;
  }

  /** The value at whose first token the parser is. */
  JsonNode currentNode(int depth) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> currentObject(depth);
      case START_ARRAY -> currentArray(depth);
      case VALUE_STRING -> {
        String text = parser.getString();
        yield NODES.stringNode(soundness(text) ? text : "");
      }
      case VALUE_NUMBER_INT -> integer();
      case VALUE_NUMBER_FLOAT -> decimal();
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new IllegalStateException("no value begins with " + parser.currentToken());
      case null -> throw new IllegalStateException("no value after the last token");
    };
  }

  private ArrayNode currentArray(int depth) {
    ArrayNode array = NODES.arrayNode();
    if (isTooDeep(depth)) {
      return array;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(currentNode(depth + 1));
    }
    return array;
  }

  private boolean isTooDeep(int depth) {
    if (depth <= EventLimits.MAX_JSON_DEPTH) {
      return false;
    }
    problems.addHere(
        parser,
        TOO_DEEP,
        "nests deeper than "
            + EventLimits.MAX_JSON_DEPTH
            + " levels, the event's own braces counted. Flatten it, or send it as a string.");
    parser.skipChildren();
    return true;
  }

  private JsonNode integer() {
    int length = parser.getStringLength();
    if (length <= LONG_CHARACTERS) {
      long number = parser.getLongValue();
      return number == (int) number ? NODES.numberNode((int) number) : NODES.numberNode(number);
    }
    if (length > EventLimits.MAX_NUMBER_DIGITS) {
      return outOfRange();
    }
    BigInteger number = new BigInteger(parser.getString());
    return number.bitLength() < Long.SIZE
        ? NODES.numberNode(number.longValue())
        : NODES.numberNode(number);
  }

  private JsonNode decimal() {
    if (parser.getStringLength() <= EventLimits.MAX_NUMBER_DIGITS) {
      try {
        BigDecimal number = new BigDecimal(parser.getString());
        long magnitude = (long) number.precision() - number.scale() - 1;
        if (Math.abs(magnitude) <= EventLimits.MAX_NUMBER_EXPONENT) {
          return NODES.numberNode(number);
        }
      } catch (NumberFormatException exponentBeyondAnInt) {
        return outOfRange();
      }
    }
    return outOfRange();
  }

  private JsonNode outOfRange() {
    problems.addHere(
        parser,
        OUT_OF_RANGE,
        "is a number that cannot be kept exactly: at most "
            + EventLimits.MAX_NUMBER_DIGITS
            + " digits and powers of ten from -"
            + EventLimits.MAX_NUMBER_EXPONENT
            + " to "
            + EventLimits.MAX_NUMBER_EXPONENT
            + ". Send it as a string.");
    return NODES.nullNode();
  }

  /** Reports the current value and skips it. */
  void wrongType(String expected) {
    problems.addHere(
        parser,
        WRONG_TYPE,
        "must be " + expected + ", and is " + described(parser.currentToken()) + ".");
    parser.skipChildren();
  }

  private static String described(@Nullable JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> "no value";
      case null -> "nothing";
    };
  }

  /**
   * Notes that a field of a known object has been seen, and reports it when it was before.
   *
   * @param bit the field's bit
   * @return the fields seen
   */
  int once(int seen, int bit) {
    if ((seen & bit) != 0) {
      duplicateKey(parser.currentName());
    }
    return seen | bit;
  }

  private void duplicateKey(String name) {
    if (problems.isFull()) {
      problems.addHere(parser, DUPLICATE_KEY, "");
      return;
    }
    problems.addHere(
        parser,
        DUPLICATE_KEY,
        "\"" + Problems.quotable(name) + "\" occurs twice in the same object. Keep one of them.");
  }

  /** Reports the field at whose name the parser is, and skips its value. */
  void unknownField(String name, String owner, List<String> known) {
    String detail = "";
    if (!problems.isFull()) {
      String nearest = NameHints.nearest(name, known);
      detail =
          "\""
              + Problems.quotable(name)
              + "\" is not a field of "
              + owner
              + (nearest == null ? "." : "; did you mean \"" + nearest + "\"?")
              + " Fields are "
              + String.join(", ", known)
              + "; anything of your own goes into details.";
    }
    problems.addHere(parser, UNKNOWN_FIELD, detail);
    parser.nextToken();
    parser.skipChildren();
  }

  /** Reports a required field that the object, at whose end the parser is, does not have. */
  void requireMember(int seen, int bit, String name, String how) {
    if ((seen & bit) == 0) {
      problems.addMember(parser, name, MISSING, "\"" + name + "\" is required; " + how + ".");
    }
  }

  /** Reports a text that is none of the field's values. */
  void unknownValue(String text, List<String> known) {
    String nearest = NameHints.nearest(text, known);
    problems.addHere(
        parser,
        UNKNOWN_VALUE,
        "must be one of "
            + String.join(", ", known)
            + "; it is \""
            + Problems.quotable(text)
            + "\""
            + (nearest == null ? "." : "; did you mean \"" + nearest + "\"?"));
  }
}
