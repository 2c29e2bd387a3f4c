package dev.indelible.server.sink;

import dev.indelible.server.deliver.ReceiverHttp.Reply;
import dev.indelible.server.otlp.Encoding;
import dev.indelible.server.otlp.LogsRequest;
import dev.indelible.server.otlp.LogsRequest.Rejected;
import dev.indelible.server.otlp.LogsRequest.Sent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Log records with event names over OTLP/HTTP. A receiver that takes a part says how many records
 * it rejected and not which: the batch is sent again record by record, and then it is known.
 */
final class OtlpSink implements Sink {

  private static final int INFO = 9;
  private static final int WARN = 13;
  private static final int TOO_LARGE = 413;

  private final HttpWay way;
  private final String path;
  private final Encoding encoding;
  private final String stream;
  private final InstantSource clock;

  /** Entries up to this number are sent alone; below 0 when none are. */
  private long aloneUntil = -1;

  OtlpSink(HttpWay way, String path, Encoding encoding, String stream, InstantSource clock) {
    this.way = way;
    this.path = path;
    this.encoding = encoding;
    this.stream = stream;
    this.clock = clock;
  }

  @Override
  public Answer send(Batch batch) throws InterruptedException {
    List<Message> messages = batch.messages();
    SortedMap<Integer, String> rejected = new TreeMap<>();
    int from = 0;
    while (from < messages.size()) {
      boolean alone = messages.get(from).seq() <= aloneUntil;
      int to = alone ? from + 1 : messages.size();
      Answer answer = send(batch, from, to);
      switch (answer) {
        case Answer.Taken taken -> rejected.putAll(taken.rejected());
        case Answer.Failed failed when alone && rejected.isEmpty() -> {
          return new Answer.Failed(failed.problem(), from, failed.retryAfter());
        }
        case Answer.Failed failed -> {
          return failed;
        }
        case Answer.Refused refused -> {
          return refused;
        }
      }
      from = to;
    }
    return new Answer.Taken(rejected);
  }

  private Answer send(Batch batch, int from, int to) throws InterruptedException {
    List<Sent> records = new ArrayList<>(to - from);
    for (Message message : batch.messages().subList(from, to)) {
      records.add(record(batch, message));
    }
    Reply reply = post(records);
    if (reply instanceof Reply.Answered answered && answered.status() == TOO_LARGE) {
      return tooLarge(batch, from, to);
    }
    byte[] answer = HttpWay.body(reply);
    if (answer == null) {
      return way.problem(reply);
    }
    Rejected partial;
    try {
      partial = LogsRequest.rejected(encoding, answer);
    } catch (IOException e) {
      return new Answer.Failed(way.where() + " gave an answer that cannot be read");
    }
    if (partial.count() == 0) {
      return new Answer.Taken();
    }
    String why = "rejected by the receiver: " + way.clean(partial.why());
    if (partial.count() >= records.size()) {
      SortedMap<Integer, String> all = new TreeMap<>();
      for (int i = from; i < to; i++) {
        all.put(i, why);
      }
      return new Answer.Taken(all);
    }
    aloneUntil = batch.messages().get(to - 1).seq();
    return new Answer.Failed(
        way.where()
            + " rejected %d of %d records; they are sent one by one: "
                .formatted(partial.count(), records.size())
            + way.clean(partial.why()));
  }

  private Answer tooLarge(Batch batch, int from, int to) {
    if (to - from == 1) {
      SortedMap<Integer, String> one = new TreeMap<>();
      one.put(from, "too large for the receiver");
      return new Answer.Taken(one);
    }
    aloneUntil = batch.messages().get(to - 1).seq();
    return new Answer.Failed(way.where() + " finds a batch too large; its records are sent alone");
  }

  private Reply post(List<Sent> records) throws InterruptedException {
    return way.send(
        "POST", path, LogsRequest.mediaType(encoding), LogsRequest.write(encoding, records));
  }

  private Sent record(Batch batch, Message message) {
    JsonNode entry = message.entry();
    String action = entry.path("action").asString("entry");
    ObjectNode attributes = JsonNodeFactory.instance.objectNode();
    attributes.put("event.name", action);
    attributes.put("indelible.tenant", batch.tenant().value());
    attributes.put("indelible.id", message.id());
    attributes.put("indelible.seq", message.seq());
    attributes.put("indelible.stream", batch.stream());
    return new Sent(
        message.occurredAt(),
        message.recordedAt(),
        entry.path("outcome").asString("").equals("failure") ? WARN : INFO,
        action,
        body(message.body()),
        attributes);
  }

  private static JsonNode body(byte[] body) {
    if (body.length > 0 && body[0] == '{') {
      try {
        return JsonMapper.shared().readTree(body);
      } catch (JacksonException _) {
        // A text that begins with a brace.
      }
    }
    return JsonNodeFactory.instance.stringNode(new String(body, StandardCharsets.UTF_8));
  }

  @Override
  public Answer probe() throws InterruptedException {
    Instant now = clock.instant();
    ObjectNode attributes = JsonNodeFactory.instance.objectNode();
    attributes.put("event.name", "indelible.test");
    attributes.put("indelible.stream", stream);
    Reply reply =
        post(
            List.of(
                new Sent(
                    now,
                    now,
                    INFO,
                    "indelible.test",
                    JsonNodeFactory.instance.stringNode("test of a stream"),
                    attributes)));
    return HttpWay.body(reply) == null ? way.problem(reply) : new Answer.Taken();
  }

  @Override
  public void close() {
    way.close();
  }
}
