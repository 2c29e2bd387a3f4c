package dev.indelible.server.search;

import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.ParsedQuery;
import dev.indelible.server.query.QueryParser;
import dev.indelible.server.query.TenantScope;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says why a query that asks for somebody finds nothing: {@code actor:} is exact, and who types a
 * part of a name means somebody all the same. Thread-safe.
 */
public final class Hints {

  /** The most values of a query that are looked at. */
  static final int MAX_VALUES = 3;

  /** The most people that are named for one value. */
  static final int MAX_NAMED = 3;

  private final Search search;
  private final InstantSource clock;

  /** Hints to the questions of {@code search}. */
  public Hints(Search search, InstantSource clock) {
    this.search = search;
    this.clock = clock;
  }

  /** Something to know of a query that found nothing. */
  public sealed interface Hint {

    /** The value that it is about, of {@code actor}. */
    String value();

    /**
     * It is nobody's id, name or e-mail address, but words of these people's names begin so.
     *
     * @param named the busiest first
     */
    record BeginsWith(String value, List<Search.Named> named) implements Hint {
      public BeginsWith {
        named = List.copyOf(named);
      }
    }

    /** Names are not shown to who asks, so only an id finds anybody. */
    record NamesWithheld(String value) implements Hint {}
  }

  /** What to know of a question that found nothing. */
  public List<Hint> of(TenantScope scope, Search.Question question) throws IOException {
    List<Hint> hints = new ArrayList<>();
    if (QueryParser.parse(
            question.query(), clock.instant(), question.zone(), QueryParser.Reading.ASKED)
        instanceof ParsedQuery.Valid(Filter filter)) {
      for (String value : actors(filter)) {
        Hint hint = hint(scope, question, value);
        if (hint != null) {
          hints.add(hint);
        }
      }
    }
    return hints;
  }

  private @Nullable Hint hint(TenantScope scope, Search.Question question, String value)
      throws IOException {
    if (search.findsAny(scope, Filter.term(Field.ACTOR, value))) {
      return null;
    }
    if (!scope.seesPersonal()) {
      return new Hint.NamesWithheld(value);
    }
    Search.Question anyTime = new Search.Question("", null, null, question.zone());
    List<Search.Named> named = search.actorsNamed(scope, anyTime, value, MAX_NAMED);
    return named.isEmpty() ? null : new Hint.BeginsWith(value, named);
  }

  /** The values of {@code actor:} that have to match. */
  private static List<String> actors(Filter filter) {
    List<Filter> parts = filter instanceof Filter.And(List<Filter> all) ? all : List.of(filter);
    List<String> values = new ArrayList<>();
    for (Filter part : parts) {
      if (part instanceof Filter.Term(Field field, List<Filter.Value> wanted)
          && field == Field.ACTOR) {
        wanted.stream().filter(value -> !value.prefix()).forEach(value -> values.add(value.text()));
      }
    }
    return values.subList(0, Math.min(values.size(), MAX_VALUES));
  }
}
