package dev.indelible.server.query;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Translation of a query where people's ids are hashed: a clear id also finds what its hash finds,
 * including entries whose personal part is gone. Of targets {@code target:} alone does so; {@code
 * target_id:}, which is what is left of it for those who may not see what is personal, does not.
 *
 * @param hash the hash of a clear id
 */
public record HashedActors(UnaryOperator<String> hash) {

  /** The query, with the hashes of the ids that it names. */
  public Filter of(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> filters) -> Filter.and(filters.stream().map(this::of).toList());
      case Filter.Or(List<Filter> filters) -> Filter.or(filters.stream().map(this::of).toList());
      case Filter.Not(Filter inner) -> Filter.not(of(inner));
      case Filter.Term(Field field, List<Filter.Value> values) when isIdentity(field) ->
          new Filter.Term(field, withHashes(values));
      case Filter.Term(Field field, List<Filter.Value> values) when field == Field.TARGET ->
          new Filter.Term(field, withHashesOfTargets(values));
      case Filter.All _, Filter.Time _, Filter.Text _, Filter.Ip _, Filter.Term _ -> filter;
    };
  }

  private static boolean isIdentity(Field field) {
    return field == Field.ACTOR
        || field == Field.ACTOR_ID
        || field == Field.ON_BEHALF_OF
        || field == Field.ON_BEHALF_OF_ID;
  }

  /** A target's id may come with its type: {@code user/u_7}. */
  private List<Filter.Value> withHashesOfTargets(List<Filter.Value> values) {
    List<Filter.Value> all = new ArrayList<>(withHashes(values));
    for (Filter.Value value : values) {
      int slash = value.text().indexOf('/');
      if (!value.prefix() && slash > 0) {
        all.add(
            Filter.Value.exact(
                value.text().substring(0, slash + 1)
                    + hash.apply(value.text().substring(slash + 1))));
      }
    }
    return all;
  }

  private List<Filter.Value> withHashes(List<Filter.Value> values) {
    List<Filter.Value> both = new ArrayList<>(values);
    for (Filter.Value value : values) {
      if (!value.prefix()) {
        both.add(Filter.Value.exact(hash.apply(value.text())));
      }
    }
    return both;
  }
}
