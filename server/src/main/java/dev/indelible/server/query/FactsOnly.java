package dev.indelible.server.query;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Translation of a query for a reader who may not see personal data: the query as far as it can be
 * answered by the facts. What only the personal part answers is refused, since every answer to it,
 * a count or an empty page, would confirm a guess.
 *
 * <p>Where not all actors are hashed, those are whose ids name them: a clear id finds none of their
 * entries, a hash does.
 *
 * @param actorsHashed whether the clear ids of all actors are personal
 */
public record FactsOnly(boolean actorsHashed) {

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  /** Entries whose actor's id is in the facts as it is. */
  public static final Filter WITH_CLEAR_ACTORS = without(EntryTerms.HASHED_ACTOR);

  private static final Filter WITH_CLEAR_PRINCIPALS = without(EntryTerms.HASHED_PRINCIPAL);

  /** A query asks for what is personal. */
  public static final class PersonalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PersonalException(String what) {
      super(what);
    }
  }

  /**
   * The query, restricted.
   *
   * @throws PersonalException when it asks for what is personal; the message says for what
   */
  public Filter of(Filter filter) {
    return switch (filter) {
      case Filter.All() -> filter;
      case Filter.Time _ -> filter;
      case Filter.And(List<Filter> filters) -> Filter.and(filters.stream().map(this::of).toList());
      case Filter.Or(List<Filter> filters) -> Filter.or(filters.stream().map(this::of).toList());
      case Filter.Not(Filter inner) -> Filter.not(of(inner));
      case Filter.Text _ -> throw new PersonalException("free text");
      case Filter.Ip _ -> throw new PersonalException("ip");
      case Filter.Term term -> term(term);
    };
  }

  /**
   * The query, restricted so that whatever it finds the whole query finds too, and so that what it
   * does not find says nothing of what is personal; empty where there is no such. For what marks
   * entries by somebody else's query.
   */
  public Optional<Filter> confirmed(Filter filter) {
    try {
      return saysNothingMore(filter, false, false) ? Optional.of(of(filter)) : Optional.empty();
    } catch (PersonalException e) {
      return Optional.empty();
    }
  }

  /** Whether the facts alone answer the query, so that how much it finds names nobody. */
  public boolean answer(Filter filter) {
    return confirmed(filter).isPresent() && saysNothingMore(filter, true, true);
  }

  /**
   * Restricting what is excluded would find more, and the difference would name somebody; when it
   * is counted, restricting anything makes a difference.
   */
  private static boolean saysNothingMore(Filter filter, boolean excluded, boolean counted) {
    return switch (filter) {
      case Filter.All _, Filter.Time _ -> true;
      case Filter.Text _, Filter.Ip _ -> false;
      case Filter.And(List<Filter> filters) ->
          filters.stream().allMatch(inner -> saysNothingMore(inner, excluded, counted));
      case Filter.Or(List<Filter> filters) ->
          filters.stream().allMatch(inner -> saysNothingMore(inner, excluded, counted));
      case Filter.Not(Filter inner) -> saysNothingMore(inner, counted || !excluded, counted);
      case Filter.Term(Field field, List<Filter.Value> values) ->
          !excluded
              || switch (field) {
                case ACTOR, ACTOR_NAME, ON_BEHALF_OF, TARGET -> false;
                case ACTOR_ID, ON_BEHALF_OF_ID -> values.stream().noneMatch(FactsOnly::isClear);
                case ACTOR_TYPE,
                    MODEL,
                    VERSION,
                    ROLE,
                    PERMISSION,
                    ACTION,
                    VERB,
                    CATEGORY,
                    TARGET_ID,
                    TARGET_TYPE,
                    ACCOUNT,
                    OUTCOME,
                    COUNTRY,
                    SESSION,
                    REQUEST,
                    TRACE,
                    PRODUCER,
                    PRODUCER_SEQ,
                    RECORDED_BY,
                    CHANGED,
                    SECURITY,
                    FLAG,
                    ID,
                    HAS ->
                    true;
              };
    };
  }

  private Filter term(Filter.Term term) {
    return switch (term.field()) {
      case ACTOR -> identity(Field.ACTOR_ID, term.values());
      case ACTOR_NAME -> throw new PersonalException("actor_name");
      case ACTOR_ID -> identity(term.field(), term.values());
      case ON_BEHALF_OF -> identity(Field.ON_BEHALF_OF_ID, term.values());
      case ON_BEHALF_OF_ID -> identity(term.field(), term.values());
      case TARGET -> new Filter.Term(Field.TARGET_ID, term.values());
      case COUNTRY -> throw new PersonalException("country");
      case HAS -> {
        if (term.values().contains(Filter.Value.exact("ip"))) {
          throw new PersonalException("has:ip");
        }
        yield term;
      }
      case ACTOR_TYPE,
          ROLE,
          PERMISSION,
          ACTION,
          VERB,
          CATEGORY,
          TARGET_ID,
          TARGET_TYPE,
          ACCOUNT,
          OUTCOME,
          SESSION,
          REQUEST,
          TRACE,
          MODEL,
          VERSION,
          PRODUCER,
          PRODUCER_SEQ,
          RECORDED_BY,
          CHANGED,
          SECURITY,
          FLAG,
          ID ->
          term;
    };
  }

  private Filter identity(Field field, List<Filter.Value> values) {
    if (actorsHashed && values.stream().anyMatch(FactsOnly::isClear)) {
      throw new PersonalException("the clear id of an actor");
    }
    Filter.Term asked = new Filter.Term(field, values);
    List<Filter.Value> clear = values.stream().filter(FactsOnly::isClear).toList();
    if (actorsHashed || clear.isEmpty()) {
      return asked;
    }
    Filter found =
        Filter.and(
            new Filter.Term(field, clear),
            field == Field.ACTOR_ID ? WITH_CLEAR_ACTORS : WITH_CLEAR_PRINCIPALS);
    List<Filter.Value> hashes = values.stream().filter(value -> !isClear(value)).toList();
    return hashes.isEmpty() ? found : Filter.or(List.of(found, new Filter.Term(field, hashes)));
  }

  private static boolean isClear(Filter.Value value) {
    return value.prefix() || !HASH.matcher(value.text()).matches();
  }

  private static Filter without(String part) {
    return Filter.not(new Filter.Term(Field.HAS, List.of(Filter.Value.exact(part))));
  }
}
