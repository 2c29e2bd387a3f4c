package dev.indelible.cli.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class KeepAliveConnectionTest {

  @Test
  void answersOfKnownLengthAndInChunksAreReadOneAfterTheOther() throws Exception {
    String answers =
        "HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nfirst"
            + "HTTP/1.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\nsec\r\n3\r\nond\r\n0\r\n\r\n";
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<String> received = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> serve(listener, answers, received));
      URI uri = URI.create("http://127.0.0.1:" + listener.getLocalPort());
      try (KeepAliveConnection connection = new KeepAliveConnection(new Target(uri, "ik_a_b"))) {
        connection.post("/v1/events").add("{}".getBytes(US_ASCII));
        assertThat(connection.send()).isEqualTo(201);
        assertThat(connection.body()).isEqualTo("first");
        assertThat(connection.bodyStartsWith("fir")).isTrue();
        assertThat(connection.get("/metrics")).isEqualTo(503);
        assertThat(connection.body()).isEqualTo("second");
      }
      assertThat(Eventually.done("what was received", received))
          .startsWith("POST /v1/events HTTP/1.1\r\n")
          .contains("Authorization: Bearer ik_a_b\r\n", "Content-Length:          2\r\n\r\n{}")
          .contains("GET /metrics HTTP/1.1\r\n");
    }
  }

  private static void serve(
      ServerSocket listener, String answers, CompletableFuture<String> received) {
    try (Socket socket = listener.accept();
        InputStream in = socket.getInputStream()) {
      socket.getOutputStream().write(answers.getBytes(US_ASCII));
      received.complete(new String(in.readAllBytes(), US_ASCII));
    } catch (java.io.IOException e) {
      received.completeExceptionally(e);
    }
  }
}
