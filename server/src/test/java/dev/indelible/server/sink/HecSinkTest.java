package dev.indelible.server.sink;

import static dev.indelible.server.sink.Batches.OPEN;
import static dev.indelible.server.sink.Batches.STRICT;
import static dev.indelible.server.sink.Batches.plain;
import static dev.indelible.server.sink.Batches.rejected;
import static dev.indelible.server.sink.Batches.settings;
import static dev.indelible.server.sink.Batches.taken;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.sink.Endpoint.Asked;
import dev.indelible.server.sink.Endpoint.Said;
import dev.indelible.server.sink.Sink.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An HTTP Event Collector as Splunk's documents describe it, with acknowledgements. */
class HecSinkTest {

  private static final String TOKEN = "b5e1f9c0-token";

  /** The collector: takes events with its token, and has a request indexed after some questions. */
  private static final class Collector implements Endpoint.Answers {
    final List<JsonNode> indexed = new ArrayList<>();
    final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger questions = new AtomicInteger();
    int indexedAfter = 3;
    boolean acknowledges = true;

    @Override
    public synchronized Said to(Asked asked) {
      if (!asked.header("Authorization").equals("Splunk " + TOKEN)) {
        return new Said(403, "{\"text\":\"Invalid token\",\"code\":4}");
      }
      if (asked.path().startsWith("/services/collector/ack?channel=")) {
        if (!asked.path().endsWith("=" + asked.header("X-splunk-request-channel"))) {
          return new Said(400, "{\"text\":\"Invalid data channel\",\"code\":11}");
        }
        JsonNode id = JsonMapper.shared().readTree(asked.body()).get("acks").get(0);
        boolean done = questions.incrementAndGet() >= indexedAfter;
        return new Said(200, "{\"acks\":{\"%d\":%b}}".formatted(id.longValue(), done));
      }
      if (!asked.path().equals("/services/collector/event")) {
        return new Said(404, "");
      }
      List<JsonNode> events = events(asked);
      for (int i = 0; i < events.size(); i++) {
        if (events.get(i).at("/event/outcome").asString("").equals("invalid")) {
          return new Said(
              400,
              "{\"text\":\"Invalid data format\",\"code\":6,\"invalid-event-number\":%d}"
                  .formatted(i));
        }
      }
      indexed.addAll(events);
      int id = requests.getAndIncrement();
      return new Said(
          200,
          acknowledges
              ? "{\"text\":\"Success\",\"code\":0,\"ackId\":%d}".formatted(id)
              : "{\"text\":\"Success\",\"code\":0}");
    }

    private static List<JsonNode> events(Asked asked) {
      try (JsonParser parser = JsonMapper.shared().createParser(asked.body());
          MappingIterator<JsonNode> all =
              JsonMapper.shared().readerFor(JsonNode.class).readValues(parser)) {
        return all.readAll();
      }
    }
  }

  private static Sink open(Endpoint endpoint, boolean acknowledge, InstantSource clock) {
    return Batches.open(
        new HecType(Duration.ofMillis(1)),
        settings("{\"index\":\"audit\",\"source\":\"test\"}")
            .put("url", endpoint.url())
            .put("token", TOKEN)
            .put("acknowledge", acknowledge),
        OPEN,
        1 << 20,
        clock);
  }

  private static Sink open(Endpoint endpoint, boolean acknowledge) {
    return open(endpoint, acknowledge, InstantSource.system());
  }

  @Test
  void eventsCarryTheirTimeAndTheirPlaceInTheLog() throws Exception {
    Collector collector = new Collector();
    try (Endpoint endpoint = new Endpoint(collector);
        Sink sink = open(endpoint, false)) {
      taken(
          sink.send(
              Batches.of(1, plain(5), Batches.message(6, Batches.entry(6), "CEF:0|a \"b\""))));
      assertThat(collector.indexed).hasSize(2);
      assertThat(collector.indexed.getFirst())
          .isEqualTo(
              JsonMapper.shared()
                  .readTree(
                      """
                      {"time":1795168799.500,"index":"audit","source":"test",
                       "sourcetype":"indelible:audit","event":%s,
                       "fields":{"indelible_tenant":"acme","indelible_id":"e-5","indelible_seq":5}}
                      """
                          .formatted(Batches.entry(5))));
      assertThat(collector.indexed.getLast().get("event").stringValue()).isEqualTo("CEF:0|a \"b\"");
      assertThat(collector.questions).as("nobody asks where it is off").hasValue(0);
    }
  }

  @Test
  void aBatchIsTakenOnceItIsIndexed() throws Exception {
    Collector collector = new Collector();
    try (Endpoint endpoint = new Endpoint(collector);
        Sink sink = open(endpoint, true)) {
      taken(sink.send(plain(1, 0, 10)));
      assertThat(collector.questions).hasValue(3);
      taken(sink.probe());
      assertThat(new HecType().received(settings("{\"acknowledge\":true}"))).isTrue();
      assertThat(new HecType().received(settings("{}"))).isFalse();
    }
  }

  /** The clock jumps by seconds with each look at it. */
  @Test
  void aBatchThatIsNotIndexedInTimeIsSentAgain() throws Exception {
    Collector collector = new Collector();
    collector.indexedAfter = Integer.MAX_VALUE;
    AtomicLong seconds = new AtomicLong();
    try (Endpoint endpoint = new Endpoint(collector);
        Sink sink = open(endpoint, true, () -> Instant.EPOCH.plusSeconds(seconds.addAndGet(16)))) {
      assertThat(sink.send(plain(1, 0, 1)))
          .asString()
          .contains("Failed", "did not index it within 60 s");
      assertThat(collector.questions).hasValueBetween(2, 4);
    }
  }

  @Test
  void aTokenWithoutAcknowledgementsIsNamed() throws Exception {
    Collector collector = new Collector();
    collector.acknowledges = false;
    try (Endpoint endpoint = new Endpoint(collector);
        Sink sink = open(endpoint, true)) {
      assertThat(sink.send(plain(1, 0, 1))).asString().contains("Refused", "acknowledgements");
    }
  }

  /** Whether what came before the invalid one was kept is not known: the ledger says "repeated". */
  @Test
  void anInvalidEventIsLeftOutOfTheRepeatAndRejected() throws Exception {
    Collector collector = new Collector();
    try (Endpoint endpoint = new Endpoint(collector);
        Sink sink = open(endpoint, true)) {
      ObjectNode bad = Batches.entry(2).put("outcome", "invalid");
      Batch batch = Batches.of(1, plain(0), plain(1), Batches.message(2, bad), plain(3));
      assertThat(sink.send(batch)).isInstanceOf(Answer.Failed.class);
      assertThat(rejected(sink.send(batch))).containsOnlyKeys(2);
      assertThat(collector.indexed).hasSize(3);
    }
  }

  @ParameterizedTest
  @CsvSource({"503,9,Failed", "500,8,Failed", "400,7,Refused", "401,3,Refused", "307,0,Refused"})
  void answersAreClassifiedAndRepeatNoToken(int status, int code, String outcome) throws Exception {
    try (Endpoint endpoint =
            new Endpoint(
                _ ->
                    new Said(
                        status, "{\"text\":\"%s is busy\",\"code\":%d}".formatted(TOKEN, code)));
        Sink sink = open(endpoint, false)) {
      Answer answer = sink.send(plain(1, 0, 1));
      assertThat(answer.getClass().getSimpleName()).isEqualTo(outcome);
      assertThat(answer.toString()).contains(" answered " + status).doesNotContain(TOKEN);
    }
  }

  @Test
  void settingsAreCheckedAllAtOnce() {
    assertThat(
            Batches.faults(
                new HecType(),
                settings("{\"url\":\"http://127.0.0.1:8088\",\"acknowledge\":1}"),
                STRICT))
        .containsExactlyInAnyOrder("url not_allowed", "token missing", "acknowledge wrong_type");
  }
}
