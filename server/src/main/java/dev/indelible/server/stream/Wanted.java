package dev.indelible.server.stream;

import dev.indelible.mapping.out.EntryFormat;
import dev.indelible.server.control.EventStream;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.search.Search;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Entries that a stream is of, by what its maker may now.
 *
 * @param stream the stream
 * @param scope the part of the log that it may send
 * @param filter tells whether an entry is meant
 * @param format their form
 * @param key what batches are put together by, in short
 */
record Wanted(
    EventStream stream, TenantScope scope, FilterEvaluator filter, EntryFormat format, String key) {

  private static final int KEY_BYTES = 8;

  /**
   * Makes it ready.
   *
   * @throws dev.indelible.server.search.BadQueryException when the query is none
   * @throws dev.indelible.server.query.FactsOnly.PersonalException when it asks for what the maker
   *     may not see
   */
  static Optional<Wanted> of(
      EventStream stream, TenantScope scope, StreamParts parts, Instant now) {
    EventStream.Content content = stream.content();
    Optional<EntryFormat> format = parts.forms().byName(content.format(), content.map());
    if (format.isEmpty()) {
      return Optional.empty();
    }
    Filter asked =
        parts
            .search()
            .filter(scope, new Search.Question(content.query(), null, null, ZoneOffset.UTC), now);
    String whole =
        String.join(
            "\n",
            content.query(),
            content.format(),
            String.valueOf(content.map()),
            Boolean.toString(content.withhold()),
            scope.accounts().map(TreeSet::new).map(TreeSet::toString).orElse("all"),
            scope.fixed().toString());
    byte[] hash = LedgerLine.digest().digest(whole.getBytes(StandardCharsets.UTF_8));
    return Optional.of(
        new Wanted(
            stream,
            scope,
            new FilterEvaluator(scope.restrict(asked)),
            format.get(),
            HexFormat.of().formatHex(hash, 0, KEY_BYTES)));
  }
}
