package dev.indelible.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.http.HttpServerConfig.Limits;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An address takes its part of the connections, and no more of them. */
class AddressConnectionsTest {

  private static final Limits LIMITS = new Limits(64, 8, 1, 16 * 1024);
  private static final HttpServerConfig CONFIG =
      HttpServerConfig.plain("127.0.0.1", 0).withLimits(LIMITS);

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
  }

  private SocketChannel channel() throws IOException {
    SocketChannel channel = SocketChannel.open();
    opened.add(channel);
    return channel;
  }

  private RawClient client(TestServer server) throws IOException {
    RawClient client = new RawClient(server.port());
    opened.add(client);
    return client;
  }

  /** Whether a connection is closed at once: so soon that a client may not even see it open. */
  private boolean isRefused(TestServer server) {
    try {
      return client(server).isClosedByServer();
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void anAddressHasItsShareAndOthersHaveTheirs() throws Exception {
    AddressConnections connections = new AddressConnections(2);
    InetAddress attacker = InetAddress.ofLiteral("203.0.113.7");
    SocketChannel first = channel();
    assertThat(connections.enter(first, attacker)).isTrue();
    assertThat(connections.enter(channel(), attacker)).isTrue();
    SocketChannel third = channel();
    assertThat(connections.enter(third, attacker)).isFalse();
    assertThat(connections.enter(channel(), InetAddress.ofLiteral("203.0.113.8"))).isTrue();
    connections.leave(third); // it does not count
    assertThat(connections.enter(third, attacker)).isFalse();
    connections.onClosed(first);
    connections.onAcceptFailed(first, new IOException("told twice"));
    assertThat(connections.enter(third, attacker)).isTrue();
    assertThat(connections.enter(channel(), attacker)).isFalse();
    assertThat(connections.open()).isEqualTo(3);
    assertThat(connections.refused()).isEqualTo(3);
  }

  @Test
  void ofIpv6AnAddressIsWhatOneSubscriberHas() throws Exception {
    AddressConnections connections = new AddressConnections(1);
    assertThat(connections.enter(channel(), InetAddress.ofLiteral("2001:db8:1:2::1"))).isTrue();
    assertThat(connections.enter(channel(), InetAddress.ofLiteral("2001:db8:1:2:9::7"))).isFalse();
    assertThat(connections.enter(channel(), InetAddress.ofLiteral("2001:db8:1:3::1"))).isTrue();
  }

  @Test
  void nothingIsKeptOfAnAddressWithoutConnections() throws Exception {
    AddressConnections connections = new AddressConnections(1);
    for (int i = 0; i < 100; i++) {
      SocketChannel channel = channel();
      InetAddress from = InetAddress.ofLiteral("203.0.113." + i);
      assertThat(connections.enter(channel, from)).isTrue();
      connections.onClosed(channel);
    }
    assertThat(connections.addresses()).isZero();
    assertThat(connections.open()).isZero();
  }

  @Test
  void theShareIsAQuarterAndNoneBehindAProxy() {
    assertThat(CONFIG.connectionsOfAddress()).isEqualTo(16);
    assertThat(CONFIG.withLimits(new Limits(8_192, 8, 1, 1_024)).connectionsOfAddress())
        .isEqualTo(2_048);
    assertThat(CONFIG.withLimits(new Limits(8, 8, 1, 1_024)).connectionsOfAddress()).isEqualTo(8);
    assertThat(CONFIG.withTrustedProxies(1).connectionsOfAddress()).isEqualTo(64);
  }

  @Test
  void aConnectionBeyondTheShareIsClosedAtOnceAndCountsForNothing() throws Exception {
    try (TestServer server = new TestServer(CONFIG)) {
      for (int i = 0; i < 16; i++) {
        assertThat(client(server).send("GET /hello HTTP/1.1\r\nHost: test\r\n\r\n").answer())
            .extracting(RawClient.Answer::status)
            .isEqualTo(200);
      }
      for (int i = 1; i <= 5; i++) {
        assertThat(isRefused(server)).isTrue();
        assertThat(server.service.refusedConnections()).isEqualTo(i);
      }
      assertThat(server.service.connections()).isEqualTo(16);
      opened.getFirst().close();
      Eventually.see("open connections", server.service::connections, n -> n == 15);
      assertThat(server.get("/hello").status()).isEqualTo(200);
    }
    // The same of proxies, behind which everybody is.
    try (TestServer server = new TestServer(CONFIG.withTrustedProxies(1))) {
      for (int i = 0; i < 20; i++) {
        assertThat(client(server).send("GET /hello HTTP/1.1\r\nHost: test\r\n\r\n").answer())
            .extracting(RawClient.Answer::status)
            .isEqualTo(200);
      }
      assertThat(server.service.refusedConnections()).isZero();
    }
  }
}
