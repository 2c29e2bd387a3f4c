package dev.indelible.systemtests;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A connection over which anything can be sent, HTTP or not. Not thread-safe. */
final class RawConnection implements AutoCloseable {

  private static final int READ_TIMEOUT_MILLIS = 45_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  RawConnection(URI address) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
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
    int at = head.toString().toLowerCase(java.util.Locale.ROOT).indexOf("content-length:");
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
