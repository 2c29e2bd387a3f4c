package dev.indelible.cli.pull;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An API over real HTTP that answers as a test says, and keeps what was asked. */
final class ScriptedApi implements AutoCloseable {

  /** One request; its query decoded. */
  record Asked(String path, Map<String, String> query, String authorization, String body) {

    String query(String name) {
      return query.getOrDefault(name, "");
    }

    int number(String name) {
      return Integer.parseInt(query.getOrDefault(name, "0"));
    }
  }

  /** One answer. */
  record Answer(int status, Map<String, String> headers, String body) {

    static Answer of(String body) {
      return new Answer(200, Map.of(), body);
    }

    static Answer of(int status, String header, String value) {
      return new Answer(status, Map.of(header, value), "{}");
    }
  }

  /** Answers the request with a number, from 1. */
  @FunctionalInterface
  interface Behaviour {
    Answer answer(Asked asked, int number);
  }

  private final HttpServer server;
  private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());

  ScriptedApi(Behaviour behaviour) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> handle(exchange, behaviour));
    server.start();
  }

  private void handle(HttpExchange exchange, Behaviour behaviour) throws IOException {
    try (exchange) {
      Map<String, String> query = new TreeMap<>();
      String raw = exchange.getRequestURI().getRawQuery();
      for (String pair : raw == null ? List.<String>of() : List.of(raw.split("&", -1))) {
        int at = pair.indexOf('=');
        query.put(pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), UTF_8));
      }
      String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      Asked request =
          new Asked(
              exchange.getRequestURI().getPath(),
              query,
              authorization == null ? "" : authorization,
              new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      asked.add(request);
      Answer answer = behaviour.answer(request, asked.size());
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] body = answer.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
