package dev.indelible.server.http;

import dev.indelible.server.http.HttpServerConfig.Timeouts;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.NegotiatingServerConnection;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Closes the connections of clients that Jetty's idle timeout does not catch because they send or
 * read a byte now and then: within the headers, in a TLS handshake, and while an answer is written.
 * Also keeps event streams alive. One thread of its own.
 */
final class Sweeper implements AutoCloseable {

  private final ServerConnector connector;
  private final RootHandler root;
  private final Timeouts timeouts;
  private final Duration interval;
  private final Thread thread;
  private final IdentityHashMap<EndPoint, Long> handshakes = new IdentityHashMap<>();
  private final IdentityHashMap<EndPoint, Streams> streams = new IdentityHashMap<>();
  private volatile boolean closed;

  /**
   * Activity of an HTTP/2 connection.
   *
   * @param opened how many requests it had begun
   * @param sinceNanos since when it has had none open, and begun none
   */
  private record Streams(long opened, long sinceNanos) {}

  Sweeper(ServerConnector connector, RootHandler root, Timeouts timeouts) {
    this.connector = connector;
    this.root = root;
    this.timeouts = timeouts;
    long shortestMillis =
        Math.min(
            timeouts.headers().toMillis(),
            Math.min(timeouts.write().toMillis(), timeouts.heartbeat().toMillis()));
    this.interval = Duration.ofMillis(Math.clamp(shortestMillis / 4, 20, 1_000));
    this.thread = Thread.ofVirtual().name("http-sweeper").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      try {
        Thread.sleep(interval);
      } catch (InterruptedException e) {
        return;
      }
      long nowNanos = System.nanoTime();
      connector.getConnectedEndPoints().forEach(endPoint -> sweepHeaders(endPoint, nowNanos));
      handshakes.keySet().removeIf(endPoint -> !endPoint.isOpen());
      streams.keySet().removeIf(endPoint -> !endPoint.isOpen());
      root.running().forEach(running -> sweepAnswer(running.exchange(), nowNanos));
    }
  }

  private void sweepHeaders(EndPoint endPoint, long nowNanos) {
    Connection connection = endPoint.getConnection();
    if (connection instanceof SslConnection tls) {
      connection = tls.getSslEndPoint().getConnection();
    }
    if (connection instanceof HTTP2Connection http2) {
      sweepStreams(endPoint, http2.getSession(), nowNanos);
      return;
    }
    boolean handshake = connection instanceof NegotiatingServerConnection;
    long beganNanos;
    if (handshake) {
      Long firstSeen = handshakes.putIfAbsent(endPoint, nowNanos);
      beganNanos = firstSeen == null ? nowNanos : firstSeen;
    } else if (connection instanceof HttpConnection http && isWithinHeaders(http)) {
      beganNanos = http.getParser().getBeginNanoTime();
    } else {
      return;
    }
    if (nowNanos - beganNanos > timeouts.headers().toNanos()) {
      endPoint.close(new TimeoutException(handshake ? "TLS handshake" : "headers"));
    }
  }

  /**
   * Headers that trickle in many frames, and pings for ever, are bytes and no requests: a
   * connection without a request for as long as it may be idle is closed, whatever else it sends.
   */
  private void sweepStreams(EndPoint endPoint, HTTP2Session session, long nowNanos) {
    Streams seen = streams.get(endPoint);
    long opened = session.getStreamsOpened();
    if (seen == null || seen.opened() != opened || !session.getStreams().isEmpty()) {
      streams.put(endPoint, new Streams(opened, nowNanos));
    } else if (nowNanos - seen.sinceNanos() > timeouts.idle().toNanos()) {
      endPoint.close(new TimeoutException("no request"));
    }
  }

  /** Read from another thread without a lock: at worst the next sweep sees it. */
  private static boolean isWithinHeaders(HttpConnection http) {
    return switch (http.getParser().getState()) {
      case METHOD, SPACE1, URI, SPACE2, REQUEST_VERSION, HEADER -> true;
      case START,
          RESPONSE_VERSION,
          STATUS,
          REASON,
          PROXY,
          CONTENT,
          EOF_CONTENT,
          CHUNKED_CONTENT,
          CHUNK_SIZE,
          CHUNK,
          CHUNK_END,
          CONTENT_END,
          TRAILER,
          END,
          CLOSE,
          CLOSED ->
          false;
    };
  }

  private void sweepAnswer(Exchange exchange, long nowNanos) {
    long writeStartedNanos = exchange.responseBody().writeStartedNanos();
    if (writeStartedNanos != 0 && nowNanos - writeStartedNanos > timeouts.write().toNanos()) {
      exchange
          .request()
          .getConnectionMetaData()
          .getConnection()
          .getEndPoint()
          .close(new TimeoutException("the answer is not read"));
      return;
    }
    EventStream stream = exchange.eventStream();
    long heartbeatNanos = timeouts.heartbeat().toNanos();
    if (stream != null && stream.isHeartbeatDue(heartbeatNanos)) {
      Thread.ofVirtual().name("http-heartbeat").start(() -> stream.heartbeat(heartbeatNanos));
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
