package dev.indelible.server.journal;

import dev.indelible.ports.journal.ErasableJournal;
import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.Position;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Small state in a journal of its own: every change is a record, the newest record of a key counts,
 * and when the journal has grown it is compacted.
 *
 * <p>Compaction appends the records that make up the present state once more and forgets what is
 * before them. What a crash leaves:
 *
 * <ol>
 *   <li>after some of the records are appended: the old ones and a part of the new ones, which say
 *       the same
 *   <li>after all of them are: both
 *   <li>after what is before is forgotten: the new ones
 * </ol>
 *
 * <p>The owner holds the state in memory and folds records into it. Not thread-safe: the owner's
 * lock guards it, so that the order of the journal is that of the memory.
 *
 * @param <R> a record
 */
public final class KeyedJournal<R> {

  /** Batches of a compaction that wait to become durable, at most. */
  static final int MAX_BATCHES_IN_FLIGHT = 16;

  private final Journal journal;
  private final Form<R> form;
  private final Bounds bounds;
  private long journalBytes;
  private long compactedBytes; // what the last compaction since the start appended

  /**
   * The bytes of records.
   *
   * @param <R> a record
   */
  public interface Form<R> {

    /** One batch; the list may be empty. */
    byte[] encode(List<? extends R> records);

    /**
     * Reads a batch back.
     *
     * @throws IllegalStateException when it is of another version, or none
     */
    List<? extends R> decode(byte[] batch);
  }

  /**
   * Limits of compaction, and of what is appended at once.
   *
   * @param minBytes a journal shorter than this is not worth it
   * @param factor how often the bytes of the state are in the journal before it is compacted
   * @param recordsAtOnce records of a batch, at most
   */
  public record Bounds(long minBytes, int factor, int recordsAtOnce) {

    /**
     * @throws IllegalArgumentException when one of them is not positive
     */
    public Bounds {
      if (minBytes < 1 || factor < 1 || recordsAtOnce < 1) {
        throw new IllegalArgumentException(minBytes + " bytes, " + factor + ", " + recordsAtOnce);
      }
    }
  }

  private KeyedJournal(Journal journal, Form<R> form, Bounds bounds) {
    this.journal = journal;
    this.form = form;
    this.bounds = bounds;
  }

  /** Gives {@code fold} every record of the journal, which stays the caller's to close. */
  public static <R> KeyedJournal<R> open(
      Journal journal, Form<R> form, Bounds bounds, Consumer<? super R> fold)
      throws IOException, InterruptedException {
    KeyedJournal<R> opened = new KeyedJournal<>(journal, form, bounds);
    read(
        journal,
        payload -> {
          form.decode(payload).forEach(fold);
          opened.journalBytes += payload.length;
        });
    return opened;
  }

  /** Gives {@code consumer} every batch that is durable now, in order. */
  public static void read(Journal journal, Consumer<byte[]> consumer)
      throws IOException, InterruptedException {
    Position end = journal.end();
    Position reached = journal.begin();
    try (Journal.Cursor cursor = journal.read(reached)) {
      Journal.Batch batch;
      while (reached.compareTo(end) < 0 && (batch = cursor.next(Duration.ZERO)) != null) {
        consumer.accept(batch.payload());
        reached = batch.next();
      }
    }
  }

  /** Whether there is nothing in the journal. */
  public boolean isEmpty() {
    return journalBytes == 0;
  }

  /** Appends records in their order; the future completes when all of them are durable. */
  public CompletableFuture<?> append(List<? extends R> records) {
    List<CompletableFuture<?>> parts = new ArrayList<>();
    for (int from = 0; from < records.size(); from += bounds.recordsAtOnce()) {
      parts.add(
          appendBatch(
              records.subList(from, Math.min(records.size(), from + bounds.recordsAtOnce()))));
    }
    return parts.size() == 1
        ? parts.getFirst()
        : CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Journal.Appended> appendBatch(List<? extends R> records) {
    byte[] payload = form.encode(records);
    journalBytes += payload.length;
    return journal.append(payload);
  }

  /**
   * Waits for what {@link #append} yields.
   *
   * @throws JournalUnavailableException when it did not become durable
   */
  public static void await(CompletableFuture<?> durable) {
    try {
      durable.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof JournalUnavailableException unavailable) {
        throw unavailable;
      }
      throw e;
    }
  }

  /**
   * Whether the journal has grown so that a compaction is worth it.
   *
   * @param stateBytes what the records of the state take at least, as far as the owner knows
   */
  public boolean hasGrown(long stateBytes) {
    return journalBytes > bounds.minBytes()
        && journalBytes > bounds.factor() * Math.max(compactedBytes, stateBytes);
  }

  /**
   * Appends the records of the state and forgets what is before them. The journal may keep some of
   * it until it needs the room.
   *
   * @throws IOException when nothing could be forgotten; to be tried again
   * @throws JournalUnavailableException when the records did not become durable
   */
  public void compact(List<? extends R> state) throws IOException {
    journal.forget(appendState(state));
  }

  /**
   * Compacts likewise, into files of its own, and returns when what was before is in no file.
   *
   * @throws IllegalStateException when the journal is not kept in files of its own
   */
  public void compactAndErase(List<? extends R> state) throws IOException, InterruptedException {
    if (!(journal instanceof ErasableJournal erasable)) {
      throw new IllegalStateException("nothing can be erased from this journal");
    }
    erasable.rotate();
    Position before = appendState(state);
    erasable.forget(before);
    erasable.awaitGone(before);
  }

  /** Returns the position of the first of the batches, of which there is one at least. */
  private Position appendState(List<? extends R> state) {
    journalBytes = 0;
    int most = bounds.recordsAtOnce();
    CompletableFuture<Journal.Appended> first =
        appendBatch(state.subList(0, Math.min(state.size(), most)));
    CompletableFuture<?> last = first;
    int batches = 1;
    for (int from = most; from < state.size(); from += most) {
      if (batches++ % MAX_BATCHES_IN_FLIGHT == 0) {
        await(last);
      }
      last = appendBatch(state.subList(from, Math.min(state.size(), from + most)));
    }
    await(last);
    compactedBytes = journalBytes;
    return first.join().position();
  }
}
