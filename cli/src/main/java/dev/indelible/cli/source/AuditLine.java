package dev.indelible.cli.source;

import dev.indelible.mapping.form.FieldForms;
import dev.indelible.mapping.text.KeyValueText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * A line of the Linux audit daemon's log.
 *
 * <p>Values in quotes are as they are; the kernel writes a value that users choose in hexadecimal
 * where it holds a blank, a quote or a control character, which is undone here. The part that
 * {@code log_format = ENRICHED} adds behind a group separator has names in capitals.
 *
 * @param node the machine, where the daemon writes it ({@code name_format}); or null
 * @param time seconds since 1970 with milliseconds, as written
 * @param serial the event's number
 * @see <a href="https://github.com/linux-audit/audit-documentation/wiki/SPEC-Writing-Good-Events">
 *     how events are written</a>
 */
record AuditLine(
    @Nullable String node, String type, String time, String serial, ObjectNode fields) {

  private static final Pattern HEAD =
      Pattern.compile(
          "^(?:node=(\\S{1,255}) )?type=([A-Za-z0-9_\\[\\]]{1,64}) "
              + "msg=audit\\((\\d{1,15}\\.\\d{1,9}):(\\d{1,20})\\):[ ]?");

  private static final char GROUP_SEPARATOR = '\u001d';

  /** Fields whose values users choose, which the kernel may write in hexadecimal. */
  private static final Set<String> ENCODED =
      Set.of(
          "acct", "cmd", "comm", "cwd", "data", "device", "dir", "exe", "file", "grp",
          "invalid_context", "key", "name", "new_group", "ocomm", "path", "proctitle", "sw", "vm",
          "watch");

  private static final String EXECVE = "EXECVE";
  private static final Pattern ARGUMENT = Pattern.compile("a\\d{1,6}(\\[\\d{1,6}])?");

  /** The identity of the event that the line is of. */
  String key() {
    return time + ":" + serial + (node == null ? "" : "@" + node);
  }

  /** The line written as {@code text}; null when it is none. */
  static @Nullable AuditLine parse(String text) {
    Matcher head = HEAD.matcher(text);
    if (!head.find()) {
      return null;
    }
    String type = head.group(2);
    Fields fields = new Fields(type);
    fields.read(text, head.end(), text.length());
    return new AuditLine(head.group(1), type, head.group(3), head.group(4), fields.object);
  }

  /** Reader of the pairs of a line. */
  private static final class Fields {
    private final String type;
    private final ObjectNode object = JsonNodeFactory.instance.objectNode();
    private int count;

    Fields(String type) {
      this.type = type;
    }

    private void read(String text, int from, int to) {
      int at = from;
      while (at < to && count < KeyValueText.MAX_PAIRS) {
        char c = text.charAt(at);
        if (c == ' ' || c == ',' || c == GROUP_SEPARATOR) {
          at++;
          continue;
        }
        int start = at;
        while (at < to && !isEnd(text.charAt(at)) && text.charAt(at) != '=') {
          at++;
        }
        String key = text.substring(start, at);
        if (at == to || text.charAt(at) != '=') {
          add(key, "");
          continue;
        }
        at = value(text, key, at + 1, to);
      }
    }

    private static boolean isEnd(char c) {
      return c == ' ' || c == GROUP_SEPARATOR;
    }

    /** Reads the value at {@code at}; returns where it ends. */
    private int value(String text, String key, int at, int to) {
      char quote = at < to ? text.charAt(at) : ' ';
      if (quote == '"' || quote == '\'') {
        int close = quote == '\'' ? closing(text, at + 1, to) : text.indexOf('"', at + 1);
        if (close > 0 && close < to) {
          if (quote == '\'' && key.equals("msg")) {
            read(text, at + 1, close);
          } else {
            add(key, text.substring(at + 1, close));
          }
          return close + 1;
        }
      }
      int end = at;
      while (end < to && !isEnd(text.charAt(end))) {
        end++;
      }
      add(key, plain(key, text.substring(at, end)));
      return end;
    }

    /** The quote that closes a message: the last one before the end or the enriched part. */
    private static int closing(String text, int from, int to) {
      int separator = text.indexOf(GROUP_SEPARATOR, from);
      int end = separator < 0 || separator > to ? to : separator;
      int close = text.lastIndexOf('\'', end - 1);
      return close >= from ? close : -1;
    }

    private String plain(String key, String value) {
      boolean isEncoded =
          ENCODED.contains(key) || (type.equals(EXECVE) && ARGUMENT.matcher(key).matches());
      return isEncoded ? decoded(value) : value;
    }

    /** The text that a value in hexadecimal stands for; the value itself where it is none. */
    private static String decoded(String value) {
      if (value.length() < 2 || value.length() % 2 != 0 || !isHex(value)) {
        return value;
      }
      try {
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(value));
        // The arguments in a title are divided by NUL.
        String text =
            StandardCharsets.UTF_8.newDecoder().decode(bytes).toString().replace('\0', ' ');
        return FieldForms.isSound(text) ? text.stripTrailing() : value;
      } catch (CharacterCodingException _) {
        return value;
      }
    }

    private static boolean isHex(String value) {
      return value.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'));
    }

    private void add(String key, String value) {
      count++;
      KeyValueText.add(object, key, StringNode.valueOf(value));
    }
  }
}
