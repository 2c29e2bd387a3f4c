package dev.indelible.server;

import dev.indelible.client.IndelibleClient;
import dev.indelible.testing.Eventually;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Clients of a server under test: each request is sent once, and every answer is given as it is.
 */
final class TestClient {

  private TestClient() {}

  /** A client with a key, or without one for null; the caller closes it. */
  static IndelibleClient of(IndelibleServer server, @Nullable String key) {
    return IndelibleClient.to(URI.create("http://127.0.0.1:" + server.port()))
        .key(key)
        .connectTimeout(Eventually.LIMIT)
        .answerTimeout(Eventually.LIMIT)
        .withoutRetries()
        .build();
  }
}
