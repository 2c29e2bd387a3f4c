package dev.indelible.server.query;

import dev.indelible.server.query.QueryToken.Kind;
import dev.indelible.server.query.QueryToken.Literal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the query language, which {@code docs/query.md} describes:
 *
 * <pre>
 * query     = [ either ]
 * either    = both *( "OR" both )
 * both      = one *( [ "AND" ] one )
 * one       = ( "-" / "NOT" ) one / "(" either ")" / "*" / qualifier / value
 * qualifier = name ":" value *( "," value )
 * value     = ( bare / quoted ) [ "*" ]
 * </pre>
 *
 * <p>Everything a query can grow in is bounded. Immutable, thread-safe.
 */
public final class QueryParser {

  /** The longest query, in UTF-16 units. */
  public static final int MAX_LENGTH = 4_096;

  /** The most qualifiers, words and phrases in a query. */
  public static final int MAX_TERMS = 256;

  /** The most values of all its qualifiers together. */
  public static final int MAX_VALUES = 1_000;

  /** The most tokens of all its free text together. */
  public static final int MAX_TOKENS = 512;

  /** Deepest nesting of parentheses and negations. */
  public static final int MAX_DEPTH = 32;

  static final String IP = "ip";

  private final List<QueryToken> tokens;
  private final int endColumn;
  private final TimeValue times;
  private final Reading reading;
  private int next;
  private int depth;
  private int textTokens;

  /** Purpose for which a query is read. */
  public enum Reading {
    /**
     * Interpretation of a stored query: it means what it meant then, so a value that no entry can
     * have finds nothing.
     */
    STORED,
    /**
     * Answering a query: a value of a fixed list may be in any case, and one that is not is a
     * fault.
     */
    ASKED,
    /** Storing a query that {@link #STORED} will read: values of fixed lists are to be exact. */
    TO_STORE
  }

  private QueryParser(List<QueryToken> tokens, int endColumn, TimeValue times, Reading reading) {
    this.tokens = tokens;
    this.endColumn = endColumn;
    this.times = times;
    this.reading = reading;
  }

  /** Reads {@code query}; dates without a zone are UTC. */
  public static ParsedQuery parse(String query, Instant now) {
    return parse(query, now, ZoneOffset.UTC);
  }

  /**
   * Reads a stored query.
   *
   * @param now the moment that relative times such as {@code -7d} start from
   * @param zone the zone of dates and times that name none
   */
  public static ParsedQuery parse(String query, Instant now, ZoneId zone) {
    return parse(query, now, zone, Reading.STORED);
  }

  /**
   * Reads {@code query}.
   *
   * @param now the moment that relative times such as {@code -7d} start from
   * @param zone the zone of dates and times that name none
   * @param reading for what
   */
  public static ParsedQuery parse(String query, Instant now, ZoneId zone, Reading reading) {
    if (query.length() > MAX_LENGTH) {
      int allowed = query.codePointCount(0, MAX_LENGTH);
      int length = query.codePointCount(0, query.length()) - allowed;
      return new QueryProblem(
          allowed + 1, Math.max(1, length), "longer than " + MAX_LENGTH + " characters", "");
    }
    try {
      List<QueryToken> tokens = QueryLexer.tokens(query);
      requireBounded(tokens);
      int endColumn = query.codePointCount(0, query.length()) + 1;
      return new ParsedQuery.Valid(
          new QueryParser(tokens, endColumn, new TimeValue(now, zone), reading).query());
    } catch (QuerySyntaxException e) {
      return e.problem();
    }
  }

  private static void requireBounded(List<QueryToken> tokens) throws QuerySyntaxException {
    int terms = 0;
    int values = 0;
    for (QueryToken token : tokens) {
      switch (token) {
        case QueryToken.Mark ignored -> {}
        case QueryToken.Word ignored -> terms++;
        case QueryToken.Qualifier qualifier -> {
          terms++;
          values += qualifier.values().size();
        }
      }
      if (terms > MAX_TERMS) {
        throw problem(token, "more than " + MAX_TERMS + " qualifiers and words", "");
      }
      if (values > MAX_VALUES) {
        throw problem(token, "more than " + MAX_VALUES + " values", "");
      }
    }
  }

  private Filter query() throws QuerySyntaxException {
    if (tokens.isEmpty()) {
      return Filter.all();
    }
    Filter filter = either();
    QueryToken rest = peek();
    if (rest != null) {
      throw problem(rest, "no parenthesis is open here", "");
    }
    return filter;
  }

  private Filter either() throws QuerySyntaxException {
    List<Filter> parts = new ArrayList<>();
    parts.add(both());
    while (accept(Kind.OR)) {
      parts.add(both());
    }
    return Filter.or(parts);
  }

  private Filter both() throws QuerySyntaxException {
    List<Filter> parts = new ArrayList<>();
    parts.add(one());
    while (accept(Kind.AND) || startsOne()) {
      parts.add(one());
    }
    return Filter.and(parts);
  }

  private boolean startsOne() {
    QueryToken token = peek();
    return token != null && !isMark(token, Kind.OR) && !isMark(token, Kind.CLOSE);
  }

  private Filter one() throws QuerySyntaxException {
    QueryToken token = peek();
    if (token == null) {
      throw new QuerySyntaxException(endColumn, 1, "the query ends too early", "");
    }
    next++;
    return switch (token) {
      case QueryToken.Word word -> text(word.literal());
      case QueryToken.Qualifier qualifier -> qualifier(qualifier);
      case QueryToken.Mark mark ->
          switch (mark.kind()) {
            case EVERYTHING -> Filter.all();
            case MINUS, NOT -> {
              enter(mark);
              Filter filter = Filter.not(one());
              depth--;
              yield filter;
            }
            case OPEN -> {
              enter(mark);
              yield parenthesis(mark);
            }
            case CLOSE -> throw problem(mark, "nothing stands before the parenthesis", "");
            case AND, OR ->
                throw problem(
                    mark,
                    "something must stand on both sides of " + mark.kind(),
                    "put it in quotes to search for the word");
          };
    };
  }

  private Filter parenthesis(QueryToken open) throws QuerySyntaxException {
    Filter filter = either();
    if (!accept(Kind.CLOSE)) {
      throw problem(open, "this parenthesis is not closed", "");
    }
    depth--;
    return filter;
  }

  private void enter(QueryToken token) throws QuerySyntaxException {
    depth++;
    if (depth > MAX_DEPTH) {
      throw problem(token, "nested more than " + MAX_DEPTH + " deep", "");
    }
  }

  private Filter text(Literal literal) throws QuerySyntaxException {
    Filter.Text text = new Filter.Text(literal.text(), literal.prefix());
    int found = text.allOf().size();
    if (found == 0) {
      throw problem(literal, "no letter or digit to search for", "");
    }
    textTokens += found;
    if (textTokens > MAX_TOKENS) {
      throw problem(literal, "more than " + MAX_TOKENS + " words in all texts together", "");
    }
    return text;
  }

  private Filter qualifier(QueryToken.Qualifier qualifier) throws QuerySyntaxException {
    Optional<Field> field = Field.named(qualifier.name());
    if (field.isPresent()) {
      return term(field.get(), qualifier);
    }
    Optional<TimeBound> bound = TimeBound.named(qualifier.name());
    if (bound.isPresent()) {
      return time(bound.get(), qualifier);
    }
    if (qualifier.name().equalsIgnoreCase(IP)) {
      return ip(qualifier);
    }
    if (qualifier.name().equalsIgnoreCase(LogReads.NAME)) {
      return reads(qualifier);
    }
    String nearest =
        FieldSynonyms.of(qualifier.name())
            .or(() -> NearestName.to(qualifier.name(), names()))
            .map(name -> "did you mean " + name + ":?")
            .orElse("put it in quotes to search for the text");
    throw problem(qualifier, "unknown field " + qualifier.name(), nearest);
  }

  private static Stream<String> names() {
    return Stream.of(
            Arrays.stream(Field.values()).map(Field::queryName),
            Arrays.stream(TimeBound.values()).map(TimeBound::queryName),
            Stream.of(IP, LogReads.NAME))
        .flatMap(name -> name);
  }

  private Filter term(Field field, QueryToken.Qualifier qualifier) throws QuerySyntaxException {
    List<Filter.Value> values = new ArrayList<>();
    for (Literal literal : qualifier.values()) {
      String text = literal.text();
      if (!field.choices().isEmpty()) {
        text = TextFolding.fold(text);
        if (literal.prefix() || !field.choices().contains(text)) {
          throw problem(
              literal,
              field.queryName() + " cannot be " + literal.text(),
              "it is one of " + String.join(", ", field.choices()));
        }
      } else if (!field.known().isEmpty() && reading != Reading.STORED) {
        text = known(field, literal);
      }
      values.add(new Filter.Value(text, literal.prefix()));
    }
    return new Filter.Term(field, values);
  }

  /** The value as entries have it. */
  private String known(Field field, Literal literal) throws QuerySyntaxException {
    String folded = TextFolding.fold(literal.text());
    boolean isKnown =
        field.known().stream()
            .anyMatch(value -> literal.prefix() ? value.startsWith(folded) : value.equals(folded));
    if (!isKnown) {
      throw problem(
          literal,
          field.queryName() + " cannot be " + literal.text(),
          "it is one of " + String.join(", ", field.known()));
    }
    if (reading == Reading.TO_STORE && !folded.equals(literal.text())) {
      throw problem(
          literal, field.queryName() + " cannot be " + literal.text(), "write it as " + folded);
    }
    return folded;
  }

  private static Filter reads(QueryToken.Qualifier qualifier) throws QuerySyntaxException {
    for (Literal literal : qualifier.values()) {
      if (literal.prefix() || !TextFolding.fold(literal.text()).equals(LogReads.LOG)) {
        throw problem(
            literal,
            LogReads.NAME + " cannot be " + literal.text(),
            "it is one of " + LogReads.LOG);
      }
    }
    return LogReads.FILTER;
  }

  private static Filter ip(QueryToken.Qualifier qualifier) throws QuerySyntaxException {
    List<IpNetwork> networks = new ArrayList<>();
    for (Literal literal : qualifier.values()) {
      Optional<IpNetwork> network =
          literal.prefix() ? Optional.empty() : IpNetwork.parse(literal.text());
      networks.add(
          network.orElseThrow(
              () ->
                  problem(
                      literal,
                      "not an IP address or network",
                      "such as 203.0.113.9, 203.0.113.0/24 or 2001:db8::/32")));
    }
    return new Filter.Ip(networks);
  }

  private Filter time(TimeBound bound, QueryToken.Qualifier qualifier) throws QuerySyntaxException {
    Literal literal = qualifier.values().getFirst();
    if (qualifier.values().size() > 1) {
      throw problem(qualifier.values().get(1), bound.queryName() + " takes one point in time", "");
    }
    Optional<Instant> at = literal.prefix() ? Optional.empty() : times.parse(literal.text());
    try {
      if (at.isPresent()) {
        return new Filter.Time(bound, at.get());
      }
    } catch (DateTimeException outOfRange) {
      throw problem(literal, "outside the years 0 to 9999", "");
    }
    throw problem(
        literal,
        "not a point in time",
        "such as 2026-11-20, 2026-11-20T10:00, 2026-11-20T10:00:00+01:00, -7d, -24h, -30m or -2w");
  }

  private @Nullable QueryToken peek() {
    return next < tokens.size() ? tokens.get(next) : null;
  }

  private boolean accept(Kind kind) {
    QueryToken token = peek();
    if (token != null && isMark(token, kind)) {
      next++;
      return true;
    }
    return false;
  }

  private static boolean isMark(QueryToken token, Kind kind) {
    return token instanceof QueryToken.Mark mark && mark.kind() == kind;
  }

  private static QuerySyntaxException problem(QueryToken token, String message, String hint) {
    return new QuerySyntaxException(token.column(), token.length(), message, hint);
  }

  private static QuerySyntaxException problem(Literal literal, String message, String hint) {
    return new QuerySyntaxException(literal.column(), literal.length(), message, hint);
  }
}
