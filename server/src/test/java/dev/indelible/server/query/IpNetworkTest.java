package dev.indelible.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpNetworkTest {

  private static IpNetwork network(String text) {
    return IpNetwork.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.9, 203.0.113.9",
    "203.0.113.9/24, 203.0.113.0/24",
    "0.0.0.0/0, 0.0.0.0/0",
    "::ffff:203.0.113.9, 203.0.113.9",
    "2001:DB8::1, 2001:db8:0:0:0:0:0:1",
    "2001:db8:ffff::/33, 2001:db8:8000:0:0:0:0:0/33",
    "::/0, 0:0:0:0:0:0:0:0/0",
    "fe80::1/128, fe80:0:0:0:0:0:0:1",
    "::ffff:203.0.113.9/120, 203.0.113.0/24",
    "64:ff9b::203.0.113.9, 64:ff9b:0:0:0:0:cb00:7109",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
  })
  void readsAndWrites(String written, String canonical) {
    assertThat(network(written)).hasToString(canonical);
    assertThat(network(canonical)).isEqualTo(network(written));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "01.2.3.4",
        "1.2.3.4/33",
        "1.2.3.4/",
        "1.2.3.4/-1",
        "::1/129",
        "::1%eth0",
        "localhost",
        "1",
        ":",
        "1::2::3",
        "[::1]",
        "0x1.2.3.4",
        "::1/01",
      })
  void refusesWhatIsNoNetwork(String text) {
    assertThat(IpNetwork.parse(text)).isEmpty();
  }

  @Test
  void containsItsAddressesAndNoOthers() {
    assertThat(network("203.0.113.0/25").contains(network("203.0.113.127"))).isTrue();
    assertThat(network("203.0.113.0/25").contains(network("203.0.113.128"))).isFalse();
    assertThat(network("2001:db8::/65").contains(network("2001:db8:0:0:7fff::1"))).isTrue();
    assertThat(network("2001:db8::/65").contains(network("2001:db8:0:0:8000::1"))).isFalse();
    assertThat(network("::/0").contains(network("1.2.3.4"))).isTrue();
    assertThat(network("0.0.0.0/0").contains(network("::1"))).isFalse();
    assertThat(network("1.2.3.4").contains(network("1.2.3.0/24"))).isFalse();
  }
}
