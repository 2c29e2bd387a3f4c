package dev.indelible.server.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.Position;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.index.EventIndex;
import dev.indelible.server.index.InMemoryIndex;
import dev.indelible.server.log.FreshEntry;
import dev.indelible.testing.Eventually;
import dev.indelible.testing.Pace;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.lang.Thread.State;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class IndexFoldTest {

  private static final TenantId TENANT = new TenantId("acme");

  private final InMemoryIndex index = new InMemoryIndex();

  /** How many entries were applied at once, each time. */
  private final List<Integer> batches = new CopyOnWriteArrayList<>();

  private int recorded;

  /** How long the index takes. */
  private long nanosPerEntry;

  /** Whether the index keeps nothing. */
  private boolean forgetful;

  /** Gate that the index waits for before it takes a batch. */
  private volatile CountDownLatch gate = new CountDownLatch(0);

  /** Error with which the index fails, if it fails. */
  private @Nullable Error damage;

  private final List<Throwable> failures = new CopyOnWriteArrayList<>();

  @Test
  void anIndexThatFailsKeepsNobodyWaitingAndIsReported() throws Exception {
    damage = new AssertionError("the library's own");
    try (IndexFold fold = fold()) {
      fold.start();
      for (int i = 0; i < IndexFold.MAX_QUEUED_ENTRIES / 1_000 + 2; i++) {
        fold.sequenced(step(1_000, 10), new Position(recorded));
      }
      assertThatThrownBy(() -> fold.awaitDurable(new Position(recorded)))
          .isInstanceOf(IOException.class)
          .hasRootCause(damage);
      assertThat(fold.isHealthy()).isFalse();
    }
    assertThat(failures).containsExactly(damage);
  }

  @Test
  void whatHasGatheredIsIndexedAtOnceUpToSomeNumber() throws Exception {
    int entries = IndexFold.MAX_BATCH_ENTRIES * 2 + 1_000;
    IndexFold fold = fold();
    while (recorded < entries) {
      fold.sequenced(step(Math.min(1_000, entries - recorded), 10), new Position(recorded));
    }
    assertThat(fold.lagEntries()).isEqualTo(entries);
    assertThat(fold.oldestQueuedMillis()).isEqualTo(1);
    assertThat(fold.isBehind()).isTrue();
    index(fold, entries);
    assertThat(fold.isBehind()).isFalse();
    assertThat(batches).hasSize(3).allMatch(size -> size <= IndexFold.MAX_BATCH_ENTRIES);
    assertThat(batches.getFirst()).isGreaterThan(IndexFold.MAX_BATCH_ENTRIES - 1_000);
    assertThat(fold.lagEntries()).isZero();
    assertThat(fold.oldestQueuedMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void largeEntriesAreIndexedFewerAtATime() throws Exception {
    int bytes = 200_000;
    int entries = (int) (IndexFold.MAX_BATCH_BYTES / bytes) * 2;
    IndexFold fold = fold();
    for (int i = 0; i < entries; i++) {
      fold.sequenced(step(1, bytes), new Position(recorded));
    }
    index(fold, entries);
    assertThat(batches)
        .hasSizeBetween(2, 3)
        .allMatch(size -> (size - 1L) * bytes < IndexFold.MAX_BATCH_BYTES);
  }

  @Test
  void whatIsWantedDurableIsCommittedExactlyThere() throws Exception {
    try (IndexFold fold = fold()) {
      fold.sequenced(step(10, 10), new Position(10));
      fold.sequenced(step(10, 10), new Position(20));
      List<Position> committed = new CopyOnWriteArrayList<>();
      Thread waiting =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      fold.awaitDurable(new Position(10));
                      committed.add(index.committed());
                    } catch (IOException | InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      Eventually.see("the waiting one", waiting::getState, state -> state == State.WAITING);
      fold.start();
      Eventually.ended("the waiting one", waiting);
      assertThat(committed).containsExactly(new Position(10));
      fold.awaitDurable(new Position(20));
      assertThat(index.committed()).isEqualTo(new Position(20));
    }
  }

  @Test
  void whatGathersBetweenRefreshesIsNoReasonToRefreshLessOften() throws Exception {
    Duration interval = Duration.ofMillis(100);
    AtomicLong clock = new AtomicLong(Duration.ofHours(1).toNanos());
    try (IndexFold fold = fold(interval, clock::get)) {
      fold.start();
      for (int i = 0; i < 4; i++) {
        fold.sequenced(step(RefreshPace.BEHIND_ENTRIES + 1, 10), new Position(recorded));
        clock.addAndGet(interval.toNanos());
        awaitSearchable(fold, recorded);
      }
    }
    assertThat(batches).hasSize(4);
  }

  @Test
  void whatComesWhileTheIndexIsBehindWaitsAsLongAsItTakes() throws Exception {
    nanosPerEntry = 10_000;
    forgetful = true;
    try (IndexFold fold = fold()) {
      fold.start();
      fold.sequenced(step(IndexFold.MAX_BATCH_ENTRIES, 10), new Position(recorded));
      awaitSearchable(fold, recorded);
      gate = new CountDownLatch(1);
      for (int queued = 0; queued < IntakePace.LEVEL_ENTRIES; queued += 2_000) {
        fold.sequenced(step(2_000, 10), new Position(recorded));
      }
      long waited = 0;
      for (int i = 0; i < 10; i++) {
        List<FreshEntry> step = step(100, 10);
        long start = System.nanoTime();
        fold.sequenced(step, new Position(recorded));
        waited += System.nanoTime() - start;
      }
      gate.countDown();
      assertThat(waited).isGreaterThanOrEqualTo(10 * 100 * nanosPerEntry);
    }
  }

  @Test
  @Tag("long")
  void whatComesTooFastWaitsALittleEachTimeAndNeverForAWholeBatch() throws Exception {
    nanosPerEntry = 10_000; // a full batch takes a third of a second
    long waitedLong = 0;
    long waited = 0;
    try (IndexFold fold = fold()) {
      fold.start();
      while (recorded < 12 * IndexFold.MAX_BATCH_ENTRIES) {
        List<FreshEntry> step = step(100, 10);
        long start = System.nanoTime();
        fold.sequenced(step, new Position(recorded));
        long nanos = System.nanoTime() - start;
        waitedLong += nanos > IndexFold.MAX_BATCH_ENTRIES * nanosPerEntry / 2 ? nanos : 0;
        waited += nanos;
      }
    }
    // All but what may be queued came as fast as it was indexed, and in small portions: a busy
    // machine stalls now and then, but waiting for whole batches would be long each time.
    assertThat(waited).isGreaterThan(8L * IndexFold.MAX_BATCH_ENTRIES * nanosPerEntry / 2);
    assertThat(waitedLong).isLessThan(waited / 2);
  }

  private IndexFold fold() {
    return fold(Duration.ofMillis(50), System::nanoTime);
  }

  private IndexFold fold(Duration interval, LongSupplier nanoTime) {
    EventIndex recording =
        (EventIndex)
            Proxy.newProxyInstance(
                EventIndex.class.getClassLoader(),
                new Class<?>[] {EventIndex.class},
                (_, method, arguments) -> {
                  if (method.getName().equals("apply")) {
                    int size = ((List<?>) arguments[0]).size();
                    batches.add(size);
                    Pace.pause(Duration.ofNanos(size * nanosPerEntry));
                    gate.await();
                  }
                  if (damage != null && method.getName().equals("apply")) {
                    throw damage;
                  }
                  if (forgetful && method.getName().equals("apply")) {
                    return null;
                  }
                  try {
                    return method.invoke(index, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return new IndexFold(recording, interval, failures::add, nanoTime);
  }

  /** Starts the fold, and ends it when everything can be found. */
  private static void index(IndexFold fold, int entries) throws Exception {
    try (fold) {
      fold.start();
      awaitSearchable(fold, entries);
    }
  }

  private static void awaitSearchable(IndexFold fold, int entries) {
    Eventually.holds(
        entries + " searchable entries",
        () -> {
          assertThat(fold.isHealthy()).isTrue();
          return fold.searchableOrdinal() >= entries;
        });
  }

  private List<FreshEntry> step(int count, int bytes) {
    List<FreshEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = "e" + recorded;
      String facts =
          """
          {"id":"%s","tenant":"acme","occurred_at":"2026-11-20T10:00:00Z","action":"a.b","category":"c","verb":"b","actor":{"type":"system"},"outcome":"success","details":{"note":"%s"}}"""
              .formatted(id, "x".repeat(bytes));
      entries.add(
          new FreshEntry(
              TENANT,
              recorded,
              id,
              recorded + 1L,
              EntryParts.ofFacts(
                  facts.getBytes(StandardCharsets.UTF_8), new byte[EntryParts.SALT_BYTES]),
              Hash.of(new byte[Hash.BYTES]),
              recorded));
      recorded++;
    }
    return entries;
  }
}
