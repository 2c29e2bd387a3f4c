package dev.indelible.server.index;

import dev.indelible.server.query.Atom;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.IpNetwork;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/** The one translation of a filter to Lucene. Tenants are left to the spans that are searched. */
final class FilterCompiler {

  /**
   * Most terms of one leaf that get an iterator each, which a page of the newest leaves early; more
   * are gathered into one bit set.
   */
  private static final int MAX_LAZY_TERMS = 7;

  /** Largest filter for that; Lucene takes 1,024 iterators side by side at most. */
  private static final int MAX_LAZY_SIZE = 64;

  private final QueryBinding binding;
  private final boolean lazy;

  private FilterCompiler(QueryBinding binding, boolean lazy) {
    this.binding = binding;
    this.lazy = lazy;
  }

  static Query compile(Filter filter, QueryBinding binding) {
    return new FilterCompiler(binding, size(filter) <= MAX_LAZY_SIZE).compile(filter);
  }

  private Query compile(Filter filter) {
    return switch (filter) {
      case Filter.All() -> MatchAllDocsQuery.INSTANCE;
      case Filter.And(List<Filter> filters) -> and(filters);
      case Filter.Or(List<Filter> filters) -> {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        filters.forEach(f -> any.add(compile(f), Occur.SHOULD));
        yield any.build();
      }
      case Filter.Not not -> and(List.of(not));
      case Filter.Term term -> anyOf(term.anyOf());
      case Filter.Ip(List<IpNetwork> networks) ->
          anyOf(networks.stream().<Atom>map(Atom.Address::new).toList());
      case Filter.Text text -> text(text);
      case Filter.Time time -> new TimeSpan().with(time).query(binding);
    };
  }

  private Query and(List<Filter> filters) {
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    TimeSpan times = new TimeSpan();
    boolean positive = false;
    for (Filter filter : filters) {
      if (filter instanceof Filter.Not(Filter inner)) {
        all.add(compile(inner), Occur.MUST_NOT);
      } else if (filter instanceof Filter.Time time) {
        times.with(time);
      } else {
        all.add(compile(filter), Occur.FILTER);
        positive = true;
      }
    }
    if (!positive || times.isBounded()) {
      all.add(times.query(binding), Occur.FILTER);
    }
    return all.build();
  }

  private Query text(Filter.Text text) {
    List<List<Atom>> tokens = text.allOf();
    Query identifiers = anyOf(text.orAnyOf());
    if (tokens.isEmpty()) {
      return identifiers;
    }
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    tokens.forEach(token -> all.add(anyOf(token), Occur.FILTER));
    return new BooleanQuery.Builder()
        .add(all.build(), Occur.SHOULD)
        .add(identifiers, Occur.SHOULD)
        .build();
  }

  private Query anyOf(List<Atom> atoms) {
    List<BytesRef> exact = new ArrayList<>();
    List<TermRange> ranges = new ArrayList<>();
    for (Atom atom : atoms) {
      TermRange.exact(atom).ifPresentOrElse(exact::add, () -> ranges.addAll(TermRange.of(atom)));
    }
    if (!lazy || exact.size() > MAX_LAZY_TERMS) {
      return new TermRangesQuery(exact, ranges, binding);
    }
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    exact.forEach(t -> any.add(new TermQuery(new Term(EntryDocument.TERMS, t)), Occur.SHOULD));
    if (!ranges.isEmpty()) {
      any.add(new TermRangesQuery(List.of(), ranges, binding), Occur.SHOULD);
    }
    return any.build();
  }

  /** Number of leaves of a filter. */
  private static int size(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> filters) ->
          filters.stream().mapToInt(FilterCompiler::size).sum();
      case Filter.Or(List<Filter> filters) -> filters.stream().mapToInt(FilterCompiler::size).sum();
      case Filter.Not(Filter inner) -> size(inner);
      case Filter.All all -> 1;
      case Filter.Term term -> 1;
      case Filter.Ip ip -> 1;
      case Filter.Time time -> 1;
      case Filter.Text text -> text.allOf().size() + 1;
    };
  }

  /** The bounds on both times, as one range each. */
  private static final class TimeSpan {
    private final long[] from = {Long.MIN_VALUE, Long.MIN_VALUE};
    private final long[] to = {Long.MAX_VALUE, Long.MAX_VALUE};

    TimeSpan with(Filter.Time time) {
      int which = time.bound().isRecorded() ? 1 : 0;
      if (time.bound().isLower()) {
        from[which] = Math.max(from[which], time.atMillis());
      } else {
        to[which] = Math.min(to[which], time.atMillis() - 1);
      }
      return this;
    }

    boolean isBounded() {
      return isBounded(0) || isBounded(1);
    }

    private boolean isBounded(int which) {
      return from[which] != Long.MIN_VALUE || to[which] != Long.MAX_VALUE;
    }

    Query query(QueryBinding binding) {
      if (!isBounded()) {
        return MatchAllDocsQuery.INSTANCE;
      }
      BooleanQuery.Builder both = new BooleanQuery.Builder();
      for (int which = 0; which < 2; which++) {
        if (from[which] > to[which]) {
          return MatchNoDocsQuery.INSTANCE;
        }
        if (isBounded(which)) {
          both.add(
              which == 0
                  ? Occurrences.between(from[which], to[which], binding)
                  : NumericDocValuesField.newSlowRangeQuery(
                      EntryDocument.RECORDED, from[which], to[which]),
              Occur.FILTER);
        }
      }
      return both.build();
    }
  }
}
