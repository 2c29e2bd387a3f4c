package dev.indelible.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file as an answer, whole or the one range of it that is asked for (RFC 9110, section 14), so
 * that a download that broke off can go on. Several ranges at once are answered with all of it.
 *
 * @param file the file, which does not change
 * @param bytes its length
 * @param mediaType of it
 * @param etag strong, with its quotes
 */
public record FileAnswer(Path file, long bytes, String mediaType, String etag) {

  private static final int BUFFER_BYTES = 1 << 16;

  /** Bytes that are sent before it is asked whether to go on. */
  private static final long ASK_EVERY_BYTES = 8L << 20;

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /**
   * Range of bytes.
   *
   * @param from the first
   * @param to behind the last
   */
  record Range(long from, long to) {}

  /**
   * Sends it.
   *
   * @param goOn asked now and then whether the client may still have it
   * @throws ProblemException 416 when the range begins behind the end
   * @throws IOException when the client takes no more, or may not have it any more
   */
  public void send(Exchange exchange, BooleanSupplier goOn) throws IOException {
    exchange.setHeader("ETag", etag);
    exchange.setHeader("Accept-Ranges", "bytes");
    if (isKnown(exchange)) {
      exchange.respondEmpty(304);
      return;
    }
    Range part = range(exchange);
    Range sent = part == null ? new Range(0, bytes) : part;
    exchange.setHeader("Content-Length", Long.toString(sent.to() - sent.from()));
    if (part != null) {
      exchange.setHeader(
          "Content-Range", "bytes %d-%d/%d".formatted(sent.from(), sent.to() - 1, bytes));
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        OutputStream out = exchange.respondAsIs(part == null ? 200 : 206, mediaType)) {
      if (!exchange.method().equals("HEAD")) {
        copy(channel, sent, out, goOn);
      }
    }
  }

  /** Whether the client has the file already, and is told no more. */
  public boolean isKnown(Exchange exchange) {
    return exchange.header("If-None-Match").filter(tag -> tag.contains(etag)).isPresent();
  }

  /**
   * Whether a part behind the beginning is asked for, as by whoever goes on with a download.
   *
   * @throws ProblemException 416 when the range begins behind the end
   */
  public boolean isLaterPart(Exchange exchange) {
    Range part = range(exchange);
    return part != null && part.from() > 0;
  }

  private void copy(FileChannel channel, Range sent, OutputStream out, BooleanSupplier goOn)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    long asked = sent.from();
    for (long at = sent.from(); at < sent.to(); ) {
      if (at - asked > ASK_EVERY_BYTES) {
        asked = at;
        if (!goOn.getAsBoolean()) {
          throw new IOException("the caller may not have the file any more; the answer is cut off");
        }
      }
      buffer.clear().limit((int) Math.min(BUFFER_BYTES, sent.to() - at));
      int count = channel.read(buffer, at);
      if (count < 0) {
        throw new IOException(file + " is shorter than " + bytes + " bytes");
      }
      out.write(buffer.array(), 0, count);
      at += count;
    }
  }

  private @Nullable Range range(Exchange exchange) {
    String asked = exchange.header("Range").orElse("").replace(" ", "");
    boolean same = exchange.header("If-Range").filter(tag -> !tag.equals(etag)).isEmpty();
    return same ? range(asked, bytes) : null;
  }

  /** The range that is asked for; null when it is none, or several. */
  static @Nullable Range range(String asked, long bytes) {
    Matcher matcher = RANGE.matcher(asked);
    if (!matcher.matches() || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
      return null;
    }
    if (matcher.group(1).isEmpty()) {
      long last = Long.parseLong(matcher.group(2));
      if (last == 0) {
        throw unsatisfiable(bytes);
      }
      return new Range(Math.max(0, bytes - last), bytes);
    }
    long from = Long.parseLong(matcher.group(1));
    long to =
        matcher.group(2).isEmpty() ? bytes : Math.min(bytes, Long.parseLong(matcher.group(2)) + 1);
    if (from >= bytes) {
      throw unsatisfiable(bytes);
    }
    return to <= from ? null : new Range(from, to);
  }

  private static ProblemException unsatisfiable(long bytes) {
    return new ProblemException(416, "range_not_satisfiable", "The file has " + bytes + " bytes.")
        .withHeader("Content-Range", "bytes */" + bytes);
  }
}
