package dev.indelible.cli.bench;

import java.net.URI;

/**
 * The server that is measured.
 *
 * @param server its address, {@code http} only: a load over TLS would measure the load
 * @param key an operator's key, since tenants are created and metrics read
 */
public record Target(URI server, String key) {

  public Target {
    if (!"http".equals(server.getScheme()) || server.getHost() == null) {
      throw new IllegalArgumentException("not an http URL: " + server);
    }
  }

  @Override
  public String toString() {
    return server.toString();
  }
}
