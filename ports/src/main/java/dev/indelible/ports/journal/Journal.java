package dev.indelible.ports.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The durable, ordered input of everything else.
 *
 * <p>Promises, held by the contract test that every adapter passes:
 *
 * <ul>
 *   <li>an append's future completes only when the batch is durable, and in the order of the
 *       journal;
 *   <li>a batch is read back whole and unchanged, or, when its append never completed, perhaps not
 *       at all;
 *   <li>batches are read in one total order, the same every time, and nothing is read before it is
 *       durable;
 *   <li>{@link Batch#appendedAtMillis()} never runs backwards;
 *   <li>after a failed sync nothing is accepted any more: every append fails with {@link
 *       JournalUnavailableException.Cause#FAILED}, and nothing syncs again.
 * </ul>
 *
 * <p>Thread-safe; any number of appending threads and cursors.
 */
public interface Journal extends AutoCloseable {

  /** The largest batch, in bytes. */
  int MAX_BATCH_BYTES = 32 * 1024 * 1024;

  /**
   * Appends one batch, atomically. The future never completes on the committer's thread for long:
   * dependants run on the caller's executor. It completes exceptionally with {@link
   * JournalUnavailableException} when the batch was not (and will not be) accepted; after a failed
   * sync it is unknown whether the batch survives, and the answer is the same.
   *
   * @param payload 1 to {@link #MAX_BATCH_BYTES} bytes; not copied, must not be written to
   *     afterwards
   */
  CompletableFuture<Appended> append(byte[] payload);

  /**
   * A cursor that reads from {@code from} on: the first batch it yields is the one whose {@link
   * Batch#position()} is {@code from} or the next after it.
   *
   * @throws IOException when {@code from} has been forgotten, or cannot be read
   */
  Cursor read(Position from) throws IOException;

  /** Position of the next batch after the last durable one. */
  Position end();

  /** The first position that can still be read. */
  Position begin();

  /**
   * Allows everything before {@code before} to be forgotten; how much is, and when, is the
   * adapter's choice.
   */
  void forget(Position before) throws IOException;

  @Override
  void close() throws IOException;

  /**
   * Result of an append.
   *
   * @param position where the batch is
   * @param appendedAtMillis the server's clock at append, in milliseconds since the epoch
   */
  record Appended(Position position, long appendedAtMillis) {}

  /**
   * A batch as read back.
   *
   * @param position where it is
   * @param next where the one after it is, or will be
   * @param appendedAtMillis the server's clock at append, in milliseconds since the epoch
   * @param payload the appended bytes
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // internal carrier on the hot path; identity is never compared
  record Batch(Position position, Position next, long appendedAtMillis, byte[] payload) {}

  /** Reads batches in order. Not thread-safe. */
  interface Cursor extends AutoCloseable {

    /**
     * The next durable batch, or null when there is none within {@code timeout} (which may be zero)
     * or the journal is closed.
     *
     * @throws IOException when a batch cannot be read, with file and offset
     */
    @Nullable Batch next(Duration timeout) throws IOException, InterruptedException;

    @Override
    void close();
  }
}
