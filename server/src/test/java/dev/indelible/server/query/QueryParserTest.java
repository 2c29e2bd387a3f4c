package dev.indelible.server.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryParserTest {

  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  private static Filter parse(String query) {
    return switch (QueryParser.parse(query, NOW)) {
      case ParsedQuery.Valid(Filter filter) -> filter;
      case QueryProblem problem -> throw new AssertionError(query + ": " + problem);
    };
  }

  private static QueryProblem problem(String query) {
    return switch (QueryParser.parse(query, NOW)) {
      case ParsedQuery.Valid(Filter filter) -> throw new AssertionError(query + " is " + filter);
      case QueryProblem problem -> problem;
    };
  }

  private static Filter term(Field field, String value) {
    return Filter.term(field, value);
  }

  private static Filter text(String text) {
    return new Filter.Text(text, false);
  }

  @Test
  void aStoredQueryMeansWhatItMeantAndAnAskedOneMayBeInAnyCase() {
    assertThat(parse("verb:Delete")).isEqualTo(term(Field.VERB, "Delete"));
    assertThat(parse("flag:bogus")).isEqualTo(term(Field.FLAG, "bogus"));
    assertThat(read("verb:Delete,del*", QueryParser.Reading.ASKED))
        .isEqualTo(
            new ParsedQuery.Valid(
                new Filter.Term(
                    Field.VERB,
                    List.of(Filter.Value.exact("delete"), new Filter.Value("del", true)))));
    assertThat(read("a verb:bogus", QueryParser.Reading.ASKED))
        .isInstanceOfSatisfying(
            QueryProblem.class,
            problem -> {
              assertThat(problem.column()).isEqualTo(8);
              assertThat(problem.message()).isEqualTo("verb cannot be bogus");
              assertThat(problem.hint()).startsWith("it is one of approve, ").contains("unknown");
            });
    assertThat(read("verb:Delete", QueryParser.Reading.TO_STORE))
        .isInstanceOfSatisfying(
            QueryProblem.class,
            problem -> assertThat(problem.hint()).isEqualTo("write it as delete"));
    assertThat(read("verb:delete", QueryParser.Reading.TO_STORE))
        .isInstanceOf(ParsedQuery.Valid.class);
  }

  @Test
  void readsOfTheLogAreThoseOfTheActionsThatRecordThem() {
    assertThat(parse("Reads:LOG"))
        .isEqualTo(
            new Filter.Term(
                Field.ACTION, LogReads.ACTIONS.stream().map(Filter.Value::exact).toList()));
    assertThat(parse("-reads:log")).isEqualTo(Filter.not(parse("reads:log")));
    assertThat(parse(parse("-reads:log").toQuery())).isEqualTo(parse("-reads:log"));
    assertThat(problem("a reads:other").message()).isEqualTo("reads cannot be other");
    assertThat(problem("reads:lo*").hint()).isEqualTo("it is one of log");
  }

  private static ParsedQuery read(String query, QueryParser.Reading reading) {
    return QueryParser.parse(query, NOW, ZoneOffset.UTC, reading);
  }

  @Test
  void readsTheQueryOfTheDesign() {
    String query =
        "actor:u_7 action:user.* -outcome:success target:ticket/42 changed:role ip:203.0.113.0/24"
            + " country:DE role:tenant_admin category:authentication security:true after:-7d"
            + " before:2026-11-20 account:eu session:s1 \"free text\"";
    assertThat(parse(query))
        .isEqualTo(
            Filter.and(
                term(Field.ACTOR, "u_7"),
                new Filter.Term(Field.ACTION, List.of(new Filter.Value("user.", true))),
                Filter.not(term(Field.OUTCOME, "success")),
                term(Field.TARGET, "ticket/42"),
                term(Field.CHANGED, "role"),
                new Filter.Ip(List.of(IpNetwork.parse("203.0.113.0/24").orElseThrow())),
                term(Field.COUNTRY, "DE"),
                term(Field.ROLE, "tenant_admin"),
                term(Field.CATEGORY, "authentication"),
                term(Field.SECURITY, "true"),
                new Filter.Time(TimeBound.AFTER, Instant.parse("2026-11-13T10:00:00Z")),
                new Filter.Time(TimeBound.BEFORE, Instant.parse("2026-11-20T00:00:00Z")),
                term(Field.ACCOUNT, "eu"),
                term(Field.SESSION, "s1"),
                text("free text")));
  }

  @Test
  void bindsAndTighterThanOrAndParenthesesTightest() {
    Filter a = text("a");
    Filter b = text("b");
    Filter c = text("c");
    assertThat(parse("a b OR c")).isEqualTo(Filter.or(List.of(Filter.and(a, b), c)));
    assertThat(parse("a AND b OR c")).isEqualTo(parse("a b OR c"));
    assertThat(parse("a (b OR c)")).isEqualTo(Filter.and(a, Filter.or(List.of(b, c))));
    assertThat(parse("-(a b) NOT c"))
        .isEqualTo(Filter.and(Filter.not(Filter.and(a, b)), Filter.not(c)));
    assertThat(parse("--a")).isEqualTo(a);
  }

  @Test
  void takesCommasAsOrWithinAQualifier() {
    assertThat(parse("actor:ana,\"Bo, C\",x*"))
        .isEqualTo(
            new Filter.Term(
                Field.ACTOR,
                List.of(
                    Filter.Value.exact("ana"),
                    Filter.Value.exact("Bo, C"),
                    new Filter.Value("x", true))));
  }

  @Test
  void takesAnEmptyQueryAndALoneAsteriskAsEverything() {
    assertThat(parse("")).isEqualTo(Filter.all());
    assertThat(parse(" \t　")).isEqualTo(Filter.all());
    assertThat(parse("*")).isEqualTo(Filter.all());
    assertThat(parse("-*")).isEqualTo(Filter.none());
  }

  @Test
  void keepsColonsOfValuesAndLetsDigitsStandBeforeAColon() {
    assertThat(parse("action:a:b")).isEqualTo(term(Field.ACTION, "a:b"));
    assertThat(parse("10:30")).isEqualTo(text("10:30"));
    assertThat(parse("ip:2001:db8::1"))
        .isEqualTo(new Filter.Ip(List.of(IpNetwork.parse("2001:db8::1").orElseThrow())));
  }

  @ParameterizedTest
  @CsvSource({
    "-7d, 2026-11-13T10:00:00Z",
    "-24h, 2026-11-19T10:00:00Z",
    "-30m, 2026-11-20T09:30:00Z",
    "-2w, 2026-11-06T10:00:00Z",
    "-5s, 2026-11-20T09:59:55Z",
    "2026-11-20, 2026-11-19T23:00:00Z",
    "2026-07-01, 2026-06-30T22:00:00Z",
    "2026-11-20T08:00, 2026-11-20T07:00:00Z",
    "2026-11-20T08:00:01.5, 2026-11-20T07:00:01.500Z",
    "2026-11-20T08:00:00Z, 2026-11-20T08:00:00Z",
    "2026-11-20T08:00-05:00, 2026-11-20T13:00:00Z",
    "2026-11-20t08:00z, 2026-11-20T08:00:00Z",
  })
  void readsTimesInTheZoneItIsGiven(String written, Instant meant) {
    ParsedQuery parsed = QueryParser.parse("after:" + written, NOW, ZoneId.of("Europe/Berlin"));
    assertThat(parsed).isEqualTo(new ParsedQuery.Valid(new Filter.Time(TimeBound.AFTER, meant)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "actr:ana | 1 | 4 | unknown field actr | did you mean actor:?",
        "user:ana | 1 | 4 | unknown field user | did you mean actor:?",
        "resource_type:x | 1 | 13 | unknown field resource_type | did you mean target_type:?",
        "日本 categry:x | 4 | 7 | unknown field categry | did you mean category:?",
        "\uD83D\uDE00a zzzzzz:1 | 4 | 6 | unknown field zzzzzz | put it in quotes to search for the text",
        "http://x | 1 | 4 | unknown field http | put it in quotes to search for the text",
        "a \"b | 3 | 2 | the closing quote is missing |",
        "a ( b | 3 | 1 | this parenthesis is not closed |",
        "a ) b | 3 | 1 | no parenthesis is open here |",
        "() | 2 | 1 | nothing stands before the parenthesis |",
        "a OR | 5 | 1 | the query ends too early |",
        "OR a | 1 | 2 | something must stand on both sides of OR | put it in quotes to search for the word",
        "a - b | 3 | 1 | nothing follows the minus | write it directly before what to exclude",
        "x outcome:ok | 11 | 2 | outcome cannot be ok | it is one of success, failure, unknown",
        "ip:1.2.3 | 4 | 5 | not an IP address or network | such as 203.0.113.9, 203.0.113.0/24 or 2001:db8::/32",
        "action:us*er | 10 | 1 | an asterisk can only be the last character | put the text in quotes to search for it as it is",
        "actor:* | 7 | 1 | nothing before the asterisk | use has: to ask whether a part is there",
        "\"\" | 1 | 2 | nothing between the quotes |",
        "a & b | 3 | 1 | no letter or digit to search for |",
        "after:1,2 | 9 | 1 | after takes one point in time |",
        "\"a\\b\" | 3 | 1 | a lone backslash in quotes | write \\\\ for \\ and \\\" for \"",
        "actor:\"a\"b | 10 | 1 | unexpected text after the closing quote | separate values by a comma",
      })
  void pointsAtTheColumnOfAProblem(
      String query, int column, int length, String message, String hint) {
    assertThat(problem(query))
        .isEqualTo(new QueryProblem(column, length, message, hint == null ? "" : hint));
  }

  @Test
  void saysWhatIsMissingBehindAColonOrAComma() {
    assertThat(problem("x actor: ana").column()).isEqualTo(3);
    assertThat(problem("x actor: ana").message()).isEqualTo("actor: needs a value");
    assertThat(problem("actor:a,").column()).isEqualTo(8);
    assertThat(problem("actor:a, b").message()).isEqualTo("a value is missing after the comma");
  }

  @Test
  void refusesTimesThatAreNone() {
    for (String time : List.of("yesterday", "2026-13-01", "2026-02-30", "-7y", "2026", "+7d")) {
      assertThat(problem("after:" + time).message()).isEqualTo("not a point in time");
    }
    assertThat(problem("after:-9999999w").message()).isEqualTo("outside the years 0 to 9999");
    assertThat(problem("after:-7*").message()).isEqualTo("not a point in time");
  }

  @Test
  void holdsItsLimits() {
    String longest = "a".repeat(QueryParser.MAX_LENGTH);
    assertThat(parse(longest)).isEqualTo(text(longest));
    assertThat(problem(longest + "b").column()).isEqualTo(QueryParser.MAX_LENGTH + 1);

    assertThat(parse("a ".repeat(QueryParser.MAX_TERMS))).isInstanceOf(Filter.And.class);
    assertThat(problem("a ".repeat(QueryParser.MAX_TERMS + 1)).message())
        .isEqualTo("more than 256 qualifiers and words");

    String values = "id:" + "a,".repeat(QueryParser.MAX_VALUES - 1) + "a";
    assertThat(((Filter.Term) parse(values)).values()).hasSize(QueryParser.MAX_VALUES);
    assertThat(problem(values + ",a").message()).isEqualTo("more than 1000 values");

    StringBuilder words = new StringBuilder();
    for (int i = 0; i < QueryParser.MAX_TOKENS; i++) {
      words.append(i).append(' ');
    }
    assertThat(parse("\"" + words + "\"")).isInstanceOf(Filter.Text.class);
    assertThat(problem("x \"" + words + "\"").message())
        .isEqualTo("more than 512 words in all texts together");

    String open = "(".repeat(QueryParser.MAX_DEPTH);
    String close = ")".repeat(QueryParser.MAX_DEPTH);
    assertThat(parse(open + "a" + close)).isEqualTo(text("a"));
    assertThat(problem("(" + open + "a" + close + ")").column())
        .isEqualTo(QueryParser.MAX_DEPTH + 1);
    assertThat(problem("-".repeat(QueryParser.MAX_DEPTH + 1) + "a").message())
        .isEqualTo("nested more than 32 deep");
  }

  @Test
  void refusesFiltersThatAreNotInNormalForm() {
    Filter a = text("a");
    Filter both = Filter.and(a, text("b"));
    assertThatThrownBy(() -> new Filter.And(List.of(a)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Filter.And(List.of(a, both)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Filter.Or(List.of(a, Filter.all())))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Filter.Not(Filter.none()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @RepeatedTest(20)
  void readsBackEveryFilterThatItWrites(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition() * 7919L;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    RandomFilters filters = new RandomFilters(random);
    for (int i = 0; i < 500; i++) {
      Filter filter = filters.filter(3);
      String query = filter.toQuery();
      assertThat(QueryParser.parse(query, NOW))
          .as("seed %d, filter %d: %s", seed, i, query)
          .isEqualTo(new ParsedQuery.Valid(filter));
    }
  }
}
