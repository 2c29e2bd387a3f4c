package dev.indelible.server;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Web address that takes what streams send, or answers as a test says. */
final class StreamReceiver implements AutoCloseable {

  final List<Got> got = new CopyOnWriteArrayList<>();

  /** The status of the answer to a message. */
  volatile Function<Got, Integer> answer = _ -> 204;

  private final HttpServer server;

  /** A message with its headers in lower case. */
  record Got(Map<String, String> headers, byte[] body, JsonNode json) {
    List<Long> seqs() {
      return StreamSupport.stream(json.path("entries").spliterator(), false)
          .map(entry -> entry.path("seq").asLong())
          .toList();
    }
  }

  StreamReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          Map<String, String> headers = new java.util.TreeMap<>();
          exchange
              .getRequestHeaders()
              .forEach((name, values) -> headers.put(name.toLowerCase(), values.getFirst()));
          Got message = new Got(headers, body, JsonMapper.shared().readTree(body));
          int status = answer.apply(message);
          if (status / 100 == 2) {
            got.add(message);
          }
          if (status / 100 == 3) {
            exchange.getResponseHeaders().set("Location", url());
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook/secret-path";
  }

  /** The sequence numbers of entries that arrived, in order. */
  List<Long> seqs() {
    List<Long> all = new ArrayList<>();
    got.forEach(message -> all.addAll(message.seqs()));
    return all;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
