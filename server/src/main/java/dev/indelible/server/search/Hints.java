package dev.indelible.server.search;

import dev.indelible.server.index.CompiledQuery;
import dev.indelible.server.index.Facet;
import dev.indelible.server.index.FacetField;
import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.NearestName;
import dev.indelible.server.query.ParsedQuery;
import dev.indelible.server.query.QueryParser;
import dev.indelible.server.query.TenantScope;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says why a query finds nothing: {@code actor:} is exact, and who types a part of a name means
 * somebody all the same; a category, role or kind of target that no entry has is most likely
 * misspelt. Thread-safe.
 */
public final class Hints {

  /** The most values of a query that are looked at. */
  static final int MAX_VALUES = 3;

  /** The most people that are named for one value. */
  static final int MAX_NAMED = 3;

  /** The most values of a field that are named instead of one that no entry has. */
  static final int MAX_THERE = 8;

  /** The fields whose values people know by heart and misspell. */
  private static final Map<Field, FacetField> SPELT =
      Stream.of(
              FacetField.CATEGORY,
              FacetField.ROLE,
              FacetField.TARGET_TYPE,
              FacetField.ACTION,
              FacetField.ACCOUNT,
              FacetField.MODEL,
              FacetField.PRODUCER)
          .collect(Collectors.toUnmodifiableMap(FacetField::field, field -> field));

  private final Search search;
  private final InstantSource clock;

  /** Hints to the questions of {@code search}. */
  public Hints(Search search, InstantSource clock) {
    this.search = search;
    this.clock = clock;
  }

  /** Hint about a query that found nothing. */
  public sealed interface Hint {

    /** The field that it is about. */
    default Field field() {
      return Field.ACTOR;
    }

    /** The value that it is about, of that field. */
    String value();

    /**
     * The value is nobody's id, name or e-mail address, but words of these people's names begin so.
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

    /**
     * No entry, whenever it was, has this value in the field.
     *
     * @param value as it was asked for, with an asterisk where it is a beginning
     * @param there values that entries have: the one that is spelt most alike, then the most
     *     frequent
     * @param distinct how many values there are
     */
    record NoSuchValue(Field field, String value, List<Facet.Value> there, int distinct)
        implements Hint {
      public NoSuchValue {
        there = List.copyOf(there);
      }
    }
  }

  /** Finds hints for a question that found nothing. */
  public List<Hint> of(TenantScope scope, Search.Question question) throws IOException {
    List<Hint> hints = new ArrayList<>();
    if (QueryParser.parse(
            question.query(), clock.instant(), question.zone(), QueryParser.Reading.ASKED)
        instanceof ParsedQuery.Valid(Filter filter)) {
      for (Asked asked : asked(filter)) {
        Hint hint =
            asked.field() == Field.ACTOR
                ? hint(scope, question, asked.value().text())
                : spelling(scope, question, asked);
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

  private @Nullable Hint spelling(TenantScope scope, Search.Question question, Asked asked)
      throws IOException {
    Field field = asked.field();
    if (search.findsAny(scope, new Filter.Term(field, List.of(asked.value())))) {
      return null;
    }
    Search.Question anyTime = new Search.Question("", null, null, question.zone());
    Facet facet =
        search
            .facets(scope, anyTime, List.of(SPELT.get(field)), CompiledQuery.MAX_FACET_VALUES, "")
            .answer()
            .getFirst();
    String text = asked.value().text();
    Optional<String> nearest =
        NearestName.to(text, facet.values().stream().map(Facet.Value::value));
    List<Facet.Value> there =
        facet.values().stream()
            .sorted(Comparator.comparing(value -> !nearest.equals(Optional.of(value.value()))))
            .limit(MAX_THERE)
            .toList();
    return new Hint.NoSuchValue(
        field, asked.value().prefix() ? text + "*" : text, there, facet.distinct());
  }

  /** A value that a query asks for in a field. */
  private record Asked(Field field, Filter.Value value) {}

  /** The values that have to match and of which there may be a hint. */
  private static List<Asked> asked(Filter filter) {
    List<Filter> parts = filter instanceof Filter.And(List<Filter> all) ? all : List.of(filter);
    List<Asked> asked = new ArrayList<>();
    for (Filter part : parts) {
      if (part instanceof Filter.Term(Field field, List<Filter.Value> wanted)) {
        boolean isSpelt = SPELT.containsKey(field);
        wanted.stream()
            .filter(value -> isSpelt || (field == Field.ACTOR && !value.prefix()))
            .forEach(value -> asked.add(new Asked(field, value)));
      }
    }
    return asked.subList(0, Math.min(asked.size(), MAX_VALUES));
  }
}
