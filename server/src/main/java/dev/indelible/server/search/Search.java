package dev.indelible.server.search;

import dev.indelible.server.event.ActorHasher;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.index.CompiledQuery;
import dev.indelible.server.index.EventIndex;
import dev.indelible.server.index.Facet;
import dev.indelible.server.index.FacetField;
import dev.indelible.server.index.Histogram;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.query.FactsOnly;
import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.query.HashedActors;
import dev.indelible.server.query.Order;
import dev.indelible.server.query.ParsedQuery;
import dev.indelible.server.query.Place;
import dev.indelible.server.query.QueryParser;
import dev.indelible.server.query.QueryProblem;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.query.TimeBound;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.share.ReadPool;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way out: pages, single entries, facets and histograms of what a scope shows. Thread-safe.
 *
 * <p>The index says which entries; the log has them. All answers to one question come from one
 * compiled query.
 */
public final class Search {

  /** Default number of entries of a page. */
  public static final int DEFAULT_PAGE = 100;

  /** The most entries of a page. */
  public static final int MAX_PAGE = 1_000;

  /** Entries of a page that are read before others have their turn. */
  private static final int READ_AT_ONCE = 100;

  private final EventLog log;
  private final EventIndex index;
  private final EntryReader reader;
  private final Identities identities;
  private final InstantSource clock;
  private final Duration timeout;

  /**
   * A search over an index of {@code log}.
   *
   * @param timeout how long a query may take before it ends with {@link
   *     dev.indelible.server.index.QueryStoppedException}
   */
  public Search(
      EventLog log,
      EventIndex index,
      EntryReader reader,
      Identities identities,
      InstantSource clock,
      Duration timeout) {
    this.identities = identities;
    this.log = log;
    this.index = index;
    this.reader = reader;
    this.clock = clock;
    this.timeout = timeout;
  }

  /**
   * Question to the log.
   *
   * @param query in the query language; empty for everything
   * @param from the earliest occurrence, inclusive, or null
   * @param to the latest occurrence, exclusive, or null
   * @param zone the zone of dates in the query
   * @param ago the same bounds as distances from now, where they are given so
   */
  public record Question(
      String query, @Nullable Instant from, @Nullable Instant to, ZoneId zone, Ago ago) {

    /** A question without relative times. */
    public Question(String query, @Nullable Instant from, @Nullable Instant to, ZoneId zone) {
      this(query, from, to, zone, Ago.NONE);
    }

    /** The question with the times that its distances stand for at {@code now}. */
    public Question at(Instant now) {
      return new Question(
          query,
          ago.from() == null ? from : now.minus(ago.from()),
          ago.to() == null ? to : now.minus(ago.to()),
          zone);
    }
  }

  /**
   * Bounds in time as distances from now, each perhaps absent.
   *
   * @param from how long ago the earliest occurrence is at most
   * @param to how long ago the latest one is at least
   */
  public record Ago(@Nullable Duration from, @Nullable Duration to) {

    /** No bounds. */
    public static final Ago NONE = new Ago(null, null);
  }

  /** The question as it means now, for what is answered in several steps. */
  public Question now(Question question) {
    return question.at(clock.instant());
  }

  /**
   * One page.
   *
   * @param entries the entries, in the order asked for
   * @param next the cursor of the next page, or null when this is the last
   * @param indexedThrough the tenant's highest sequence number that is found, if any; later ones
   *     are not yet
   */
  public record Page(List<Found> entries, @Nullable String next, OptionalLong indexedThrough) {}

  /**
   * Page that is asked for.
   *
   * @param question the entries of which it is one
   * @param order their order
   * @param limit the most entries of it
   * @param cursor where it begins; null for the first
   */
  public record Wanted(Question question, Order order, int limit, @Nullable String cursor) {}

  /**
   * Places of the entries of one page.
   *
   * @param seqs their sequence numbers, in the order asked for
   * @param next the cursor of the next page, or null when this is the last
   * @param indexedThrough as in {@link Page}
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; identity is never compared
  public record Listing(long[] seqs, @Nullable String next, OptionalLong indexedThrough) {}

  /** The first page, or, with a cursor, the one behind it. */
  public Page page(
      TenantScope scope, Question question, Order order, int limit, @Nullable String cursor)
      throws IOException {
    Listing found = find(scope, new Wanted(question, order, limit, cursor));
    return new Page(read(scope, found.seqs()), found.next(), found.indexedThrough());
  }

  /** Finds the entries of a page without reading them. */
  public Listing find(TenantScope scope, Wanted wanted) throws IOException {
    return new PageFinding(this, scope, wanted, clock.instant()).find(timeout);
  }

  /**
   * Finds the entries of a page where that is a matter of a moment; empty where it may not be, and
   * {@link #find} is to be asked on a thread that may be kept longer.
   */
  public Optional<Listing> findAtOnce(TenantScope scope, Wanted wanted) throws IOException {
    return new PageFinding(this, scope, wanted, clock.instant()).findAtOnce();
  }

  /**
   * Sequence numbers of entries that are found.
   *
   * @param seqs ascending; at most as many as were asked for
   * @param indexedThrough the tenant's highest sequence number that is found, if any; later ones
   *     are not yet
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; identity is never compared
  public record Seqs(long[] seqs, OptionalLong indexedThrough) {}

  /** Sequence numbers of the next entries behind one that a filter finds, ascending. */
  public Seqs seqs(TenantScope scope, Filter filter, long behind, int limit) throws IOException {
    try (CompiledQuery compiled = compile(scope, filter)) {
      long[] seqs =
          compiled.page(Order.OLDEST_FIRST, Place.ofSeq(behind), limit).stream()
              .mapToLong(Place::seq)
              .toArray();
      return new Seqs(seqs, compiled.indexedThrough());
    }
  }

  private List<Found> read(TenantScope scope, long[] seqs) throws IOException {
    List<Found> entries = new ArrayList<>(seqs.length);
    for (int from = 0; from < seqs.length; from += READ_AT_ONCE) {
      long[] some = Arrays.copyOfRange(seqs, from, Math.min(seqs.length, from + READ_AT_ONCE));
      for (StoredEntry stored : log.get(scope.tenant(), some)) {
        reader.find(stored, scope.seesPersonal()).ifPresent(entries::add);
      }
      ReadPool.pass();
    }
    return entries;
  }

  /** The entry of that id, if the scope shows it. */
  public Optional<Found> entry(TenantScope scope, String id) throws IOException {
    // Whoever sees a part asks the index, which knows the part: an entry of another is not read at
    // all, so that the answer takes no longer for it than for one that does not exist.
    OptionalLong seq = scope.isWhole() ? log.findFresh(scope.tenant(), id) : OptionalLong.empty();
    if (seq.isEmpty()) {
      seq = index.find(scope, id);
    }
    if (seq.isEmpty()) {
      return Optional.empty();
    }
    StoredEntry stored = log.get(scope.tenant(), new long[] {seq.getAsLong()}).getFirst();
    FilterEvaluator visible = new FilterEvaluator(scope.restrict(Filter.all()));
    return reader
        .find(stored, scope.seesPersonal())
        .filter(found -> found.stored().id().equals(id) && visible.matches(found.stored()));
  }

  /** Counts of the values of fields among the matching entries. */
  public Counted<List<Facet>> facets(
      TenantScope scope, Question question, List<FacetField> fields, int limit, String prefix)
      throws IOException {
    Filter filter = filter(scope, question, clock.instant());
    try (CompiledQuery compiled = compile(scope, filter)) {
      List<Facet> facets = compiled.facets(fields, limit, prefix);
      int actors = fields.indexOf(FacetField.ACTOR_ID);
      if (actors >= 0 && !scope.seesPersonal()) {
        facets = new ArrayList<>(facets);
        facets.set(actors, clearActors(scope, filter, limit, prefix));
      }
      return new Counted<>(compiled.count(), facets, compiled.indexedThrough());
    }
  }

  /** The actors whose ids do not name them, for those who may not see the others. */
  private Facet clearActors(TenantScope scope, Filter filter, int limit, String prefix)
      throws IOException {
    Filter clear = Filter.and(filter, FactsOnly.WITH_CLEAR_ACTORS);
    try (CompiledQuery compiled = compile(scope, clear)) {
      return compiled.facets(List.of(FacetField.ACTOR_ID), limit, prefix).getFirst();
    }
  }

  /**
   * Actor, and in how many entries they acted.
   *
   * @param name as the newest of them has it; null when that says none
   */
  public record Named(String id, @Nullable String name, long count) {}

  /** Actors of what is asked for with a name that has a word that begins so, the busiest first. */
  public List<Named> actorsNamed(TenantScope scope, Question question, String beginning, int limit)
      throws IOException {
    if (!scope.seesPersonal() || beginning.codePoints().noneMatch(Character::isLetterOrDigit)) {
      return List.of();
    }
    Filter named =
        new Filter.Term(Field.ACTOR_NAME, List.of(new Filter.Value(beginning.strip(), true)));
    Filter filter = Filter.and(filter(scope, question, clock.instant()), named);
    List<Facet.Value> actors;
    try (CompiledQuery compiled = compile(scope, filter)) {
      actors = compiled.facets(List.of(FacetField.ACTOR_ID), limit, "").getFirst().values();
    }
    return named(scope, actors);
  }

  /** Names of actors by the newest entry of each, for a reader who may see them. */
  public List<Named> named(TenantScope scope, List<Facet.Value> actors) throws IOException {
    List<Named> found = new ArrayList<>();
    if (scope.seesPersonal()) {
      for (Facet.Value actor : actors) {
        found.add(new Named(actor.value(), nameOf(scope, actor.value()), actor.count()));
      }
    }
    return found;
  }

  private @Nullable String nameOf(TenantScope scope, String id) throws IOException {
    try (CompiledQuery compiled = compile(scope, Filter.term(Field.ACTOR_ID, id))) {
      List<Found> newest = read(scope, compiled.first(Order.NEWEST_FIRST, 1));
      return newest.isEmpty() ? null : newest.getFirst().shown().event().actor().name();
    }
  }

  /**
   * The newest entry before a place of the log.
   *
   * @param seq its sequence number, if there is one
   * @param indexedThrough as in {@link Page}
   */
  public record Newest(OptionalLong seq, OptionalLong indexedThrough) {}

  /**
   * The newest entry that a question finds before a sequence number, other than of some actions.
   */
  public Newest newestBefore(
      TenantScope scope, Question question, List<String> otherActions, long seq)
      throws IOException {
    Filter others =
        new Filter.Term(Field.ACTION, otherActions.stream().map(Filter.Value::exact).toList());
    Filter filter = Filter.and(filter(scope, question, clock.instant()), Filter.not(others));
    try (CompiledQuery compiled = compile(scope, filter)) {
      List<Place> found = compiled.page(Order.NEWEST_FIRST, Place.ofSeq(seq), 1);
      return new Newest(
          found.stream().mapToLong(Place::seq).findFirst(), compiled.indexedThrough());
    }
  }

  /** Whether any entry of the scope is meant. */
  boolean findsAny(TenantScope scope, Filter filter) throws IOException {
    try (CompiledQuery compiled = compile(scope, meant(scope, filter))) {
      return compiled.first(Order.NEWEST_FIRST, 1).length > 0;
    }
  }

  /** Counts of the matching entries by time of occurrence. */
  public Counted<List<Histogram.Bucket>> histogram(
      TenantScope scope, Question question, Histogram request) throws IOException {
    Filter filter = filter(scope, question, clock.instant());
    if (request.split() == FacetField.ACTOR_ID && !scope.seesPersonal()) {
      filter = Filter.and(filter, FactsOnly.WITH_CLEAR_ACTORS);
    }
    try (CompiledQuery compiled = compile(scope, filter)) {
      return new Counted<>(
          compiled.count(), compiled.histogram(request), compiled.indexedThrough());
    }
  }

  /**
   * An answer with the number of entries that it speaks of.
   *
   * @param count all entries that the question finds
   * @param answer the answer
   * @param indexedThrough the tenant's highest sequence number that is found, if any
   */
  public record Counted<T>(long count, T answer, OptionalLong indexedThrough) {}

  /** Whether a scope sees the clear ids of actors, and not their hashes alone. */
  public boolean seesActors(TenantScope scope) {
    return scope.seesPersonal() || identities.hasher(scope.tenant()).isEmpty();
  }

  /**
   * Filter that a question means now, for this scope.
   *
   * @throws BadQueryException when the query cannot be understood
   * @throws FactsOnly.PersonalException when it asks for what is personal, and the scope does not
   *     show that
   */
  public Filter filter(TenantScope scope, Question question, Instant now) {
    return filter(scope, question, now, QueryParser.Reading.ASKED);
  }

  private Filter filter(
      TenantScope scope, Question question, Instant now, QueryParser.Reading reading) {
    List<Filter> parts = new ArrayList<>();
    switch (QueryParser.parse(question.query(), now, question.zone(), reading)) {
      case ParsedQuery.Valid(Filter filter) -> parts.add(meant(scope, filter));
      case QueryProblem problem -> throw new BadQueryException(problem);
    }
    Question bounded = question.at(now);
    if (bounded.from() != null) {
      parts.add(new Filter.Time(TimeBound.AFTER, bounded.from()));
    }
    if (bounded.to() != null) {
      parts.add(new Filter.Time(TimeBound.BEFORE, bounded.to()));
    }
    return Filter.and(parts);
  }

  /**
   * Refuses a query that somebody of the scope may not ask.
   *
   * @throws FactsOnly.PersonalException when it asks for what is personal, and the scope does not
   *     show that
   */
  public void requireMayAsk(TenantScope scope, String query) {
    Filter _ = filter(scope, new Question(query, null, null, ZoneOffset.UTC), clock.instant());
  }

  /** Whether somebody of the scope may ask this, as far as what is personal is concerned. */
  public boolean mayAsk(TenantScope scope, String query) {
    try {
      filter(
          scope,
          new Question(query, null, null, ZoneOffset.UTC),
          clock.instant(),
          QueryParser.Reading.STORED);
      return true;
    } catch (FactsOnly.PersonalException e) {
      return false;
    } catch (BadQueryException e) {
      // A grammar that does not know it any more does not know either what is personal in it.
      return scope.seesPersonal();
    }
  }

  /**
   * A query that somebody makes hold for others or for later, such as a viewer's filter or a legal
   * hold, as it is kept: as they wrote it, or, when they may not see what is personal, as it is
   * answered to them.
   *
   * @param at the moment that its relative times count from
   * @throws BadQueryException when it cannot be understood
   * @throws FactsOnly.PersonalException when it asks for what is personal, and the scope does not
   *     show that
   */
  public String kept(TenantScope scope, String query, Instant at) {
    Filter filter =
        switch (QueryParser.parse(query, at, ZoneOffset.UTC)) {
          case ParsedQuery.Valid(Filter valid) -> valid;
          case QueryProblem problem -> throw new BadQueryException(problem);
        };
    if (scope.seesPersonal()) {
      return query;
    }
    Filter answered = meant(scope, filter);
    if (answered.equals(filter)) {
      return query;
    }
    String written = answered.toQuery();
    if (QueryParser.parse(written, at, ZoneOffset.UTC) instanceof QueryProblem problem) {
      throw new BadQueryException(problem);
    }
    return written;
  }

  /** The hash that stands for a person's id in a tenant's log; empty where ids stand clear. */
  public Optional<String> hashOf(TenantId tenant, String id) {
    return identities.hasher(tenant).map(hasher -> hasher.hash(id));
  }

  private Filter meant(TenantScope scope, Filter filter) {
    Optional<ActorHasher> hasher = identities.hasher(scope.tenant());
    if (!scope.seesPersonal()) {
      return new FactsOnly(hasher.isPresent()).of(filter);
    }
    return hasher.map(h -> new HashedActors(h::hash).of(filter)).orElse(filter);
  }

  private CompiledQuery compile(TenantScope scope, Filter filter) throws IOException {
    return compile(scope, filter, timeout);
  }

  /** Compiles a filter that {@link #filter(TenantScope, Question, Instant)} gave. */
  CompiledQuery compile(TenantScope scope, Filter filter, Duration atMost) throws IOException {
    long deadline = System.nanoTime() + atMost.toNanos();
    BooleanSupplier stop =
        () -> {
          ReadPool.pass();
          return System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted();
        };
    return index.compile(scope, filter, stop);
  }
}
