package dev.indelible.systemtests;

import dev.indelible.testing.Eventually;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A connection over which anything can be sent, HTTP or not. Not thread-safe. */
final class RawConnection implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  RawConnection(URI address) throws IOException {
    this(address, 0);
  }

  /** One that takes few bytes ahead of who reads them; 0 leaves that to the system. */
  RawConnection(URI address, int receiveBufferBytes) throws IOException {
    socket = new Socket();
    if (receiveBufferBytes > 0) {
      socket.setReceiveBufferSize(receiveBufferBytes);
    }
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort()),
        Math.toIntExact(Eventually.LIMIT.toMillis()));
    socket.setSoTimeout(Math.toIntExact(Eventually.LIMIT.toMillis()));
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** Sends the head of a POST of events; {@code headers} end each with CR LF. */
  RawConnection postHead(Calls calls, String type, String headers) throws IOException {
    return send(
        "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\n%s\r\n"
            .formatted(calls.key(), type, headers));
  }

  RawConnection send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawConnection send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /** Reads until {@code end} follows {@code begin}; returns what is between them. */
  String readUntil(String end, String begin) throws IOException {
    StringBuilder text = new StringBuilder();
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the server closed after " + text);
      }
      text.append((char) next);
      int from = text.indexOf(begin);
      if (from >= 0 && text.indexOf(end, from) >= 0) {
        return text.substring(from + begin.length(), text.indexOf(end, from));
      }
    }
  }

  /** The rest of what the server says until it closes or the body ends: head and body as text. */
  String answer() throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return head.toString();
      }
      head.append((char) next);
    }
    int at = head.toString().toLowerCase(Locale.ROOT).indexOf("content-length:");
    if (at < 0) {
      return head.toString();
    }
    String length = head.substring(at + 15, head.indexOf("\r\n", at)).strip();
    byte[] body = in.readNBytes(Integer.parseInt(length));
    return head + new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
