package dev.indelible.server.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.Position;
import dev.indelible.ports.testing.InMemoryBlobStore;
import dev.indelible.ports.testing.InMemoryJournal;
import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.EntryCodec;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.EventDecoder;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.follow.EntryFeed;
import dev.indelible.server.index.Facet;
import dev.indelible.server.index.FacetField;
import dev.indelible.server.index.Histogram;
import dev.indelible.server.index.InMemoryIndex;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.EventLogBuilder;
import dev.indelible.server.log.FreshEntry;
import dev.indelible.server.log.LogConfig;
import dev.indelible.server.log.LogFollower;
import dev.indelible.server.log.NewEntry;
import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.Order;
import dev.indelible.server.query.TenantScope;
import dev.indelible.testing.Eventually;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages of entries, and what a fixed filter hides from every kind of question. */
class SearchPagesTest {

  private static final TenantId ACME = new TenantId("acme");
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);
  private static final int ENTRIES = 23;
  private static final TenantScope ALL =
      new TenantScope(ACME, Optional.empty(), Set.of(TenantScope.PERSONAL), Filter.all());

  /** Scope of a restricted viewer's session. */
  private static final TenantScope ANA =
      new TenantScope(
          ACME,
          Optional.empty(),
          Set.of(TenantScope.PERSONAL),
          new Filter.Term(Field.ACTOR_ID, List.of(Filter.Value.exact("u_ana"))));

  private final EntryReader reader = new EntryReader();
  private final InMemoryIndex index = new InMemoryIndex();
  private final InMemoryJournal journal = new InMemoryJournal(CLOCK);
  private final AtomicLong indexed = new AtomicLong();
  private @Nullable EventLog log;

  @BeforeEach
  void record() throws Exception {
    EventLog opened =
        new EventLogBuilder(
                journal,
                new InMemoryBlobStore(),
                new LogConfig(4L << 20, Duration.ofHours(1), 64L << 20, 3, 1L << 30, 1L << 20),
                CLOCK,
                1,
                reader,
                new StoredComparison(reader))
            .open((tenant, id) -> OptionalLong.empty(), List.of(new Indexing()));
    log = opened;
    opened.start();
    List<NewEntry> entries = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i++) {
      entries.add(entry("e" + i, i % 3 == 0 ? "u_ana" : "u_bo"));
    }
    append(entries);
  }

  /** Appends, and returns when all of it is found. */
  private void append(List<NewEntry> entries) throws Exception {
    long before = log().size(ACME);
    Eventually.done("recorded", log().append(entries));
    Eventually.see("visible", indexed::get, count -> count == before + entries.size());
  }

  @AfterEach
  void close() throws Exception {
    if (log != null) {
      log.close();
    }
    journal.close();
  }

  private EventLog log() {
    return Objects.requireNonNull(log);
  }

  private static NewEntry entry(String id, String actor) {
    return entry(id, actor, "2026-11-20T09:00:00Z");
  }

  private static NewEntry entry(String id, String actor, String occurredAt) {
    byte[] json =
        """
        {"id":"%s","action":"ticket.updated","occurred_at":"%s",
         "actor":{"type":"user","id":"%s"}}"""
            .formatted(id, occurredAt, actor)
            .getBytes(StandardCharsets.UTF_8);
    var event = ((Decoding.Decoded) new EventDecoder().decode(json, 0, json.length)).event();
    EntryCodec.Parts parts =
        new EntryCodec()
            .encode(
                new EntryCodec.Accepted(
                    ACME, id, event, new Classification("tickets", "update", false, List.of())),
                EntryCodec.Privacy.BASIC);
    byte[] salt = new byte[EntryParts.SALT_BYTES];
    assertThat(parts.personal()).isNull();
    return new NewEntry(ACME, id, true, EntryParts.ofFacts(parts.facts(), salt));
  }

  /** Makes every entry visible at once. */
  private final class Indexing implements LogFollower {
    @Override
    public void sequenced(List<FreshEntry> entries, Position through) {
      index.apply(entries.stream().map(EntryReader::indexable).toList());
      index.refresh();
      indexed.addAndGet(entries.size());
    }

    @Override
    public void awaitDurable(Position through) {
      index.commit(through);
    }
  }

  private Search search() {
    return new Search(log(), index, reader, Identities.CLEAR, CLOCK, Eventually.LIMIT);
  }

  private static Search.Question question(String query) {
    return new Search.Question(query, null, null, ZoneOffset.UTC);
  }

  private static List<Long> seqs(Search.Page page) {
    return page.entries().stream().map(found -> found.shown().seq()).toList();
  }

  private static List<Long> anas() {
    return LongStream.range(0, ENTRIES).filter(seq -> seq % 3 == 0).boxed().toList();
  }

  /** Follows the cursors to the end. */
  private List<Long> all(TenantScope scope, String query, Order order, int limit) throws Exception {
    List<Long> all = new ArrayList<>();
    String cursor = null;
    do {
      Search.Page page = search().page(scope, question(query), order, limit, cursor);
      assertThat(page.entries()).hasSizeLessThanOrEqualTo(limit);
      all.addAll(seqs(page));
      cursor = page.next();
    } while (cursor != null && all.size() <= ENTRIES);
    return all;
  }

  @Test
  void anEntryIsNotReadBeforeTheScopeOfWhoeverSeesAPartIsAsked() throws Exception {
    // An index that knows nothing: what is found all the same was read from the log first.
    Search search =
        new Search(log(), new InMemoryIndex(), reader, Identities.CLEAR, CLOCK, Eventually.LIMIT);
    assertThat(search.entry(ALL, "e0")).isPresent();
    TenantScope account =
        new TenantScope(
            ACME, Optional.of(Set.of("eu")), Set.of(TenantScope.PERSONAL), Filter.all());
    for (TenantScope part : List.of(ANA, account)) {
      for (String id : List.of("e0", "e1", "never")) {
        assertThat(search.entry(part, id)).as("%s of %s", id, part).isEmpty();
      }
    }
    assertThat(search().entry(ANA, "e0")).isPresent();
    assertThat(search().entry(ANA, "e1")).isEmpty();
  }

  @Test
  void pagesOfAnyLengthHoldEveryEntryOnceAndInOrder() throws Exception {
    List<Long> ascending = LongStream.range(0, ENTRIES).boxed().toList();
    for (int limit : new int[] {1, 2, 5, ENTRIES - 1, ENTRIES, ENTRIES + 1}) {
      assertThat(all(ALL, "", Order.OLDEST_FIRST, limit)).as("%d", limit).isEqualTo(ascending);
      assertThat(all(ALL, "", Order.NEWEST_FIRST, limit))
          .as("%d", limit)
          .isEqualTo(ascending.reversed());
      assertThat(all(ALL, "actor:u_ana", Order.OLDEST_FIRST, limit)).isEqualTo(anas());
    }
  }

  @Test
  void theLastPageHasNoCursor() throws Exception {
    assertThat(search().page(ALL, question(""), Order.NEWEST_FIRST, ENTRIES, null).next()).isNull();
    assertThat(search().page(ALL, question(""), Order.NEWEST_FIRST, ENTRIES - 1, null).next())
        .isNotNull();
  }

  @Test
  void whatComesMeanwhileMovesNoPage() throws Exception {
    Search.Page first = search().page(ALL, question(""), Order.NEWEST_FIRST, 5, null);
    append(List.of(entry("later", "u_ana")));
    Search.Page second = search().page(ALL, question(""), Order.NEWEST_FIRST, 5, first.next());
    assertThat(seqs(second)).containsExactly(17L, 16L, 15L, 14L, 13L);
  }

  @Test
  void byOccurrenceWhatComesMeanwhileMovesNoPageAndALateOneIsMissedByThoseThatFollow()
      throws Exception {
    append(
        List.of(
            entry("early", "u_bo", "2199-01-01T00:00:00Z"), // stands by its recording
            entry("newest", "u_bo", "2026-11-20T09:30:00Z"),
            entry("oldest", "u_ana", "2026-11-19T09:00:00Z")));
    Order order = Order.LATEST_OCCURRED_FIRST;
    Search.Page first = search().page(ALL, question(""), order, 4, null);
    assertThat(seqs(first)).containsExactly(23L, 24L, 22L, 21L);
    append(
        List.of(
            entry("before", "u_bo", "2026-11-20T09:15:00Z"),
            entry("behind", "u_bo", "2026-11-20T08:00:00Z")));
    List<Long> rest = new ArrayList<>();
    String cursor = first.next();
    while (cursor != null) {
      Search.Page page = search().page(ALL, question(""), order, 4, cursor);
      rest.addAll(seqs(page));
      cursor = page.next();
    }
    List<Long> expected = new ArrayList<>(LongStream.range(0, 21).boxed().toList().reversed());
    expected.addAll(List.of(27L, 25L));
    assertThat(rest).isEqualTo(expected);
    assertThat(all(ANA, "", Order.EARLIEST_OCCURRED_FIRST, 3)).first().isEqualTo(25L);
  }

  @Test
  void aCursorIsForItsQueryOrderAndScopeAlone() throws Exception {
    String cursor =
        String.valueOf(search().page(ALL, question(""), Order.NEWEST_FIRST, 5, null).next());
    assertThatThrownBy(
            () -> search().page(ALL, question("actor:u_ana"), Order.NEWEST_FIRST, 5, cursor))
        .isInstanceOf(BadCursorException.class);
    assertThatThrownBy(() -> search().page(ALL, question(""), Order.OLDEST_FIRST, 5, cursor))
        .isInstanceOf(BadCursorException.class);
    assertThatThrownBy(
            () -> search().page(ALL, question(""), Order.LATEST_OCCURRED_FIRST, 5, cursor))
        .isInstanceOf(BadCursorException.class);
    assertThatThrownBy(() -> search().page(ANA, question(""), Order.NEWEST_FIRST, 5, cursor))
        .isInstanceOf(BadCursorException.class);
    assertThatThrownBy(() -> search().page(ALL, question(""), Order.NEWEST_FIRST, 5, "none"))
        .isInstanceOf(BadCursorException.class);
  }

  @Test
  void aFixedFilterHidesTheSameFromPagesEntriesCountsAndTheTail() throws Exception {
    assertThat(all(ANA, "", Order.OLDEST_FIRST, 4)).isEqualTo(anas());
    assertThat(search().entry(ANA, "e3")).isPresent();
    assertThat(search().entry(ANA, "e4")).isEmpty();
    var facets = search().facets(ANA, question(""), List.of(FacetField.ACTOR_ID), 10, "");
    assertThat(facets.count()).isEqualTo(anas().size());
    assertThat(facets.answer().getFirst().values())
        .extracting(Facet.Value::value)
        .containsExactly("u_ana");
    var histogram =
        search()
            .histogram(
                ANA,
                question(""),
                new Histogram(
                    Histogram.Interval.HOUR,
                    ZoneOffset.UTC,
                    NOW.minus(Duration.ofHours(3)),
                    NOW.plus(Duration.ofHours(1)),
                    null));
    assertThat(histogram.count()).isEqualTo(anas().size());
    assertThat(histogram.answer().stream().mapToLong(Histogram.Bucket::count).sum())
        .isEqualTo(anas().size());
    assertThat(tail(ANA, Filter.all())).isEqualTo(anas());
  }

  /** Entries of the log's beginning that a tail shows. */
  private List<Long> tail(TenantScope scope, Filter filter) throws Exception {
    List<Long> shown = new ArrayList<>();
    long[] looked = {0};
    new Tail(new EntryFeed(log(), reader))
        .follow(
            scope,
            filter,
            0,
            found -> shown.add(found.shown().seq()),
            () -> looked[0]++ > 0,
            Duration.ZERO);
    return shown;
  }
}
