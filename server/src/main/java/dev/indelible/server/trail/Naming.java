package dev.indelible.server.trail;

import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a look, as texts: what the figures beside it may name.
 *
 * <p>Times, and what the catalog and the program have words for (kinds of action, outcomes, types),
 * name nobody: what is counted by them alone is a figure of the whole log.
 *
 * @param names those that name somebody or something
 * @param others those that do not, but for times
 * @param times those of time; null when it is no query, so that nothing is listed by it
 */
public record Naming(Set<String> names, Set<String> others, @Nullable Set<String> times) {

  /** Naming of a look that names nobody, and that nothing is listed by. */
  public static final Naming NONE = ofThing(Set.of());

  /** A look with more characters covers no figures but those that name nothing. */
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
    names = Set.copyOf(names);
    others = Set.copyOf(others);
    times = times == null ? null : Set.copyOf(times);
  }

  /** The conditions by which what is like one thing is found. */
  public static Naming ofThing(Set<String> names) {
    return new Naming(names, Set.of(), null);
  }

  /**
   * The conditions of a query.
   *
   * @param bounds the times beside it, as they were written
   */
  public static Naming of(Filter filter, List<String> bounds) {
    List<Filter> parts = filter instanceof Filter.And(List<Filter> all) ? all : List.of(filter);
    Set<String> names = new TreeSet<>();
    Set<String> others = new TreeSet<>();
    Set<String> times = new TreeSet<>(bounds);
    for (Filter part : parts) {
      Set<String> of = part instanceof Filter.Time ? times : namesNothing(part) ? others : names;
      if (!(part instanceof Filter.All)) {
        of.add(part.toQuery());
      }
    }
    return new Naming(names, others, times);
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

  /** Returns this naming, or nothing when it is too long to be remembered. */
  Naming bounded() {
    int characters =
        Stream.of(names, others, times == null ? Set.<String>of() : times)
            .flatMap(Set::stream)
            .mapToInt(String::length)
            .sum();
    return characters > MAX_CHARACTERS ? NONE : this;
  }

  /** Whether figures are a part of this look: they name nobody whom it does not name. */
  boolean covers(Figures figures) {
    Naming part = figures.naming();
    if (!names.containsAll(part.names)) {
      return false;
    }
    // Who is there at all is told by the same question only, or a few narrow ones tell everything.
    return !figures.listsNames()
        || (times != null && times.equals(part.times) && others.containsAll(part.others));
  }

  /**
   * Counts that a request asks for.
   *
   * @param naming by what is counted
   * @param listsNames whether the answer lists those who are found, and not only how many
   */
  public record Figures(Naming naming, boolean listsNames) {}
}
