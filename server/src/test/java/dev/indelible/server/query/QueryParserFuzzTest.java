package dev.indelible.server.query;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;

/** Any text is either understood or refused at a column within it. */
class QueryParserFuzzTest {

  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  @FuzzTest(maxDuration = "5m")
  void understandsOrRefuses(FuzzedDataProvider data) {
    String query = data.consumeRemainingAsString();
    switch (QueryParser.parse(query, NOW)) {
      case QueryProblem problem -> {
        int points = query.codePointCount(0, query.length());
        boolean within = problem.column() >= 1 && problem.column() <= points + 1;
        boolean ends = problem.length() >= 1 && problem.column() + problem.length() <= points + 2;
        if (!within || !ends) {
          throw new AssertionError(problem + " is outside a query of " + points);
        }
      }
      case ParsedQuery.Valid(Filter filter) -> {
        // What is written can be longer than what was read; only then may it be refused.
        String written = filter.toQuery();
        ParsedQuery again = QueryParser.parse(written, NOW);
        if (written.length() <= QueryParser.MAX_LENGTH
            && !again.equals(new ParsedQuery.Valid(filter))) {
          throw new AssertionError(written + " became " + again);
        }
      }
    }
  }
}
