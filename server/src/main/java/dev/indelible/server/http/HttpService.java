package dev.indelible.server.http;

import dev.indelible.server.share.BusyException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The HTTP server: HTTP/1.1, and HTTP/2 over TLS, on one port.
 *
 * <p>Each request is answered on a virtual thread. Thread-safe; started and stopped once.
 */
public final class HttpService implements AutoCloseable {

  /** How long {@link #close} waits for requests under way. */
  public static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private static final int MAX_PLATFORM_THREADS = 64;

  private final HttpServerConfig config;
  private final RootHandler root;
  private final Server server;
  private final ServerConnector connector;
  private final AddressConnections connections;
  private final Sweeper sweeper;

  /**
   * Decisions that the program behind the routes takes.
   *
   * @param origins says of an origin whether its pages may read answers, besides those configured
   * @param problems the answers to exceptions of routes
   */
  public record Policies(Predicate<String> origins, ProblemTable problems) {}

  /**
   * A server that is not started yet.
   *
   * @param routes everything it answers
   * @param observer is told of every request
   * @param requestIds yields a new id for each request; thread-safe
   * @throws IOException when certificate or key cannot be used
   */
  public HttpService(
      HttpServerConfig config,
      List<Route> routes,
      RequestObserver observer,
      Supplier<String> requestIds)
      throws IOException {
    this(config, routes, observer, requestIds, new Policies(origin -> false, ProblemTable.NONE));
  }

  /**
   * A server that is not started yet, with the policies of the program behind it.
   *
   * @param routes everything it answers
   * @param observer is told of every request
   * @param requestIds yields a new id for each request; thread-safe
   * @throws IOException when certificate or key cannot be used
   */
  public HttpService(
      HttpServerConfig config,
      List<Route> routes,
      RequestObserver observer,
      Supplier<String> requestIds,
      Policies policies)
      throws IOException {
    this.config = config;
    this.root =
        new RootHandler(
            new Router(routes),
            config,
            new RootHandler.Surroundings(
                observer, requestIds, policies.origins(), policies.problems()));
    QueuedThreadPool threads = new QueuedThreadPool(MAX_PLATFORM_THREADS);
    threads.setName("http");
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-request-", 0).factory()));
    this.server = new Server(threads);
    this.connections = new AddressConnections(config.connectionsOfAddress());
    this.connector = newConnector(server, config, connections);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(config.limits().connections(), connector));
    server.setHandler(root);
    server.setErrorHandler(new MalformedRequests(observer, requestIds, config.trustedProxies()));
    this.sweeper = new Sweeper(connector, root, config.timeouts());
  }

  private static ServerConnector newConnector(
      Server server, HttpServerConfig config, AddressConnections connections) throws IOException {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(config.limits().headerBytes());
    http.setIdleTimeout(config.timeouts().idle().toMillis());
    // Otherwise a value is taken for an earlier one of the connection that differs in case alone,
    // or
    // begins like it: a key would be another, and a name not as it was sent.
    http.setHeaderCacheCaseSensitive(true);
    // A proxy in front may take a bare LF for something else than the end of a line.
    http.setHttpCompliance(
        HttpCompliance.RFC9110.without(
            "indelible",
            HttpCompliance.Violation.LF_HEADER_TERMINATION,
            HttpCompliance.Violation.LF_CHUNK_TERMINATION));
    // A subject's id may hold a slash or a percent sign; segments are decoded one by one.
    http.setUriCompliance(
        UriCompliance.DEFAULT.with(
            "indelible",
            UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
            UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING));
    ServerConnector connector;
    HttpServerConfig.Tls tls = config.tls();
    if (tls == null) {
      connector = new SharingConnector(server, connections, new HttpConnectionFactory(http));
    } else {
      // The certificate names what clients call the server; by address or alias it answers too.
      http.addCustomizer(new SecureRequestCustomizer(false));
      SslContextFactory.Server context = new SslContextFactory.Server();
      context.setKeyStore(PemKeyStore.read(tls));
      context.setKeyStorePassword(PemKeyStore.PASSWORD);
      context.setKeyManagerPassword(PemKeyStore.PASSWORD);
      ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
      alpn.setDefaultProtocol("http/1.1");
      connector =
          new SharingConnector(
              server,
              connections,
              new SslConnectionFactory(context, alpn.getProtocol()),
              alpn,
              new HTTP2ServerConnectionFactory(http),
              new HttpConnectionFactory(http));
    }
    if (config.address().strictTransport().isPositive()) {
      http.addCustomizer(strictTransport(config.address()));
    }
    connector.setHost(config.host());
    connector.setPort(config.port());
    connector.setIdleTimeout(config.timeouts().idle().toMillis());
    connector.setAcceptQueueSize(1_024);
    return connector;
  }

  /** Browsers believe the header over TLS alone; to others it is not said. */
  private static HttpConfiguration.Customizer strictTransport(HttpServerConfig.Public address) {
    String value = "max-age=" + address.strictTransport().toSeconds();
    return (request, headers) -> {
      if (request.isSecure() || address.isSecure()) {
        headers.put("Strict-Transport-Security", value);
      }
      return request;
    };
  }

  /**
   * Starts to listen.
   *
   * @throws IOException when the address cannot be listened on
   */
  public void start() throws IOException {
    try {
      server.start();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot listen on " + config.host() + ":" + config.port(), e);
    }
    sweeper.start();
  }

  /**
   * How much is under way.
   *
   * @param requests requests that have a place
   * @param streams event streams
   * @param waitingBodies bodies that are waited for
   * @param evictedBodies bodies whose place was given to another since the start
   * @param bodyBytes bytes of bodies in memory
   * @param refusedBodies bodies for which there was no memory since the start
   */
  public record Figures(
      int requests,
      int streams,
      int waitingBodies,
      long evictedBodies,
      long bodyBytes,
      long refusedBodies) {}

  /** How much is under way, for metrics. */
  public Figures figures() {
    return root.admission().figures();
  }

  /** How many requests were refused since the start because of that share. */
  public long refusedRequests(BusyException.Share share) {
    return root.admission().refusedRequests(share);
  }

  /** How many event streams were refused since the start because of that share. */
  public long refusedStreams(BusyException.Share share) {
    return root.admission().refusedStreams(share);
  }

  /** How many connections are open. */
  public int connections() {
    return connections.open();
  }

  /** How many connections were closed at once since the start, as their address had its share. */
  public long refusedConnections() {
    return connections.refused();
  }

  /** The port that it listens on. */
  public int port() {
    return connector.getLocalPort();
  }

  /**
   * Stops: takes no new connection, answers new requests on old ones with 503, ends event streams,
   * waits for the requests under way to be answered, bodies that are still arriving included, and
   * closes everything.
   *
   * @param timeout how long to wait; then what is left is cut off
   */
  public void stop(Duration timeout) {
    // Otherwise Jetty shortens the idle timeout of every connection to a second, and cuts off
    // clients in the middle of a post.
    connector.setShutdownIdleTimeout(config.timeouts().idle().toMillis());
    var _ = connector.shutdown();
    root.stopTaking();
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    try {
      while (!root.running().isEmpty() && System.nanoTime() - deadlineNanos < 0) {
        Thread.sleep(5);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sweeper.close();
    try {
      server.setStopTimeout(0);
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server did not stop", e);
    }
  }

  /** Stops, waiting at most {@link #CLOSE_TIMEOUT}. */
  @Override
  public void close() {
    stop(CLOSE_TIMEOUT);
  }
}
