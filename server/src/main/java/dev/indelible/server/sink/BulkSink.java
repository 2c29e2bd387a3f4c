package dev.indelible.server.sink;

import dev.indelible.server.deliver.ReceiverHttp.Reply;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Documents that are created by their entries' ids, so that a repeat meets "already there" and
 * changes nothing. Each document is answered for: one that the index cannot take (a text that is no
 * date, too many fields, a term above 32,766 bytes) is rejected alone; one that meets a busy node
 * fails the batch, which is sent again whole.
 */
final class BulkSink implements Sink {

  /** The longest id of a document, in bytes. */
  static final int MAX_ID = 512;

  /** Of an answer, only what is needed, which keeps it below the limit of an answer. */
  private static final String PATH =
      "/_bulk?filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason";

  private static final String NDJSON = "application/x-ndjson";
  private static final String JSON = "application/json";
  private static final int CONFLICT = 409;
  private static final int TOO_LARGE = 413;
  private static final int TOO_MANY = 429;
  private static final DateTimeFormatter YEAR = format("uuuu");
  private static final DateTimeFormatter MONTH = format("MM");
  private static final DateTimeFormatter DAY = format("dd");

  private final HttpWay way;
  private final String index;
  private final String stream;
  private final @Nullable Template template;
  private final InstantSource clock;
  private boolean installed;

  /**
   * Template of indices.
   *
   * @param name of the template at the receiver
   * @param body JSON
   */
  @SuppressWarnings("ArrayRecordComponent") // carries what is sent; never compared
  record Template(String name, byte[] body) {}

  BulkSink(
      HttpWay way, String index, String stream, @Nullable Template template, InstantSource clock) {
    this.way = way;
    this.index = index;
    this.stream = stream;
    this.template = template;
    this.clock = clock;
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  @Override
  public Answer send(Batch batch) throws InterruptedException {
    Answer problem = install();
    return problem != null ? problem : send(batch, 0, batch.messages().size());
  }

  /** Sends a part of a batch; in halves where the receiver finds it too large. */
  private Answer send(Batch batch, int from, int to) throws InterruptedException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Message message : batch.messages().subList(from, to)) {
      write(body, indexAt(message.recordedAt()), id(batch, message), document(batch, message));
    }
    Reply reply = way.send("POST", PATH, NDJSON, body.toByteArray());
    if (reply instanceof Reply.Answered answered && answered.status() == TOO_LARGE) {
      return halves(batch, from, to);
    }
    byte[] answer = HttpWay.body(reply);
    return answer == null ? way.problem(reply) : read(answer, from, to);
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

  /** Reads the answers for documents, which are in the order in which they were sent. */
  private Answer read(byte[] answer, int from, int to) {
    JsonNode items;
    try {
      items = JsonMapper.shared().readTree(answer).path("items");
    } catch (JacksonException _) {
      return new Answer.Failed(way.where() + " gave an answer that is no JSON, or too long");
    }
    if (items.size() != to - from) {
      return new Answer.Failed(
          way.where() + " answered for %d documents of %d".formatted(items.size(), to - from));
    }
    SortedMap<Integer, String> rejected = new TreeMap<>();
    for (int i = 0; i < items.size(); i++) {
      JsonNode item = items.get(i).path("create");
      int status = item.path("status").asInt(0);
      if ((status >= 200 && status < 300) || status == CONFLICT) {
        continue;
      }
      String type = item.path("error").path("type").asString("");
      String why = way.clean(type + ": " + reason(item.path("error").path("reason").asString("")));
      // A block of an index (a full disk) goes away by itself; a right or an index that is missing
      // does not.
      if (status == TOO_MANY || status >= 500 || status == 0 || type.contains("block")) {
        return new Answer.Failed(
            way.where() + ": " + status + " " + why, arrived(items, from), null);
      }
      if (status == 401 || status == 403 || status == 404) {
        return new Answer.Refused(way.where() + ": " + status + " " + why);
      }
      rejected.put(from + i, why);
    }
    return new Answer.Taken(rejected);
  }

  /** A reason without the values that it repeats: what was erased must not live on in it. */
  static String reason(String words) {
    int end = words.length();
    for (String values : List.of(" Preview of", " Please correct", " in document with id")) {
      int at = words.indexOf(values);
      end = at < 0 ? end : Math.min(end, at);
    }
    return words
        .substring(0, end)
        .replaceAll("'[^']*'", "'…'")
        .replaceAll("\\[[^\\]]{64,}\\]", "[…]");
  }

  /** How many documents at the batch's beginning are there; those before this part are. */
  private static int arrived(JsonNode items, int from) {
    int arrived = 0;
    for (JsonNode item : items) {
      int status = item.path("create").path("status").asInt(0);
      if (status != CONFLICT && (status < 200 || status >= 300)) {
        break;
      }
      arrived++;
    }
    // What came before in another part may hold rejected ones, which have to be told again.
    return from == 0 ? arrived : 0;
  }

  private @Nullable Answer install() throws InterruptedException {
    if (template == null || installed) {
      return null;
    }
    Reply reply = way.send("PUT", "/_index_template/" + template.name(), JSON, template.body());
    if (HttpWay.body(reply) == null) {
      return way.problem(reply);
    }
    installed = true;
    return null;
  }

  private String indexAt(Instant time) {
    return index
        .replace("%Y", YEAR.format(time))
        .replace("%m", MONTH.format(time))
        .replace("%d", DAY.format(time));
  }

  /** An entry's id, which is its own within its tenant. */
  private static String id(Batch batch, Message message) {
    String id = batch.tenant().value() + ":" + message.id();
    return id.getBytes(StandardCharsets.UTF_8).length <= MAX_ID
        ? id
        : batch.tenant().value() + "::" + message.seq();
  }

  /** A body that is no JSON object is the text of a document about the entry. */
  private static byte[] document(Batch batch, Message message) {
    if (message.body().length > 0 && message.body()[0] == '{') {
      return message.body();
    }
    ObjectNode document = JsonMapper.shared().createObjectNode();
    document.put("@timestamp", message.occurredAt().toString());
    document.put("id", message.id());
    document.put("tenant", batch.tenant().value());
    document.put("seq", message.seq());
    document.put("message", new String(message.body(), StandardCharsets.UTF_8));
    return JsonMapper.shared().writeValueAsBytes(document);
  }

  private static void write(ByteArrayOutputStream body, String index, String id, byte[] document) {
    ObjectNode action = JsonMapper.shared().createObjectNode();
    action.putObject("create").put("_index", index).put("_id", id);
    body.writeBytes(JsonMapper.shared().writeValueAsBytes(action));
    body.write('\n');
    body.writeBytes(document);
    body.write('\n');
  }

  /** A document of its own, by an id that every test has. */
  @Override
  public Answer probe() throws InterruptedException {
    Answer problem = install();
    if (problem != null) {
      return problem;
    }
    Instant now = clock.instant();
    ObjectNode document = JsonMapper.shared().createObjectNode();
    document.put("@timestamp", now.toString()).put("message", "test of the stream " + stream);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    write(body, indexAt(now), "test:" + stream, JsonMapper.shared().writeValueAsBytes(document));
    Reply reply = way.send("POST", PATH, NDJSON, body.toByteArray());
    byte[] answer = HttpWay.body(reply);
    if (answer == null) {
      return way.problem(reply);
    }
    Answer read = read(answer, 0, 1);
    return read instanceof Answer.Taken taken && !taken.rejected().isEmpty()
        ? new Answer.Refused(way.where() + ": " + List.copyOf(taken.rejected().values()).getFirst())
        : read;
  }

  @Override
  public void close() {
    way.close();
  }
}
