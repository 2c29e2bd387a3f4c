package dev.indelible.server.sink;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP receiver of a test on a free port of this machine, and what it was asked. */
final class Endpoint implements AutoCloseable {

  /** What was asked. */
  @SuppressWarnings("ArrayRecordComponent") // carries what came; never compared
  record Asked(String method, String path, Map<String, List<String>> headers, byte[] body) {

    String header(String name) {
      return headers.getOrDefault(name, List.of("")).getFirst();
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    List<JsonNode> lines() {
      return text().lines().map(line -> JsonMapper.shared().readTree(line)).toList();
    }
  }

  /** What is answered. */
  record Said(int status, Map<String, String> headers, String body) {
    Said(int status, String body) {
      this(status, Map.of(), body);
    }
  }

  /** Answers a request. */
  @FunctionalInterface
  interface Answers {
    Said to(Asked asked) throws IOException;
  }

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  volatile Answers answers;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Endpoint(Answers answers) throws IOException {
    this.answers = answers;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Asked one =
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              Map.copyOf(exchange.getRequestHeaders()),
              exchange.getRequestBody().readAllBytes());
      asked.add(one);
      Said said = answers.to(one);
      said.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] body = said.body().getBytes(StandardCharsets.UTF_8);
      if (said.headers().containsKey("Endless")) {
        exchange.sendResponseHeaders(said.status(), 0);
        OutputStream out = exchange.getResponseBody();
        for (int i = 0; i < 100_000; i++) {
          out.write(body);
        }
      } else {
        exchange.sendResponseHeaders(said.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
      }
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
