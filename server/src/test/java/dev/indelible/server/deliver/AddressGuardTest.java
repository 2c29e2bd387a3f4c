package dev.indelible.server.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.deliver.AddressGuard.Transport;
import dev.indelible.server.query.IpNetwork;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {

  private static final AddressGuard STRICT = new AddressGuard(List.of(), InetAddress::getAllByName);

  /** Literals, so that nobody is asked. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.1.2.3",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "2130706433",
        "::",
        "::1",
        "::10.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:2::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1"
      })
  void anAddressThatIsNotPublicIsRefused(String literal) {
    for (Transport transport : Transport.values()) {
      assertThatThrownBy(() -> STRICT.resolve(literal, transport))
          .isInstanceOf(AddressRefusedException.class)
          .hasMessageContaining(literal)
          .hasMessageContaining("private");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "223.255.255.255",
        "2000::1",
        "2001:200::1",
        "2606:4700::1111",
        "3ffe::1"
      })
  void aPublicAddressIsReachedByTlsAlone(String literal) throws Exception {
    assertThat(STRICT.resolve(literal, Transport.TLS))
        .containsExactly(InetAddress.getByName(literal));
    assertThatThrownBy(() -> STRICT.resolve(literal, Transport.PLAIN))
        .isInstanceOf(AddressRefusedException.class)
        .hasMessageContaining("https");
  }

  @Test
  void anAllowedNetworkIsReachedByBothAndItsNeighborsAreNot() throws Exception {
    AddressGuard guard =
        new AddressGuard(
            List.of(
                IpNetwork.parse("10.1.0.0/16").orElseThrow(),
                IpNetwork.parse("fd00:1::/32").orElseThrow()),
            InetAddress::getAllByName);
    for (String literal : List.of("10.1.2.3", "::ffff:10.1.2.3", "fd00:1::9")) {
      for (Transport transport : Transport.values()) {
        assertThat(guard.resolve(literal, transport))
            .containsExactly(InetAddress.getByName(literal));
      }
    }
    for (String literal : List.of("10.2.0.1", "10.0.255.255", "fd00:2::9")) {
      assertThatThrownBy(() -> guard.resolve(literal, Transport.TLS))
          .isInstanceOf(AddressRefusedException.class);
    }
  }

  @Test
  void oneAddressOfSeveralSufficesToRefuseAName() throws Exception {
    InetAddress[] mixed = {InetAddress.getByName("1.1.1.1"), InetAddress.getByName("10.0.0.1")};
    AddressGuard guard = new AddressGuard(List.of(), _ -> mixed);
    assertThatThrownBy(() -> guard.resolve("mixed.test", Transport.TLS))
        .isInstanceOf(AddressRefusedException.class)
        .hasMessageContaining("mixed.test");
  }

  @Test
  void aNameWithoutAddressIsUnknownAndNotRefused() {
    AddressGuard guard = new AddressGuard(List.of(), _ -> new InetAddress[0]);
    assertThatThrownBy(() -> guard.resolve("nowhere.test", Transport.TLS))
        .isExactlyInstanceOf(UnknownHostException.class);
  }
}
