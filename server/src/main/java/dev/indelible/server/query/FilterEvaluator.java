package dev.indelible.server.query;

import dev.indelible.server.event.Entry;
import java.util.List;
import java.util.function.Predicate;

/**
 * A filter made ready to look at single entries in memory: for the live tail, streams and alert
 * rules. It says yes to exactly the entries that the event index finds. Immutable, thread-safe.
 */
public final class FilterEvaluator {

  private final Predicate<SearchableEntry> test;

  /** Makes {@code filter} ready. */
  public FilterEvaluator(Filter filter) {
    test = compile(filter);
  }

  /** Whether the filter means {@code entry}. */
  public boolean matches(Entry entry) {
    return matches(new SearchableEntry(entry));
  }

  /** Whether the filter means {@code entry}. */
  public boolean matches(SearchableEntry entry) {
    return test.test(entry);
  }

  private static Predicate<SearchableEntry> compile(Filter filter) {
    return switch (filter) {
      case Filter.All() -> entry -> true;
      case Filter.And(List<Filter> filters) -> {
        var tests = filters.stream().map(FilterEvaluator::compile).toList();
        yield entry -> tests.stream().allMatch(t -> t.test(entry));
      }
      case Filter.Or(List<Filter> filters) -> {
        var tests = filters.stream().map(FilterEvaluator::compile).toList();
        yield entry -> tests.stream().anyMatch(t -> t.test(entry));
      }
      case Filter.Not(Filter inner) -> compile(inner).negate();
      case Filter.Term term -> anyOf(term.anyOf());
      case Filter.Ip(List<IpNetwork> networks) ->
          anyOf(networks.stream().<Atom>map(Atom.Address::new).toList());
      case Filter.Text text -> {
        var tokens = text.allOf().stream().map(FilterEvaluator::anyOf).toList();
        Predicate<SearchableEntry> all =
            entry -> !tokens.isEmpty() && tokens.stream().allMatch(token -> token.test(entry));
        yield all.or(anyOf(text.orAnyOf()));
      }
      case Filter.Time time -> {
        long atMillis = time.atMillis();
        boolean lower = time.bound().isLower();
        boolean recorded = time.bound().isRecorded();
        yield entry -> {
          Entry e = entry.entry();
          long millis = (recorded ? e.recordedAt() : e.occurredAt()).toEpochMilli();
          return lower == millis >= atMillis;
        };
      }
    };
  }

  private static Predicate<SearchableEntry> anyOf(List<Atom> atoms) {
    return entry -> atoms.stream().anyMatch(entry::matches);
  }
}
