package dev.indelible.server.sink;

import dev.indelible.server.deliver.ReceiverHttp.Reply;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * Events of Splunk's HTTP Event Collector. A 200 says that a request is valid; whether it is
 * indexed is asked for afterwards, where acknowledgement is on for the token. The collector knows
 * no repeats: each event carries its id and number as indexed fields, by which they can be told.
 */
final class HecSink implements Sink {

  /** How long a batch may take to be indexed. */
  static final Duration INDEXED_TIMEOUT = Duration.ofSeconds(60);

  /** How long it is waited until it is asked whether a batch is indexed. */
  static final Duration FIRST_WAIT = Duration.ofMillis(200);

  /** The longest wait between two such questions. */
  static final Duration LAST_WAIT = Duration.ofSeconds(4);

  /** How many entries that the receiver called invalid are remembered. */
  static final int MAX_INVALID = 1000;

  private static final String JSON = "application/json";
  private static final int TOO_LARGE = 413;
  private static final int MILLI_DIGITS = 3;

  private final HttpWay way;
  private final Terms terms;
  private final InstantSource clock;

  /** Numbers of the entries that the receiver called invalid; they are left out of a repeat. */
  private final NavigableSet<Long> invalid = new TreeSet<>();

  /**
   * Terms of one receiver.
   *
   * @param stream id of the stream
   * @param channel of the requests that are acknowledged
   * @param names index, sourcetype and source, as far as there are some
   * @param acknowledged whether acknowledgement is on
   * @param firstWait before the first question whether a batch is indexed
   */
  record Terms(
      String stream,
      String channel,
      Map<String, String> names,
      boolean acknowledged,
      Duration firstWait) {}

  HecSink(HttpWay way, Terms terms, InstantSource clock) {
    this.way = way;
    this.terms = terms;
    this.clock = clock;
  }

  @Override
  public Answer send(Batch batch) throws InterruptedException {
    return send(batch, 0, batch.messages().size());
  }

  private Answer send(Batch batch, int from, int to) throws InterruptedException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    SortedMap<Integer, String> rejected = new TreeMap<>();
    TreeMap<Integer, Integer> sent = new TreeMap<>();
    for (int i = from; i < to; i++) {
      Message message = batch.messages().get(i);
      if (invalid.contains(message.seq())) {
        rejected.put(i, "the receiver calls it invalid");
      } else {
        sent.put(sent.size(), i);
        body.writeBytes(event(batch, message));
      }
    }
    if (sent.isEmpty()) {
      return new Answer.Taken(rejected);
    }
    Reply reply = way.send("POST", "/services/collector/event", JSON, body.toByteArray());
    if (reply instanceof Reply.Answered answered && answered.status() == TOO_LARGE) {
      return halves(batch, from, to);
    }
    byte[] answer = HttpWay.body(reply);
    if (answer == null) {
      return problem(reply, batch, sent);
    }
    Answer indexed = terms.acknowledged() ? acknowledged(answer) : null;
    return indexed != null ? indexed : new Answer.Taken(rejected);
  }

  private Answer halves(Batch batch, int from, int to) throws InterruptedException {
    if (to - from == 1) {
      return new Answer.Taken(new TreeMap<>(Map.of(from, "too large for the receiver")));
    }
    int half = (from + to) >>> 1;
    Answer first = send(batch, from, half);
    if (!(first instanceof Answer.Taken taken)) {
      return first;
    }
    Answer second = send(batch, half, to);
    if (second instanceof Answer.Taken rest) {
      taken.rejected().putAll(rest.rejected());
      return taken;
    }
    return second;
  }

  /**
   * The answer for a request that was not taken. Where one event is called invalid, nobody knows
   * whether those before it were kept: the batch is sent again without it, and the ledger says so.
   */
  private Answer problem(Reply reply, Batch batch, Map<Integer, Integer> sent) {
    if (reply instanceof Reply.Answered answered && answered.status() == 400) {
      JsonNode number = json(answered.body()).path("invalid-event-number");
      Integer index = number.isInt() ? sent.get(number.intValue()) : null;
      if (index != null && invalid.size() < MAX_INVALID) {
        invalid.add(batch.messages().get(index).seq());
        return new Answer.Failed(way.where() + " calls an event invalid; it is sent without it");
      }
    }
    return way.problem(reply);
  }

  /** Waits until a request is indexed; null when it is. */
  private @Nullable Answer acknowledged(byte[] answer) throws InterruptedException {
    JsonNode id = json(answer).path("ackId");
    if (!id.isIntegralNumber()) {
      return new Answer.Refused(
          way.where() + " gives no acknowledgements; they are switched on for a token");
    }
    ObjectNode question = JsonMapper.shared().createObjectNode();
    question.putArray("acks").add(id.longValue());
    byte[] body = JsonMapper.shared().writeValueAsBytes(question);
    Instant end = clock.instant().plus(INDEXED_TIMEOUT);
    Duration wait = terms.firstWait();
    while (clock.instant().isBefore(end)) {
      Thread.sleep(wait);
      Reply reply =
          way.send("POST", "/services/collector/ack?channel=" + terms.channel(), JSON, body);
      byte[] acks = HttpWay.body(reply);
      if (acks == null) {
        return way.problem(reply);
      }
      if (json(acks).path("acks").path(id.asString()).asBoolean(false)) {
        return null;
      }
      wait = wait.multipliedBy(2).compareTo(LAST_WAIT) > 0 ? LAST_WAIT : wait.multipliedBy(2);
    }
    return new Answer.Failed(
        way.where() + " did not index it within %d s".formatted(INDEXED_TIMEOUT.toSeconds()));
  }

  private static JsonNode json(byte[] text) {
    try {
      return JsonMapper.shared().readTree(text);
    } catch (JacksonException _) {
      return JsonMapper.shared().createObjectNode();
    }
  }

  private byte[] event(Batch batch, Message message) {
    ObjectNode event = envelope(message.occurredAt());
    boolean json = message.body().length > 0 && message.body()[0] == '{';
    String body = new String(message.body(), StandardCharsets.UTF_8);
    if (json) {
      event.putRawValue("event", new RawValue(body));
    } else {
      event.put("event", body);
    }
    event
        .putObject("fields")
        .put("indelible_tenant", batch.tenant().value())
        .put("indelible_id", message.id())
        .put("indelible_seq", message.seq());
    return JsonMapper.shared().writeValueAsBytes(event);
  }

  private ObjectNode envelope(Instant time) {
    ObjectNode event = JsonMapper.shared().createObjectNode();
    event.put("time", BigDecimal.valueOf(time.toEpochMilli(), MILLI_DIGITS));
    terms.names().forEach(event::put);
    return event;
  }

  @Override
  public Answer probe() throws InterruptedException {
    ObjectNode event = envelope(clock.instant());
    event.putObject("event").put("type", "test").put("stream", terms.stream());
    Reply reply =
        way.send(
            "POST",
            "/services/collector/event",
            JSON,
            JsonMapper.shared().writeValueAsBytes(event));
    byte[] answer = HttpWay.body(reply);
    if (answer == null) {
      return way.problem(reply);
    }
    Answer indexed = terms.acknowledged() ? acknowledged(answer) : null;
    return indexed != null ? indexed : new Answer.Taken();
  }

  @Override
  public void close() {
    way.close();
  }
}
