package dev.indelible.server.api.stream;

import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.EventStream;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ListCursor;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.stream.LedgerLine;
import dev.indelible.server.stream.Streams;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Routes of the ledger of a stream, of its dead letters, and of replays. */
record LedgerRoutes(StreamRoutes routes, Streams streams) {

  /** The most sequence numbers of dead letters in one request. */
  static final int MAX_SEQS = Streams.MAX_DEAD_LETTERS;

  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final String STREAM = StreamRoutes.STREAM;

  /** Range of sequence numbers that a request asks about. */
  private record Range(long from, long to) {}

  /** All of them. */
  List<Route> all() {
    return List.of(
        new Route(
            "GET",
            STREAM + "/ledger",
            "getStreamLedger",
            List.of("from_seq", "to_seq", "order", "limit", "cursor"),
            this::ledger),
        new Route(
            "GET",
            STREAM + "/undelivered",
            "getUndelivered",
            List.of("from_seq", "to_seq"),
            this::undelivered),
        new Route(
            "GET",
            STREAM + "/dead-letters",
            "listDeadLetters",
            List.of("limit", "cursor"),
            this::deadLetters),
        new Route("POST", STREAM + "/dead-letters/retry", "retryDeadLetters", this::retry),
        new Route("POST", STREAM + "/replay", "replayStream", this::replay));
  }

  private static Range range(Exchange exchange) {
    return new Range(seq(exchange, "from_seq", 0), seq(exchange, "to_seq", Long.MAX_VALUE - 1));
  }

  private static long seq(Exchange exchange, String name, long fallback) {
    String text = exchange.query().text(name).orElse("");
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      long seq = Long.parseLong(text);
      if (seq >= 0 && seq < Long.MAX_VALUE) {
        return seq;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw ProblemException.invalidParameter(name, "This must be a whole number from 0.");
  }

  private void ledger(Exchange exchange) throws IOException {
    Callers.Allowed allowed = routes.allowed(exchange);
    EventStream stream = routes.find(exchange, allowed);
    Range range = range(exchange);
    boolean isNewest =
        exchange.query().choice("order", List.of("oldest", "newest"), "oldest").equals("newest");
    ListCursor cursor = new ListCursor(stream.id() + (isNewest ? "/newest" : "/ledger"));
    String position = cursor.position(exchange);
    long after = position == null ? 0 : Long.parseLong(position);
    int limit = ListCursor.limit(exchange);
    Streams.LedgerPage page =
        isNewest
            ? streams.newestLines(stream, after, range.from(), range.to(), limit)
            : streams.ledger(stream, after, range.from(), range.to(), limit);
    String next = page.next() < 0 ? null : cursor.after(Long.toString(page.next()));
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("ledger");
          page.lines().forEach(line -> StreamJson.write(json, line));
          json.writeEndArray();
          json.writeNumberProperty("complete_to_seq", page.completeToSeq());
          json.writeObjectPropertyStart("totals");
          json.writeNumberProperty("lines", page.lines().size());
          json.writeNumberProperty("matched", sum(page, line -> line.counts().matched()));
          json.writeNumberProperty("sent", sum(page, line -> line.counts().sent()));
          json.writeNumberProperty("dead_letters", sum(page, line -> line.counts().dead()));
          json.writeNumberProperty("purged", sum(page, line -> line.counts().purged()));
          json.writeNumberProperty("repeated", sum(page, line -> line.flags().repeated() ? 1 : 0));
          json.writeEndObject();
          ListCursor.writeNext(json, next);
          json.writeEndObject();
        });
  }

  private static long sum(Streams.LedgerPage page, ToLongFunction<LedgerLine> of) {
    return page.lines().stream().mapToLong(of).sum();
  }

  private void undelivered(Exchange exchange) throws IOException {
    Callers.Allowed allowed = routes.allowed(exchange);
    EventStream stream = routes.find(exchange, allowed);
    Range range = range(exchange);
    List<Streams.Undelivered> all = streams.undelivered(stream, range.from(), range.to());
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("undelivered");
          for (Streams.Undelivered one : all) {
            json.writeStartObject();
            json.writeNumberProperty("from_seq", one.fromSeq());
            json.writeNumberProperty("to_seq", one.toSeq());
            json.writeStringProperty("why", one.why());
            json.writeNumberProperty("count", one.count());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private void deadLetters(Exchange exchange) throws IOException {
    Callers.Allowed allowed = routes.allowed(exchange);
    EventStream stream = routes.find(exchange, allowed);
    ListCursor cursor = new ListCursor(stream.id() + "/dead-letters");
    String after = cursor.position(exchange);
    int limit = ListCursor.limit(exchange);
    List<Streams.Dead> rest =
        streams.deadLetters(stream).stream()
            .filter(letter -> after == null || letter.seq() > Long.parseLong(after))
            .toList();
    List<Streams.Dead> page = rest.stream().limit(limit).toList();
    String next = rest.size() > limit ? cursor.after(Long.toString(page.getLast().seq())) : null;
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("dead_letters");
          page.forEach(letter -> StreamJson.write(json, letter));
          json.writeEndArray();
          ListCursor.writeNext(json, next);
          json.writeEndObject();
        });
  }

  private static void requireActive(EventStream stream) {
    if (!stream.isActive()) {
      throw new ProblemException(
          409, "stream_paused", "The stream does not send now; resume it first.");
    }
  }

  private static ProblemException underWay() {
    return new ProblemException(
        409, "too_many", "This stream sends something once more already; wait for its end.");
  }

  private void retry(Exchange exchange) throws IOException {
    Callers.Allowed allowed = routes.allowed(exchange);
    EventStream stream = routes.find(exchange, allowed);
    JsonNode body = exchange.json(MAX_BODY_BYTES);
    JsonFields fields = JsonFields.of(body, "seqs");
    List<Long> seqs = new ArrayList<>();
    JsonNode given = body.path("seqs");
    if (given.isArray() && given.size() <= MAX_SEQS) {
      for (JsonNode one : given) {
        if (one.isIntegralNumber() && one.canConvertToLong()) {
          seqs.add(one.longValue());
        } else {
          fields.fault("seqs", "wrong_type", "This must be a list of whole numbers.");
        }
      }
    } else if (!given.isMissingNode() && !given.isNull()) {
      fields.fault("seqs", "wrong_type", "A list of at most " + MAX_SEQS + " whole numbers.");
    }
    fields.check();
    requireActive(stream);
    if (!streams.retry(stream, seqs)) {
      throw underWay();
    }
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.put("dead_letters", true);
    routes.note(exchange, allowed, stream, "audit.stream.replay", details, null);
    exchange.respondEmpty(202);
  }

  private void replay(Exchange exchange) throws IOException {
    Callers.Allowed allowed = routes.allowed(exchange);
    EventStream stream = routes.find(exchange, allowed);
    JsonFields fields =
        JsonFields.of(exchange.json(MAX_BODY_BYTES), "from_seq", "to_seq", "reason");
    Long from = fields.number("from_seq", Field.REQUIRED);
    Long to = fields.number("to_seq", Field.REQUIRED);
    String reason = fields.text("reason", Field.REQUIRED, Change.MAX_REASON_LENGTH);
    if (from != null && to != null && from > to) {
      fields.fault("to_seq", "out_of_range", "This must not be less than from_seq.");
    }
    fields.check();
    requireActive(stream);
    long first = from == null ? 0 : from; // null is a fault
    long last = Math.min(to == null ? 0 : to, streams.end(stream.tenant()) - 1);
    if (last >= first && !streams.replay(stream, first, last)) {
      throw underWay();
    }
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.put("from_seq", first).put("to_seq", last);
    routes.note(exchange, allowed, stream, "audit.stream.replay", details, reason);
    exchange.respondJson(
        202,
        json -> {
          json.writeStartObject();
          json.writeNumberProperty("from_seq", first);
          json.writeNumberProperty("to_seq", last);
          json.writeEndObject();
        });
  }
}
