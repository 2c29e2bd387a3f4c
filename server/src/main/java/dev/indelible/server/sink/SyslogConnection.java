package dev.indelible.server.sink;

import dev.indelible.server.deliver.AddressGuard;
import dev.indelible.server.deliver.AddressGuard.Transport;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Connection to a syslog receiver. Receivers say nothing, but they hang up: the side that nothing
 * is to be read from is read all the time, in a virtual thread, so that an end or a reset is known
 * as soon as TCP knows it.
 */
final class SyslogConnection implements AutoCloseable {

  /** How long an address may take to accept a connection. */
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** How long a receiver may be silent while TLS is agreed on. */
  static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

  /** How long the writing of a piece of a batch may take. */
  static final Duration WRITE_TIMEOUT = Duration.ofSeconds(30);

  /** The least time that is waited for a receiver to hang up because of what it was sent. */
  static final Duration LEAST_GRACE = Duration.ofMillis(50);

  /** The longest. */
  static final Duration MOST_GRACE = Duration.ofMillis(250);

  /** The most that a receiver may say before it is taken for none of syslog, in bytes. */
  static final int MAX_WORDS = 4096;

  private static final int BUFFER = 1 << 16;

  /** How long a receiver may take to read what is left when the connection is closed. */
  static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  /** The socket below TLS: closing it waits for nobody. */
  private final Socket plain;

  private final Socket socket;

  private final OutputStream out;
  private final Duration grace;
  private final CompletableFuture<String> end = new CompletableFuture<>();

  /**
   * A receiver's address, and the TLS to reach it by.
   *
   * @param host a name or a literal
   * @param tls null for none
   * @param serverName that the certificate has to be for
   */
  record Way(String host, int port, @Nullable SSLContext tls, String serverName) {}

  private SyslogConnection(Socket plain, Socket socket, Duration grace) throws IOException {
    this.plain = plain;
    this.socket = socket;
    this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
    this.grace = grace;
    InputStream in = socket.getInputStream();
    Thread _ = Thread.ofVirtual().name("syslog-end").start(() -> watch(in));
  }

  /**
   * Connects to one of the addresses that the guard gives.
   *
   * @throws IOException when none accepts, or TLS fails
   */
  static SyslogConnection to(Way way, AddressGuard guard) throws IOException {
    InetAddress[] addresses =
        guard.resolve(way.host(), way.tls() == null ? Transport.PLAIN : Transport.TLS);
    IOException fault = null;
    for (InetAddress address : addresses) {
      Socket socket = new Socket();
      try {
        long start = System.nanoTime();
        socket.connect(
            new InetSocketAddress(address, way.port()), (int) CONNECT_TIMEOUT.toMillis());
        Duration grace = graceFor(Duration.ofNanos(System.nanoTime() - start));
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        return new SyslogConnection(
            socket, way.tls() == null ? socket : encrypted(socket, way, way.tls()), grace);
      } catch (IOException e) {
        socket.close();
        if (fault == null || fault instanceof ConnectException) {
          fault = e;
        }
        // A receiver that was reached and is not believed is not looked for at another address.
        if (!(e instanceof ConnectException) && !(e instanceof SocketTimeoutException)) {
          break;
        }
      }
    }
    throw fault == null ? new IOException("no address") : fault;
  }

  /** Twice the way there and back, within bounds. */
  static Duration graceFor(Duration connect) {
    Duration grace = connect.multipliedBy(2);
    return grace.compareTo(LEAST_GRACE) < 0
        ? LEAST_GRACE
        : grace.compareTo(MOST_GRACE) > 0 ? MOST_GRACE : grace;
  }

  private static Socket encrypted(Socket socket, Way way, SSLContext context) throws IOException {
    SSLSocket tls =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, way.serverName(), way.port(), true);
    tls.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    tls.setSSLParameters(parameters);
    tls.setSoTimeout((int) HANDSHAKE_TIMEOUT.toMillis());
    try (Closer _ = new Closer(socket, HANDSHAKE_TIMEOUT.multipliedBy(2))) {
      tls.startHandshake();
    }
    tls.setSoTimeout(0);
    return tls;
  }

  private void watch(InputStream in) {
    byte[] some = new byte[512];
    int words = 0;
    try {
      while (words <= MAX_WORDS) {
        int read = in.read(some);
        if (read < 0) {
          end.complete("the receiver closed the connection");
          return;
        }
        words += read;
      }
      end.complete("the receiver talks; this is no syslog receiver");
      plain.close();
    } catch (IOException e) {
      end.complete("the connection ended: " + NetworkFaults.cut(String.valueOf(e.getMessage())));
    }
  }

  /** The reason of the connection's end; null while it lasts. */
  @Nullable String ended() {
    return end.getNow(null);
  }

  /**
   * Writes frames, and waits for a moment whether the receiver hangs up.
   *
   * @param wary whether one of them is under suspicion, so that the longest moment is waited
   * @return why the connection ended; null when it did not
   * @throws InterruptedException when the server stops
   */
  @Nullable String write(Iterable<byte[]> frames, boolean wary) throws InterruptedException {
    try (Closer closer = new Closer(plain, WRITE_TIMEOUT)) {
      for (byte[] frame : frames) {
        String before = ended();
        if (before != null) {
          return before;
        }
        out.write(frame);
      }
      out.flush();
      if (closer.hasClosed()) {
        return "the receiver took nothing for %d s".formatted(WRITE_TIMEOUT.toSeconds());
      }
    } catch (IOException e) {
      String why = ended();
      return why != null ? why : NetworkFaults.cut(String.valueOf(e.getMessage()));
    }
    try {
      return end.get((wary ? MOST_GRACE : grace).toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Closes it at once; frames on their way may be lost. */
  void abort() {
    try {
      plain.close();
    } catch (IOException _) {
      // It is gone either way.
    }
  }

  /**
   * Ends what is written and waits for the receiver to end its side, as it does once it has read
   * everything; a plain end in the middle may take frames with it.
   */
  @Override
  public void close() {
    try (Closer _ = new Closer(plain, CLOSE_TIMEOUT)) {
      if (ended() == null) {
        socket.shutdownOutput();
        if (socket instanceof SSLSocket) {
          plain.shutdownOutput();
        }
        String _ = end.get(CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (IOException | ExecutionException | TimeoutException _) {
      // It has had its time.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    abort();
  }

  /** Limit of a blocking call: closes the socket under it when its time has come. */
  private static final class Closer implements AutoCloseable {
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();

    Closer(Socket socket, Duration limit) {
      Thread _ =
          Thread.ofVirtual()
              .name("syslog-limit")
              .start(
                  () -> {
                    try {
                      boolean _ = done.get(limit.toNanos(), TimeUnit.NANOSECONDS);
                    } catch (TimeoutException _) {
                      if (done.complete(false)) {
                        try {
                          socket.close();
                        } catch (IOException _) {
                          // It is gone either way.
                        }
                      }
                    } catch (InterruptedException | ExecutionException _) {
                      // Nobody interrupts it, and nothing fails.
                    }
                  });
    }

    boolean hasClosed() {
      return !done.getNow(true);
    }

    @Override
    public void close() {
      done.complete(true);
    }
  }
}
