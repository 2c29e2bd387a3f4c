package dev.indelible.server.event;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategy;
import dev.indelible.server.json.Rfc3339;
import java.io.CharArrayWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Entries as lines of CSV (RFC 4180: commas, CRLF, quotes where needed), UTF-8, with one row of
 * headings.
 *
 * <p>A spreadsheet takes a cell that begins with {@code =}, {@code +}, {@code -} or {@code @} for a
 * formula, and what entries hold comes from whoever acted. Such a cell gets an apostrophe in front;
 * so does one that begins with an apostrophe, so that the rule can be undone. Who needs the exact
 * value without undoing it takes JSON.
 *
 * <p>Every member of an entry has a column. Columns are only ever added, behind the others; where
 * an older one says less than the entry ({@code targets}, {@code on_behalf_of}), a later one has it
 * as JSON.
 */
public final class EntryCsv {

  /** The columns, in order. */
  public static final List<String> COLUMNS =
      List.of(
          "id",
          "seq",
          "occurred_at",
          "recorded_at",
          "account",
          "action",
          "category",
          "security_relevant",
          "outcome",
          "outcome_reason",
          "actor_type",
          "actor_id",
          "actor_name",
          "actor_email",
          "actor_roles",
          "on_behalf_of",
          "targets",
          "changes",
          "reason",
          "ip",
          "country",
          "city",
          "user_agent",
          "session_id",
          "request_id",
          "flags",
          "details",
          "actor_model",
          "actor_version",
          "producer",
          "producer_seq",
          "recorded_by",
          "tenant",
          "verb",
          "actor_id_hash",
          "actor_permissions",
          "on_behalf_of_parties",
          "target_list",
          "region",
          "latitude",
          "longitude",
          "trace_id",
          "personal_erased",
          "holds");

  /**
   * Characters that a text cell must not begin with: the signs of a formula, also in their
   * full-width forms, and white space behind which spreadsheets still see one.
   */
  private static final String DANGEROUS = "=+-@\t\r\n＝＋－＠'";

  private static final JsonMapper JSON = JsonMapper.shared();

  private static final char GUARD = '\'';

  /** Quotes a cell that got an apostrophe, and one with a control character. */
  private static final QuoteStrategy QUOTES =
      new QuoteStrategy() {
        @Override
        public boolean quoteValue(int line, int column, String value) {
          if (value.charAt(0) == GUARD) {
            return true;
          }
          for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ') {
              return true;
            }
          }
          return false;
        }
      };

  private final CharArrayWriter line = new CharArrayWriter(1_024);
  private final CsvWriter csv =
      CsvWriter.builder()
          .lineDelimiter(LineDelimiter.CRLF)
          .quoteStrategy(QUOTES)
          // No cell is a comment: one that began with this would be quoted as it is.
          .commentCharacter('\0')
          .build(line);
  private final List<String> cells = new ArrayList<>(COLUMNS.size());
  private final List<String> columns;
  private final int[] chosen; // indexes into COLUMNS

  /** Lines of all columns. */
  public EntryCsv() {
    this(List.of());
  }

  /**
   * Lines of some columns, in the order of {@link #COLUMNS}.
   *
   * @param columns their names; empty for all
   */
  public EntryCsv(List<String> columns) {
    this.columns =
        columns.isEmpty() ? COLUMNS : COLUMNS.stream().filter(columns::contains).toList();
    this.chosen = this.columns.stream().mapToInt(COLUMNS::indexOf).toArray();
  }

  /** The row of headings. */
  public byte[] headings() {
    return (String.join(",", columns) + "\r\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Writes one entry's line, as {@link #line} makes it. */
  public void write(Entry entry, Map<String, String> holds, OutputStream out) throws IOException {
    out.write(line(entry, holds));
  }

  /**
   * One entry's line; not thread-safe.
   *
   * @param holds names of the legal holds that keep it, by their ids
   */
  public byte[] line(Entry entry, Map<String, String> holds) {
    cells.clear();
    Event event = entry.event();
    text(entry.id());
    text(Long.toString(entry.seq()));
    text(Rfc3339.format(entry.occurredAt()));
    text(Rfc3339.format(entry.recordedAt()));
    text(event.account());
    text(event.action());
    text(entry.classification().category());
    text(Boolean.toString(entry.classification().securityRelevant()));
    text(event.outcome().jsonName());
    text(event.outcomeReason());
    actor(event.actor());
    text(
        event.targets().stream()
            .map(target -> target.type() + "/" + target.id() + named(target.name()))
            .collect(Collectors.joining("; ")));
    json(changes(event.changes()));
    text(event.reason());
    context(event.context());
    text(String.join("; ", entry.classification().flags()));
    json(event.details());
    text(event.actor().agent().model());
    text(event.actor().agent().version());
    Long producerSeq = event.context().producerSeq();
    text(event.context().producer());
    text(producerSeq == null ? null : producerSeq.toString());
    recordedBy(entry.recordedBy());
    text(entry.tenant().value());
    text(entry.classification().verb());
    text(event.actor().idHash());
    text(String.join("; ", event.actor().permissions()));
    json(parties(event.actor().chain()));
    json(targets(event.targets()));
    place(event.context());
    text(entry.personalErased() ? "true" : null);
    text(
        holds.entrySet().stream()
            .map(hold -> hold.getKey() + named(hold.getValue()))
            .collect(Collectors.joining("; ")));
    return written(chosen()).getBytes(StandardCharsets.UTF_8);
  }

  private List<String> chosen() {
    if (chosen.length == COLUMNS.size()) {
      return cells;
    }
    List<String> some = new ArrayList<>(chosen.length);
    for (int index : chosen) {
      some.add(cells.get(index));
    }
    return some;
  }

  private void actor(Event.Actor actor) {
    text(actor.type().jsonName());
    text(actor.id() != null ? actor.id() : actor.idHash());
    text(actor.name());
    text(actor.email());
    text(String.join("; ", actor.roles()));
    text(actor.chain().stream().map(EntryCsv::party).collect(Collectors.joining("; ")));
  }

  private static String party(Event.Principal party) {
    String id = party.id() != null ? party.id() : party.idHash();
    return party.type().jsonName() + (id == null ? "" : "/" + id) + named(party.name());
  }

  private void recordedBy(@Nullable RecordedBy by) {
    if (by == null) {
      text(null);
      return;
    }
    text(by.kind().jsonName() + (by.id() == null ? "" : "/" + by.id()));
  }

  private void context(Event.Context context) {
    Event.Location location = context.location();
    text(context.ip());
    text(location == null ? null : location.country());
    text(location == null ? null : location.city());
    text(context.userAgent());
    text(context.sessionId());
    text(context.requestId());
  }

  private void place(Event.Context context) {
    Event.Location location = context.location();
    text(location == null ? null : location.region());
    text(location == null ? null : number(location.latitude()));
    text(location == null ? null : number(location.longitude()));
    text(context.traceId());
  }

  private static @Nullable String number(@Nullable Double value) {
    return value == null ? null : value.toString();
  }

  private static JsonNode parties(List<Event.Principal> chain) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Event.Principal party : chain) {
      ObjectNode one = array.addObject().put("type", party.type().jsonName());
      put(one, "id", party.id());
      put(one, "id_hash", party.idHash());
      put(one, "name", party.name());
      put(one, "email", party.email());
      put(one, "model", party.agent().model());
      put(one, "version", party.agent().version());
    }
    return array;
  }

  private static JsonNode targets(List<Event.Target> targets) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Event.Target target : targets) {
      ObjectNode one = array.addObject().put("type", target.type()).put("id", target.id());
      put(one, "name", target.name());
      put(one, "href", target.href());
    }
    return array;
  }

  private static void put(ObjectNode object, String name, @Nullable String value) {
    if (value != null) {
      object.put(name, value);
    }
  }

  private static String named(@Nullable String name) {
    return name == null ? "" : " (" + name + ")";
  }

  private static @Nullable JsonNode changes(List<Event.Change> changes) {
    if (changes.isEmpty()) {
      return null;
    }
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Event.Change change : changes) {
      ObjectNode one = array.addObject().put("field", change.field());
      if (change.before() != null) {
        one.set("before", change.before());
      }
      if (change.after() != null) {
        one.set("after", change.after());
      }
    }
    return array;
  }

  private void json(@Nullable JsonNode value) {
    text(value == null || value.isEmpty() ? null : JSON.writeValueAsString(value));
  }

  private String written(List<String> cells) {
    line.reset();
    csv.writeRecord(cells);
    try {
      csv.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toString();
  }

  private void text(@Nullable String value) {
    if (value == null || value.isEmpty()) {
      cells.add("");
    } else {
      cells.add(DANGEROUS.indexOf(value.charAt(0)) >= 0 ? GUARD + value : value);
    }
  }
}
