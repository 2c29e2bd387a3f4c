package dev.indelible.server.sink;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/**
 * A receiver of octet-counted syslog on a free port of this machine. Like syslog-ng it hangs up at
 * a message above its limit and keeps nothing of it.
 */
final class SyslogReceiver implements AutoCloseable {

  final List<String> messages = new CopyOnWriteArrayList<>();
  final AtomicInteger connections = new AtomicInteger();
  final int port;

  private final int limit;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final ServerSocket server;
  volatile boolean talks;

  /**
   * Starts one.
   *
   * @param tls null for plain TCP
   * @param client whether it asks for a certificate
   * @param limit in bytes of a message
   */
  SyslogReceiver(@Nullable SSLContext tls, boolean client, int limit) throws IOException {
    this.limit = limit;
    InetAddress here = InetAddress.getLoopbackAddress();
    if (tls == null) {
      server = new ServerSocket(0, 50, here);
    } else {
      SSLServerSocket encrypted =
          (SSLServerSocket) tls.getServerSocketFactory().createServerSocket(0, 50, here);
      encrypted.setNeedClientAuth(client);
      server = encrypted;
    }
    port = server.getLocalPort();
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket;
        InputStream in = new BufferedInputStream(socket.getInputStream())) {
      if (talks) {
        socket.getOutputStream().write(new byte[1 << 20]);
      }
      while (true) {
        int length = 0;
        int octet = in.read();
        for (; octet >= '0' && octet <= '9'; octet = in.read()) {
          length = length * 10 + octet - '0';
        }
        if (octet != ' ' || length > limit) {
          return;
        }
        byte[] message = in.readNBytes(length);
        if (message.length == length) {
          messages.add(new String(message, StandardCharsets.UTF_8));
        }
      }
    } catch (IOException _) {
      // the sender went away
    }
  }

  /** Resets every connection that there is. */
  void reset() throws IOException {
    for (Socket socket : sockets) {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
