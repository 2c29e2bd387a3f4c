package dev.indelible.mapping.form;

import org.jspecify.annotations.Nullable;

/**
 * IP addresses written as literals: read strictly, written canonically (RFC 5952), never resolved.
 */
public final class IpLiteral {

  private static final int GROUPS = 8;

  private static final long MAPPED = 0xffff_0000_0000L;

  /** The longest literal: an IPv6 address that ends in dotted decimals. */
  private static final int MAX_LENGTH = 45;

  private IpLiteral() {}

  /**
   * The canonical form of a literal; IPv4 in dotted decimal without leading zeros, IPv6 as in RFC
   * 5952, an IPv4-mapped IPv6 address as the IPv4 address. Null when the text is no address (ports,
   * zones, brackets, octal and short forms are none).
   */
  public static @Nullable String canonical(String text) {
    if (text.length() > MAX_LENGTH) {
      return null;
    }
    if (text.indexOf(':') < 0) {
      return v4(text) >= 0 ? text : null;
    }
    int[] groups = v6(text);
    if (groups == null) {
      return null;
    }
    if ((groups[0] | groups[1] | groups[2] | groups[3] | groups[4]) == 0 && groups[5] == 0xffff) {
      return (groups[6] >> 8)
          + "."
          + (groups[6] & 0xff)
          + "."
          + (groups[7] >> 8)
          + "."
          + (groups[7] & 0xff);
    }
    return write(groups);
  }

  /**
   * The 128 bits of an address, upper half first; IPv4 as IPv4-mapped IPv6 (RFC 4291 section
   * 2.5.5.2). Null when the text is no address by the rules of {@link #canonical}.
   */
  public static long @Nullable [] bits(String text) {
    if (text.length() > MAX_LENGTH) {
      return null;
    }
    if (text.indexOf(':') < 0) {
      long v4 = v4(text);
      return v4 < 0 ? null : new long[] {0, MAPPED | v4};
    }
    int[] groups = v6(text);
    if (groups == null) {
      return null;
    }
    long[] bits = new long[2];
    for (int i = 0; i < GROUPS; i++) {
      bits[i * 2 / GROUPS] = bits[i * 2 / GROUPS] << 16 | groups[i];
    }
    return bits;
  }

  /** The 32 bits of a dotted-decimal address, or -1. */
  private static long v4(String text) {
    long address = 0;
    int octets = 0;
    int at = 0;
    while (octets < 4) {
      int start = at;
      int octet = 0;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        octet = octet * 10 + (text.charAt(at++) - '0');
        if (at - start > 3) {
          return -1;
        }
      }
      boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
      if (at == start || octet > 255 || leadingZero) {
        return -1;
      }
      address = address << 8 | octet;
      octets++;
      if (octets < 4 && (at >= text.length() || text.charAt(at++) != '.')) {
        return -1;
      }
    }
    return at == text.length() ? address : -1;
  }

  private static int @Nullable [] v6(String text) {
    int[] groups = new int[GROUPS];
    int count = 0;
    int gap = -1;
    int at = 0;
    if (text.startsWith("::")) {
      gap = 0;
      at = 2;
    }
    while (at < text.length()) {
      int end = text.indexOf(':', at);
      String part = end < 0 ? text.substring(at) : text.substring(at, end);
      if (end < 0 && part.indexOf('.') >= 0) {
        long v4 = v4(part);
        if (v4 < 0 || count > GROUPS - 2) {
          return null;
        }
        groups[count++] = (int) (v4 >> 16);
        groups[count++] = (int) (v4 & 0xffff);
        break;
      }
      int group = hexGroup(part);
      if (group < 0 || count == GROUPS) {
        return null;
      }
      groups[count++] = group;
      if (end < 0) {
        break;
      }
      at = end + 1;
      if (at < text.length() && text.charAt(at) == ':') {
        if (gap >= 0) {
          return null;
        }
        gap = count;
        at++;
      } else if (at == text.length()) {
        return null;
      }
    }
    return expand(groups, count, gap);
  }

  private static int @Nullable [] expand(int[] groups, int count, int gap) {
    if (gap < 0) {
      return count == GROUPS ? groups : null;
    }
    if (count == GROUPS) {
      return null;
    }
    int[] expanded = new int[GROUPS];
    System.arraycopy(groups, 0, expanded, 0, gap);
    System.arraycopy(groups, gap, expanded, GROUPS - (count - gap), count - gap);
    return expanded;
  }

  private static int hexGroup(String part) {
    if (part.isEmpty() || part.length() > 4) {
      return -1;
    }
    int group = 0;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      group = group << 4 | digit;
    }
    return group;
  }

  /** RFC 5952: lower case, no leading zeros, the first longest run of two or more zeros as "::". */
  private static String write(int[] groups) {
    int bestStart = -1;
    int bestLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int run = i;
      while (run < GROUPS && groups[run] == 0) {
        run++;
      }
      if (run - i > bestLength) {
        bestStart = i;
        bestLength = run - i;
      }
      i = Math.max(i, run - 1);
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < GROUPS; i++) {
      if (i == bestStart) {
        text.append("::");
        i += bestLength - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
