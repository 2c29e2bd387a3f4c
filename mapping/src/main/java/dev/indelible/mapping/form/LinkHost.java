package dev.indelible.mapping.form;

import java.net.IDN;

/**
 * The host and port of a link, as far as a browser parses them.
 *
 * @see <a href="https://url.spec.whatwg.org/#host-parsing">host parsing</a>
 */
final class LinkHost {

  private static final int MAX_PORT = 65_535;
  private static final int MAX_PORT_DIGITS = 5;
  private static final int MAX_LENGTH = 253;

  private LinkHost() {}

  /** Whether the text is a host, and a port where a colon announces one. */
  static boolean isOne(String text) {
    int hostEnd = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
    String host = hostEnd < 0 ? text : text.substring(0, hostEnd);
    String rest = hostEnd < 0 ? "" : text.substring(hostEnd);
    return isPort(rest) && (host.startsWith("[") ? isBracketed(host) : isName(host));
  }

  /** Accepts an empty text, or a colon and a number. */
  private static boolean isPort(String text) {
    if (text.isEmpty()) {
      return true;
    }
    int digits = text.length() - 1;
    if (text.charAt(0) != ':' || digits == 0 || digits > MAX_PORT_DIGITS) {
      return false;
    }
    return isNumber(text.substring(1)) && Integer.parseInt(text, 1, text.length(), 10) <= MAX_PORT;
  }

  private static boolean isBracketed(String host) {
    String address = host.substring(1, host.length() - 1);
    return address.indexOf(':') >= 0 && IpLiteral.canonical(address) != null;
  }

  private static boolean isName(String host) {
    if (host.isEmpty()
        || host.indexOf('%') >= 0
        || host.indexOf('[') >= 0
        || host.indexOf(']') >= 0) {
      return false;
    }
    String ascii;
    try {
      ascii = isAscii(host) ? host : IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      return false;
    }
    if (ascii.isEmpty() || ascii.equals(".") || ascii.length() > MAX_LENGTH) {
      return false;
    }
    // A host whose last label is a number is an IPv4 address, or none at all.
    String last = lastLabel(ascii);
    return !isNumber(last) || IpLiteral.canonical(ascii) != null;
  }

  private static String lastLabel(String host) {
    int end = host.endsWith(".") ? host.length() - 1 : host.length();
    return host.substring(host.lastIndexOf('.', end - 1) + 1, end);
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
