package dev.indelible.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.OtherSide.Asked;
import dev.indelible.cli.OtherSide.Ended;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SearchAndTailTest {

  @Test
  void aTableShowsNamesAndNeverObeysWhatTheLogSays() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, _, _) ->
                OtherSide.json(
                    exchange,
                    200,
                    "{\"entries\":[{\"occurred_at\":\"2026-11-20T10:00:00.000Z\",\"action\":\"user.view\",\"actor\":{\"type\":\"user\",\"id\":\"u\",\"name\":\"佐藤\\u001b[31m\"},\"targets\":[{\"type\":\"ticket\",\"id\":\"42\"}],\"outcome\":\"success\",\"reason\":\"a\\u202eb\"}],\"next_cursor\":null}"))) {
      Ended ended =
          server.run("", "search", "actor:u", "ticket 42", "--from", "2026-11-01T00:00:00Z");
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(ended.out())
          .contains("佐藤·[31m")
          .contains("ticket/42")
          .contains("a·b")
          .doesNotContain("\u001b");
      assertThat(server.asked().getFirst().path())
          .isEqualTo(
              "/v1/tenants/acme/events?from=2026-11-01T00%3A00%3A00Z&limit=100&order=-occurred&q=actor%3Au%20ticket%2042");
    }
  }

  @Test
  void allFollowsTheCursorsToTheEnd() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, asked, _) ->
                OtherSide.json(
                    exchange,
                    200,
                    asked.path().contains("cursor=c%2F2")
                        ? page(3, 4, "null")
                        : page(1, 2, "\"c/2\"")))) {
      Ended ended = server.run("", "search", "--all", "--json");
      assertThat(ended.out().lines())
          .containsExactly("{\"id\":\"1\"}", "{\"id\":\"2\"}", "{\"id\":\"3\"}", "{\"id\":\"4\"}");
      assertThat(server.asked()).hasSize(2);
    }
  }

  @Test
  void aLimitBeyondOnePageIsSplit() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, asked, _) ->
                OtherSide.json(
                    exchange,
                    200,
                    asked.path().contains("limit=1000")
                        ? page(1, 1_000, "\"n\"")
                        : page(1_001, 1_500, "\"m\"")))) {
      Ended ended = server.run("", "search", "--limit", "1500", "--json");
      assertThat(ended.out().lines()).hasSize(1_500);
      assertThat(server.asked())
          .extracting(Asked::path)
          .element(1)
          .asString()
          .contains("limit=500")
          .contains("cursor=n");
    }
  }

  @Test
  void whatIsLeftOutIsSaidWithItsNumber() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, asked, _) ->
                OtherSide.json(
                    exchange,
                    200,
                    asked.path().contains("/facets")
                        ? "{\"count\":1402,\"facets\":{}}"
                        : page(1, 2, "\"c/2\"")))) {
      Ended ended = server.run("", "search", "--limit", "2", "--json", "action:x");
      assertThat(ended.out().lines()).containsExactly("{\"id\":\"1\"}", "{\"id\":\"2\"}");
      assertThat(ended.err()).contains("2 of 1,402 entries; --all prints all of them");
      assertThat(server.asked())
          .last()
          .extracting(Asked::path)
          .asString()
          .startsWith("/v1/tenants/acme/facets?")
          .contains("fields=outcome", "q=action%3Ax")
          .doesNotContain("order");
    }
  }

  @Test
  void aRowHasItsIdAndTheTimeOfTheZoneThatWasAskedFor() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, _, _) ->
                OtherSide.json(
                    exchange,
                    200,
                    "{\"entries\":[{\"id\":\"e-1\",\"occurred_at\":\"2026-11-20T10:00:00.000Z\",\"action\":\"a\",\"actor\":{\"type\":\"user\",\"id\":\"u\\u115f\"}}],\"next_cursor\":null}"))) {
      String berlin = server.run("", "search", "--zone", "Europe/Berlin").out();
      assertThat(berlin)
          .contains("TIME (Europe/Berlin)", "2026-11-20T11:00:00.000+01:00", "e-1", "u·");
      assertThat(server.run("", "search").out()).contains("TIME (UTC)", "2026-11-20T10:00:00.000Z");
    }
  }

  @Test
  void theOrderIsThatOfWhatHappenedUnlessAnotherIsAskedFor() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, asked, _) ->
                OtherSide.json(
                    exchange,
                    200,
                    asked.path().contains("cursor=") ? page(2, 2, "null") : page(1, 1, "\"c\"")))) {
      server.run("", "search", "--json", "--all");
      server.run("", "search", "--json", "--order", "occurred");
      server.run("", "search", "--json", "--order", "-occurred");
      server.run("", "search", "--json", "--order=oldest");
      assertThat(server.asked())
          .extracting(asked -> asked.path().replaceAll(".*order=([^&]*).*", "$1"))
          .containsExactly(
              "-occurred",
              "-occurred",
              "occurred",
              "occurred",
              "-occurred",
              "-occurred",
              "oldest",
              "oldest");
    }
  }

  @Test
  void lateAndEarlyEntriesAreMarked() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, _, _) ->
                OtherSide.json(
                    exchange,
                    200,
                    "{\"entries\":["
                        + flagged("2026-11-20T10:00:00.000Z", "late")
                        + ","
                        + flagged("2199-01-01T00:00:00.000Z", "early")
                        + ","
                        + flagged("2026-11-20T09:00:00.000Z", "unknown_action")
                        + "],\"next_cursor\":null}"))) {
      assertThat(server.run("", "search").out().lines())
          .satisfiesExactly(
              heading -> assertThat(heading).contains(" NOTE   ACTOR "),
              late -> assertThat(late).matches("2026-11-20T10:00:00\\.000Z +late   u .*"),
              early -> assertThat(early).matches("2199-01-01T00:00:00\\.000Z +early  u .*"),
              other -> assertThat(other).matches("2026-11-20T09:00:00\\.000Z +u .*"));
    }
  }

  private static String flagged(String occurredAt, String flag) {
    return "{\"occurred_at\":\"%s\",\"action\":\"a\",\"flags\":[\"%s\"],\"actor\":{\"type\":\"user\",\"id\":\"u\"}}"
        .formatted(occurredAt, flag);
  }

  @Test
  void whoIsMeantByAPartOfANameIsSaid() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, _, _) ->
                OtherSide.json(
                    exchange,
                    200,
                    "{\"entries\":[],\"next_cursor\":null,\"hints\":[{\"code\":\"begins_with\",\"detail\":\"begins with: Ana\\u202e (320)\"}]}"))) {
      Ended ended = server.run("", "search", "actor:ana");
      assertThat(ended.out()).isEmpty();
      assertThat(ended.err()).contains("begins with: Ana· (320)");
    }
  }

  @Test
  void numbersKeepTheirDigits() throws IOException {
    String entry =
        "{\"id\":\"1\",\"details\":{\"n\":[9223372036854775807,12345678901234567890.10,1E+400]}}";
    try (OtherSide server =
        new OtherSide(
            (exchange, _, _) ->
                OtherSide.json(
                    exchange, 200, "{\"entries\":[" + entry + "],\"next_cursor\":null}"))) {
      assertThat(server.run("", "search", "--json").out().lines()).containsExactly(entry);
    }
  }

  @Test
  void anErrorInTheQueryIsShownWhereItIs() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, _, _) ->
                OtherSide.json(
                    exchange,
                    400,
                    "{\"code\":\"invalid_query\",\"detail\":\"unknown qualifier\",\"column\":3}"))) {
      Ended ended = server.run("", "search", "a bogus:1");
      assertThat(ended.code()).isEqualTo(ExitCode.USAGE);
      assertThat(ended.err()).contains("unknown qualifier (invalid_query)\n  a bogus:1\n    ^");
    }
  }

  @Test
  void tailGoesOnAfterABreakWhereItWas() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, _, number) -> {
              if (number == 2) {
                exchange.getResponseHeaders().set("Retry-After", "0");
                OtherSide.json(exchange, 503, "{}");
                return;
              }
              exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
              exchange.sendResponseHeaders(200, 0);
              String stream =
                  number == 1
                      ? ": hello\n\nid: 7\nevent: entry\ndata: {\"id\":\"a\"}\n\nevent: lag\ndata: {}\n\nid: 8\ndata: {\"id\"\ndata: :\"b\"}\n\nid: 9\ndata: {\"cut"
                      : "id: 9\ndata: {\"id\":\"c\"}\n\n";
              exchange.getResponseBody().write(stream.getBytes(UTF_8));
            })) {
      Ended ended = server.run("", "tail", "--json", "--count", "3", "action:x");
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(ended.out().lines())
          .containsExactly("{\"id\":\"a\"}", "{\"id\":\"b\"}", "{\"id\":\"c\"}");
      assertThat(server.asked()).hasSize(3);
      assertThat(server.asked().get(0).headers()).doesNotContainKey("Last-event-id");
      assertThat(server.asked().get(2).headers()).containsEntry("Last-event-id", "8");
      assertThat(server.asked().get(2).path()).isEqualTo("/v1/tenants/acme/tail?q=action%3Ax");
    }
  }

  @Test
  void tailMissesNothingWhenItsStreamBreaksBeforeTheFirstEntry() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, _, number) -> {
              exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
              exchange.sendResponseHeaders(200, 0);
              String stream =
                  number == 1 ? "id: 6\n\nid: 7\ndata: {\"cut" : "id: 7\ndata: {\"id\":\"a\"}\n\n";
              exchange.getResponseBody().write(stream.getBytes(UTF_8));
            })) {
      Ended ended = server.run("", "tail", "--json", "--count", "1");
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(server.asked().get(1).headers()).containsEntry("Last-event-id", "6");
    }
  }

  @Test
  void helpAndVersionAreAnswersNotErrors() throws IOException {
    try (OtherSide server = new OtherSide((_, _, _) -> {})) {
      Ended help = server.run("", "--help");
      assertThat(help.code()).isZero();
      assertThat(help.out())
          .contains("send", "search", "tail")
          .doesNotContain("train")
          .doesNotContain("\u001b");
      assertThat(server.run("", "--version").out()).startsWith("indelible ");
      assertThat(server.run("").code()).isEqualTo(ExitCode.USAGE);
    }
  }

  private static String page(int from, int to, String cursor) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(i -> "{\"id\":\"" + i + "\"}")
        .collect(Collectors.joining(",", "{\"entries\":[", "],\"next_cursor\":" + cursor + "}"));
  }
}
