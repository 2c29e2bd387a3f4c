package dev.indelible.server.index;

import static dev.indelible.server.index.Indexables.apply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.Position;
import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.Order;
import dev.indelible.server.query.Place;
import dev.indelible.server.query.QueryParser;
import dev.indelible.server.query.RandomEntries;
import dev.indelible.server.query.RandomFilters;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.query.TimeBound;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Contract of every {@link EventIndex}. */
public abstract class EventIndexContractTest {

  static final TenantId ACME = new TenantId("acme");
  static final TenantId BETA = new TenantId("beta");
  static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
  private static final Order NEWEST = Order.NEWEST_FIRST;
  private static final Order OLDEST = Order.OLDEST_FIRST;

  private EventIndex index;
  private int largestBatch;

  /** An empty index. */
  abstract EventIndex create() throws IOException;

  @BeforeEach
  void open() throws IOException {
    index = create();
  }

  @AfterEach
  void close() throws IOException {
    index.close();
  }

  static TenantScope scope(TenantId tenant) {
    return new TenantScope(tenant, Optional.empty(), Set.of(), Filter.all());
  }

  public static Entry entry(TenantId tenant, long seq, String actor) {
    return entry(tenant, seq, actor, null, START.plusSeconds(60 * seq), "user.created");
  }

  static Entry entry(
      TenantId tenant,
      long seq,
      String actor,
      @Nullable String account,
      Instant at,
      String action) {
    return new Entry(
        tenant,
        seq,
        tenant + "-" + seq,
        at,
        new Event(
            null,
            null,
            account,
            null,
            action,
            new Event.Actor(
                Event.ActorType.USER, actor, "Name of " + actor, null, List.of(), List.of(), null),
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

  private void applyTen() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (int seq = 0; seq < 10; seq++) {
      entries.add(entry(ACME, seq, seq % 2 == 0 ? "ana" : "bo"));
    }
    apply(index, entries);
    index.refresh();
  }

  private CompiledQuery query(TenantId tenant, Filter filter) throws IOException {
    return index.compile(scope(tenant), filter, () -> false);
  }

  private List<Long> page(Filter filter, Order order, long beyond, int limit) throws IOException {
    try (CompiledQuery query = query(ACME, filter)) {
      return query.page(order, Place.ofSeq(beyond), limit).stream().map(Place::seq).toList();
    }
  }

  private List<Long> newest(Filter filter) throws IOException {
    return page(filter, NEWEST, Long.MAX_VALUE, 100);
  }

  @Test
  void isEmptyAtFirst() throws IOException {
    assertThat(newest(Filter.all())).isEmpty();
    assertThat(index.committed()).isEqualTo(Position.START);
    assertThat(index.stats().entries()).isZero();
    try (CompiledQuery query = query(ACME, Filter.all())) {
      assertThat(query.count()).isZero();
      assertThat(query.indexedThrough()).isEmpty();
      assertThat(query.facets(List.of(FacetField.ACTION), 5, ""))
          .containsExactly(new Facet(FacetField.ACTION, List.of(), 0));
    }
  }

  @Test
  void pagesInBothOrdersByWhatWasLast() throws IOException {
    applyTen();
    Filter ana = Filter.term(Field.ACTOR, "ana");
    assertThat(page(ana, NEWEST, Long.MAX_VALUE, 2)).containsExactly(8L, 6L);
    assertThat(page(ana, NEWEST, 6, 2)).containsExactly(4L, 2L);
    assertThat(page(ana, NEWEST, 2, 2)).containsExactly(0L);
    assertThat(page(ana, NEWEST, 0, 2)).isEmpty();
    assertThat(page(ana, OLDEST, -1, 2)).containsExactly(0L, 2L);
    assertThat(page(ana, OLDEST, 2, 2)).containsExactly(4L, 6L);
    assertThat(page(ana, OLDEST, 8, 2)).isEmpty();
    assertThat(page(Filter.all(), NEWEST, 5, 3)).containsExactly(4L, 3L, 2L);
    assertThat(page(Filter.all(), OLDEST, 5, 3)).containsExactly(6L, 7L, 8L);
  }

  @Test
  void showsNothingBeforeARefreshAndKeepsAQuerysView() throws IOException {
    applyTen();
    apply(index, List.of(entry(ACME, 10, "ana")));
    assertThat(newest(Filter.all())).startsWith(9L);
    try (CompiledQuery before = query(ACME, Filter.all())) {
      index.refresh();
      assertThat(before.count()).isEqualTo(10);
      assertThat(before.indexedThrough()).hasValue(9);
    }
    try (CompiledQuery after = query(ACME, Filter.all())) {
      assertThat(after.count()).isEqualTo(11);
      assertThat(after.indexedThrough()).hasValue(10);
    }
  }

  @Test
  void keepsTenantsApart() throws IOException {
    applyTen();
    apply(index, List.of(entry(BETA, 0, "ana"), entry(new TenantId("acm"), 0, "ana")));
    index.refresh();
    try (CompiledQuery query = query(BETA, Filter.term(Field.ACTOR, "a"))) {
      assertThat(query.count()).isZero();
    }
    try (CompiledQuery query = query(BETA, Filter.not(Filter.term(Field.ACTOR, "bo")))) {
      assertThat(query.count()).isEqualTo(1);
      assertThat(query.facets(List.of(FacetField.ACTOR_ID), 5, "").getFirst().values())
          .containsExactly(new Facet.Value("ana", 1));
    }
    assertThat(index.find(scope(ACME), "beta-0")).isEmpty();
    assertThat(index.find(scope(BETA), "beta-0")).hasValue(0);
    assertThat(index.find(scope(ACME), "acme-7")).hasValue(7);
    assertThat(index.find(scope(new TenantId("nobody")), "acme-7")).isEmpty();
  }

  @Test
  void restrictsToTheScopesAccountsAndFixedFilter() throws IOException {
    apply(
        index,
        List.of(
            entry(ACME, 0, "ana", "eu", START, "user.created"),
            entry(ACME, 1, "ana", "us", START, "user.created"),
            entry(ACME, 2, "ana", null, START, "user.created"),
            entry(ACME, 3, "ana", "eu", START, "user.deleted")));
    index.refresh();
    TenantScope eu =
        new TenantScope(
            ACME,
            Optional.of(Set.of("eu")),
            Set.of(),
            Filter.not(Filter.term(Field.ACTION, "user.deleted")));
    try (CompiledQuery query = index.compile(eu, Filter.all(), () -> false)) {
      assertThat(query.first(NEWEST, 10)).containsExactly(0);
    }
    assertThat(index.find(eu, "acme-1")).isEmpty();
    TenantScope none = new TenantScope(ACME, Optional.of(Set.of()), Set.of(), Filter.all());
    try (CompiledQuery query = index.compile(none, Filter.all(), () -> false)) {
      assertThat(query.count()).isZero();
    }
  }

  @Test
  void replacesAnEntryThatIsAppliedAgain() throws IOException {
    applyTen();
    apply(index, List.of(entry(ACME, 3, "redacted")));
    index.refresh();
    assertThat(newest(Filter.term(Field.ACTOR, "bo"))).containsExactly(9L, 7L, 5L, 1L);
    assertThat(newest(Filter.term(Field.ACTOR, "redacted"))).containsExactly(3L);
    assertThat(newest(Filter.all())).hasSize(10);

    apply(index, List.of(entry(ACME, 10, "one"), entry(ACME, 10, "two")));
    apply(index, List.of(entry(ACME, 10, "three"), entry(ACME, 11, "four")));
    index.refresh();
    assertThat(newest(Filter.all())).hasSize(12);
    assertThat(newest(Filter.term(Field.ACTOR, "three"))).containsExactly(10L);
    applyTen();
    assertThat(newest(Filter.all())).hasSize(12);
    assertThat(newest(Filter.term(Field.ACTOR, "bo"))).hasSize(5);
  }

  @Test
  void letsTheLaterOfTwoInOneBatchStand() throws IOException {
    apply(index, List.of(entry(ACME, 0, "one"), entry(BETA, 0, "x"), entry(ACME, 0, "two")));
    index.refresh();
    assertThat(newest(Filter.term(Field.ACTOR, "one"))).isEmpty();
    assertThat(newest(Filter.term(Field.ACTOR, "two"))).containsExactly(0L);
  }

  @Test
  void removesRangesAndForgetsThemWhenExpunged() throws IOException {
    applyTen();
    apply(index, List.of(entry(BETA, 4, "ana")));
    index.remove(ACME, List.of(new SeqRange(0, 1), new SeqRange(4, 5), new SeqRange(50, 60)));
    index.remove(new TenantId("nobody"), List.of(new SeqRange(0, 9)));
    index.refresh();
    assertThat(newest(Filter.all())).containsExactly(9L, 8L, 7L, 6L, 3L, 2L);
    assertThat(index.find(scope(ACME), "acme-4")).isEmpty();
    assertThat(index.find(scope(BETA), "beta-4")).hasValue(4);
    index.expunge();
    assertThat(newest(Filter.all())).containsExactly(9L, 8L, 7L, 6L, 3L, 2L);
    assertThat(index.stats().removedEntries()).isZero();
    assertThat(index.stats().entries()).isEqualTo(7);
    index.checkIntegrity(_ -> {});
  }

  @Test
  void deletesEverything() throws IOException {
    applyTen();
    index.commit(new Position(5));
    index.deleteAll();
    index.refresh();
    assertThat(newest(Filter.all())).isEmpty();
    assertThat(index.committed()).isEqualTo(Position.START);
    applyTen();
    assertThat(newest(Filter.all())).hasSize(10);
  }

  @Test
  void takesTimesFromAPointOnAndBeforeIt() throws IOException {
    applyTen();
    for (boolean recorded : new boolean[] {false, true}) {
      TimeBound lower = recorded ? TimeBound.RECORDED_AFTER : TimeBound.AFTER;
      TimeBound upper = recorded ? TimeBound.RECORDED_BEFORE : TimeBound.BEFORE;
      Filter from7 = new Filter.Time(lower, START.plusSeconds(60 * 7));
      Filter before8 = new Filter.Time(upper, START.plusSeconds(60 * 8));
      Filter before2 = new Filter.Time(upper, START.plusSeconds(60 * 2));
      Filter justAfter7 = new Filter.Time(lower, START.plusSeconds(60 * 7).plusNanos(1));
      assertThat(newest(from7)).containsExactly(9L, 8L, 7L);
      assertThat(newest(justAfter7)).containsExactly(9L, 8L);
      assertThat(newest(before2)).containsExactly(1L, 0L);
      assertThat(newest(Filter.and(from7, before8))).containsExactly(7L);
      assertThat(newest(Filter.and(from7, before8, before2))).isEmpty();
      assertThat(newest(Filter.or(List.of(from7, before2)))).containsExactly(9L, 8L, 7L, 1L, 0L);
      assertThat(newest(Filter.and(Filter.not(before2), Filter.not(from7))))
          .containsExactly(6L, 5L, 4L, 3L, 2L);
    }
  }

  @Test
  void countsFacetsMostFrequentFirst() throws IOException {
    List<Entry> entries = new ArrayList<>();
    String[] actors = {"cy", "ana", "Änne", "bo", "ana", "bo", "bo"};
    for (int seq = 0; seq < actors.length; seq++) {
      entries.add(entry(ACME, seq, actors[seq]));
    }
    apply(index, entries);
    index.refresh();
    try (CompiledQuery query = query(ACME, Filter.all())) {
      List<FacetField> fields = List.of(FacetField.ACTOR_ID, FacetField.OUTCOME);
      assertThat(query.facets(fields, 3, ""))
          .containsExactly(
              new Facet(
                  FacetField.ACTOR_ID,
                  List.of(
                      new Facet.Value("bo", 3),
                      new Facet.Value("ana", 2),
                      new Facet.Value("cy", 1)),
                  4),
              new Facet(FacetField.OUTCOME, List.of(new Facet.Value("success", 7)), 1));
      assertThat(query.facets(List.of(FacetField.ACTOR_ID), 3, "AN").getFirst().values())
          .containsExactly(new Facet.Value("ana", 2), new Facet.Value("Änne", 1));
    }
  }

  @Test
  void countsOverTimeInTheZonesDays() throws IOException {
    Instant beforeMidnight = Instant.parse("2026-10-24T21:59:59.999Z");
    apply(
        index,
        List.of(
            entry(ACME, 0, "ana", null, beforeMidnight, "user.created"),
            entry(ACME, 1, "ana", null, beforeMidnight.plusMillis(1), "user.created"),
            entry(ACME, 2, "ana", null, Instant.parse("2026-10-25T22:30:00Z"), "user.created"),
            entry(ACME, 3, "ana", null, Instant.parse("2026-10-25T23:00:00Z"), "user.deleted")));
    index.refresh();
    Histogram request =
        new Histogram(
            Histogram.Interval.DAY,
            ZoneId.of("Europe/Berlin"),
            Instant.parse("2026-10-24T12:00:00Z"),
            Instant.parse("2026-10-26T23:00:00Z"),
            FacetField.ACTION);
    try (CompiledQuery query = query(ACME, Filter.all())) {
      // 25 October 2026 has 25 hours in Berlin.
      assertThat(query.histogram(request))
          .containsExactly(
              bucket("2026-10-23T22:00:00Z", 1, Map.of("user.created", 1L)),
              bucket("2026-10-24T22:00:00Z", 2, Map.of("user.created", 2L)),
              bucket("2026-10-25T23:00:00Z", 1, Map.of("user.deleted", 1L)));
    }
  }

  private static Histogram.Bucket bucket(String start, long count, Map<String, Long> split) {
    return new Histogram.Bucket(Instant.parse(start), count, new TreeMap<>(split));
  }

  @Test
  void refusesWhatIsOutOfBounds() throws IOException {
    Instant end = START.plus(Duration.ofMinutes(Histogram.MAX_BUCKETS));
    Histogram.Interval minute = Histogram.Interval.MINUTE;
    assertThat(new Histogram(minute, ZoneOffset.UTC, START, end, null)).isNotNull();
    assertThatThrownBy(() -> new Histogram(minute, ZoneOffset.UTC, START, end.plusMillis(1), null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Histogram(minute, ZoneOffset.UTC, START, end, FacetField.TARGET_TYPE))
        .isInstanceOf(IllegalArgumentException.class);
    try (CompiledQuery query = query(ACME, Filter.all())) {
      assertThat(query.page(NEWEST, NEWEST.start(), CompiledQuery.MAX_PAGE)).isEmpty();
      assertThatThrownBy(() -> query.page(NEWEST, NEWEST.start(), CompiledQuery.MAX_PAGE + 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> query.page(NEWEST, NEWEST.start(), 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void answersTheLargestQueries() throws IOException {
    applyTen();
    List<Filter> words = new ArrayList<>();
    List<Filter> targets = new ArrayList<>();
    List<Filter.Value> values = new ArrayList<>();
    StringBuilder phrase = new StringBuilder("ana");
    for (int i = 1; i < QueryParser.MAX_TERMS; i++) {
      words.add(new Filter.Text("w" + i, i % 2 == 0));
      targets.add(Filter.term(Field.TARGET, "a/b/c/" + i));
    }
    for (int i = 1; i < QueryParser.MAX_TOKENS; i++) {
      phrase.append(' ').append(i);
    }
    for (int i = 0; i < 20_000; i++) {
      values.add(Filter.Value.exact("value-" + i));
    }
    Filter ana = new Filter.Text("ana", false);
    values.add(Filter.Value.exact("ana"));
    words.add(ana);
    targets.add(ana);
    assertThat(newest(Filter.or(words))).containsExactly(8L, 6L, 4L, 2L, 0L);
    assertThat(newest(Filter.or(targets))).containsExactly(8L, 6L, 4L, 2L, 0L);
    assertThat(newest(new Filter.Term(Field.ACTOR, values))).containsExactly(8L, 6L, 4L, 2L, 0L);
    assertThat(newest(Filter.and(words))).isEmpty();
    assertThat(newest(new Filter.Text(phrase.toString(), false))).isEmpty();
    List<Filter> nots = words.stream().map(Filter::not).toList();
    assertThat(newest(Filter.and(nots))).containsExactly(9L, 7L, 5L, 3L, 1L);
  }

  @Test
  void stopsAQueryThatIsToldTo() throws IOException {
    applyTen();
    AtomicBoolean stop = new AtomicBoolean();
    try (CompiledQuery query = index.compile(scope(ACME), Filter.all(), stop::get)) {
      assertThat(query.count()).isEqualTo(10);
      stop.set(true);
      assertThatThrownBy(query::count).isInstanceOf(QueryStoppedException.class);
      assertThatThrownBy(() -> query.page(NEWEST, NEWEST.start(), 1))
          .isInstanceOf(QueryStoppedException.class);
      assertThatThrownBy(() -> query.facets(List.of(FacetField.ACTION), 1, ""))
          .isInstanceOf(QueryStoppedException.class);
    }
  }

  @RepeatedTest(3)
  void agreesWithTheEvaluatorOnRandomEntriesAndFilters(RepetitionInfo repetition)
      throws IOException {
    agreesOnFilters(repetition.getCurrentRepetition() * 104_729L);
  }

  @RepeatedTest(20)
  @Tag("long")
  void agreesWithTheEvaluatorOnManyMoreRandomEntriesAndFilters(RepetitionInfo repetition)
      throws IOException {
    agreesOnFilters((3 + repetition.getCurrentRepetition()) * 104_729L);
  }

  private void agreesOnFilters(long seed) throws IOException {
    assertThat(agreements(seed, 12, 40, 300)).as("filters that match anything").isGreaterThan(60);
  }

  @Test
  void agreesWithTheEvaluatorWhenManyComeAtOnce() throws IOException {
    int most = 2 * DocumentMaker.MIN_ENTRIES;
    assertThat(agreements(15_485_863L, 2, most, 8)).as("filters that match").isGreaterThan(1);
    assertThat(largestBatch).isGreaterThan(DocumentMaker.MIN_ENTRIES);
  }

  /** Asks both; how many of the filters match anything. */
  private int agreements(long seed, int batches, int batchEntries, int asked) throws IOException {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    EventIndex model = new InMemoryIndex();
    fill(random, model, batches, batchEntries);
    RandomFilters filters = new RandomFilters(random);
    int matching = 0;
    for (int i = 0; i < asked; i++) {
      Filter filter = filters.filter(2);
      TenantId tenant = random.nextInt(5) == 0 ? BETA : ACME;
      String description =
          "seed %d, filter %d of %s: %s".formatted(seed, i, tenant, filter.toQuery());
      try (CompiledQuery expected = model.compile(scope(tenant), filter, () -> false);
          CompiledQuery actual = index.compile(scope(tenant), filter, () -> false)) {
        matching += expected.count() > 0 ? 1 : 0;
        compare(description, actual, expected, random);
      }
    }
    return matching;
  }

  private void fill(RandomGenerator random, EventIndex model, int batches, int batchEntries)
      throws IOException {
    RandomEntries entries = new RandomEntries(random);
    long seq = 0;
    for (int batch = 0; batch < batches; batch++) {
      List<Entry> added = new ArrayList<>();
      for (int n = random.nextInt(batchEntries); n > 0; n--) {
        added.add(entries.entry(random.nextInt(5) == 0 ? BETA : ACME, seq++));
      }
      if (random.nextInt(3) == 0 && seq > 5) {
        added.add(entries.entry(ACME, random.nextLong(seq)));
      }
      apply(index, added);
      apply(model, added);
      largestBatch = Math.max(largestBatch, added.size());
      if (random.nextInt(4) == 0) {
        long first = random.nextLong(seq + 1);
        List<SeqRange> ranges = List.of(new SeqRange(first, first + random.nextInt(8)));
        index.remove(ACME, ranges);
        model.remove(ACME, ranges);
      }
      if (random.nextInt(3) == 0) {
        index.refresh();
      }
    }
    index.refresh();
    model.refresh();
  }

  private static void compare(
      String description, CompiledQuery actual, CompiledQuery expected, RandomGenerator random)
      throws IOException {
    assertThat(actual.count()).as(description).isEqualTo(expected.count());
    for (Order order : Order.values()) {
      Place beyond = random.nextInt(3) == 0 ? order.start() : anyPlace(order, random);
      int limit = 1 + random.nextInt(300);
      assertThat(actual.page(order, beyond, limit))
          .as("%s, %s beyond %d, %d", description, order, beyond, limit)
          .isEqualTo(expected.page(order, beyond, limit));
    }
    List<FacetField> fields = List.of(FacetField.values());
    assertThat(actual.facets(fields, 50, ""))
        .as(description)
        .isEqualTo(expected.facets(fields, 50, ""));
    FacetField split = fields.get(random.nextInt(fields.size()));
    Histogram request =
        new Histogram(
            random.nextBoolean() ? Histogram.Interval.DAY : Histogram.Interval.WEEK,
            ZoneId.of("America/Sao_Paulo"),
            START.minus(Duration.ofDays(30)),
            START.plus(Duration.ofHours(5)),
            split.isSingle() ? split : null);
    assertThat(actual.histogram(request)).as(description).isEqualTo(expected.histogram(request));
    assertThat(actual.indexedThrough()).isEqualTo(expected.indexedThrough());
  }

  /** A place between entries, mostly; of some it is the very place. */
  private static Place anyPlace(Order order, RandomGenerator random) {
    int seq = random.nextInt(250);
    return order.isByOccurrence()
        ? new Place(
            RandomEntries.NOW.toEpochMilli() + random.nextLong(-40L * 86_400_000, 86_400_000L), seq)
        : Place.ofSeq(seq);
  }
}
