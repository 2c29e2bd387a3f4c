package dev.indelible.server.stream;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.KeyedJournal;
import dev.indelible.server.stream.StreamState.Core;
import dev.indelible.server.stream.StreamState.DeadLetter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable states and ledgers of all streams: one compacted journal, into which what many
 * streams write at the same time goes with one sync, and files of lines behind it.
 *
 * <p>What a crash leaves: a change is in the journal or it is not; lines that the journal has are
 * written to their places once more at the start, so that what the files lost of them is there
 * again. The journal forgets lines after the files have them durably. Thread-safe.
 */
final class StreamLedger implements AutoCloseable {

  /** Limits of the journal's compaction, and of the records in a batch. */
  static final KeyedJournal.Bounds BOUNDS = new KeyedJournal.Bounds(8L << 20, 4, 100);

  private static final Logger LOG = LoggerFactory.getLogger(StreamLedger.class);
  private static final int STRIPES = 64;

  private final KeyedJournal<LedgerRecord> journal; // guarded by appending
  private final LedgerFiles files;
  private final Map<String, StreamState> states = new ConcurrentHashMap<>();
  private final Map<String, List<LedgerLine>> owed = new ConcurrentHashMap<>();
  private final Map<String, LedgerRecord> lefts = new ConcurrentHashMap<>();
  private final ReentrantLock appending = new ReentrantLock();

  /** Read while a change is made, written by a compaction: no change is half in the state then. */
  private final ReentrantReadWriteLock changing = new ReentrantReadWriteLock(true);

  private final List<ReentrantLock> stripes = new ArrayList<>();

  /**
   * A change of a stream's state.
   *
   * @param core the state after it
   * @param line a new line, or null
   * @param added new dead letters
   * @param removed dead letters that are none any more
   */
  record Change(Core core, @Nullable LedgerLine line, List<DeadLetter> added, List<Long> removed) {

    /** A change without a line. */
    Change(Core core) {
      this(core, null, List.of(), List.of());
    }
  }

  private StreamLedger(Journal journal, LedgerFiles files, KeyedJournal.Bounds bounds)
      throws IOException, InterruptedException {
    this.files = files;
    for (int i = 0; i < STRIPES; i++) {
      stripes.add(new ReentrantLock());
    }
    this.journal = KeyedJournal.open(journal, LedgerRecord.FORM, bounds, this::fold);
  }

  /** Folds the journal, which it does not close. */
  static StreamLedger open(Journal journal, LedgerFiles files)
      throws IOException, InterruptedException {
    return open(journal, files, BOUNDS);
  }

  static StreamLedger open(Journal journal, LedgerFiles files, KeyedJournal.Bounds bounds)
      throws IOException, InterruptedException {
    return new StreamLedger(journal, files, bounds);
  }

  private void fold(LedgerRecord record) {
    LedgerRecord.Left left = record.left();
    if (left != null) {
      lefts.put(key(record.stream(), left.basis()), record);
      return;
    }
    Core core = record.core();
    if (core == null) {
      states.remove(record.stream());
      owed.remove(record.stream());
      return;
    }
    LedgerLine line = record.line();
    if (line != null) {
      shelve(record.stream(), line);
    }
    states.put(
        record.stream(), state(record.stream()).after(core, record.added(), record.removed()));
  }

  /** The state of a stream. */
  StreamState state(String stream) {
    return states.getOrDefault(stream, StreamState.NEW);
  }

  /**
   * Changes the state of a stream; durable when this returns.
   *
   * @param change gives the change, or null when there is nothing to change
   * @return the state after it
   * @throws JournalUnavailableException when it cannot be made durable now; nothing is changed then
   */
  StreamState change(String stream, Function<StreamState, @Nullable Change> change) {
    ReentrantLock own = stripes.get(Math.floorMod(stream.hashCode(), STRIPES));
    own.lock();
    try {
      changing.readLock().lock();
      try {
        StreamState before = state(stream);
        Change now = change.apply(before);
        if (now == null) {
          return before;
        }
        append(new LedgerRecord(stream, now.core(), now.line(), now.added(), now.removed()));
        LedgerLine line = now.line();
        if (line != null) {
          shelve(stream, line);
        }
        StreamState after = before.after(now.core(), now.added(), now.removed());
        states.put(stream, after);
        return after;
      } finally {
        changing.readLock().unlock();
      }
    } finally {
      own.unlock();
      compactIfGrown();
    }
  }

  private void append(LedgerRecord record) {
    CompletableFuture<?> durable;
    appending.lock();
    try {
      durable = journal.append(List.of(record));
    } finally {
      appending.unlock();
    }
    KeyedJournal.await(durable);
  }

  private static String key(String stream, String basis) {
    return stream + "\n" + basis;
  }

  /** Notes, durably, that a stream had sent what an erasure takes down. */
  void left(String stream, LedgerRecord.Left left) {
    changing.readLock().lock();
    try {
      LedgerRecord record = new LedgerRecord(stream, null, null, List.of(), List.of(), left);
      if (!lefts.containsKey(key(stream, left.basis()))) {
        append(record);
        lefts.put(key(stream, left.basis()), record);
      }
    } finally {
      changing.readLock().unlock();
    }
  }

  /** The streams of a tenant that had sent what an erasure took down, gone ones included. */
  List<LedgerRecord> lefts(TenantId tenant, String basis) {
    return lefts.values().stream()
        .filter(record -> record.stream().startsWith(tenant.value() + "/"))
        .filter(record -> record.isLeftBy(basis))
        .sorted(Comparator.comparing(LedgerRecord::stream))
        .toList();
  }

  /** Writes a line into its file; what cannot be written now is owed to it. */
  private void shelve(String stream, LedgerLine line) {
    owed.compute(
        stream,
        (_, before) -> {
          List<LedgerLine> lines = before == null ? new ArrayList<>() : before;
          lines.add(line);
          return pay(stream, lines) ? null : lines;
        });
  }

  private boolean pay(String stream, List<LedgerLine> lines) {
    try {
      while (!lines.isEmpty()) {
        files.write(stream, lines.getFirst());
        lines.removeFirst();
      }
      return true;
    } catch (IOException e) {
      LOG.warn("lines of a ledger wait for their file: {}", String.valueOf(e.getMessage()));
      return false;
    }
  }

  /** Forgets the streams that are no more. */
  void retain(Predicate<String> isThere) throws IOException {
    for (String stream : List.copyOf(states.keySet())) {
      if (!isThere.test(stream)) {
        append(new LedgerRecord(stream, null, null, List.of(), List.of()));
        states.remove(stream);
        owed.remove(stream);
        files.remove(stream);
      }
    }
  }

  /** Lines of a stream from a number on: as many as there are in one file, at most that many. */
  List<LedgerLine> lines(String stream, long from, int most) throws IOException {
    long newest = state(stream).core().number();
    long begin = Math.max(from, files.firstKept(stream));
    return begin > newest
        ? List.of()
        : files.read(stream, begin, Math.min(newest, begin + most - 1));
  }

  /**
   * The number of the first line after which the normal course is behind a sequence number: no line
   * before it is about that one, unless it is a replay.
   */
  long firstAbout(String stream, long seq) throws IOException {
    long low = files.firstKept(stream);
    long high = state(stream).core().number() + 1;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (lines(stream, middle, 1).getFirst().next() > seq) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Deletes lines of all streams that are older, a file at a time. */
  void trim(long beforeMillis) throws IOException {
    for (Map.Entry<String, StreamState> one : states.entrySet()) {
      files.trim(one.getKey(), one.getValue().core().number(), beforeMillis);
    }
  }

  private boolean isGrown() {
    appending.lock();
    try {
      return journal.hasGrown(0);
    } finally {
      appending.unlock();
    }
  }

  private void compactIfGrown() {
    if (!isGrown()) {
      return;
    }
    changing.writeLock().lock();
    try {
      if (!isGrown()) {
        return;
      }
      owed.forEach(
          (stream, lines) -> {
            if (!pay(stream, lines)) {
              throw new JournalUnavailableException(
                  JournalUnavailableException.Cause.DISK_FULL, "lines are owed");
            }
          });
      files.force();
      List<LedgerRecord> all = new ArrayList<>(lefts.values());
      states.forEach(
          (stream, state) ->
              all.add(
                  new LedgerRecord(
                      stream, state.core(), null, List.copyOf(state.dead().values()), List.of())));
      journal.compact(all);
    } catch (IOException | JournalUnavailableException e) {
      LOG.warn(
          "the streams journal cannot be compacted; trying again: {}",
          String.valueOf(e.getMessage()));
    } finally {
      changing.writeLock().unlock();
    }
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
