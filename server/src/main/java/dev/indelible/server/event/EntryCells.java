package dev.indelible.server.event;

import dev.indelible.server.json.Rfc3339;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Cells of a table of entries, as texts: one for each of {@link EntryCsv#COLUMNS}. A format guards
 * or escapes them as it has to.
 */
public final class EntryCells {

  private static final int CAPACITY_BYTES = 256;

  private static final Map<String, Cell> ENTRY =
      Map.ofEntries(
          of("id", Entry::id),
          of("seq", entry -> Long.toString(entry.seq())),
          of("occurred_at", entry -> Rfc3339.format(entry.occurredAt())),
          of("recorded_at", entry -> Rfc3339.format(entry.recordedAt())),
          of("account", entry -> entry.event().account()),
          of("action", entry -> entry.event().action()),
          of("category", entry -> entry.classification().category()),
          of("verb", entry -> entry.classification().verb()),
          of(
              "security_relevant",
              entry -> Boolean.toString(entry.classification().securityRelevant())),
          of("flags", entry -> joined(entry.classification().flags())),
          of("outcome", entry -> entry.event().outcome().jsonName()),
          of("outcome_reason", entry -> entry.event().outcomeReason()),
          of("targets", entry -> targets(entry.event().targets())),
          of("target_list", entry -> targetList(entry.event().targets())),
          of("changes", entry -> changes(entry.event().changes())),
          of("reason", entry -> entry.event().reason()),
          of("details", entry -> json(entry.event().details())),
          of("recorded_by", entry -> recordedBy(entry.recordedBy())),
          of("tenant", entry -> entry.tenant().value()),
          of("personal_erased", entry -> entry.personalErased() ? "true" : null),
          Map.entry("holds", (_, holds) -> holds(holds)));

  private static final Map<String, Cell> ACTOR =
      Map.ofEntries(
          actor("actor_type", actor -> actor.type().jsonName()),
          actor("actor_id", actor -> actor.id() != null ? actor.id() : actor.idHash()),
          actor("actor_id_hash", Event.Actor::idHash),
          actor("actor_name", Event.Actor::name),
          actor("actor_email", Event.Actor::email),
          actor("actor_roles", actor -> joined(actor.roles())),
          actor("actor_permissions", actor -> joined(actor.permissions())),
          actor("actor_model", actor -> actor.agent().model()),
          actor("actor_version", actor -> actor.agent().version()),
          actor(
              "on_behalf_of",
              actor ->
                  actor.onBehalfOf() == null
                      ? ""
                      : actor.chain().stream()
                          .map(EntryCells::party)
                          .collect(Collectors.joining("; "))),
          actor("on_behalf_of_parties", actor -> parties(actor.chain())));

  private static final Map<String, Cell> CONTEXT =
      Map.ofEntries(
          context("ip", Event.Context::ip),
          place("country", Event.Location::country),
          place("region", Event.Location::region),
          place("city", Event.Location::city),
          place("latitude", place -> number(place.latitude())),
          place("longitude", place -> number(place.longitude())),
          context("user_agent", Event.Context::userAgent),
          context("session_id", Event.Context::sessionId),
          context("request_id", Event.Context::requestId),
          context("trace_id", Event.Context::traceId),
          context("producer", Event.Context::producer),
          context("producer_seq", context -> number(context.producerSeq())));

  private EntryCells() {}

  /** Text of one column. */
  @FunctionalInterface
  public interface Cell {

    /**
     * Returns the text, or null or an empty one if the entry has none.
     *
     * @param holds names of the legal holds that keep it, by their ids
     */
    @Nullable String of(Entry entry, Map<String, String> holds);
  }

  /** Text of a part of an entry. */
  private interface Text<T> {
    @Nullable String of(T part);
  }

  /**
   * The cells of these columns, in their order.
   *
   * @throws IllegalArgumentException if a name is none of {@link EntryCsv#COLUMNS}
   */
  public static List<Cell> of(List<String> columns) {
    return columns.stream().map(EntryCells::cell).toList();
  }

  private static Cell cell(String column) {
    for (Map<String, Cell> cells : List.of(ENTRY, ACTOR, CONTEXT)) {
      Cell cell = cells.get(column);
      if (cell != null) {
        return cell;
      }
    }
    throw new IllegalArgumentException("no column " + column);
  }

  private static Map.Entry<String, Cell> of(String column, Text<Entry> text) {
    return Map.entry(column, (entry, _) -> text.of(entry));
  }

  private static Map.Entry<String, Cell> actor(String column, Text<Event.Actor> text) {
    return Map.entry(column, (entry, _) -> text.of(entry.event().actor()));
  }

  private static Map.Entry<String, Cell> context(String column, Text<Event.Context> text) {
    return Map.entry(column, (entry, _) -> text.of(entry.event().context()));
  }

  private static Map.Entry<String, Cell> place(String column, Text<Event.Location> text) {
    return Map.entry(
        column,
        (entry, _) -> {
          Event.Location place = entry.event().context().location();
          return place == null ? null : text.of(place);
        });
  }

  private static String joined(List<String> texts) {
    return String.join("; ", texts);
  }

  private static String targets(List<Event.Target> targets) {
    return targets.isEmpty()
        ? ""
        : targets.stream()
            .map(target -> target.type() + "/" + target.id() + named(target.name()))
            .collect(Collectors.joining("; "));
  }

  private static String party(Event.Principal party) {
    String id = party.id() != null ? party.id() : party.idHash();
    return party.type().jsonName() + (id == null ? "" : "/" + id) + named(party.name());
  }

  private static @Nullable String recordedBy(@Nullable RecordedBy by) {
    return by == null ? null : by.kind().jsonName() + (by.id() == null ? "" : "/" + by.id());
  }

  private static String holds(Map<String, String> holds) {
    return holds.isEmpty()
        ? ""
        : holds.entrySet().stream()
            .map(hold -> hold.getKey() + named(hold.getValue()))
            .collect(Collectors.joining("; "));
  }

  private static String named(@Nullable String name) {
    return name == null ? "" : " (" + name + ")";
  }

  private static @Nullable String number(@Nullable Number value) {
    return value == null ? null : value.toString();
  }

  private static @Nullable String parties(List<Event.Principal> chain) {
    if (chain.isEmpty()) {
      return null;
    }
    JsonOut out = new JsonOut(CAPACITY_BYTES).open('[');
    for (Event.Principal party : chain) {
      out.element().open('{');
      out.text(FieldNames.TYPE, party.type().jsonName());
      out.text(FieldNames.ID, party.id());
      out.text(FieldNames.ID_HASH, party.idHash());
      out.text(FieldNames.NAME, party.name());
      out.text(FieldNames.EMAIL, party.email());
      EventJson.agent(out, party.agent());
      out.close('}');
    }
    return text(out.close(']'));
  }

  private static @Nullable String targetList(List<Event.Target> targets) {
    if (targets.isEmpty()) {
      return null;
    }
    JsonOut out = new JsonOut(CAPACITY_BYTES).open('[');
    for (Event.Target target : targets) {
      out.element().open('{');
      out.text(FieldNames.TYPE, target.type());
      out.text(FieldNames.ID, target.id());
      out.text(FieldNames.NAME, target.name());
      out.text(FieldNames.HREF, target.href());
      out.close('}');
    }
    return text(out.close(']'));
  }

  private static @Nullable String changes(List<Event.Change> changes) {
    if (changes.isEmpty()) {
      return null;
    }
    JsonOut out = new JsonOut(CAPACITY_BYTES).open('[');
    for (Event.Change change : changes) {
      out.element().open('{');
      out.text(FieldNames.FIELD, change.field());
      out.node(FieldNames.BEFORE, change.before());
      out.node(FieldNames.AFTER, change.after());
      out.close('}');
    }
    return text(out.close(']'));
  }

  private static @Nullable String json(@Nullable JsonNode value) {
    if (value == null || value.isEmpty()) {
      return null;
    }
    JsonOut out = new JsonOut(CAPACITY_BYTES);
    out.node(value);
    return text(out);
  }

  private static String text(JsonOut json) {
    return new String(json.toBytes(), StandardCharsets.UTF_8);
  }
}
