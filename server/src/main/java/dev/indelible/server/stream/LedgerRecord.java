package dev.indelible.server.stream;

import dev.indelible.server.journal.JsonForm;
import dev.indelible.server.stream.StreamState.Core;
import dev.indelible.server.stream.StreamState.DeadLetter;
import dev.indelible.server.stream.StreamState.Plan;
import dev.indelible.server.stream.StreamState.Replay;
import dev.indelible.server.stream.StreamState.Told;
import dev.indelible.server.stream.StreamState.Totals;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Record of the streams journal; see {@code docs/formats/streams.md}.
 *
 * @param stream tenant and id, with a slash between them
 * @param core the state after it, or null when the stream is no more
 * @param line a new line of the ledger, or null
 * @param added new dead letters
 * @param removed sequence numbers of dead letters that are none any more
 * @param left what it had sent before an erasure took it down, or null; nothing else counts then
 */
record LedgerRecord(
    String stream,
    @Nullable Core core,
    @Nullable LedgerLine line,
    List<DeadLetter> added,
    List<Long> removed,
    @Nullable Left left) {

  /** Whether it says what a request for erasure took down. */
  boolean isLeftBy(String basis) {
    return left != null && left.basis().equals(basis);
  }

  /** A record that is not about an erasure. */
  LedgerRecord(
      String stream,
      @Nullable Core core,
      @Nullable LedgerLine line,
      List<DeadLetter> added,
      List<Long> removed) {
    this(stream, core, line, added, removed, null);
  }

  /**
   * Entries that a stream had sent before an erasure took them down here.
   *
   * @param basis id of the request for erasure
   * @param name the stream's name
   * @param destination where it sent to, in words
   * @param atMillis when it first sent some of it
   */
  record Left(String basis, String name, String destination, long atMillis) {}

  /** The form of the journal. */
  static final JsonForm<LedgerRecord> FORM = new Form();

  private static final int VERSION = 1;

  private static final class Form extends JsonForm<LedgerRecord> {

    Form() {
      super("records of streams", VERSION, "streams");
    }

    @Override
    protected void write(LedgerRecord record, ObjectNode json) {
      json.put("stream", record.stream());
      Left left = record.left();
      if (left != null) {
        json.putObject("left")
            .put("basis", left.basis())
            .put("name", left.name())
            .put("destination", left.destination())
            .put("at", left.atMillis());
      }
      Core core = record.core();
      if (core == null) {
        return;
      }
      write(core, json.putObject("state"));
      LedgerLine line = record.line();
      if (line != null) {
        json.put("line", line.toBytes());
      }
      if (!record.added().isEmpty()) {
        ArrayNode dead = json.putArray("dead");
        for (DeadLetter letter : record.added()) {
          dead.addObject()
              .put("seq", letter.seq())
              .put("id", letter.entryId())
              .put("reason", letter.reason())
              .put("at", letter.atMillis())
              .put("number", letter.number());
        }
      }
      if (!record.removed().isEmpty()) {
        ArrayNode removed = json.putArray("settled");
        record.removed().forEach(removed::add);
      }
    }

    private static void write(Core core, ObjectNode json) {
      json.put("number", core.number()).put("next", core.next()).put("head", core.head());
      Totals totals = core.totals();
      json.put("sent", totals.sent())
          .put("dead", totals.dead())
          .put("purged", totals.purged())
          .put("others", totals.others())
          .put("dead_others", totals.deadOthers())
          .put("doubt", core.doubt());
      Plan plan = core.plan();
      if (plan != null) {
        json.putObject("plan")
            .put("number", plan.number())
            .put("first", plan.firstSeq())
            .put("last", plan.lastSeq())
            .put("replay", plan.replay())
            .put("content", plan.content());
      }
      Replay replay = core.replay();
      if (replay != null) {
        ObjectNode again = json.putObject("replay");
        again.put("next", replay.next()).put("to", replay.toSeq());
        ArrayNode only = again.putArray("only");
        replay.only().forEach(only::add);
      }
      Told told = core.told();
      json.putObject("told")
          .put("ledger_at", told.ledgerAtMillis())
          .put("others", told.others())
          .put("dead_at", told.deadAtMillis())
          .put("dead", told.dead());
    }

    @Override
    protected LedgerRecord read(JsonNode json) {
      String stream = required(json, "stream").stringValue();
      JsonNode left = json.get("left");
      if (left != null) {
        return new LedgerRecord(
            stream,
            null,
            null,
            List.of(),
            List.of(),
            new Left(
                required(left, "basis").stringValue(),
                required(left, "name").stringValue(),
                required(left, "destination").stringValue(),
                number(left, "at")));
      }
      JsonNode state = json.get("state");
      if (state == null) {
        return new LedgerRecord(stream, null, null, List.of(), List.of());
      }
      JsonNode line = json.get("line");
      List<DeadLetter> added = new ArrayList<>();
      for (JsonNode letter : json.path("dead")) {
        added.add(
            new DeadLetter(
                number(letter, "seq"),
                required(letter, "id").stringValue(),
                required(letter, "reason").stringValue(),
                number(letter, "at"),
                number(letter, "number")));
      }
      return new LedgerRecord(
          stream,
          core(state),
          line == null ? null : LedgerLine.of(bytes(line)),
          added,
          numbers(json.path("settled")));
    }

    private static Core core(JsonNode json) {
      JsonNode plan = json.get("plan");
      JsonNode replay = json.get("replay");
      JsonNode told = required(json, "told");
      return new Core(
          number(json, "number"),
          number(json, "next"),
          bytes(required(json, "head")),
          new Totals(
              number(json, "sent"),
              number(json, "dead"),
              number(json, "purged"),
              number(json, "others"),
              number(json, "dead_others")),
          number(json, "doubt"),
          plan == null
              ? null
              : new Plan(
                  number(plan, "number"),
                  number(plan, "first"),
                  number(plan, "last"),
                  required(plan, "replay").booleanValue(),
                  required(plan, "content").stringValue()),
          replay == null
              ? null
              : new Replay(
                  number(replay, "next"), number(replay, "to"), numbers(replay.path("only"))),
          new Told(
              number(told, "ledger_at"),
              number(told, "others"),
              number(told, "dead_at"),
              number(told, "dead")));
    }

    private static byte[] bytes(JsonNode json) {
      return Base64.getDecoder().decode(json.stringValue());
    }

    private static List<Long> numbers(JsonNode array) {
      List<Long> numbers = new ArrayList<>();
      array.forEach(one -> numbers.add(one.longValue()));
      return numbers;
    }

    private static long number(JsonNode json, String name) {
      return required(json, name).longValue();
    }

    private static JsonNode required(JsonNode json, String name) {
      JsonNode value = json.get(name);
      if (value == null) {
        throw new IllegalStateException("a record of a stream without " + name);
      }
      return value;
    }
  }
}
