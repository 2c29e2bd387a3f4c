package dev.indelible.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.indelible.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The other side of the client's protocol: answers as a test says, and keeps what was asked. */
final class OtherSide implements AutoCloseable {

  /** One request. */
  record Asked(String method, String path, Map<String, String> headers, String body) {}

  /** Answers one request. */
  @FunctionalInterface
  interface Behaviour {
    void answer(HttpExchange exchange, Asked asked, int number) throws IOException;
  }

  private final HttpServer server;
  private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());

  OtherSide(Behaviour behaviour) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          Map<String, String> headers = new HashMap<>();
          exchange
              .getRequestHeaders()
              .forEach((name, values) -> headers.put(name, values.getFirst()));
          Asked request =
              new Asked(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI().toString(),
                  headers,
                  new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          asked.add(request);
          try (exchange) {
            behaviour.answer(exchange, request, asked.size());
          }
        });
    server.start();
  }

  static void json(HttpExchange exchange, int status, String body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Exit code and output of the program. */
  record Ended(int code, String out, String err) {}

  /** Runs the program against this server. */
  Ended run(String input, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(UTF_8)),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            false,
            false,
            Map.of(
                "INDELIBLE_URL", address().toString(),
                "INDELIBLE_KEY", "secret",
                "INDELIBLE_TENANT", "acme"));
    int code = Main.commandLine(terminal).execute(arguments);
    return new Ended(code, out.toString(), err.toString());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
