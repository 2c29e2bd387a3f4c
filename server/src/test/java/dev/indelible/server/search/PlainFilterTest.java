package dev.indelible.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.query.Filter;
import dev.indelible.server.query.ParsedQuery;
import dev.indelible.server.query.QueryParser;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries that may be answered on the thread of whoever asks, and those that may not. */
class PlainFilterTest {

  private static Filter filter(String query) {
    ParsedQuery parsed = QueryParser.parse(query, Instant.EPOCH, ZoneOffset.UTC);
    return ((ParsedQuery.Valid) parsed).filter();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-reads:log",
        "action:user.login",
        "actor:u_1 -outcome:failure",
        "category:access OR verb:create",
        "after:2026-01-01"
      })
  void fewWholeValuesArePlain(String query) {
    assertThat(PlainFilter.isPlain(filter(query))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"invoice", "action:user.*", "-actor:a*", "ip:10.0.0.0/8", "(a OR b) c"})
  void wordsBeginningsAndNetworksAreNot(String query) {
    assertThat(PlainFilter.isPlain(filter(query))).isFalse();
  }

  @Test
  void manyValuesAreNot() {
    String most = values(PlainFilter.MAX_VALUES);
    assertThat(PlainFilter.isPlain(filter(most))).isTrue();
    assertThat(PlainFilter.isPlain(filter(most + " -verb:create"))).isFalse();
    assertThat(PlainFilter.isPlain(filter(values(PlainFilter.MAX_VALUES + 1)))).isFalse();
  }

  private static String values(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "action:a.b" + i)
        .collect(Collectors.joining(" OR ", "(", ")"));
  }
}
