package dev.indelible.verify.audit;

import dev.indelible.verify.Hash;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the lines of an export behind its {@linkplain ExportHeader header}. A part is written as a
 * JSON string of its text, so that its bytes come out of any JSON reader as they were.
 */
public final class ExportText {

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private ExportText() {}

  /**
   * A part and its salt.
   *
   * @param bytes UTF-8, as hashed
   * @param salt as hashed
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; identity is never compared
  public record Part(byte[] bytes, byte[] salt) {}

  /**
   * An entry.
   *
   * @param seq its index
   * @param recordedAtMillis as in its leaf
   * @param content the remaining content
   * @param leaf 73 bytes
   * @param facts null when purged
   * @param personal null when there is none, or it is withheld or gone
   */
  @SuppressWarnings("ArrayRecordComponent") // as above
  public record Entry(
      long seq,
      long recordedAtMillis,
      EntryAudit.Content content,
      byte[] leaf,
      @Nullable Part facts,
      @Nullable Part personal) {}

  /** Writes an entry, with its inclusion proof unless that is null. */
  public static void write(OutputStream out, Entry entry, @Nullable List<Hash> proof)
      throws IOException {
    out.write(
        ascii(
            "{\"seq\":"
                + entry.seq()
                + ",\"recorded_at\":"
                + entry.recordedAtMillis()
                + ",\"state\":\""
                + entry.content().name().toLowerCase(java.util.Locale.ROOT)
                + "\",\"leaf\":\""
                + base64(entry.leaf())
                + "\""));
    part(out, "facts", entry.facts());
    part(out, "personal", entry.personal());
    if (proof != null) {
      out.write(ascii(",\"proof\":["));
      for (int i = 0; i < proof.size(); i++) {
        out.write(ascii((i == 0 ? "\"" : ",\"") + proof.get(i).toBase64() + "\""));
      }
      out.write(']');
    }
    out.write(ascii("}\n"));
  }

  /** Writes the last line. */
  public static void writeEnd(OutputStream out, long entries) throws IOException {
    out.write(ascii("{\"entries\":" + entries + "}\n"));
  }

  private static void part(OutputStream out, String name, @Nullable Part part) throws IOException {
    if (part == null) {
      return;
    }
    out.write(ascii(",\"" + name + "\":\""));
    int from = 0;
    byte[] bytes = part.bytes();
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
        out.write(bytes, from, i - from);
        out.write('\\');
        if (b == '"' || b == '\\') {
          out.write(b);
        } else {
          out.write(ascii("u00" + HEX[b >> 4] + HEX[b & 15]));
        }
        from = i + 1;
      }
    }
    out.write(bytes, from, bytes.length - from);
    out.write(ascii("\",\"" + name + "_salt\":\"" + base64(part.salt()) + "\""));
  }

  static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
