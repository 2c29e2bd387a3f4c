package dev.indelible.server.http;

import org.jspecify.annotations.Nullable;

/**
 * Is told of every request that has been answered or given up: for metrics and access logs.
 *
 * <p>Called on the thread that ends the request; must be quick and must not throw.
 */
@FunctionalInterface
public interface RequestObserver {

  /** Does nothing. */
  RequestObserver NONE = completed -> {};

  void completed(Completed completed);

  /**
   * A request that is over.
   *
   * @param requestId as in the answer's {@code X-Request-Id}
   * @param method as sent; {@code -} when it could not be read
   * @param route the route that answered, or null when there was none
   * @param path the path as sent, without the query, which may hold personal data
   * @param remoteAddress where it came from
   * @param status HTTP status of the answer
   * @param nanos from the request's headers read to the answer's last byte handed over
   * @param bytesIn bytes of the request's body read, as sent
   * @param bytesOut bytes of the answer's body, as sent
   * @param failure what ended the request before its end, or null when the answer is whole
   */
  record Completed(
      String requestId,
      String method,
      @Nullable Route route,
      String path,
      String remoteAddress,
      int status,
      long nanos,
      long bytesIn,
      long bytesOut,
      @Nullable Throwable failure) {}
}
