package dev.indelible.server.index;

import static dev.indelible.server.index.Indexables.apply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.Order;
import dev.indelible.server.query.Place;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.query.TimeBound;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of what happened, in segments that are in the order of recording. */
class OccurrenceOrderTest {

  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId BETA = new TenantId("beta");
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final Order LATEST = Order.LATEST_OCCURRED_FIRST;
  private static final Order EARLIEST = Order.EARLIEST_OCCURRED_FIRST;

  /** Number of entries that become visible together, in a segment of their own. */
  private static final int BATCH = 2_000;

  @TempDir Path directory;
  private EventIndex index;
  private final Map<Long, Entry> acme = new HashMap<>();
  private long nextSeq;

  @BeforeEach
  void create() throws IOException {
    index = LuceneIndex.create(directory);
  }

  @AfterEach
  void close() throws IOException {
    index.close();
  }

  private static Entry entry(TenantId tenant, long seq, @Nullable Instant at, Instant recordedAt) {
    boolean rare = seq % 1_000 == 7;
    return new Entry(
        tenant,
        seq,
        tenant + "-" + seq,
        recordedAt,
        new Event(
            null,
            null,
            seq % 2 == 0 ? "eu" : "us",
            at,
            rare ? "seldom.done" : "user.created",
            new Event.Actor(
                Event.ActorType.USER,
                seq % 3 == 0 ? "ana" : "bo",
                null,
                null,
                List.of(),
                List.of(),
                null),
            List.of(),
            Event.Outcome.SUCCESS,
            null,
            List.of(),
            null,
            Event.Context.NONE,
            null),
        new Classification("data", "create", false, List.of()),
        false);
  }

  /** Records events with their own times, beside fewer of another tenant. */
  private void record(int count, int batchSize, LongFunction<@Nullable Instant> times)
      throws IOException {
    for (int from = 0; from < count; from += batchSize) {
      List<Entry> batch = new ArrayList<>();
      for (int i = from; i < Math.min(count, from + batchSize); i++) {
        Entry entry = entry(ACME, nextSeq, times.apply(i), recordedAt(nextSeq));
        acme.put(nextSeq++, entry);
        batch.add(entry);
        if (i % 8 == 0) {
          batch.add(entry(BETA, entry.seq(), NOW.plusSeconds(3600), NOW.plusSeconds(3600)));
        }
      }
      apply(index, batch);
      index.refresh();
    }
  }

  private static Instant recordedAt(long seq) {
    return NOW.plusMillis(100 * seq);
  }

  private static TenantScope scope() {
    return new TenantScope(ACME, Optional.empty(), Set.of(), Filter.all());
  }

  /** Finds everything page by page, each page with a query of its own. */
  private List<Long> all(TenantScope scope, Filter filter, Order order, int limit)
      throws IOException {
    List<Long> all = new ArrayList<>();
    Place beyond = order.start();
    List<Place> page;
    do {
      try (CompiledQuery query = index.compile(scope, filter, () -> false)) {
        page = query.page(order, beyond, limit);
      }
      for (Place place : page) {
        all.add(place.seq());
        beyond = place;
      }
    } while (!page.isEmpty());
    return all;
  }

  private List<Long> expected(Order order, Predicate<Entry> wanted) {
    Comparator<Entry> times =
        Comparator.<Entry>comparingLong(entry -> entry.placedAt().toEpochMilli())
            .thenComparingLong(Entry::seq);
    return acme.values().stream()
        .filter(wanted)
        .sorted(order == LATEST ? times.reversed() : times)
        .map(Entry::seq)
        .toList();
  }

  /** The documents that one page has looked at. */
  private long looked(Filter filter, Order order) throws IOException {
    try (CompiledQuery query = index.compile(scope(), filter, () -> false)) {
      query.page(order, order.start(), 100);
      return ((LuceneQuery) query).looked();
    }
  }

  @RepeatedTest(4)
  void pagesHaveEverythingOnceInTheOrderOfASort(RepetitionInfo repetition) throws IOException {
    long seed = 20_261_130L + repetition.getCurrentRepetition();
    RandomGenerator random = new Random(seed);
    for (int batch = 0; batch < 12; batch++) {
      // Few moments, so that many entries share theirs; some are of the future.
      record(
          20 + random.nextInt(400),
          BATCH,
          i -> random.nextInt(9) == 0 ? null : NOW.plusSeconds(random.nextInt(900) - 700));
      long first = random.nextLong(nextSeq);
      SeqRange gone = new SeqRange(first, first + random.nextInt(20));
      index.remove(ACME, List.of(gone));
      acme.keySet().removeIf(seq -> seq >= gone.first() && seq <= gone.last());
      if (batch == 8) {
        index.expunge();
      }
    }
    index.refresh();
    Filter ana = Filter.term(Field.ACTOR_ID, "ana");
    TenantScope part =
        new TenantScope(
            ACME,
            Optional.of(Set.of("eu")),
            Set.of(),
            Filter.not(Filter.term(Field.ACTION, "seldom.done")));
    for (Order order : List.of(LATEST, EARLIEST)) {
      String why = "seed " + seed + ", " + order;
      assertThat(all(scope(), Filter.all(), order, 97))
          .as(why)
          .isEqualTo(expected(order, _ -> true));
      assertThat(all(scope(), ana, order, 31))
          .as(why)
          .isEqualTo(expected(order, entry -> entry.seq() % 3 == 0));
      assertThat(all(part, ana, order, 1_000))
          .as(why)
          .isEqualTo(
              expected(
                  order,
                  entry -> entry.seq() % 6 == 0 && !entry.event().action().equals("seldom.done")));
    }
  }

  @Test
  void anEntryOfTheFutureStandsByItsRecordingAndIsFoundByItsOwnTime() throws IOException {
    Instant future = Instant.parse("2199-01-01T00:00:00Z");
    List<@Nullable Instant> times = new ArrayList<>();
    times.add(null);
    times.add(future);
    times.add(recordedAt(2).plus(Entry.EARLY_AFTER)); // not doubted: a clock may be a little ahead
    times.add(recordedAt(3).plus(Entry.EARLY_AFTER).plusMillis(1));
    times.add(NOW.minusSeconds(3600));
    record(times.size(), BATCH, i -> times.get((int) i));
    assertThat(all(scope(), Filter.all(), LATEST, 10)).containsExactly(2L, 3L, 1L, 0L, 4L);
    assertThat(all(scope(), Filter.all(), EARLIEST, 10)).containsExactly(4L, 0L, 1L, 3L, 2L);
    Filter ownTime = new Filter.Time(TimeBound.AFTER, future.minusSeconds(1));
    assertThat(all(scope(), ownTime, LATEST, 10)).containsExactly(1L);
    assertThat(all(scope(), Filter.not(ownTime), LATEST, 10)).containsExactly(2L, 3L, 0L, 4L);
    assertThat(all(scope(), new Filter.Time(TimeBound.BEFORE, NOW.plusSeconds(60)), EARLIEST, 10))
        .containsExactly(4L, 0L);
  }

  /** Four thousand that happen about when they are recorded, a little out of order. */
  private void recordLive() throws IOException {
    record(2 * BATCH, BATCH, i -> recordedAt(i).minusMillis(i * 7919 % 5_000));
  }

  /** Events of long ago in any order; every so many one happens now. */
  private void importOld(int count, int batch, int liveEvery) throws IOException {
    List<Long> minutes = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      minutes.add(10 + i);
    }
    Collections.shuffle(minutes, new Random(7));
    record(
        count,
        batch,
        i ->
            i % liveEvery == liveEvery - 1
                ? recordedAt(nextSeq)
                : NOW.minus(Duration.ofMinutes(minutes.get((int) i))));
  }

  private static long blocks(int count) {
    return (long) count * TimeBlock.DOCUMENTS;
  }

  @Test
  void aPageLooksAtAsMuchAfterAnImportOfOldEventsAsItDidBefore() throws IOException {
    Filter ana = Filter.term(Field.ACTOR_ID, "ana");
    recordLive();
    long before = looked(Filter.all(), LATEST);
    long beforeOfAna = looked(ana, LATEST);
    // One for the page, one more for what is out of order, and one of each segment is another
    // tenant's too, whose times are its bounds.
    assertThat(before).isLessThanOrEqualTo(blocks(4));
    importOld(10_000, 5_000, Integer.MAX_VALUE);
    assertThat(looked(Filter.all(), LATEST)).isLessThanOrEqualTo(before + blocks(2));
    assertThat(looked(ana, LATEST)).isLessThanOrEqualTo(beforeOfAna + blocks(2));
    assertThat(all(scope(), Filter.all(), LATEST, 700)).isEqualTo(expected(LATEST, _ -> true));
  }

  @Test
  void aPageLooksAtTheBlocksThatHaveItsEntriesWhereLiveOnesCameAmongOld() throws IOException {
    recordLive();
    importOld(10_000, 5_000, 1_000);
    // Ten blocks have one of now each; the rest of the page is of before the import.
    assertThat(looked(Filter.all(), LATEST)).isLessThanOrEqualTo(blocks(10 + 2 + 4));
    assertThat(all(scope(), Filter.all(), EARLIEST, 999)).isEqualTo(expected(EARLIEST, _ -> true));
  }

  @Test
  void aPageByNumberLooksAtTheSegmentThatHasItsEntriesAndNoOther() throws IOException {
    record(4_000, 500, OccurrenceOrderTest::recordedAt);
    Filter ana = Filter.term(Field.ACTOR_ID, "ana");
    for (Order order : List.of(Order.NEWEST_FIRST, Order.OLDEST_FIRST)) {
      assertThat(looked(Filter.all(), order)).isLessThanOrEqualTo(128);
      assertThat(looked(ana, order)).isLessThanOrEqualTo(5 * 128);
      // Again, by spans that are known; and after a segment more.
      assertThat(looked(Filter.all(), order)).isLessThanOrEqualTo(128);
    }
    List<Long> ascending = LongStream.range(0, 4_100).boxed().toList();
    record(100, 100, OccurrenceOrderTest::recordedAt);
    assertThat(all(scope(), Filter.all(), Order.OLDEST_FIRST, 333)).isEqualTo(ascending);
    assertThat(all(scope(), Filter.all(), Order.NEWEST_FIRST, 333)).isEqualTo(ascending.reversed());
  }

  @Test
  void manyOfOneMomentAreToldApartByTheirNumbers() throws IOException {
    record(6_000, BATCH, _ -> NOW.minusSeconds(60));
    assertThat(looked(Filter.all(), LATEST)).isLessThanOrEqualTo(blocks(4));
    assertThat(looked(Filter.all(), EARLIEST)).isLessThanOrEqualTo(blocks(4));
    try (CompiledQuery query = index.compile(scope(), Filter.all(), () -> false)) {
      Place middle = new Place(NOW.minusSeconds(60).toEpochMilli(), 3_000);
      assertThat(query.page(LATEST, middle, 100))
          .first()
          .isEqualTo(new Place(middle.millis(), 2_999));
      assertThat(((LuceneQuery) query).looked()).isLessThanOrEqualTo(blocks(5));
    }
    assertThat(all(scope(), Filter.all(), LATEST, 1_000)).isEqualTo(expected(LATEST, _ -> true));
  }

  /** Twelve thousand in one segment are 47 blocks. */
  @Test
  void whatMatchesSeldomIsNotLookedForInEveryBlock() throws IOException {
    record(12_000, 12_000, OccurrenceOrderTest::recordedAt);
    AtomicInteger steps = new AtomicInteger();
    BooleanSupplier stop =
        () -> {
          steps.incrementAndGet();
          return false;
        };
    Filter rare = Filter.term(Field.ACTION, "seldom.done");
    try (CompiledQuery query = index.compile(scope(), rare, stop)) {
      assertThat(query.page(LATEST, LATEST.start(), 100)).hasSize(12);
    }
    assertThat(steps.get()).isLessThan(60);
  }
}
