package dev.indelible.server.search;

import dev.indelible.server.index.CompiledQuery;
import dev.indelible.server.index.QueryStoppedException;
import dev.indelible.server.query.Cursor;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.Order;
import dev.indelible.server.query.Place;
import dev.indelible.server.query.TenantScope;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Finds the entries of one page, by a search's index. */
final class PageFinding {

  /** The longest that a page may take to be found at once. */
  static final Duration AT_ONCE = Duration.ofMillis(2);

  private final Search search;
  private final TenantScope scope;
  private final Search.Wanted wanted;
  private final Filter filter;
  private final Place beyond;
  private final Instant asOf;

  /**
   * Finding of a page.
   *
   * @param now the time from which the question's relative times count, on a first page
   * @throws BadCursorException when the cursor is none, or of another question
   */
  PageFinding(Search search, TenantScope scope, Search.Wanted wanted, Instant now) {
    this.search = search;
    this.scope = scope;
    this.wanted = wanted;
    Order order = wanted.order();
    if (wanted.cursor() == null) {
      this.asOf = now;
      this.beyond = order.start();
      this.filter = search.filter(scope, wanted.question(), asOf);
      return;
    }
    Cursor cursor =
        Cursor.decode(wanted.cursor())
            .orElseThrow(() -> new BadCursorException("It is no cursor that this server made."));
    this.asOf = cursor.asOf();
    this.beyond = cursor.place();
    this.filter = search.filter(scope, wanted.question(), asOf);
    if (!cursor.belongsTo(order, scope, filter)) {
      throw new BadCursorException(
          "It belongs to another query; use it with the q, from, to and order that it came"
              + " with.");
    }
  }

  /** Finds the page within a time. */
  Search.Listing find(Duration atMost) throws IOException {
    int limit = wanted.limit();
    Order order = wanted.order();
    try (CompiledQuery compiled = search.compile(scope, filter, atMost)) {
      // One more than wanted tells whether there is another page.
      List<Place> places = compiled.page(order, beyond, limit + 1);
      String next =
          places.size() > limit
              ? Cursor.after(places.get(limit - 1), order, asOf, scope, filter).encode()
              : null;
      long[] seqs = places.stream().limit(limit).mapToLong(Place::seq).toArray();
      return new Search.Listing(seqs, next, compiled.indexedThrough());
    }
  }

  /** Finds the page if the filter is plain and a moment is enough. */
  Optional<Search.Listing> findAtOnce() throws IOException {
    if (!PlainFilter.isPlain(scope.restrict(filter))) {
      return Optional.empty();
    }
    try {
      return Optional.of(find(AT_ONCE));
    } catch (QueryStoppedException e) {
      return Optional.empty();
    }
  }
}
