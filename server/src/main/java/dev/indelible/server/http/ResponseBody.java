package dev.indelible.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer on its way out, through one buffer of {@value #WRITE_BYTES} bytes, or,
 * where it is known how long the body is, of up to {@value #MAX_WRITE_BYTES}.
 *
 * <p>Nothing is sent before the buffer is full, so that a handler that fails until then still gets
 * a proper problem document; an answer that fits gets its {@code Content-Length}. Compressed when
 * the client takes gzip and the body reaches {@value #COMPRESS_FROM_BYTES} bytes. Not thread-safe,
 * but for {@link #writeStartedNanos()}.
 */
final class ResponseBody extends OutputStream {

  /** Shorter bodies are not compressed. */
  static final int COMPRESS_FROM_BYTES = 1_024;

  /** The size of the buffer, and so of a single write. */
  static final int WRITE_BYTES = 32 * 1024;

  /** The largest buffer: most pages of a hundred entries are written at once. */
  static final int MAX_WRITE_BYTES = 128 * 1024;

  /** Fast: the pages of a search are compressed while they are written. */
  private static final int COMPRESSION_LEVEL = 3;

  private final Response response;
  private final boolean gzipAccepted;
  private byte[] buffer = new byte[COMPRESS_FROM_BYTES];
  private int writeBytes = WRITE_BYTES;
  private int count;
  private boolean decided;
  private @Nullable GZIPOutputStream gzip;
  private long sentBytes;
  private volatile long writeStartedNanos;

  ResponseBody(Response response, boolean gzipAccepted) {
    this.response = response;
    this.gzipAccepted = gzipAccepted;
  }

  static boolean isCompressible(String contentType) {
    return contentType.startsWith("text/")
        || contentType.contains("json")
        || contentType.contains("javascript")
        || contentType.contains("xml");
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (!decided && count + length >= COMPRESS_FROM_BYTES) {
      decide();
    }
    if (gzip != null) {
      gzip.write(bytes, offset, length);
    } else {
      append(bytes, offset, length);
    }
  }

  /**
   * The body as a stream whose end is not the body's: JSON generators close theirs, and the
   * exchange ends the answer itself.
   *
   * @param expectedBytes how long the body will be, more or less; 0 where nobody knows
   */
  OutputStream uncloseable(long expectedBytes) {
    writeBytes = Math.clamp(expectedBytes, WRITE_BYTES, MAX_WRITE_BYTES);
    if (!gzipAccepted && count == 0 && expectedBytes > buffer.length) {
      buffer = new byte[(int) Math.min(expectedBytes, writeBytes)];
    }
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        ResponseBody.this.write(b);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        ResponseBody.this.write(bytes, offset, length);
      }

      @Override
      public void flush() {
        // The buffer decides when to send.
      }
    };
  }

  /** Has the body sent as it is, whatever the client takes. */
  void keepAsIs() {
    decided = true;
  }

  private void decide() throws IOException {
    decided = true;
    String contentType = response.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (contentType == null
        || !isCompressible(contentType)
        || response.getHeaders().contains(HttpHeader.CONTENT_ENCODING)) {
      return;
    }
    response.getHeaders().add(HttpHeader.VARY, "Accept-Encoding");
    if (!gzipAccepted) {
      return;
    }
    response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
    byte[] head = Arrays.copyOf(buffer, count);
    count = 0;
    gzip = new Compressor();
    gzip.write(head);
  }

  private void append(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    while (left > 0) {
      if (count == writeBytes) {
        send();
      }
      int part = Math.min(left, writeBytes - count);
      if (count + part > buffer.length) {
        buffer =
            Arrays.copyOf(buffer, Math.min(writeBytes, Math.max(count + part, buffer.length * 4)));
      }
      System.arraycopy(bytes, from, buffer, count, part);
      count += part;
      from += part;
      left -= part;
    }
  }

  /** Sends what there is, and waits until the connection has taken it. */
  @Override
  public void flush() throws IOException {
    if (gzip != null) {
      gzip.flush();
    }
    send();
  }

  private void send() throws IOException {
    if (!response.isCommitted()
        && isHttp11()
        && !response.getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
      // Otherwise Jetty ends a body that has no length by closing a connection that is to be closed
      // anyway, and the client cannot tell an answer that was cut off from a whole one.
      response.getHeaders().put(HttpHeader.TRANSFER_ENCODING, "chunked");
    }
    writeStartedNanos = System.nanoTime() | 1;
    try (Blocker.Callback blocker = Blocker.callback()) {
      response.write(false, ByteBuffer.wrap(buffer, 0, count), blocker);
      blocker.block();
    } catch (IOException e) {
      throw new ClientGoneException(e);
    } finally {
      writeStartedNanos = 0;
    }
    sentBytes += count;
    count = 0;
  }

  /** Sends the rest; the callback is told when the connection has taken it. */
  void finish(Callback callback) throws IOException {
    if (gzip != null) {
      gzip.finish();
      gzip.close();
    }
    if (!response.isCommitted()
        && mayHaveBody()
        && !response.getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, count);
    }
    sentBytes += count;
    writeStartedNanos = System.nanoTime() | 1;
    response.write(true, ByteBuffer.wrap(buffer, 0, count), callback);
  }

  private boolean isHttp11() {
    return response.getRequest().getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1;
  }

  private boolean mayHaveBody() {
    return response.getStatus() != 204 && response.getStatus() != 304;
  }

  /** Forgets what has not been sent, so that another answer can be written. */
  void reset() throws IOException {
    abandon();
    count = 0;
    decided = false;
  }

  /** Frees the compressor. */
  void abandon() throws IOException {
    if (gzip instanceof Compressor compressor) {
      compressor.abandon();
      gzip = null;
    }
  }

  /** Start of the write that is under way ({@link System#nanoTime()}), or 0. Thread-safe. */
  long writeStartedNanos() {
    return writeStartedNanos;
  }

  /** Bytes handed to the connection. */
  long sentBytes() {
    return sentBytes;
  }

  /** Compresses into the buffer. */
  private final class Compressor extends GZIPOutputStream {
    Compressor() throws IOException {
      super(
          new OutputStream() {
            @Override
            public void write(int b) throws IOException {
              append(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
              append(bytes, offset, length);
            }
          },
          4 * 1024,
          true);
      def.setLevel(COMPRESSION_LEVEL);
    }

    void abandon() {
      def.end();
    }
  }
}
