package dev.indelible.server.query;

import dev.indelible.mapping.form.IpLiteral;
import java.net.Inet6Address;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A network of IP addresses, or a single one: 128 bits, IPv4 held as IPv4-mapped IPv6 (RFC 4291
 * section 2.5.5.2), so that every address has one place in one order.
 *
 * @param high the upper 64 bits of the lowest address
 * @param low the lower 64 bits of the lowest address
 * @param prefixLength how many leading bits are fixed, 0 to 128; 128 is a single address
 */
public record IpNetwork(long high, long low, int prefixLength) {

  /** Bits of an address. */
  public static final int ADDRESS_BITS = 128;

  private static final int MAPPED_BITS = 96;
  private static final int MAX_TEXT_LENGTH = 64;
  private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");

  public IpNetwork {
    if (prefixLength < 0 || prefixLength > ADDRESS_BITS) {
      throw new IllegalArgumentException("prefix length " + prefixLength);
    }
    high &= mask(Math.min(prefixLength, Long.SIZE));
    low &= mask(Math.max(prefixLength - Long.SIZE, 0));
  }

  /**
   * Reads {@code 203.0.113.9}, {@code 203.0.113.0/24}, {@code 2001:db8::1} or {@code
   * 2001:db8::/32}; bits behind the prefix are dropped. Never asks a name server.
   */
  public static Optional<IpNetwork> parse(String text) {
    if (text.length() > MAX_TEXT_LENGTH) {
      return Optional.empty();
    }
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    boolean ipv4 = address.indexOf(':') < 0;
    int bits = ipv4 ? ADDRESS_BITS - MAPPED_BITS : ADDRESS_BITS;
    int length = bits;
    if (slash >= 0) {
      String suffix = text.substring(slash + 1);
      if (!LENGTH.matcher(suffix).matches() || Integer.parseInt(suffix) > bits) {
        return Optional.empty();
      }
      length = Integer.parseInt(suffix);
    }
    long[] parsed = IpLiteral.bits(address);
    return parsed == null
        ? Optional.empty()
        : Optional.of(new IpNetwork(parsed[0], parsed[1], ipv4 ? length + MAPPED_BITS : length));
  }

  /** Whether every address of {@code other} is in this network. */
  public boolean contains(IpNetwork other) {
    return other.prefixLength >= prefixLength
        && (other.high & mask(Math.min(prefixLength, Long.SIZE))) == high
        && (other.low & mask(Math.max(prefixLength - Long.SIZE, 0))) == low;
  }

  /** The upper 64 bits of the highest address. */
  public long lastHigh() {
    return high | ~mask(Math.min(prefixLength, Long.SIZE));
  }

  /** The lower 64 bits of the highest address. */
  public long lastLow() {
    return low | ~mask(Math.max(prefixLength - Long.SIZE, 0));
  }

  /** The text that {@link #parse} reads back, without {@code /n} for a single address. */
  @Override
  public String toString() {
    boolean ipv4 = high == 0 && low >>> 32 == 0xFFFF && prefixLength >= MAPPED_BITS;
    int length = ipv4 ? prefixLength - MAPPED_BITS : prefixLength;
    String address =
        ipv4
            ? (low >>> 24 & 255)
                + "."
                + (low >>> 16 & 255)
                + "."
                + (low >>> 8 & 255)
                + "."
                + (low & 255)
            : ipv6Text();
    return prefixLength == ADDRESS_BITS ? address : address + "/" + length;
  }

  private String ipv6Text() {
    byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    try {
      return Inet6Address.getByAddress(null, bytes, -1).getHostAddress();
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("sixteen bytes are an address", impossible);
    }
  }

  private static long mask(int bits) {
    return bits == 0 ? 0 : -1L << (Long.SIZE - bits);
  }
}
