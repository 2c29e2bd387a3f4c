package dev.indelible.server.trail;

import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The conditions of a look that name somebody or something, as texts.
 *
 * <p>Times, and what the catalog and the program have words for (kinds of action, outcomes, types),
 * name nobody: what is counted by them alone is a figure of the whole log.
 *
 * @param conditions all of which hold for what is looked at
 */
public record Naming(Set<String> conditions) {

  /** Nobody and nothing. */
  public static final Naming NONE = new Naming(Set.of());

  /** Beyond so many characters a look covers no figures but those that name nothing. */
  static final int MAX_CHARACTERS = 1_024;

  private static final Set<Field> OF_FIXED_WORDS =
      Set.of(
          Field.ACTION,
          Field.VERB,
          Field.CATEGORY,
          Field.OUTCOME,
          Field.SECURITY,
          Field.FLAG,
          Field.ACTOR_TYPE,
          Field.TARGET_TYPE,
          Field.HAS);

  public Naming {
    conditions = Set.copyOf(conditions);
  }

  /** The conditions of a query. */
  public static Naming of(Filter filter) {
    List<Filter> parts = filter instanceof Filter.And(List<Filter> all) ? all : List.of(filter);
    Set<String> conditions = new TreeSet<>();
    for (Filter part : parts) {
      if (!namesNothing(part)) {
        conditions.add(part.toQuery());
      }
    }
    return new Naming(conditions);
  }

  private static boolean namesNothing(Filter filter) {
    return switch (filter) {
      case Filter.All _, Filter.Time _ -> true;
      case Filter.Not(Filter inner) -> namesNothing(inner);
      case Filter.And(List<Filter> filters) -> filters.stream().allMatch(Naming::namesNothing);
      case Filter.Or(List<Filter> filters) -> filters.stream().allMatch(Naming::namesNothing);
      case Filter.Term(Field field, List<Filter.Value> _) -> OF_FIXED_WORDS.contains(field);
      case Filter.Text _, Filter.Ip _ -> false;
    };
  }

  /** As much of it as is remembered: all, or, when it is very long, nothing. */
  Naming bounded() {
    return conditions.stream().mapToInt(String::length).sum() > MAX_CHARACTERS ? NONE : this;
  }

  /** Whether it names all that {@code part} names. */
  boolean includes(Naming part) {
    return conditions.containsAll(part.conditions);
  }
}
