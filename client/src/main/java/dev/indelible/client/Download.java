package dev.indelible.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One download of a file whose size and hash are known. It grows as {@code NAME.part} and is
 * renamed once it is whole, so that a crash leaves either nothing of that name or all of it. A
 * broken connection is resumed by a range (RFC 9110, section 14), as often as {@link RetryPolicy}
 * has patience for attempts that brought nothing.
 */
final class Download {

  private static final int OK = 200;
  private static final int PARTIAL_CONTENT = 206;
  private static final int BUFFER_BYTES = 1 << 17;

  /** Attempts in a row that bring nothing, before it is given up. */
  static final int MOST_FAILURES = 8;

  private final Transport transport;
  private final Request request;
  private final ExportJob.File file;
  private final Path target;
  private final Path part;

  Download(Transport transport, Request request, ExportJob.File file, Path target) {
    this.transport = transport;
    this.request = request;
    this.file = file;
    this.target = target;
    this.part = target.resolveSibling(target.getFileName() + ".part");
  }

  void run(LongConsumer progress) throws IOException, InterruptedException {
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    long have = Files.exists(part) ? Files.size(part) : 0;
    if (have > file.bytes()) {
      // It is of another export.
      Files.delete(part);
      have = 0;
    }
    boolean isOld = have > 0;
    for (int failures = 0; have < file.bytes() || !Files.exists(part); ) {
      long before = have;
      String why;
      Optional<String> retryAfter = Optional.empty();
      try {
        Answer refusal = fetch(have, progress);
        if (refusal == null) {
          have = Files.size(part);
          why = "the connection broke after %,d of %,d bytes".formatted(have, file.bytes());
        } else {
          retryAfter = refusal.headers().firstValue("Retry-After");
          why = "the server says not now: " + refusal.problem();
        }
      } catch (BrokenException broken) {
        have = Files.exists(part) ? Files.size(part) : 0;
        why = String.valueOf(broken.getMessage());
      }
      if (have >= file.bytes() && Files.exists(part)) {
        break;
      }
      failures = have > before ? 1 : failures + 1;
      if (!transport.retries() || failures > MOST_FAILURES) {
        throw new IOException(why + "; what there is of it is in " + part);
      }
      transport.pauseAfter(failures, retryAfter, why);
    }
    finish(isOld, progress);
  }

  /** Checks what is there, and gives it its name. */
  private void finish(boolean isOld, LongConsumer progress)
      throws IOException, InterruptedException {
    String sha256 = hash();
    if (!sha256.equalsIgnoreCase(file.sha256())) {
      Files.delete(part);
      if (isOld) {
        // The beginning was of another file; this one is fetched from its own.
        run(progress);
        return;
      }
      throw new IOException(
          "the file has the hash %s, and the server said %s: it was thrown away"
              .formatted(sha256, file.sha256()));
    }
    Files.move(part, target);
  }

  /** Appends what is missing, as far as the connection goes; the answer when it is "not now". */
  private @Nullable Answer fetch(long have, LongConsumer progress)
      throws IOException, InterruptedException {
    Request asked =
        have == 0
            ? request
            : request
                .header("Range", "bytes=" + have + "-")
                .header("If-Range", "\"" + file.sha256() + "\"");
    StreamedAnswer answer;
    try {
      answer = transport.open(asked);
    } catch (IOException e) {
      throw new BrokenException("the server cannot be reached (" + e.getMessage() + ")", e);
    }
    try (answer) {
      if (answer.status() != OK && answer.status() != PARTIAL_CONTENT) {
        Answer refusal = answer.whole();
        if (RetryPolicy.isNotNow(refusal.status())) {
          return refusal;
        }
        throw new RefusedException(refusal);
      }
      // A server that does not resume sends the whole.
      boolean appends = answer.status() == PARTIAL_CONTENT;
      try (OutputStream out =
          Files.newOutputStream(
              part,
              StandardOpenOption.CREATE,
              appends ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        copy(answer.body(), out, appends ? have : 0, progress);
      }
      return null;
    }
  }

  private static void copy(InputStream in, OutputStream out, long have, LongConsumer progress)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long there = have;
    while (true) {
      int read;
      try {
        read = in.read(buffer);
      } catch (IOException e) {
        throw new BrokenException("the connection broke (" + e.getMessage() + ")", e);
      }
      if (read < 0) {
        return;
      }
      out.write(buffer, 0, read);
      there += read;
      progress.accept(there);
    }
  }

  private String hash() throws IOException {
    try (InputStream in = Files.newInputStream(part)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every JDK has it.
    }
  }

  /** The connection failed, not the file here. */
  private static final class BrokenException extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenException(String message, IOException cause) {
      super(message, cause);
    }
  }
}
