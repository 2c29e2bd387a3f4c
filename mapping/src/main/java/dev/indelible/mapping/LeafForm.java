package dev.indelible.mapping;

import dev.indelible.mapping.DocumentWriter.Name;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DecimalNode;

/** A form that a map asks of a value in a document. */
enum LeafForm {
  /** The value as the record has it; text where it was made. */
  AS_IS(""),
  /** Text; of a number its digits. */
  TEXT("text"),
  /** A whole number of at most 64 bits; of a text, of at most 18 digits. */
  INTEGER("integer"),
  /** A number. */
  NUMBER("number"),
  /** True or false. */
  BOOLEAN("boolean"),
  /** Milliseconds since 1970 of a time as RFC 3339 writes it. */
  EPOCH_MILLIS("epoch_ms"),
  /** The text of its JSON. */
  JSON("json");

  private static final String MILLIS_FORM = "0000-00-00T00:00:00.000Z";

  /** Digits that every number of 64 bits has room for. */
  private static final int MAX_DIGITS = 18;

  private static final Pattern DECIMAL =
      Pattern.compile("-?(0|[1-9][0-9]{0,99})(\\.[0-9]{1,99})?([eE][+-]?[0-9]{1,3})?");

  private final String yamlName;

  LeafForm(String yamlName) {
    this.yamlName = yamlName;
  }

  static Optional<LeafForm> named(String name) {
    return written().filter(form -> form.yamlName.equals(name)).findFirst();
  }

  /** The names of all, for people. */
  static String names() {
    return written().map(form -> form.yamlName).collect(Collectors.joining(", "));
  }

  private static Stream<LeafForm> written() {
    return Arrays.stream(values()).filter(form -> form != AS_IS);
  }

  /** Whether a value can be written so. */
  boolean fits(JsonNode node) {
    return switch (this) {
      case AS_IS, JSON -> true;
      case TEXT -> node.isValueNode();
      case INTEGER -> (node.canConvertToLong() && node.isIntegralNumber()) || isLong(node);
      case NUMBER -> node.isNumber() || (node.isString() && isDecimal(node.stringValue()));
      case BOOLEAN ->
          node.isBoolean()
              || (node.isString()
                  && (node.stringValue().equals("true") || node.stringValue().equals("false")));
      case EPOCH_MILLIS -> node.isString() && isTime(node.stringValue());
    };
  }

  private static boolean isTime(String text) {
    return isOfMillis(text) || IsoTime.parse(text) != null;
  }

  /** Whether it is a time as the API writes it: {@code 2026-11-20T10:00:00.000Z}. */
  private static boolean isOfMillis(String text) {
    if (text.length() != MILLIS_FORM.length()) {
      return false;
    }
    for (int i = 0; i < MILLIS_FORM.length(); i++) {
      char form = MILLIS_FORM.charAt(i);
      char c = text.charAt(i);
      if (form == '0' ? c < '0' || c > '9' : c != form) {
        return false;
      }
    }
    int month = number(text, 5, 7);
    return month >= 1
        && month <= 12
        && number(text, 8, 10) >= 1
        && number(text, 8, 10) <= YearMonth.of(number(text, 0, 4), month).lengthOfMonth()
        && number(text, 11, 13) < 24
        && number(text, 14, 16) < 60
        && number(text, 17, 19) < 60;
  }

  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }

  private static boolean isLong(JsonNode node) {
    if (!node.isString()) {
      return false;
    }
    String text = node.stringValue();
    int from = text.startsWith("-") ? 1 : 0;
    if (text.length() == from || text.length() > MAX_DIGITS + from) {
      return false;
    }
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static boolean isDecimal(String text) {
    return DECIMAL.matcher(text).matches();
  }

  /** Writes a value that {@link #fits}; answers whether all that it said is written. */
  boolean write(DocumentWriter writer, @Nullable Name name, JsonNode node) {
    switch (this) {
      case AS_IS -> {
        if (node.isString()) {
          writer.text(name, node.stringValue());
        } else {
          writer.value(name, node);
        }
      }
      case TEXT -> writer.text(name, node.asString());
      case INTEGER -> {
        writer.number(
            name, node.isString() ? Long.parseLong(node.stringValue()) : node.longValue());
        return !node.isString();
      }
      case NUMBER -> {
        writer.value(name, node.isString() ? number(node.stringValue()) : node);
        return !node.isString();
      }
      case BOOLEAN -> writer.value(name, truth(node));
      case EPOCH_MILLIS -> {
        String text = node.stringValue();
        writer.number(name, millis(text));
        return isOfMillis(text);
      }
      case JSON -> {
        JsonText json = new JsonText(false);
        json.value(null, node);
        writer.text(name, new String(json.bytes(), StandardCharsets.UTF_8));
      }
    }
    return true;
  }

  private static JsonNode truth(JsonNode node) {
    return node.isBoolean() ? node : BooleanNode.valueOf(node.stringValue().equals("true"));
  }

  private static JsonNode number(String text) {
    return DecimalNode.valueOf(new BigDecimal(text));
  }

  /** Milliseconds since 1970; a time without a zone is of UTC. */
  private static long millis(String text) {
    if (isOfMillis(text)) {
      long day =
          LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10)).toEpochDay();
      long minutes = (day * 24 + number(text, 11, 13)) * 60 + number(text, 14, 16);
      return (minutes * 60 + number(text, 17, 19)) * 1000 + number(text, 20, 23);
    }
    IsoTime time = IsoTime.parse(text);
    if (time == null) {
      throw new DateTimeException("is no time: " + text);
    }
    ZoneOffset offset = time.offset() == null ? ZoneOffset.UTC : time.offset();
    return time.local().toInstant(offset).toEpochMilli();
  }
}
