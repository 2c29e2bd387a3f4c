package dev.indelible.server.event;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Values of {@code ce-} headers, as the HTTP binding writes them: percent-encoded, and by senders
 * of older versions as a quoted string of RFC 7230.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3132-http-header-values">
 *     HTTP header values in the HTTP binding 1.0.2</a>
 */
final class CloudEventHeaders {

  private CloudEventHeaders() {}

  /** Decodes a header's value; null if its percent-encoded bytes are not UTF-8. */
  static @Nullable String decode(String value) {
    return percentDecoded(unquoted(value.strip()));
  }

  /** The content of a quoted string; anything that is not one as a whole stays as it is. */
  private static String unquoted(String value) {
    int last = value.length() - 1;
    if (last < 1 || value.charAt(0) != '"' || value.charAt(last) != '"') {
      return value;
    }
    StringBuilder content = new StringBuilder(last);
    for (int i = 1; i < last; i++) {
      char c = value.charAt(i);
      if (c == '"') {
        return value;
      }
      if (c == '\\') {
        i++;
        if (i == last) {
          return value;
        }
        c = value.charAt(i);
      }
      content.append(c);
    }
    return content.toString();
  }

  /** One round of percent-decoding; a percent sign that encodes nothing stays. */
  private static @Nullable String percentDecoded(String value) {
    if (value.indexOf('%') < 0) {
      return value;
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    byte[] decoded = new byte[bytes.length];
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
      if (bytes[i] == '%' && high >= 0 && low >= 0) {
        decoded[length++] = (byte) ((high << 4) | low);
        i += 2;
      } else {
        decoded[length++] = bytes[i];
      }
    }
    return Utf8.scan(decoded, 0, length) >= 0
        ? null
        : new String(decoded, 0, length, StandardCharsets.UTF_8);
  }
}
