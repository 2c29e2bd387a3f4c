package dev.indelible.server.deliver;

import dev.indelible.server.query.IpNetwork;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The guard in front of the network: names are resolved here, and only the addresses that it gives
 * are connected to, so that what was checked and what is reached are one.
 *
 * <p>Refused is every address that is not of the public internet, by the special-purpose registries
 * of IANA (RFC 6890) as of 2026: loopback, private, shared, link-local, unique-local, multicast,
 * documentation, benchmarking, and every form that carries an IPv4 address in an IPv6 one (mapped,
 * compatible, 6to4, Teredo, NAT64). Of several addresses of one name one suffices to refuse it. The
 * operator may allow networks. Thread-safe.
 */
public final class AddressGuard {

  /** The networks of IPv4 that are not public. */
  private static final List<IpNetwork> PRIVATE_V4 =
      networks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/3");

  private static final IpNetwork V4 = network("::ffff:0:0/96");

  /** The only addresses of IPv6 that are given out for the public internet. */
  private static final IpNetwork PUBLIC_V6 = network("2000::/3");

  /** Among them, those for protocols (Teredo is one), documentation and 6to4. */
  private static final List<IpNetwork> PRIVATE_V6 =
      networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

  /** Source of the addresses of names and literals. */
  @FunctionalInterface
  public interface Lookup {

    /**
     * Finds the addresses of a host.
     *
     * @throws UnknownHostException when it has no address, or none can be asked
     */
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /** Ways to talk to a receiver. */
  public enum Transport {
    /** Encrypted, with a certificate that was checked for the host's name. */
    TLS,
    /** Readable for everybody on the way; only into networks that the operator allows. */
    PLAIN
  }

  private final List<IpNetwork> allowed;
  private final Lookup lookup;

  /**
   * A guard.
   *
   * @param allowed networks that the operator allows although they are not public
   * @param lookup asks for names' addresses
   */
  public AddressGuard(List<IpNetwork> allowed, Lookup lookup) {
    this.allowed = List.copyOf(allowed);
    this.lookup = lookup;
  }

  /**
   * Finds the addresses that a host may be connected to at, for this one connection.
   *
   * @param host a name or a literal, with or without brackets
   * @throws AddressRefusedException when one of them is not allowed
   * @throws UnknownHostException when it has none
   */
  public InetAddress[] resolve(String host, Transport transport) throws UnknownHostException {
    InetAddress[] addresses = lookup.addresses(host);
    if (addresses.length == 0) {
      throw new UnknownHostException(host);
    }
    for (InetAddress address : addresses) {
      IpNetwork one = of(address);
      if (isAllowed(one)) {
        continue;
      }
      if (!isPublic(one)) {
        throw new AddressRefusedException(
            "the host %s has a private address, which the operator has not allowed"
                .formatted(host));
      }
      if (transport == Transport.PLAIN) {
        throw new AddressRefusedException(
            "the host %s is to be reached by https; http is for networks that the operator allows"
                .formatted(host));
      }
    }
    return addresses;
  }

  private boolean isAllowed(IpNetwork address) {
    return allowed.stream().anyMatch(network -> network.contains(address));
  }

  /** Whether an address is one of the public internet. */
  static boolean isPublic(IpNetwork address) {
    if (V4.contains(address)) {
      return PRIVATE_V4.stream().noneMatch(network -> network.contains(address));
    }
    return PUBLIC_V6.contains(address)
        && PRIVATE_V6.stream().noneMatch(network -> network.contains(address));
  }

  private static IpNetwork of(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      return new IpNetwork(
          0,
          0xffff_0000_0000L | Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt()),
          IpNetwork.ADDRESS_BITS);
    }
    ByteBuffer halves = ByteBuffer.wrap(bytes);
    return new IpNetwork(halves.getLong(), halves.getLong(), IpNetwork.ADDRESS_BITS);
  }

  private static List<IpNetwork> networks(String... texts) {
    return List.of(texts).stream().map(AddressGuard::network).toList();
  }

  private static IpNetwork network(String text) {
    return IpNetwork.parse(text).orElseThrow();
  }
}
