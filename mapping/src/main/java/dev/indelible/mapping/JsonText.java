package dev.indelible.mapping;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON on one line (RFC 8259), as UTF-8. Line separators of Unicode (U+0085, U+2028, U+2029) are
 * escaped besides what JSON demands, so that no receiver finds two lines; half of a surrogate pair
 * becomes U+FFFD. Numbers keep all of their digits.
 */
final class JsonText implements DocumentWriter {

  private static final int FIRST_BYTES = 4 * 1024;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

  /** The greatest whole number below which a double tells all whole numbers apart. */
  private static final long MAX_SAFE = 1L << 53;

  private final boolean longNumbersAreText;
  private byte[] out = new byte[FIRST_BYTES];
  private int length;

  /** Objects and lists that were begun; of these the first {@link #opened} are in the text. */
  private @Nullable Name[] names = new Name[16];

  private boolean[] lists = new boolean[16];
  private boolean[] filled = new boolean[16];
  private int depth;
  private int opened;

  /** Text in which numbers that a double would round are texts, or numbers like all others. */
  JsonText(boolean longNumbersAreText) {
    this.longNumbersAreText = longNumbersAreText;
  }

  /** The text so far; an empty object where nothing was written. */
  byte[] bytes() {
    return length == 0 ? new byte[] {'{', '}'} : Arrays.copyOf(out, length);
  }

  @Override
  public void value(@Nullable Name name, JsonNode node) {
    place(name);
    node(node);
  }

  @Override
  public void constant(@Nullable Name name, JsonNode node, byte[] json) {
    place(name);
    put(json);
  }

  @Override
  public void text(@Nullable Name name, String text) {
    place(name);
    quoted(text);
  }

  @Override
  public void number(@Nullable Name name, long number) {
    place(name);
    digits(number);
  }

  @Override
  public void begin(@Nullable Name name, boolean isList) {
    if (depth == lists.length) {
      names = Arrays.copyOf(names, depth * 2);
      lists = Arrays.copyOf(lists, depth * 2);
      filled = Arrays.copyOf(filled, depth * 2);
    }
    names[depth] = name;
    lists[depth] = isList;
    depth++;
  }

  @Override
  public boolean end() {
    depth--;
    if (opened <= depth) {
      return false;
    }
    opened = depth;
    put(lists[depth] ? ']' : '}');
    return true;
  }

  private void place(@Nullable Name name) {
    while (opened < depth) {
      member(names[opened], opened - 1);
      put(lists[opened] ? '[' : '{');
      filled[opened] = false;
      opened++;
    }
    member(name, depth - 1);
  }

  private void member(@Nullable Name name, int level) {
    if (level >= 0) {
      if (filled[level]) {
        put(',');
      }
      filled[level] = true;
    }
    if (name == null) {
      return;
    }
    byte[] json = name.json();
    if (json == null) {
      quoted(name.text());
      put(':');
    } else {
      put(json);
    }
  }

  private void node(JsonNode node) {
    switch (node.getNodeType()) {
      case OBJECT -> object((ObjectNode) node);
      case ARRAY -> list((ArrayNode) node);
      case STRING -> quoted(node.stringValue());
      case NUMBER -> numeric(node);
      case BOOLEAN -> put(node.booleanValue() ? TRUE : FALSE);
      case NULL, MISSING -> put(NULL);
      case BINARY, POJO -> quoted(node.asString());
    }
  }

  private void object(ObjectNode object) {
    put('{');
    boolean isFirst = true;
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (!isFirst) {
        put(',');
      }
      isFirst = false;
      quoted(member.getKey());
      put(':');
      node(member.getValue());
    }
    put('}');
  }

  private void list(ArrayNode list) {
    put('[');
    for (int i = 0; i < list.size(); i++) {
      if (i > 0) {
        put(',');
      }
      node(list.get(i));
    }
    put(']');
  }

  private void numeric(JsonNode node) {
    if (node.isInt() || node.isLong() || node.isShort()) {
      long number = node.longValue();
      if (longNumbersAreText && (number > MAX_SAFE || number < -MAX_SAFE)) {
        quoted(Long.toString(number));
      } else {
        digits(number);
      }
      return;
    }
    String text = node.asString();
    if ((node.isDouble() || node.isFloat()) && !Double.isFinite(node.doubleValue())) {
      put(NULL);
    } else if (longNumbersAreText && isRounded(node)) {
      quoted(text);
    } else {
      put(text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** Whether a receiver that reads a double would have another number. */
  static boolean isRounded(JsonNode node) {
    if (node.isInt() || node.isShort() || node.isDouble() || node.isFloat()) {
      return false;
    }
    if (node.isIntegralNumber()) {
      BigInteger number = node.bigIntegerValue();
      return number.bitLength() > 53 && !number.abs().equals(BigInteger.ONE.shiftLeft(53));
    }
    BigDecimal number = node.decimalValue();
    if (number.precision() <= 15 && Math.abs((long) number.scale()) <= 290) {
      return false;
    }
    double read = number.doubleValue();
    return !Double.isFinite(read) || new BigDecimal(Double.toString(read)).compareTo(number) != 0;
  }

  private void digits(long number) {
    room(20);
    if (number < 0) {
      put(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
      return;
    }
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    long rest = number;
    for (int at = length + digits - 1; at >= length; at--) {
      out[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  private void quoted(String text) {
    int units = text.length();
    room(units + 2);
    out[length++] = '"';
    int at = 0;
    while (at < units) {
      at = plain(text, at);
      if (at < units) {
        at += 1 + special(text, at, text.charAt(at));
        room(units - at + 1);
      }
    }
    put('"');
  }

  /** Writes plain ASCII, for which there is room, up to what is none; answers where that is. */
  private int plain(String text, int from) {
    byte[] to = out;
    int put = length;
    int units = text.length();
    int at = from;
    for (; at < units; at++) {
      char c = text.charAt(at);
      if (c < ' ' || c >= 0x7f || c == '"' || c == '\\') {
        break;
      }
      to[put++] = (byte) c;
    }
    length = put;
    return at;
  }

  /** Writes a character that is no plain ASCII; answers by how many units it is longer than one. */
  private int special(String text, int at, char c) {
    room(8);
    switch (c) {
      case '"' -> escaped('"');
      case '\\' -> escaped('\\');
      case '\n' -> escaped('n');
      case '\r' -> escaped('r');
      case '\t' -> escaped('t');
      default -> {
        if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029) {
          escaped('u');
          for (int shift = 12; shift >= 0; shift -= 4) {
            out[length++] = HEX[(c >> shift) & 0xf];
          }
        } else {
          return encoded(text, at, c);
        }
      }
    }
    return 0;
  }

  private void escaped(char c) {
    out[length++] = '\\';
    out[length++] = (byte) c;
  }

  private int encoded(String text, int at, char c) {
    int more = 0;
    int point = c;
    if (Character.isSurrogate(c)) {
      boolean isPair =
          Character.isHighSurrogate(c)
              && at + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(at + 1));
      point = isPair ? Character.toCodePoint(c, text.charAt(at + 1)) : 0xfffd;
      more = isPair ? 1 : 0;
    }
    if (point < 0x800) {
      out[length++] = (byte) (0xc0 | (point >> 6));
    } else {
      if (point < 0x10000) {
        out[length++] = (byte) (0xe0 | (point >> 12));
      } else {
        out[length++] = (byte) (0xf0 | (point >> 18));
        out[length++] = (byte) (0x80 | ((point >> 12) & 0x3f));
      }
      out[length++] = (byte) (0x80 | ((point >> 6) & 0x3f));
    }
    out[length++] = (byte) (0x80 | (point & 0x3f));
    return more;
  }

  private void put(char c) {
    room(1);
    out[length++] = (byte) c;
  }

  private void put(byte[] bytes) {
    room(bytes.length);
    System.arraycopy(bytes, 0, out, length, bytes.length);
    length += bytes.length;
  }

  private void room(int bytes) {
    int needed = length + bytes;
    if (needed > out.length) {
      if (needed > MAX_DOCUMENT_BYTES) {
        throw new Budget.ExceededException(
            "it makes a document of more than %,d bytes".formatted(MAX_DOCUMENT_BYTES));
      }
      out = Arrays.copyOf(out, Math.min(MAX_DOCUMENT_BYTES, Math.max(needed, out.length * 2)));
    }
  }
}
