package dev.indelible.cli.witness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.indelible.cli.witness.Witness.Answer;
import dev.indelible.verify.AddCheckpoint;
import dev.indelible.verify.NoteSignature;
import dev.indelible.verify.SignedCheckpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A witness over HTTP: {@code POST /add-checkpoint}, and for who wants to hold what was cosigned
 * {@code GET /<SHA-256 of the origin>/checkpoint}, which is that of c2sp.org/tlog-witness, and
 * {@code GET /checkpoint/<origin>}.
 */
public final class WitnessService implements AutoCloseable {

  /** Requests at once; more are answered 503. */
  static final int MAX_REQUESTS = 64;

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String SIZE = "text/x.tlog.size";
  private static final String CHECKPOINTS = "/checkpoint/";
  private static final Pattern MONITORED = Pattern.compile("/([0-9a-f]{64})/checkpoint");

  private final Witness witness;
  private final PrintWriter log;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore room = new Semaphore(MAX_REQUESTS);

  private WitnessService(Witness witness, PrintWriter log, HttpServer server) {
    this.witness = witness;
    this.log = log;
    this.server = server;
  }

  /**
   * Starts to answer.
   *
   * @param log takes a line for each checkpoint that is refused
   */
  public static WitnessService start(Witness witness, InetSocketAddress address, PrintWriter log)
      throws IOException {
    HttpServer server = HttpServer.create(address, 0);
    WitnessService service = new WitnessService(witness, log, server);
    server.createContext("/", service::handle);
    server.setExecutor(service.threads);
    server.start();
    return service;
  }

  /** The port that is listened on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    if (!room.tryAcquire()) {
      answer(exchange, 503, TEXT, "too many requests\n");
      return;
    }
    try {
      route(exchange);
    } catch (IOException e) {
      log.println("a request failed: " + e.getMessage());
      answer(exchange, 500, TEXT, "the witness cannot answer now\n");
    } finally {
      room.release();
      exchange.close();
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/add-checkpoint")) {
      if (!exchange.getRequestMethod().equals("POST")) {
        answer(exchange, 405, TEXT, "POST a checkpoint\n");
        return;
      }
      byte[] body = exchange.getRequestBody().readNBytes(AddCheckpoint.MAX_BYTES + 1);
      answer(exchange, witness.add(body));
      return;
    }
    Matcher monitored = MONITORED.matcher(path);
    boolean byHash = monitored.matches();
    if (!byHash && !path.startsWith(CHECKPOINTS)) {
      answer(exchange, 404, TEXT, "there is nothing here\n");
    } else if (!exchange.getRequestMethod().equals("GET")) {
      answer(exchange, 405, TEXT, "GET a checkpoint\n");
    } else {
      answerNewest(
          exchange,
          byHash
              ? witness.newestByHash(monitored.group(1))
              : witness.newest(path.substring(CHECKPOINTS.length())));
    }
  }

  private static void answerNewest(HttpExchange exchange, Optional<SignedCheckpoint> newest)
      throws IOException {
    if (newest.isPresent()) {
      answer(exchange, 200, TEXT, newest.get().note().toString());
    } else {
      answer(exchange, 404, TEXT, "nothing of that log was cosigned\n");
    }
  }

  private void answer(HttpExchange exchange, Answer answer) throws IOException {
    switch (answer) {
      case Answer.Cosigned cosigned ->
          answer(
              exchange,
              200,
              TEXT,
              cosigned.signatures().stream()
                  .map(NoteSignature::line)
                  .collect(Collectors.joining("\n", "", "\n")));
      case Answer.Conflict conflict -> {
        log.println("conflict: " + conflict.detail());
        answer(exchange, 409, SIZE, conflict.size() + "\n");
      }
      case Answer.Malformed malformed -> answer(exchange, 400, TEXT, malformed.detail() + "\n");
      case Answer.UnknownLog unknown -> {
        log.println("unknown log: " + unknown.origin());
        answer(exchange, 404, TEXT, "this witness does not know " + unknown.origin() + "\n");
      }
      case Answer.NotSigned notSigned -> answer(exchange, 403, TEXT, notSigned.detail() + "\n");
      case Answer.NotProven notProven -> {
        log.println("NOT CONSISTENT, not cosigned: " + notProven.detail());
        answer(exchange, 422, TEXT, notProven.detail() + "\n");
      }
    }
    log.flush();
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(1);
    threads.close();
  }
}
