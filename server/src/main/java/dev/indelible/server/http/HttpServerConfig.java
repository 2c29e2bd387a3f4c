package dev.indelible.server.http;

import dev.indelible.server.share.Places;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the server listens, and what it puts up with.
 *
 * @param host name or address to listen on
 * @param port port, 0 for any free one
 * @param tls certificate and key, or null for plain HTTP
 * @param limits how much at once
 * @param timeouts how long
 * @param trustedProxies how many proxies stand in front and append to {@code X-Forwarded-For}; 0
 *     ignores that header
 * @param corsOrigins the origins whose pages may call the API with a key of their own, such as
 *     {@code https://app.example}; none by default
 * @param address how people reach it
 * @param bodies how many bodies are waited for, and how much memory they have
 */
public record HttpServerConfig(
    String host,
    int port,
    @Nullable Tls tls,
    Limits limits,
    Timeouts timeouts,
    int trustedProxies,
    Set<String> corsOrigins,
    Public address,
    Bodies bodies) {

  public HttpServerConfig {
    corsOrigins = Set.copyOf(corsOrigins);
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
    if (trustedProxies < 0) {
      throw new IllegalArgumentException("not a number of proxies: " + trustedProxies);
    }
  }

  /**
   * The most connections of one address. Behind proxies all come from those, which bound them
   * themselves: then there is no share.
   */
  int connectionsOfAddress() {
    int all = limits.connections();
    return trustedProxies > 0
        ? all
        : Places.part(all, AddressConnections.OF_ADDRESS, Admission.LEAST_SHARE);
  }

  /** Plain HTTP with the default limits and timeouts. */
  public static HttpServerConfig plain(String host, int port) {
    return new HttpServerConfig(
        host,
        port,
        null,
        Limits.DEFAULT,
        Timeouts.DEFAULT,
        0,
        Set.of(),
        Public.UNKNOWN,
        Bodies.DEFAULT);
  }

  public HttpServerConfig withTls(Tls theTls) {
    return new HttpServerConfig(
        host, port, theTls, limits, timeouts, trustedProxies, corsOrigins, address, bodies);
  }

  public HttpServerConfig withLimits(Limits theLimits) {
    return new HttpServerConfig(
        host, port, tls, theLimits, timeouts, trustedProxies, corsOrigins, address, bodies);
  }

  public HttpServerConfig withTimeouts(Timeouts theTimeouts) {
    return new HttpServerConfig(
        host, port, tls, limits, theTimeouts, trustedProxies, corsOrigins, address, bodies);
  }

  public HttpServerConfig withTrustedProxies(int proxies) {
    return new HttpServerConfig(
        host, port, tls, limits, timeouts, proxies, corsOrigins, address, bodies);
  }

  public HttpServerConfig withCorsOrigins(Set<String> origins) {
    return new HttpServerConfig(
        host, port, tls, limits, timeouts, trustedProxies, origins, address, bodies);
  }

  public HttpServerConfig withPublic(Public theAddress) {
    return new HttpServerConfig(
        host, port, tls, limits, timeouts, trustedProxies, corsOrigins, theAddress, bodies);
  }

  public HttpServerConfig withBodies(Bodies theBodies) {
    return new HttpServerConfig(
        host, port, tls, limits, timeouts, trustedProxies, corsOrigins, address, theBodies);
  }

  /**
   * How people reach the server.
   *
   * @param url the address that links are made of, without a slash at the end, or null when only
   *     loopback is known
   * @param strictTransport how long browsers are to use TLS alone (RFC 6797); zero does not say
   */
  public record Public(@Nullable String url, Duration strictTransport) {
    public static final Public UNKNOWN = new Public(null, Duration.ZERO);

    public Public {
      if (strictTransport.isNegative()) {
        throw new IllegalArgumentException("not a time: " + strictTransport);
      }
    }

    /** Whether whoever comes by the address comes over TLS. */
    boolean isSecure() {
      return url != null && url.startsWith("https://");
    }
  }

  /**
   * How many bodies at once.
   *
   * @param waiting most bodies that are waited for; the one that has waited longest of whoever has
   *     most makes room for another
   * @param bytes most bytes of bodies in memory; more get 503 with {@code Retry-After}
   */
  public record Bodies(int waiting, long bytes) {
    public static final Bodies DEFAULT = new Bodies(2_048, 128L << 20);

    /** The least memory: two of the largest bodies. */
    public static final long MIN_BYTES = 2 * Admission.MAX_COUNTED_BYTES;

    public Bodies {
      if (waiting < 1 || bytes < MIN_BYTES) {
        throw new IllegalArgumentException("a limit of bodies is too low");
      }
    }
  }

  /**
   * A certificate and its key, both PEM; HTTP/2 is offered beside HTTP/1.1.
   *
   * @param certificate the certificate, followed by the intermediate ones
   * @param key its private key, unencrypted PKCS #8 ({@code BEGIN PRIVATE KEY})
   */
  public record Tls(Path certificate, Path key) {}

  /**
   * How much at once.
   *
   * @param connections most connections; more wait in the operating system's queue
   * @param concurrentRequests most requests being answered; more get 503 with {@code Retry-After}
   * @param eventStreams most open event streams, which do not count as requests; more get 503
   * @param headerBytes most bytes of request line and headers together; longer ones get 414 or 431
   */
  public record Limits(int connections, int concurrentRequests, int eventStreams, int headerBytes) {
    public static final Limits DEFAULT = new Limits(10_000, 1_024, 1_024, 16 * 1024);

    public Limits {
      if (connections < 1 || concurrentRequests < 1 || eventStreams < 0 || headerBytes < 1024) {
        throw new IllegalArgumentException("a limit is too low");
      }
    }
  }

  /**
   * How long.
   *
   * @param headers from the first byte of a request to the end of its headers, and for a TLS
   *     handshake; then the connection is closed
   * @param idle without a single byte, in a body (408) or between requests (closed)
   * @param bodyGrace how long a body may be waited for, all in all, before its rate counts
   * @param bodyBytesPerSecond least rate of a body, as sent, while it is waited for; slower ones
   *     get 408
   * @param write for the reader to take what is written at once, at most {@value
   *     ResponseBody#MAX_WRITE_BYTES} bytes; then the connection is closed
   * @param heartbeat between two signs of life in an event stream; well below {@code idle}
   */
  public record Timeouts(
      Duration headers,
      Duration idle,
      Duration bodyGrace,
      int bodyBytesPerSecond,
      Duration write,
      Duration heartbeat) {
    public static final Timeouts DEFAULT =
        new Timeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            1_024,
            Duration.ofSeconds(20),
            Duration.ofSeconds(10));

    public Timeouts {
      if (headers.isNegative()
          || headers.isZero()
          || idle.isNegative()
          || idle.isZero()
          || bodyGrace.isNegative()
          || bodyBytesPerSecond < 0
          || write.isNegative()
          || write.isZero()
          || heartbeat.isNegative()
          || heartbeat.isZero()) {
        throw new IllegalArgumentException("a timeout is not positive");
      }
      if (heartbeat.multipliedBy(2).compareTo(idle) > 0) {
        throw new IllegalArgumentException("the heartbeat must be at most half of the idle time");
      }
    }
  }
}
