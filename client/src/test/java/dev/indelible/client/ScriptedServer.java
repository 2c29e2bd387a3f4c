package dev.indelible.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A real HTTP server that answers as a test says, and a client of it whose clock goes on by what it
 * waits.
 */
final class ScriptedServer implements AutoCloseable {

  /** One request; header names in lower case. */
  record Asked(String method, String target, Map<String, String> headers, String body) {}

  /** Answers the request with a number, from 1. */
  @FunctionalInterface
  interface Behaviour {
    void answer(HttpExchange exchange, int number) throws IOException;
  }

  static final Instant BEGIN = Instant.parse("2026-11-30T12:00:00Z");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());

  /** How long the client waited, in order. */
  final List<Duration> waited = Collections.synchronizedList(new ArrayList<>());

  /** Why it waited, in order. */
  final List<String> remarks = Collections.synchronizedList(new ArrayList<>());

  ScriptedServer(Behaviour behaviour) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          Map<String, String> headers = new TreeMap<>();
          exchange
              .getRequestHeaders()
              .forEach(
                  (name, values) ->
                      headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
          int number;
          synchronized (asked) {
            asked.add(
                new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    headers,
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            number = asked.size();
          }
          try (exchange) {
            behaviour.answer(exchange, number);
          }
        });
    server.start();
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** A client with the key "secret" for the tenant acme, which waits in no time. */
  IndelibleClient.Builder client() {
    return IndelibleClient.to(address())
        .key("secret")
        .tenant("acme")
        .answerTimeout(Eventually.LIMIT)
        .waits(
            new Waits(
                () -> BEGIN.plus(waited.stream().reduce(Duration.ZERO, Duration::plus)),
                new Random(1),
                waited::add,
                remarks::add));
  }

  static void json(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.replace('\'', '"').getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** "Not now", and when. */
  static void notNow(HttpExchange exchange, int status, String retryAfter) throws IOException {
    exchange.getResponseHeaders().set("Retry-After", retryAfter);
    json(exchange, status, "{'code':'too_busy','detail':'Too much at once.'}");
  }

  /** Sends the beginning of an answer and breaks the connection. */
  static void cut(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 1_000);
    exchange.getResponseBody().write('{');
    exchange.getResponseBody().flush();
  }

  static void events(HttpExchange exchange, String stream) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(stream.replace('\'', '"').getBytes(UTF_8));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
