package dev.indelible.server.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A connector that closes a connection right after it is accepted when its address has its share:
 * before it costs a place, a buffer or a TLS handshake.
 */
final class SharingConnector extends ServerConnector {

  private final AddressConnections connections;

  SharingConnector(Server server, AddressConnections connections, ConnectionFactory... factories) {
    super(server, factories);
    this.connections = connections;
    getSelectorManager().addEventListener(connections);
  }

  @Override
  public void accept(int acceptor) throws IOException {
    if (!(getTransport() instanceof ServerSocketChannel listener) || !listener.isOpen()) {
      return;
    }
    SocketChannel channel = listener.accept();
    boolean taken = false;
    try {
      SocketAddress from = channel.getRemoteAddress();
      if (from instanceof InetSocketAddress internet
          && !connections.enter(channel, internet.getAddress())) {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0); // nothing of it stays behind
        return;
      }
      channel.configureBlocking(false);
      configure(channel.socket());
      getSelectorManager().accept(channel);
      taken = true;
    } finally {
      if (!taken) {
        connections.leave(channel);
        channel.close();
      }
    }
  }
}
