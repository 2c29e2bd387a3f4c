package dev.indelible.cli.client;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Which server, and with what key.
 *
 * @param server the server's address, such as {@code https://audit.example.com}
 * @param key the key, or null to ask without one
 */
public record Connection(URI server, @Nullable String key) {

  /** The address that {@code indelible demo} serves on. */
  public static final String DEFAULT_SERVER = "http://127.0.0.1:8080";

  /** Never shows the key. */
  @Override
  public String toString() {
    return server.toString();
  }
}
