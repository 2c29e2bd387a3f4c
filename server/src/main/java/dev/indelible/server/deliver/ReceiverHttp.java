package dev.indelible.server.deliver;

import dev.indelible.server.deliver.AddressGuard.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * HTTP to one receiver that somebody else named, with connections that are kept between requests.
 * The guard resolves each connection's host; redirections are answers; of an answer only its
 * beginning is read. Used by one thread at a time.
 */
public final class ReceiverHttp implements AutoCloseable {

  private final AddressGuard guard;
  private final Transport transport;
  private final @Nullable SSLContext tls;
  private final InstantSource clock;
  private @Nullable CloseableHttpClient client;

  /**
   * A way to a receiver; nothing is connected yet.
   *
   * @param url of the receiver, whose scheme decides
   * @param tls believes its certificate; null for the authorities of the Java runtime
   */
  public ReceiverHttp(URI url, AddressGuard guard, @Nullable SSLContext tls, InstantSource clock) {
    this.guard = guard;
    this.transport = url.getScheme().equals("https") ? Transport.TLS : Transport.PLAIN;
    this.tls = tls;
    this.clock = clock;
  }

  /**
   * A request.
   *
   * @param method such as {@code POST}
   * @param url the whole address
   * @param headers besides those of the body
   * @param mediaType of the body
   * @param body empty for none
   */
  @SuppressWarnings("ArrayRecordComponent") // carries what is sent; never compared
  public record Request(
      String method, URI url, Map<String, String> headers, String mediaType, byte[] body) {}

  /** The end of a request. */
  public sealed interface Reply {

    /**
     * An answer.
     *
     * @param body its beginning
     * @param cut whether there was more of it
     * @param retryAfter how long the receiver wants to be left alone, at most a day; null when it
     *     did not say
     */
    @SuppressWarnings("ArrayRecordComponent") // carries what came; never compared
    record Answered(int status, byte[] body, boolean cut, @Nullable Duration retryAfter)
        implements Reply {}

    /**
     * No answer.
     *
     * @param fault {@link AddressRefusedException} among its causes where the address is not
     *     allowed
     */
    record Broken(IOException fault) implements Reply {}
  }

  /**
   * Sends a request.
   *
   * @param atMost how long it may take with its answer, however slowly that comes
   * @param maxAnswerBytes how much of the answer's body is read
   * @throws InterruptedException when the server stops
   */
  public Reply send(Request request, Duration atMost, int maxAnswerBytes)
      throws InterruptedException {
    if (client == null) {
      client = GuardedHttp.client(guard, transport, tls);
    }
    CloseableHttpClient open = client;
    FutureTask<Reply> task = new FutureTask<>(() -> exchange(open, request, maxAnswerBytes));
    Thread _ = Thread.ofVirtual().name("receiver").start(task);
    try {
      return task.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return new Reply.Broken(
          new SocketTimeoutException("it took longer than %,d s".formatted(atMost.toSeconds())));
    } catch (ExecutionException e) {
      return switch (e.getCause()) {
        case IOException fault -> new Reply.Broken(fault);
        case Error error -> throw error;
        case RuntimeException fault -> throw fault;
        case null, default -> throw new IllegalStateException(e);
      };
    } finally {
      task.cancel(true);
    }
  }

  private Reply exchange(CloseableHttpClient open, Request request, int maxAnswerBytes)
      throws IOException {
    HttpUriRequestBase message = new HttpUriRequestBase(request.method(), request.url());
    request.headers().forEach(message::setHeader);
    if (request.body().length > 0) {
      message.setEntity(
          new ByteArrayEntity(request.body(), ContentType.parse(request.mediaType())));
    }
    return open.execute(message, response -> answered(response, maxAnswerBytes));
  }

  private Reply answered(ClassicHttpResponse response, int maxAnswerBytes) throws IOException {
    HttpEntity entity = response.getEntity();
    byte[] body = new byte[0];
    boolean cut = false;
    if (entity != null) {
      InputStream in = entity.getContent();
      body = in.readNBytes(maxAnswerBytes);
      cut = in.read() >= 0;
      if (cut) {
        // The rest could be endless; with an entity the library would read all of it.
        response.setEntity(null);
      }
    }
    return new Reply.Answered(
        response.getCode(),
        body,
        cut,
        HttpAnswers.retryAfter(response.getFirstHeader("Retry-After"), clock.instant()));
  }

  @Override
  public void close() {
    if (client != null) {
      client.close(CloseMode.IMMEDIATE);
      client = null;
    }
  }
}
