package dev.indelible.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.disk.SimulatedDisk;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.RunRewriter;
import dev.indelible.testing.Eventually;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {

  @TempDir Path directory;
  private LogFixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = new LogFixture(new SystemDisk(), directory, LogFixture.SMALL);
  }

  @Test
  void eachTenantsEntriesAreNumberedFromZeroWithoutGaps() throws Exception {
    try (LogFixture f = fixture) {
      for (int i = 0; i < 50; i++) {
        List<Outcome> outcomes = f.append(f.event("a", "a" + i, "x"), f.event("b", "b" + i, "y"));
        for (Outcome outcome : outcomes) {
          assertThat(outcome).isInstanceOf(Outcome.Recorded.class);
          assertThat(((Outcome.Recorded) outcome).seq()).isEqualTo(i);
        }
      }
      assertThat(f.log.size(new TenantId("a"))).isEqualTo(50);
      assertThat(f.log.size(new TenantId("nobody"))).isZero();
    }
  }

  @Test
  void anAcknowledgedEntryIsReadableAtOnce() throws Exception {
    try (LogFixture f = fixture) {
      f.append(f.event("a", "1", "hello"));
      assertThat(f.contents("a")).containsExactly("1|hello");
      assertThat(f.log.findFresh(new TenantId("a"), "1")).hasValue(0);
    }
  }

  @Test
  void theSameEventTwiceIsOneEntry() throws Exception {
    try (LogFixture f = fixture) {
      Outcome first = f.append(f.event("a", "1", "x")).getFirst();
      Outcome again = f.append(f.event("a", "1", "x")).getFirst();
      assertThat(first)
          .isEqualTo(new Outcome.Recorded(0, ((Outcome.Recorded) first).recordedAtMillis()));
      assertThat(again)
          .isEqualTo(new Outcome.Duplicate(0, ((Outcome.Recorded) first).recordedAtMillis()));
      assertThat(f.append(f.event("b", "1", "x")).getFirst()).isInstanceOf(Outcome.Recorded.class);
      assertThat(f.contents("a")).hasSize(1);
    }
  }

  @Test
  void anotherEventUnderTheSameIdIsAConflict() throws Exception {
    try (LogFixture f = fixture) {
      List<Outcome> outcomes = f.append(f.event("a", "1", "x"), f.event("a", "1", "other"));
      assertThat(outcomes.get(1)).isEqualTo(new Outcome.Conflict(0));
      assertThat(f.contents("a")).containsExactly("1|x");
    }
  }

  @Test
  void idsAreKnownAfterSealingMergingAndRestarting() throws Exception {
    try (LogFixture f = fixture) {
      fill(f, 3_000);
      f.restart();
      assertThat(f.log.statistics().sealedEntries()).isEqualTo(3_000);
      for (int i = 0; i < 3_000; i += 97) {
        assertThat(f.append(f.event("t" + i % 7, "id" + i, content(i))).getFirst())
            .isInstanceOf(Outcome.Duplicate.class);
        assertThat(f.append(f.event("t" + i % 7, "id" + i, "else")).getFirst())
            .isInstanceOf(Outcome.Conflict.class);
      }
    }
  }

  @Test
  void anIndexThatIsAheadOfTheLogAfterACrashDoesNotConfuseIt() throws Exception {
    try (LogFixture f = fixture) {
      fill(f, 3_000);
      f.restart(); // all is sealed
      f.log
          .releasedIds()
          .expect(new ReleasedIds.UnderWay(new TenantId("t0"), "record", _ -> true), true);
      f.index = (_, _) -> OptionalLong.of(1_000_000);
      for (int i = 0; i < 700; i += 7) {
        assertThat(f.append(f.event("t0", "id" + i, "x")).getFirst())
            .isInstanceOf(Outcome.Recorded.class);
      }
      assertThat(f.indexAsked.get()).as("times that a run had the id's hash").isEqualTo(100);
      assertThat(f.contradictions).isEmpty();
    }
  }

  @Test
  void theIdOfAPurgedEntryIsNewAgainAndNobodyIsAskedForIt() throws Exception {
    try (LogFixture f = fixture) {
      fill(f, 3_000);
      f.restart();
      f.log.rewrite(Map.of(new TenantId("t0"), _ -> RunRewriter.Treatment.PURGE));
      for (int i = 0; i < 700; i += 7) {
        assertThat(f.append(f.event("t0", "id" + i, "x")).getFirst())
            .isInstanceOf(Outcome.Recorded.class);
      }
      assertThat(f.indexAsked.get()).isZero();
      assertThat(f.append(f.event("t1", "id1", content(1))).getFirst())
          .isInstanceOf(Outcome.Duplicate.class);
    }
  }

  @Test
  void theIndexIsNotAskedForNewIds() throws Exception {
    try (LogFixture f = fixture) {
      fill(f, 3_000);
      f.restart();
      for (int i = 0; i < 10_000; i += 100) {
        NewEntry[] batch = new NewEntry[100];
        for (int j = 0; j < batch.length; j++) {
          batch[j] = f.event("t0", "new" + (i + j), "x");
        }
        f.append(batch);
      }
      assertThat(f.indexAsked.get()).isZero();
    }
  }

  @Test
  void anIndexThatIsWrongLetsNoEventBeRecordedTwice() throws Exception {
    try (LogFixture f = fixture) {
      fill(f, 3_000);
      f.restart();
      List<IdIndex> wrong =
          List.of(
              (_, _) -> OptionalLong.empty(),
              (_, _) -> OptionalLong.of(2),
              (_, _) -> OptionalLong.of(-1),
              (_, _) -> OptionalLong.of(1_000_000),
              (_, _) -> {
                throw new IOException("damaged");
              },
              (_, _) -> {
                throw new ArrayIndexOutOfBoundsException("damaged");
              },
              (_, _) -> {
                throw new OutOfMemoryError("a length that was flipped");
              },
              (_, _) -> {
                throw new AssertionError("the library's own");
              });
      for (IdIndex index : wrong) {
        f.index = index;
        f.contradictions.clear();
        assertThat(f.append(f.event("t3", "id3", content(3))).getFirst())
            .isInstanceOf(Outcome.Duplicate.class);
        assertThat(f.append(f.event("t3", "id2999", "else")).getFirst())
            .isInstanceOf(Outcome.Conflict.class);
        assertThat(f.append(f.event("t3", "new" + wrong.indexOf(index), "x")).getFirst())
            .isInstanceOf(Outcome.Recorded.class);
        assertThat(f.contradictions).as("index %d", wrong.indexOf(index)).hasSize(2);
      }
      assertThat(f.log.isHealthy()).isTrue();
    }
  }

  @Test
  void afterAStartWhatWasAcknowledgedBeforeIsReadable() throws Exception {
    fixture.close();
    SimulatedDisk disk = new SimulatedDisk();
    Path place = SimulatedDisk.ROOT.resolve("data");
    try (LogFixture f = new LogFixture(disk, place, LogFixture.SMALL)) {
      Map<String, List<String>> expected = fill(f, 300);
      for (int i = 0; i < 4; i++) {
        try (LogFixture next = new LogFixture(disk.afterKill(), place, LogFixture.SMALL)) {
          for (var tenant : expected.entrySet()) {
            assertThat(next.contents(tenant.getKey())).isEqualTo(tenant.getValue());
          }
        }
      }
    }
  }

  @Test
  void whatIsSealedAndMergedReadsAsItWasRecorded() throws Exception {
    try (LogFixture f = fixture) {
      Map<String, List<String>> expected = fill(f, 5_000);
      for (var tenant : expected.entrySet()) {
        assertThat(f.contents(tenant.getKey())).isEqualTo(tenant.getValue());
      }
      Eventually.see(
          "merged into a few runs",
          () -> f.log.statistics().runs(),
          runs -> runs >= 1 && runs <= 6);
      for (var tenant : expected.entrySet()) {
        assertThat(f.contents(tenant.getKey())).isEqualTo(tenant.getValue());
      }
      long[] seqs = {3, 0, 500, 17};
      assertThat(f.log.get(new TenantId("t0"), seqs))
          .extracting(e -> e.seq())
          .containsExactly(3L, 0L, 500L, 17L);
    }
  }

  @Test
  void aRestartGivesTheSameNumbersAndTheSameTree() throws Exception {
    try (LogFixture f = fixture) {
      Map<String, List<String>> expected = fill(f, 2_000);
      Map<String, Hash> roots = new HashMap<>();
      for (String tenant : expected.keySet()) {
        roots.put(tenant, f.root(tenant));
      }
      f.restart();
      for (String tenant : expected.keySet()) {
        assertThat(f.root(tenant)).isEqualTo(roots.get(tenant));
        assertThat(f.contents(tenant)).isEqualTo(expected.get(tenant));
      }
      Outcome next = f.append(f.event("t0", "new", "n")).getFirst();
      assertThat(((Outcome.Recorded) next).seq())
          .isEqualTo(expected.getOrDefault("t0", List.of()).size());
    }
  }

  @Test
  void theJournalIsCutBehindTheRuns() throws Exception {
    try (LogFixture f = fixture) {
      fill(f, 8_000);
      f.restart();
      assertThat(f.log.sealedThrough()).isEqualTo(f.log.sequencedThrough());
      assertThat(f.journal.begin().value()).isPositive();
    }
  }

  @Test
  void oldEntriesAreSealedAlthoughTheyAreFew() throws Exception {
    fixture.close();
    LogConfig eager =
        new LogConfig(1L << 30, Duration.ofMillis(50), 64L << 20, 8, 1L << 30, 1L << 20);
    try (LogFixture f = new LogFixture(new SystemDisk(), directory, eager)) {
      f.append(f.event("a", "1", "x"));
      assertThat(Eventually.see("sealed", () -> f.log.statistics().runs(), runs -> runs > 0))
          .isEqualTo(1);
    }
  }

  @Test
  void readersSeeEveryEntryOnceWhileItIsSealedAndMerged() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    try (LogFixture f = fixture) {
      CompletableFuture<Void> reader =
          CompletableFuture.runAsync(
              () -> {
                Random random = new Random(seed);
                try {
                  TenantId tenant = new TenantId("t1");
                  for (int round = 0; round < 400; round++) {
                    long size = f.log.size(tenant);
                    if (size == 0) {
                      continue;
                    }
                    long from = random.nextLong(size);
                    List<Long> seen = new ArrayList<>();
                    f.log.forEach(tenant, from, size, entry -> seen.add(entry.seq()));
                    assertThat(seen).hasSize((int) (size - from));
                    assertThat(seen.getFirst()).isEqualTo(from);
                    long one = random.nextLong(size);
                    assertThat(f.log.get(tenant, new long[] {one}).getFirst().seq()).isEqualTo(one);
                  }
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      fill(f, 8_000);
      Eventually.done("the reader", reader);
    }
  }

  private static String content(int i) {
    return "content " + i + " " + "x".repeat(i % 300);
  }

  /** Appends events of seven tenants in batches. */
  private static Map<String, List<String>> fill(LogFixture f, int count) throws Exception {
    Map<String, List<String>> expected = new HashMap<>();
    List<NewEntry> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String tenant = "t" + i % 7;
      batch.add(f.event(tenant, "id" + i, content(i)));
      expected.computeIfAbsent(tenant, t -> new ArrayList<>()).add("id" + i + "|" + content(i));
      if (batch.size() == 100) {
        f.append(batch.toArray(NewEntry[]::new));
        batch.clear();
      }
    }
    if (!batch.isEmpty()) {
      f.append(batch.toArray(NewEntry[]::new));
    }
    return expected;
  }
}
