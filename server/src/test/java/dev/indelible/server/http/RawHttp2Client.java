package dev.indelible.server.http;

import dev.indelible.testing.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;

/**
 * An HTTP/2 client (RFC 9113) over TLS that sends exactly the frames that it is told to. Not
 * thread-safe, but one thread may send while another reads.
 */
final class RawHttp2Client implements AutoCloseable {

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;

  private static final int MAX_FRAME_BYTES = 16 * 1024;

  private final SSLSocket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final HpackDecoder decoder = new HpackDecoder(64 * 1024, System::nanoTime);
  private final Map<Integer, Integer> statuses = new HashMap<>();
  private final Map<Integer, ByteArrayOutputStream> bodies = new HashMap<>();

  /** A connection that is negotiated and says nothing yet. */
  RawHttp2Client(int port, SSLContext context) throws IOException {
    socket =
        (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) Eventually.LIMIT.toMillis());
    socket.setTcpNoDelay(true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** The preface and the settings, the latter as given: pairs of 2 and 4 bytes. */
  RawHttp2Client begin(byte... settings) throws IOException {
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return frame(SETTINGS, 0, 0, settings);
  }

  RawHttp2Client bytes(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  RawHttp2Client frame(int type, int flags, int stream, byte... payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    return bytes(frame.array());
  }

  /** A head, whole. */
  RawHttp2Client head(int stream, boolean last, List<String> fields) throws IOException {
    return frame(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, block(fields));
  }

  RawHttp2Client data(int stream, boolean last, byte[] body) throws IOException {
    int at = 0;
    do {
      int count = Math.min(MAX_FRAME_BYTES, body.length - at);
      byte[] part = new byte[count];
      System.arraycopy(body, at, part, 0, count);
      at += count;
      frame(DATA, last && at == body.length ? END_STREAM : 0, stream, part);
    } while (at < body.length);
    return this;
  }

  /** Names and values in turn, as literals that nobody indexes (RFC 7541, section 6.2.2). */
  static byte[] block(List<String> fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.size(); i += 2) {
      block.write(0);
      text(block, fields.get(i));
      text(block, fields.get(i + 1));
    }
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>= 7) {
        block.write((rest & 127) | 128);
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  /**
   * Returns once the server has read all that was sent: a ping that comes back (RFC 9113, section
   * 6.7).
   */
  void untilRead() throws IOException {
    frame(PING, 0, 0, new byte[8]);
    int type;
    int flags;
    do {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      type = in.readUnsignedByte();
      flags = in.readUnsignedByte();
      in.skipNBytes(Integer.BYTES + length);
    } while (type != PING || (flags & ACK) == 0);
  }

  /**
   * How a request ended: {@code "413 …"} with the body, {@code "reset N"}, {@code "goaway N"} or
   * {@code "closed"}.
   */
  String outcome(int stream) {
    try {
      while (true) {
        String outcome = read(stream);
        if (outcome != null) {
          return outcome;
        }
      }
    } catch (EOFException | java.net.SocketException | javax.net.ssl.SSLException e) {
      return "closed";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private @org.jspecify.annotations.Nullable String read(int stream) throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int of = in.readInt() & Integer.MAX_VALUE;
    byte[] payload = in.readNBytes(length);
    switch (type) {
      case HEADERS -> head(of, payload);
      case DATA -> bodies.computeIfAbsent(of, _ -> new ByteArrayOutputStream()).writeBytes(payload);
      case RST_STREAM -> {
        // What was answered before is what counts.
        return of != stream ? null : answer(of, "reset " + ByteBuffer.wrap(payload).getInt());
      }
      case GOAWAY -> {
        return answer(stream, "goaway " + ByteBuffer.wrap(payload).getInt(4));
      }
      default -> {
        return null;
      }
    }
    return of == stream && (flags & END_STREAM) != 0 ? answer(of, "nothing") : null;
  }

  private String answer(int stream, String otherwise) {
    Integer status = statuses.get(stream);
    ByteArrayOutputStream body = bodies.get(stream);
    return status == null
        ? otherwise
        : status + " " + (body == null ? "" : body.toString(StandardCharsets.UTF_8));
  }

  private void head(int stream, byte[] block) throws IOException {
    try {
      if (decoder.decode(ByteBuffer.wrap(block)) instanceof MetaData.Response response) {
        statuses.putIfAbsent(stream, response.getStatus());
      }
    } catch (Exception e) {
      throw new IOException("the server's head cannot be decoded", e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
