package dev.indelible.server.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A request's body, decompressed, with an end in bytes and in time.
 *
 * <p>What is counted against the limit are the decompressed bytes: Jetty's own limit sees only the
 * compressed ones, and a small gzip file can hold gigabytes. Only the time in which a read waits
 * for the client counts against the client, not the time the reader takes between reads.
 *
 * <p>The first failure is kept and thrown again by every later read, and the exchange answers with
 * it whatever the handler made of it. Not thread-safe.
 */
final class RequestBody extends InputStream {

  private static final int GZIP_BUFFER_BYTES = 8 * 1024;

  private final ArrivingBody arriving;
  private final Admission.Visit visit;
  private final boolean gzip;
  private final long limitBytes;
  private @Nullable InputStream decoded;
  private long countBytes;
  private @Nullable ProblemException failure;
  private boolean ended;

  private RequestBody(ArrivingBody arriving, Admission.Visit visit, boolean gzip, long limitBytes) {
    this.arriving = arriving;
    this.visit = visit;
    this.gzip = gzip;
    this.limitBytes = limitBytes;
  }

  /**
   * Opens the body without reading.
   *
   * @throws ProblemException 415 for an unknown {@code Content-Encoding}, 413 when {@code
   *     Content-Length} is above the limit already
   */
  static RequestBody open(
      ArrivingBody arriving,
      Admission.Visit visit,
      @Nullable String contentEncoding,
      long contentLength,
      long limitBytes) {
    boolean gzip =
        switch (contentEncoding == null
            ? "identity"
            : contentEncoding.trim().toLowerCase(Locale.ROOT)) {
          case "identity", "" -> false;
          case "gzip", "x-gzip" -> true;
          default ->
              throw new ProblemException(
                      415,
                      "unsupported_content_encoding",
                      "The body may be sent as it is or with Content-Encoding: gzip.")
                  .withHeader("Accept-Encoding", "gzip");
        };
    if (contentLength > limitBytes) {
      throw tooLarge(limitBytes);
    }
    return new RequestBody(arriving, visit, gzip, limitBytes);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (length == 0) {
      return 0;
    }
    try {
      int read = source().read(buffer, offset, length);
      if (read < 0) {
        ended = true;
        return -1;
      }
      countBytes += read;
      if (countBytes > limitBytes) {
        throw tooLarge(limitBytes);
      }
      visit.reserve(countBytes);
      return read;
    } catch (InterruptedException e) {
      failure = Problems.stopping();
      throw failure;
    } catch (ProblemException e) {
      failure = e;
      throw e;
    } catch (ZipException | EOFException e) {
      // Only the decoder throws these: what the connection throws is a ProblemException by now.
      failure =
          new ProblemException(
                  400,
                  "malformed_body",
                  e instanceof EOFException
                      ? "The gzip body is cut off."
                      : "The body is not the gzip that Content-Encoding says.")
              .withCause(e);
      throw failure;
    }
  }

  private InputStream source() throws IOException {
    if (decoded == null) {
      decoded = gzip ? new GzipMembers(arriving) : arriving;
    }
    return decoded;
  }

  /** Frees the decoder; does not read the rest. */
  @Override
  public void close() throws IOException {
    if (decoded != null && gzip) {
      decoded.close();
    }
    arriving.close();
  }

  /** Problem that ended the body, or null. */
  @Nullable ProblemException failure() {
    return failure;
  }

  /** Whether the rest is not waited for any more. */
  boolean isGivenUp() {
    return arriving.isGivenUp();
  }

  /** Whether the end has been read. */
  boolean isEnded() {
    return ended;
  }

  /** Bytes as sent, so far. */
  long arrivedBytes() {
    return arriving.bytes();
  }

  private static ProblemException tooLarge(long limitBytes) {
    return new ProblemException(
        413,
        "body_too_large",
        "The body is larger than " + limitBytes + " bytes, which is the limit here.");
  }

  /**
   * Members of gzip up to the end of the body (RFC 1952, section 2.2). What follows a member and is
   * none is an error; the library's class takes it for the end, and events would be missing without
   * a word.
   */
  private static final class GzipMembers extends GZIPInputStream {
    private static final int TRAILER_BYTES = 8;
    private static final int MAX_EMPTY_MEMBERS = 100; // one after the other

    private final ArrivingBody arriving;
    private int emptyMembers;
    private long bytesInflated; // those given to the inflater, and what it has not used of them

    GzipMembers(ArrivingBody arriving) throws IOException {
      super(arriving, GZIP_BUFFER_BYTES);
      this.arriving = arriving;
    }

    @Override
    protected void fill() throws IOException {
      super.fill();
      bytesInflated = arriving.bytes();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      // The library calls this once more for each member that is empty, before it returns.
      if (++emptyMembers > MAX_EMPTY_MEMBERS) {
        throw new ZipException("too many empty members");
      }
      int read = super.read(buffer, offset, length);
      emptyMembers = 0;
      if (read < 0) {
        int unused = inf.getRemaining();
        long sinceThen = arriving.bytes() - bytesInflated;
        if (unused + sinceThen > TRAILER_BYTES) {
          throw new ZipException("what follows the last member is none");
        }
      }
      return read;
    }
  }
}
