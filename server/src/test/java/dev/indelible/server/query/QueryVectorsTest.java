package dev.indelible.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The vectors of the query language that this parser shares with the one of the pages ({@code
 * web/test/query-vectors.test.ts}).
 */
class QueryVectorsTest {

  private static final Path VECTORS = Path.of("..", "web", "test", "query-vectors.json");
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  private static JsonNode vectors() {
    try {
      return JsonMapper.shared().readTree(Files.readString(VECTORS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<JsonNode> valid() {
    return vectors().path("valid").valueStream();
  }

  private static Stream<JsonNode> invalid() {
    return vectors().path("invalid").valueStream();
  }

  private static Stream<JsonNode> values() {
    return vectors().path("values").valueStream();
  }

  private static Filter parse(String query) {
    return switch (QueryParser.parse(query, NOW)) {
      case ParsedQuery.Valid(Filter filter) -> filter;
      case QueryProblem problem -> throw new AssertionError(query + ": " + problem);
    };
  }

  @ParameterizedTest
  @MethodSource("valid")
  void aQueryHasTheTokensTheMeaningAndThePartsOfItsVector(JsonNode vector) throws Exception {
    String query = vector.path("query").stringValue();
    List<String> expected =
        vector.path("tokens").valueStream().map(QueryVectorsTest::written).toList();
    assertThat(QueryLexer.tokens(query).stream().map(QueryVectorsTest::written))
        .containsExactlyElementsOf(expected);
    assertThat(QueryWriter.write(parse(query))).isEqualTo(vector.path("printed").stringValue());

    List<Filter> parts = new ArrayList<>();
    for (JsonNode chip : vector.path("chips")) {
      Filter part = parse(chip.path("text").stringValue());
      parts.add(part);
      assertThat(part instanceof Filter.Not).isEqualTo(chip.path("negated").asBoolean(false));
    }
    assertThat(Filter.and(parts)).as("the chips together").isEqualTo(parse(query));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void aFaultIsFoundWhereItsVectorSays(JsonNode vector) {
    assertThat(QueryParser.parse(vector.path("query").stringValue(), NOW))
        .isEqualTo(
            new QueryProblem(
                vector.path("column").intValue(),
                vector.path("length").intValue(),
                vector.path("message").stringValue(),
                vector.path("hint").stringValue()));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aValueIsWrittenAsItsVectorSaysAndReadBack(JsonNode vector) {
    String value = vector.path("value").stringValue();
    Filter exact = Filter.term(Field.ACTION, value);
    Filter begins = new Filter.Term(Field.ACTION, List.of(new Filter.Value(value, true)));
    String qualified = "action:" + vector.path("qualified").stringValue();
    String prefix = "action:" + vector.path("prefix").stringValue();
    String word = vector.path("word").stringValue();
    assertThat(QueryWriter.write(exact)).isEqualTo(qualified);
    assertThat(QueryWriter.write(begins)).isEqualTo(prefix);
    assertThat(QueryWriter.write(new Filter.Text(value, false))).isEqualTo(word);
    assertThat(parse(qualified)).isEqualTo(exact);
    assertThat(parse(prefix)).isEqualTo(begins);
  }

  @Test
  void thereAreVectorsOfEveryFieldAndChoice() {
    assertThat(valid()).hasSizeGreaterThan(100);
    assertThat(invalid()).hasSizeGreaterThan(60);
    assertThat(values()).hasSizeGreaterThan(30);
    Stream<String> names =
        Stream.of(
                Arrays.stream(Field.values()).map(Field::queryName),
                Arrays.stream(TimeBound.values()).map(TimeBound::queryName),
                Stream.of(QueryParser.IP, LogReads.NAME))
            .flatMap(each -> each);
    assertThat(strings(vectors().path("fields")))
        .containsExactlyElementsOf(names.sorted().toList());
    vectors()
        .path("choices")
        .properties()
        .forEach(
            choice ->
                assertThat(strings(choice.getValue()))
                    .as(choice.getKey())
                    .isEqualTo(
                        Field.named(choice.getKey())
                            .map(Field::choices)
                            .orElse(List.of(LogReads.LOG))));
  }

  private static List<String> strings(JsonNode list) {
    return list.valueStream().map(JsonNode::stringValue).toList();
  }

  private static String written(QueryToken token) {
    return switch (token) {
      case QueryToken.Mark mark ->
          "%s %d+%d"
              .formatted(mark.kind().name().toLowerCase(Locale.ROOT), mark.column(), mark.length());
      case QueryToken.Word word -> "word " + written(word.literal());
      case QueryToken.Qualifier qualifier ->
          "qualifier %s %d %s"
              .formatted(
                  qualifier.name(),
                  qualifier.column(),
                  qualifier.values().stream().map(QueryVectorsTest::written).toList());
    };
  }

  private static String written(QueryToken.Literal literal) {
    return "%s %b %d+%d"
        .formatted(literal.text(), literal.prefix(), literal.column(), literal.length());
  }

  private static String written(JsonNode token) {
    int column = token.path("column").intValue();
    return switch (token.path("kind").stringValue()) {
      case "word" -> "word " + literal(token);
      case "qualifier" ->
          "qualifier %s %d %s"
              .formatted(
                  token.path("name").stringValue(),
                  column,
                  token.path("values").valueStream().map(QueryVectorsTest::literal).toList());
      case String kind -> "%s %d+%d".formatted(kind, column, token.path("length").intValue());
    };
  }

  private static String literal(JsonNode value) {
    return "%s %b %d+%d"
        .formatted(
            value.path("text").stringValue(),
            value.path("prefix").asBoolean(false),
            value.path("column").intValue(),
            value.path("length").intValue());
  }
}
