package dev.indelible.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.OtherSide.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SendTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String ACCEPTED = "{\"accepted\":0,\"entries\":[],\"rejected\":[]}";

  @TempDir private Path folder = Path.of(".");

  @Test
  void batchesKeepTheOrderAndCarryTheKeyAndTheTenant() throws IOException {
    try (OtherSide server =
        new OtherSide((exchange, _, _) -> OtherSide.json(exchange, 201, ACCEPTED))) {
      Ended ended = server.run(events(1_201), "send");
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(ended.err()).contains("1,201 events recorded");
      assertThat(server.asked()).hasSize(3);
      assertThat(server.asked().getFirst().headers())
          .containsEntry("Authorization", "Bearer secret")
          .containsEntry("Content-type", "application/x-ndjson");
      List<JsonNode> sent = sent(server);
      assertThat(sent)
          .extracting(e -> e.at("/actor/id").asString())
          .containsExactlyElementsOf(IntStream.range(0, 1_201).mapToObj(i -> "u" + i).toList());
      assertThat(sent).allMatch(e -> e.path("tenant").asString().equals("acme"));
      assertThat(sent.stream().map(e -> e.path("id").asString()).distinct()).hasSize(1_201);
    }
  }

  @Test
  void sendingTheSameOrAGrownFileAgainGivesTheSameIds() throws IOException {
    String line = "{\"action\":\"a\",\"actor\":{\"type\":\"user\",\"id\":\"u\"}}\n";
    try (OtherSide server =
        new OtherSide((exchange, _, _) -> OtherSide.json(exchange, 201, ACCEPTED))) {
      server.run(line + line, "send");
      server.run("[" + line + "," + line + "," + line + "]", "send");
      List<String> ids = sent(server).stream().map(e -> e.path("id").asString()).toList();
      assertThat(ids).hasSize(5);
      assertThat(ids.get(0)).isNotEqualTo(ids.get(1)).isEqualTo(ids.get(2));
      assertThat(ids.get(1)).isEqualTo(ids.get(3)).isNotEqualTo(ids.get(4));
    }
  }

  @Test
  void anEventsOwnIdIsLeftAlone() throws IOException {
    try (OtherSide server =
        new OtherSide((exchange, _, _) -> OtherSide.json(exchange, 201, ACCEPTED))) {
      server.run("{\"id\":\"mine\",\"action\":\"a\",\"actor\":{\"type\":\"system\"}}", "send");
      assertThat(sent(server).getFirst().path("id").asString()).isEqualTo("mine");
    }
  }

  @Test
  void notNowIsAskedAgainAfterTheTimeTheServerSays() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, _, number) -> {
              if (number <= 2) {
                exchange.getResponseHeaders().set("Retry-After", "0");
                OtherSide.json(
                    exchange,
                    number == 1 ? 503 : 429,
                    "{\"code\":\"busy\",\"detail\":\"queue full\"}");
              } else {
                OtherSide.json(exchange, 201, ACCEPTED);
              }
            })) {
      Ended ended = server.run(events(3), "send");
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(ended.err()).contains("queue full (busy); again in 0.0 s");
      assertThat(server.asked()).hasSize(3);
      assertThat(server.asked().get(2).body()).isEqualTo(server.asked().get(0).body());
    }
  }

  @Test
  void whatTheServerHadBeforeIsSaid() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, _, _) ->
                OtherSide.json(
                    exchange,
                    201,
                    "{\"accepted\":3,\"entries\":[{\"id\":\"a\",\"duplicate\":true},{\"id\":\"b\"},{\"id\":\"c\",\"duplicate\":true}],\"rejected\":[]}"))) {
      Ended ended = server.run(events(3), "send");
      assertThat(ended.code()).isZero();
      assertThat(ended.err()).contains("3 events recorded", "2 of them were there before");
    }
  }

  @Test
  void refusedEventsAreNamedByLineAndKeptInTheFile() throws IOException {
    Path rejects = folder.resolve("rejects.ndjson");
    try (OtherSide server =
        new OtherSide(
            (exchange, _, _) ->
                OtherSide.json(
                    exchange,
                    201,
                    "{\"accepted\":2,\"entries\":[],\"rejected\":[{\"index\":1,\"code\":\"invalid_event\",\"detail\":\"/action is missing\"}]}"))) {
      String input = "{\"a\":\n" + events(3);
      Ended ended = server.run(input, "send", "--rejects", rejects.toString());
      assertThat(ended.code()).isEqualTo(ExitCode.PARTLY);
      assertThat(ended.err())
          .contains("-:1: not JSON")
          .contains("-:3: /action is missing (invalid_event)");
      assertThat(ended.err()).contains("2 events recorded").contains("2 not");
      List<String> lines = Files.readAllLines(rejects);
      assertThat(lines).hasSize(2);
      assertThat(JSON.readTree(lines.get(1)).at("/record/actor/id").asString()).isEqualTo("u1");
    }
  }

  @Test
  void aRefusalWithoutAnItemIsNarrowedDownToTheEvent() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, asked, _) -> {
              boolean bad = asked.body().contains("\"u5\"");
              OtherSide.json(
                  exchange, bad ? 413 : 201, bad ? "{\"detail\":\"too large\"}" : ACCEPTED);
            })) {
      Ended ended = server.run(events(8), "send");
      assertThat(ended.code()).isEqualTo(ExitCode.PARTLY);
      assertThat(ended.err()).contains("-:6: too large").contains("7 events recorded");
    }
  }

  @Test
  void aWrongKeyStopsAtOnceWithItsOwnExitCode() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, _, _) ->
                OtherSide.json(
                    exchange, 401, "{\"code\":\"unauthenticated\",\"detail\":\"no such key\"}"))) {
      Ended ended = server.run(events(2_000), "send");
      assertThat(ended.code()).isEqualTo(ExitCode.NOT_ALLOWED);
      assertThat(ended.err()).contains("no such key").doesNotContain("secret");
      assertThat(server.asked()).hasSize(1);
    }
  }

  @Test
  void aServerThatStaysAwayEndsWithWhatIsRecorded() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, _, number) -> {
              exchange.getResponseHeaders().set("Retry-After", "0");
              OtherSide.json(exchange, number == 1 ? 201 : 503, number == 1 ? ACCEPTED : "{}");
            })) {
      Ended ended = server.run(events(700), "send", "--give-up-after", "0");
      assertThat(ended.code()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(ended.err()).contains("500 events are recorded; send the same again to go on");
    }
  }

  @Test
  void anEventThatIsTooLargeIsRefusedBeforeItIsSent() throws IOException {
    try (OtherSide server =
        new OtherSide((exchange, _, _) -> OtherSide.json(exchange, 201, ACCEPTED))) {
      String huge =
          "{\"action\":\"a\",\"actor\":{\"type\":\"system\"},\"details\":{\"x\":\""
              + "é".repeat(131_072)
              + "\"}}\n";
      Ended ended = server.run(huge + events(1), "send");
      assertThat(ended.code()).isEqualTo(ExitCode.PARTLY);
      assertThat(ended.err()).contains("-:1: the event is 262,").contains("event_too_large");
      assertThat(sent(server)).hasSize(1);
    }
  }

  @Test
  void aDryRunPrintsWhatAMapMakesAndSendsNothing() throws IOException {
    try (OtherSide server =
        new OtherSide((exchange, _, _) -> OtherSide.json(exchange, 500, "{}"))) {
      String record =
          "{\"_document_id\":\"d1\",\"action\":\"repo.create\",\"actor\":\"ana\",\"@timestamp\":1763632800000}";
      Ended ended = server.run(record, "send", "--map", "github", "--dry-run");
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(JSON.readTree(ended.out()).path("action").asString()).isEqualTo("repo.create");
      assertThat(server.asked()).isEmpty();
    }
  }

  @Test
  void wrongUsageIsSaidBeforeAnythingIsSent() throws IOException {
    try (OtherSide server =
        new OtherSide((exchange, _, _) -> OtherSide.json(exchange, 201, ACCEPTED))) {
      assertThat(server.run("", "send", "--map", "nosuch").code()).isEqualTo(ExitCode.USAGE);
      assertThat(server.run("", "send", "/no/such/file").code()).isEqualTo(ExitCode.USAGE);
      assertThat(server.run("", "send", "--server", "ftp://x").code()).isEqualTo(ExitCode.USAGE);
      assertThat(server.run("", "send", "--nonsense").code()).isEqualTo(ExitCode.USAGE);
      assertThat(server.asked()).isEmpty();
    }
  }

  private static String events(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"action\":\"a.b\",\"actor\":{\"type\":\"user\",\"id\":\"u" + i + "\"}}\n")
        .collect(Collectors.joining());
  }

  private static List<JsonNode> sent(OtherSide server) {
    return server.asked().stream()
        .flatMap(asked -> asked.body().lines())
        .map(JSON::readTree)
        .toList();
  }
}
