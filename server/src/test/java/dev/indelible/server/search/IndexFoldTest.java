package dev.indelible.server.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.index.EventIndex;
import dev.indelible.server.index.InMemoryIndex;
import dev.indelible.server.journal.Position;
import dev.indelible.server.log.FreshEntry;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class IndexFoldTest {

  private static final TenantId TENANT = new TenantId("acme");

  private final InMemoryIndex index = new InMemoryIndex();

  /** How many entries were applied at once, each time. */
  private final List<Integer> batches = new CopyOnWriteArrayList<>();

  private int recorded;

  /** How long the index takes. */
  private long nanosPerEntry;

  /** What the index fails with, if it fails. */
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
      while (waiting.getState() != Thread.State.WAITING) {
        Thread.sleep(1);
      }
      fold.start();
      waiting.join();
      assertThat(committed).containsExactly(new Position(10));
      fold.awaitDurable(new Position(20));
      assertThat(index.committed()).isEqualTo(new Position(20));
    }
  }

  @Test
  void whatGathersBetweenRefreshesIsNoReasonToRefreshLessOften() throws Exception {
    Duration interval = Duration.ofMillis(250);
    long lessOften = RefreshPace.BEHIND_FACTOR * interval.toMillis();
    long fastest = Long.MAX_VALUE;
    try (IndexFold fold = fold(interval)) {
      fold.start();
      // One that is sooner says it: a busy machine may delay any of them.
      for (int i = 0; i < 40 && fastest >= lessOften - 250; i++) {
        long start = System.nanoTime();
        fold.sequenced(step(RefreshPace.BEHIND_ENTRIES + 1, 10), new Position(recorded));
        awaitSearchable(fold, recorded);
        if (i > 0) { // the first is indexed at once
          fastest = Math.min(fastest, (System.nanoTime() - start) / 1_000_000);
        }
      }
    }
    assertThat(fastest).isLessThan(lessOften - 250);
  }

  @Test
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
    return fold(Duration.ofMillis(50));
  }

  private IndexFold fold(Duration interval) {
    EventIndex recording =
        (EventIndex)
            Proxy.newProxyInstance(
                EventIndex.class.getClassLoader(),
                new Class<?>[] {EventIndex.class},
                (_, method, arguments) -> {
                  if (method.getName().equals("apply")) {
                    int size = ((List<?>) arguments[0]).size();
                    batches.add(size);
                    LockSupport.parkNanos(size * nanosPerEntry);
                  }
                  if (damage != null && method.getName().equals("apply")) {
                    throw damage;
                  }
                  try {
                    return method.invoke(index, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return new IndexFold(recording, new EntryReader(), interval, failures::add);
  }

  /** Starts the fold, and ends it when everything can be found. */
  private static void index(IndexFold fold, int entries) throws Exception {
    try (fold) {
      fold.start();
      awaitSearchable(fold, entries);
    }
  }

  private static void awaitSearchable(IndexFold fold, int entries) throws InterruptedException {
    while (fold.searchableOrdinal() < entries) {
      assertThat(fold.isHealthy()).isTrue();
      Thread.sleep(10);
    }
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
