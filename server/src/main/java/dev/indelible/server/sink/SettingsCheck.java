package dev.indelible.server.sink;

import dev.indelible.server.deliver.AddressGuard;
import dev.indelible.server.deliver.AddressGuard.Transport;
import dev.indelible.server.deliver.AddressRefusedException;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reader of a receiver's settings that tells everything that is wrong at once. */
final class SettingsCheck {

  /** The longest text of a setting, in characters; keys and certificates are the longest. */
  static final int MAX_TEXT = 16 << 10;

  /** The longest address, in characters. */
  static final int MAX_URL = 2048;

  /** The most headers of a receiver. */
  static final int MAX_HEADERS = 20;

  /** The form of a host: a name, or a literal without brackets. */
  static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252})|[0-9A-Fa-f:.]{2,45}");

  private static final Pattern URL =
      Pattern.compile(
          "https?://([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?"
              + "(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?");

  /** Visible ASCII, which every secret that goes into a header consists of. */
  private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e](?:[\\x20-\\x7e]{0,4095})");

  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e]{0,1024}");

  /** Names of headers that carry credentials, or that the sender sets itself. */
  private static final Pattern OWN_HEADER =
      Pattern.compile(
          "(?i)authorization|proxy-.*|cookie|host|content-.*|transfer-encoding|connection|te|upgrade"
              + "|expect|webhook-.*|x-splunk-request-channel");

  private final ObjectNode settings;
  private final Set<String> kept;
  private final AddressGuard guard;
  private final SinkType.Faults faults;

  SettingsCheck(ObjectNode settings, Set<String> kept, AddressGuard guard, SinkType.Faults faults) {
    this.settings = settings;
    this.kept = kept;
    this.guard = guard;
    this.faults = faults;
  }

  void fault(String field, String code, String detail) {
    faults.add(field, code, detail);
  }

  /** Refuses every setting that is not among these. */
  void only(String... names) {
    List<String> known = List.of(names);
    for (String name : settings.propertyNames()) {
      if (!known.contains(name)) {
        fault(name, "unknown_field", "One of " + String.join(", ", known) + ".");
      }
    }
  }

  /** Whether a setting was given. */
  boolean has(String name) {
    JsonNode value = settings.get(name);
    return value != null && !value.isNull();
  }

  /** Reads a text that may be missing; null when it is, or is wrong. */
  @Nullable String optional(String name, Pattern form, String like) {
    if (!has(name)) {
      return null;
    }
    JsonNode value = settings.get(name);
    if (!value.isString()) {
      fault(name, "wrong_type", "This must be a text.");
      return null;
    }
    String text = value.stringValue();
    if (text.length() > MAX_TEXT) {
      fault(name, "too_long", "At most " + MAX_TEXT + " characters.");
      return null;
    }
    if (!form.matcher(text).matches()) {
      fault(name, "bad_format", like);
      return null;
    }
    return text;
  }

  /** Reads a text that must be there; null when it is missing or wrong. */
  @Nullable String text(String name, Pattern form, String like) {
    if (!has(name)) {
      fault(name, "missing", like);
      return null;
    }
    return optional(name, form, like);
  }

  /** Reads one of a few words; the fallback when it is missing, or is wrong. */
  String word(String name, Collection<String> words, String fallback) {
    String text = optional(name, Pattern.compile(".{0,64}"), "A word.");
    if (text == null) {
      return fallback;
    }
    if (!words.contains(text)) {
      fault(name, "unknown_value", "One of " + String.join(", ", words) + ".");
      return fallback;
    }
    return text;
  }

  /** Reads a number that may be missing. */
  int number(String name, int least, int most, int fallback) {
    if (!has(name)) {
      return fallback;
    }
    JsonNode value = settings.get(name);
    if (!value.isIntegralNumber()) {
      fault(name, "wrong_type", "This must be a whole number.");
      return fallback;
    }
    if (!value.canConvertToInt() || value.intValue() < least || value.intValue() > most) {
      fault(name, "out_of_range", "%d to %d.".formatted(least, most));
      return fallback;
    }
    return value.intValue();
  }

  /** Reads a number that must be there. */
  int required(String name, int least, int most) {
    if (!has(name)) {
      fault(name, "missing", "%d to %d.".formatted(least, most));
    }
    return number(name, least, most, least);
  }

  /** Reads a switch, off when it is missing. */
  boolean flag(String name) {
    if (!has(name)) {
      return false;
    }
    JsonNode value = settings.get(name);
    if (!value.isBoolean()) {
      fault(name, "wrong_type", "This must be true or false.");
      return false;
    }
    return value.booleanValue();
  }

  /** Reads a secret of one line, given now or kept; tells whether there is one. */
  boolean secret(String name, boolean required) {
    if (has(name)) {
      optional(name, VISIBLE, "1 to 4096 characters of ASCII, on one line.");
      return true;
    }
    return isKept(name, required);
  }

  /** Whether a secret stays as it is. */
  boolean isKept(String name, boolean required) {
    boolean there = kept.contains(name);
    if (!there && required) {
      fault(name, "missing", "This secret is required.");
    }
    return there;
  }

  /** Reads an address and looks its host up. */
  @Nullable URI url(String name) {
    String text = text(name, URL, "Such as https://logs.example.com, without user and query.");
    if (text == null) {
      return null;
    }
    if (text.length() > MAX_URL) {
      fault(name, "too_long", "At most " + MAX_URL + " characters.");
      return null;
    }
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException _) {
      uri = null;
    }
    if (uri == null || uri.getHost() == null || uri.getPort() > 65_535 || uri.getPort() == 0) {
      fault(name, "bad_format", "Such as https://logs.example.com, without user and query.");
      return null;
    }
    reachable(
        name, uri.getHost(), uri.getScheme().equals("https") ? Transport.TLS : Transport.PLAIN);
    return uri;
  }

  /** Checks certificates of authorities that a receiver is believed by. */
  void authority(String name) {
    String ca = optional(name, PrivateTrust.CERTIFICATES, "Certificates as PEM.");
    if (ca == null) {
      return;
    }
    try {
      PrivateTrust.context(ca, null, null);
    } catch (IOException e) {
      fault(name, "bad_format", "This cannot be read: " + e.getMessage() + ".");
    }
  }

  /** Refuses a host whose addresses are not allowed, or that has none. */
  void reachable(String field, String host, Transport transport) {
    try {
      guard.resolve(host, transport);
    } catch (AddressRefusedException e) {
      String words = String.valueOf(e.getMessage());
      fault(
          field,
          "not_allowed",
          words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + ".");
    } catch (UnknownHostException _) {
      fault(field, "unknown_value", "There is no host " + host + ".");
    }
  }

  /** Checks headers: names and values of text, few, none that carries credentials. */
  void headers(String name) {
    if (!has(name)) {
      return;
    }
    JsonNode headers = settings.get(name);
    if (!headers.isObject()) {
      fault(name, "wrong_type", "This must be an object of texts.");
      return;
    }
    if (headers.size() > MAX_HEADERS) {
      fault(name, "too_many", "At most " + MAX_HEADERS + ".");
      return;
    }
    for (var header : headers.properties()) {
      String field = name + "/" + header.getKey();
      if (!HEADER_NAME.matcher(header.getKey()).matches()) {
        fault(name, "bad_format", "The names of headers are tokens (RFC 9110).");
      } else if (OWN_HEADER.matcher(header.getKey()).matches()) {
        fault(field, "not_allowed", "The program sets this header, or it carries a secret.");
      } else if (!header.getValue().isString()) {
        fault(field, "wrong_type", "This must be a text.");
      } else if (!HEADER_VALUE.matcher(header.getValue().stringValue()).matches()) {
        fault(field, "bad_format", "At most 1024 characters of ASCII.");
      }
    }
  }
}
