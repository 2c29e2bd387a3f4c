package dev.indelible.cli.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One HTTP/1.1 connection that stays open: a request is one write, an answer is read whole.
 *
 * <p>It does what measuring needs and no more, so that the load takes little of the machine that it
 * shares with the server. Not thread-safe.
 *
 * <p>Source: RFC 9112.
 */
final class KeepAliveConnection implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 60_000;
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int LENGTH_DIGITS = 10;
  private static final int MAX_HEAD_BYTES = 32 * 1024;

  private final Socket socket = new Socket();
  private final InputStream in;
  private final OutputStream out;
  private final URI server;
  private byte[] headers;
  private final Bytes request = new Bytes(BUFFER_BYTES);
  private final Bytes answer = new Bytes(BUFFER_BYTES);
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int bufferAt;
  private int bufferEnd;
  private int lengthAt;
  private int bodyAt;

  KeepAliveConnection(Target target) throws IOException {
    server = target.server();
    int port = server.getPort() < 0 ? 80 : server.getPort();
    headers = headers(target.key());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    try {
      socket.connect(new InetSocketAddress(server.getHost(), port), TIMEOUT_MILLIS);
      in = socket.getInputStream();
      out = socket.getOutputStream();
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private byte[] headers(String key) {
    return "Host: %s:%d\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"
        .formatted(server.getHost(), server.getPort() < 0 ? 80 : server.getPort(), key)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Shows another key from now on. */
  void show(String key) {
    headers = headers(key);
  }

  /** Begins a POST; what is added to the bytes that it returns is its body. */
  Bytes post(String path) {
    begin("POST", path);
    request.add(ascii("Content-Length: "));
    lengthAt = request.grow(LENGTH_DIGITS);
    request.add(ascii("\r\n\r\n"));
    bodyAt = request.length();
    return request;
  }

  /** Sends what {@link #post} began; returns the status of its answer. */
  int send() throws IOException {
    // White space may stand before the number, so that its place can be kept for it.
    byte[] digits = "%10d".formatted(request.length() - bodyAt).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, request.array(), lengthAt, LENGTH_DIGITS);
    return exchange();
  }

  /** Gets a path; returns the status of the answer. */
  int get(String path) throws IOException {
    begin("GET", path);
    request.add(ascii("\r\n"));
    return exchange();
  }

  /** The body of the last answer. */
  String body() {
    return new String(answer.array(), 0, answer.length(), StandardCharsets.UTF_8);
  }

  /** Whether the body of the last answer begins so; {@code text} is ASCII. */
  boolean bodyStartsWith(String text) {
    if (answer.length() < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (answer.array()[i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void begin(String method, String path) {
    request.truncate(0);
    request.add(ascii(method + " " + path + " HTTP/1.1\r\n"));
    request.add(headers);
  }

  private int exchange() throws IOException {
    out.write(request.array(), 0, request.length());
    return readAnswer();
  }

  private int readAnswer() throws IOException {
    String status = line();
    if (!status.startsWith("HTTP/1.1 ") || status.length() < 12) {
      throw new IOException("not an HTTP/1.1 answer: " + status);
    }
    long length = -1;
    boolean chunked = false;
    int headBytes = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      headBytes += header.length();
      if (headBytes > MAX_HEAD_BYTES) {
        throw new IOException("headers of more than " + MAX_HEAD_BYTES + " bytes");
      }
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(lower.substring(15).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = lower.endsWith("chunked");
      }
    }
    answer.truncate(0);
    if (chunked) {
      int size;
      while ((size = Integer.parseInt(line().strip(), 16)) > 0) {
        read(size);
        line();
      }
      line();
    } else {
      read(Math.toIntExact(Math.max(0, length)));
    }
    return Integer.parseInt(status.substring(9, 12));
  }

  private String line() throws IOException {
    StringBuilder text = new StringBuilder(48);
    for (int b = next(); b != '\n'; b = next()) {
      if (b != '\r') {
        text.append((char) b);
      }
    }
    return text.toString();
  }

  private int next() throws IOException {
    if (bufferAt == bufferEnd) {
      fill();
    }
    return buffer[bufferAt++] & 0xff;
  }

  private void read(int count) throws IOException {
    int left = count;
    while (left > 0) {
      if (bufferAt == bufferEnd) {
        fill();
      }
      int take = Math.min(left, bufferEnd - bufferAt);
      answer.add(buffer, bufferAt, take);
      bufferAt += take;
      left -= take;
    }
  }

  private void fill() throws IOException {
    bufferAt = 0;
    bufferEnd = Math.max(0, in.read(buffer));
    if (bufferEnd == 0) {
      throw new EOFException("the server closed the connection");
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
