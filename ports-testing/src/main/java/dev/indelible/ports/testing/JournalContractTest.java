package dev.indelible.ports.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.Journal.Appended;
import dev.indelible.ports.journal.Journal.Batch;
import dev.indelible.ports.journal.Journal.Cursor;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.JournalUnavailableException.Cause;
import dev.indelible.ports.journal.Position;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract of every journal. */
public abstract class JournalContractTest {

  /** Clock of the journal. */
  protected final SettableClock clock = new SettableClock(1_700_000_000_000L);

  private Journal journal;

  /** Opens the journal, with what was in it when it was last closed. */
  protected abstract Journal open() throws IOException;

  /** Makes the journal's next sync fail. */
  protected abstract void failNextSync();

  @BeforeEach
  void openFirst() throws IOException {
    journal = open();
  }

  @AfterEach
  void closeLast() throws IOException {
    journal.close();
  }

  /** The open journal. */
  protected Journal journal() {
    return journal;
  }

  /** Closes the journal and opens it again. */
  protected void reopen() throws IOException {
    journal.close();
    journal = open();
  }

  /** Appends a text and waits until it is durable. */
  protected Journal.Appended append(String text) {
    return journal.append(bytes(text)).join();
  }

  /** A text as a batch. */
  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Batches that are durable now, from a position on. */
  public static List<Batch> readAll(Journal journal, Position from)
      throws IOException, InterruptedException {
    List<Batch> all = new ArrayList<>();
    try (Cursor cursor = journal.read(from)) {
      for (Batch batch = cursor.next(Duration.ZERO);
          batch != null;
          batch = cursor.next(Duration.ZERO)) {
        all.add(batch);
      }
    }
    return all;
  }

  /** Batches as texts. */
  public static List<String> texts(List<Batch> batches) {
    return batches.stream().map(b -> new String(b.payload(), StandardCharsets.UTF_8)).toList();
  }

  /** Reason for which an append was refused. */
  public static Cause causeOf(CompletableFuture<Appended> append) {
    try {
      append.orTimeout(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS).join();
      throw new AssertionError("accepted");
    } catch (CompletionException e) {
      if (e.getCause() instanceof JournalUnavailableException unavailable) {
        return unavailable.reason();
      }
      throw e;
    }
  }

  /** Starts it in a thread; returns when that waits, or has ended. */
  private static void awaitIdle(FutureTask<?> task) {
    Thread thread = Thread.ofVirtual().start(task);
    Eventually.see(
        "a thread that waits",
        thread::getState,
        state ->
            switch (state) {
              case WAITING, TIMED_WAITING, TERMINATED -> true;
              case NEW, RUNNABLE, BLOCKED -> false;
            });
  }

  @Test
  void readsBackWhatWasAppendedInOrderAndUnchanged() throws Exception {
    List<Appended> appended = List.of(append("a"), append("bb"), append("ccc"));
    List<Batch> read = readAll(journal, Position.START);
    assertThat(texts(read)).containsExactly("a", "bb", "ccc");
    assertThat(read).extracting(Batch::position).isEqualTo(positions(appended));
    assertThat(read.getLast().next()).isLessThanOrEqualTo(journal.end());
  }

  private static List<Position> positions(List<Appended> appended) {
    return appended.stream().map(Appended::position).toList();
  }

  @Test
  void positionsGrowAndLeadToTheNext() throws Exception {
    for (int i = 0; i < 20; i++) {
      append("batch " + i);
    }
    List<Batch> all = readAll(journal, Position.START);
    for (int i = 1; i < all.size(); i++) {
      assertThat(all.get(i).position()).isGreaterThan(all.get(i - 1).position());
      List<Batch> rest = readAll(journal, all.get(i - 1).next());
      assertThat(texts(rest)).isEqualTo(texts(all.subList(i, all.size())));
      List<Batch> fromItself = readAll(journal, all.get(i).position());
      assertThat(texts(fromItself)).isEqualTo(texts(all.subList(i, all.size())));
      // A position that is nobody's yields the next.
      List<Batch> between = readAll(journal, new Position(all.get(i - 1).position().value() + 1));
      assertThat(texts(between)).isEqualTo(texts(all.subList(i, all.size())));
    }
  }

  @Test
  void everythingIsThereAfterReopening() throws Exception {
    append("one");
    append("two");
    Position end = journal.end();
    reopen();
    assertThat(journal.end()).isGreaterThanOrEqualTo(end);
    Appended third = append("three");
    assertThat(third.position()).isGreaterThanOrEqualTo(end);
    reopen();
    assertThat(texts(readAll(journal, Position.START))).containsExactly("one", "two", "three");
    assertThat(texts(readAll(journal, end))).containsExactly("three");
  }

  @Test
  void takesBatchesOfEverySizeUpToTheLimit() throws Exception {
    Random random = new Random(7);
    int[] sizes = {1, 7, 8, 9, 4064, 4096, 65_536, 262_144, 1_048_577, Journal.MAX_BATCH_BYTES};
    List<byte[]> sent = new ArrayList<>();
    for (int size : sizes) {
      byte[] payload = new byte[size];
      random.nextBytes(payload);
      sent.add(payload);
      journal.append(payload).join();
    }
    reopen();
    List<Batch> read = readAll(journal, Position.START);
    assertThat(read).hasSameSizeAs(sent);
    for (int i = 0; i < sizes.length; i++) {
      assertThat(read.get(i).payload()).as("size %s", sizes[i]).isEqualTo(sent.get(i));
    }
  }

  @Test
  void refusesEmptyAndOversizedBatches() {
    assertThatThrownBy(() -> journal.append(new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> journal.append(new byte[Journal.MAX_BATCH_BYTES + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void appendsOfManyThreadsAreAllThereInEachThreadsOrder() throws Exception {
    int threads = 16;
    int each = 50;
    List<Callable<List<Position>>> work = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int thread = t;
      work.add(
          () -> {
            List<Position> mine = new ArrayList<>();
            for (int i = 0; i < each; i++) {
              byte[] payload = ByteBuffer.allocate(8).putInt(thread).putInt(i).array();
              mine.add(journal.append(payload).join().position());
            }
            return mine;
          });
    }
    List<Position> all = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<List<Position>> done : executor.invokeAll(work)) {
        assertThat(Eventually.done("appends", done)).isSorted().doesNotHaveDuplicates();
        all.addAll(Eventually.done("appends", done));
      }
    }
    Collections.sort(all);
    List<Batch> read = readAll(journal, Position.START);
    assertThat(read).extracting(Batch::position).isEqualTo(all);
    int[] next = new int[threads];
    for (Batch batch : read) {
      ByteBuffer payload = ByteBuffer.wrap(batch.payload());
      int thread = payload.getInt();
      assertThat(payload.getInt()).isEqualTo(next[thread]++);
    }
  }

  @Test
  void futuresCompleteInTheJournalsOrder() {
    List<Position> completed = Collections.synchronizedList(new ArrayList<>());
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      all.add(
          journal.append(bytes("x")).thenAccept(appended -> completed.add(appended.position())));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    assertThat(completed).hasSize(500).isSorted();
  }

  @Test
  void timeNeverRunsBackwardsNotEvenAfterReopening() throws Exception {
    clock.setMillis(5_000);
    assertThat(append("a").appendedAtMillis()).isEqualTo(5_000);
    clock.setMillis(4_000);
    assertThat(append("b").appendedAtMillis()).isEqualTo(5_000);
    reopen();
    assertThat(append("c").appendedAtMillis()).isEqualTo(5_000);
    clock.setMillis(6_000);
    assertThat(append("d").appendedAtMillis()).isEqualTo(6_000);
    assertThat(readAll(journal, Position.START))
        .extracting(Batch::appendedAtMillis)
        .containsExactly(5_000L, 5_000L, 5_000L, 6_000L);
  }

  @Test
  void aCursorWaitsForTheNextBatch() throws Exception {
    append("before");
    try (Cursor cursor = journal.read(journal.end())) {
      assertThat(cursor.next(Duration.ZERO)).isNull();
      assertThat(cursor.next(Duration.ofMillis(20))).isNull();
      FutureTask<Batch> waiting = new FutureTask<>(() -> cursor.next(Eventually.LIMIT));
      awaitIdle(waiting);
      assertThat(waiting.isDone()).isFalse();
      append("after");
      Batch after = Eventually.done("the next batch", waiting);
      assertThat(new String(after.payload(), StandardCharsets.UTF_8)).isEqualTo("after");
    }
  }

  @Test
  void severalCursorsReadAtOnceWhileBatchesArrive() throws Exception {
    int count = 300;
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<String>>> readers = new ArrayList<>();
      for (int r = 0; r < 4; r++) {
        readers.add(
            executor.submit(
                () -> {
                  List<Batch> read = new ArrayList<>();
                  try (Cursor cursor = journal.read(Position.START)) {
                    while (read.size() < count) {
                      Batch batch = cursor.next(Eventually.LIMIT);
                      assertThat(batch).isNotNull();
                      read.add(batch);
                    }
                  }
                  return texts(read);
                }));
      }
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        sent.add("batch " + i + " " + "x".repeat(i * 7));
        append(sent.getLast());
      }
      for (Future<List<String>> reader : readers) {
        assertThat(Eventually.done("a reader", reader)).isEqualTo(sent);
      }
    }
  }

  @Test
  void anInterruptedCursorThrowsAndReadsOnAfterwards() throws Exception {
    append("one");
    append("two");
    try (Cursor cursor = journal.read(Position.START)) {
      assertThat(cursor.next(Eventually.LIMIT)).isNotNull();
      assertThat(cursor.next(Eventually.LIMIT)).isNotNull();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> cursor.next(Eventually.LIMIT))
          .isInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isFalse();
      append("three");
      assertThat(cursor.next(Eventually.LIMIT)).isNotNull();
    }
  }

  @Test
  void forgettingNeverTouchesWhatIsNotBefore() throws Exception {
    List<Appended> appended = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      appended.add(append("batch " + i + "x".repeat(1000)));
    }
    Position middle = appended.get(30).position();
    journal.forget(middle);
    assertThat(journal.begin()).isLessThanOrEqualTo(middle);
    assertThat(readAll(journal, middle)).hasSize(30);
    journal.forget(journal.end());
    Position begin = journal.begin();
    assertThat(begin).isGreaterThan(Position.START);
    assertThatThrownBy(() -> journal.read(Position.START))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("forgotten");
    Position end = journal.end();
    reopen();
    assertThat(append("last").position()).isGreaterThanOrEqualTo(end);
    assertThat(texts(readAll(journal, end))).containsExactly("last");
  }

  @Test
  void aCursorInTheForgottenPartSaysSo() throws Exception {
    for (int i = 0; i < 60; i++) {
      append("batch " + i + "x".repeat(1000));
    }
    try (Cursor cursor = journal.read(Position.START)) {
      assertThat(cursor.next(Eventually.LIMIT)).isNotNull();
      journal.forget(journal.end());
      assertThatThrownBy(() -> cursor.next(Eventually.LIMIT))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("forgotten");
    }
  }

  @Test
  void aPositionBeyondTheEndIsAnError() {
    append("a");
    Position beyond = new Position(journal.end().value() + 1);
    assertThatThrownBy(() -> journal.read(beyond))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("beyond the end");
  }

  @Test
  void aClosedJournalAcceptsNothingAndWakesItsCursors() throws Exception {
    Cursor cursor = journal.read(journal.end());
    FutureTask<Batch> waiting = new FutureTask<>(() -> cursor.next(Eventually.LIMIT));
    awaitIdle(waiting);
    journal.close();
    assertThat(Eventually.done("the cursor of a closed journal", waiting)).isNull();
    cursor.close();
    assertThat(causeOf(journal.append(bytes("late")))).isEqualTo(Cause.CLOSED);
  }

  @Test
  void closingTwiceIsHarmless() throws Exception {
    journal.close();
    journal.close();
  }

  @Test
  void whatWasAppendedBeforeClosingIsDurable() throws Exception {
    List<CompletableFuture<Appended>> pending = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      pending.add(journal.append(bytes("batch " + i)));
    }
    reopen();
    pending.forEach(CompletableFuture::join);
    assertThat(readAll(journal, Position.START)).hasSize(200);
  }

  @Test
  void afterAFailedSyncNothingIsAcceptedUntilReopened() throws Exception {
    append("good");
    failNextSync();
    assertThat(causeOf(journal.append(bytes("bad")))).isEqualTo(Cause.FAILED);
    assertThat(causeOf(journal.append(bytes("later")))).isEqualTo(Cause.FAILED);
    assertThat(texts(readAll(journal, Position.START))).containsExactly("good");
    reopen();
    append("again");
    assertThat(texts(readAll(journal, Position.START)))
        .startsWith("good")
        .endsWith("again")
        .doesNotContain("later");
  }
}
