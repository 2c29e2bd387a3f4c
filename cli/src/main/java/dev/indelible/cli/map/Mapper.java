package dev.indelible.cli.map;

import dev.indelible.cli.map.Expression.Value;
import dev.indelible.cli.map.LogMap.ChangeRule;
import dev.indelible.cli.map.LogMap.TargetRule;
import dev.indelible.cli.map.Mapping.Mapped;
import dev.indelible.cli.map.Mapping.Unmappable;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.EventLimits;
import dev.indelible.server.event.FieldForms;
import dev.indelible.server.event.IpLiteral;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns records of a foreign log into events as a {@link LogMap} says. Thread-safe.
 *
 * <p>A value that an event cannot hold (an address that is a host name, an id that is too long or
 * has a line break) is not cut or guessed at: it stays in {@code details} under its own name. Only
 * of the time is that not enough, since an event without one is dated when it is recorded.
 */
public final class Mapper {

  /**
   * Key in the details of an event whose record's time could not be read, where the map keeps such
   * records.
   */
  static final String TIME_UNREADABLE = "occurred_at_unreadable";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String AI_AGENT = Event.ActorType.AI_AGENT.jsonName();
  private static final List<String> ACTOR_TYPES =
      Arrays.stream(Event.ActorType.values()).map(Event.ActorType::jsonName).toList();
  private static final Set<String> OUTCOMES = Set.of("success", "failure", "unknown");
  private static final JsonPointer ROOT = JsonPointer.empty();

  private static final Predicate<String> ID = Mapper::isId;

  private static final Predicate<String> NAME =
      text -> text.length() <= EventLimits.MAX_NAME_LENGTH;
  private static final Predicate<String> TEXT =
      text -> text.length() <= EventLimits.MAX_TEXT_LENGTH;
  private static final Predicate<String> LINK = TEXT.and(FieldForms::isLink);
  private static final Predicate<String> FIELD = NAME.and(text -> !text.isEmpty());

  private final LogMap map;

  /** Whether the server takes a text as an id, a type, a role, a session or an account. */
  private static boolean isId(String text) {
    return !text.isEmpty()
        && text.length() <= EventLimits.MAX_ID_LENGTH
        && !FieldForms.hasControl(text);
  }

  public Mapper(LogMap map) {
    this.map = map;
  }

  /** The event that {@code record} describes. */
  public Mapping map(JsonNode record) {
    if (!(record instanceof ObjectNode object)) {
      return new Unmappable("the record is not a JSON object");
    }
    return new OneRecord(object).map();
  }

  /** The work on one record; owns its leftovers. */
  private final class OneRecord {
    private final ObjectNode record;
    private final Scope whole;
    private final ObjectNode event = NODES.objectNode();
    private final Leftovers leftovers = new Leftovers();
    private boolean timeUnreadable;

    OneRecord(ObjectNode record) {
      this.record = record;
      this.whole = new Scope(record, ROOT);
    }

    Mapping map() {
      text(event, "", "id", ID);
      Optional<String> problem = tenant();
      if (problem.isPresent()) {
        return new Unmappable(problem.get());
      }
      text(event, "", "account", ID);
      problem = occurredAt();
      if (problem.isPresent()) {
        return new Unmappable(problem.get());
      }
      if (!action()) {
        return new Unmappable("nothing in the record gives an action");
      }
      problem = actor();
      if (problem.isPresent()) {
        return new Unmappable(problem.get());
      }
      targets();
      text(event, "", "outcome", OUTCOMES::contains);
      text(event, "", "outcome_reason", TEXT);
      changes();
      text(event, "", "reason", TEXT);
      context();
      ObjectNode details = leftovers.of(record);
      if (timeUnreadable) {
        // The record itself may be what is left, and is not to be changed.
        details = details.deepCopy().put(TIME_UNREADABLE, true);
      }
      if (!details.isEmpty()) {
        event.set("details", details);
      }
      return new Mapped(event, timeUnreadable);
    }

    /** A tenant that is none is refused here or by the server: another must not take its place. */
    private Optional<String> tenant() {
      text(event, "", "tenant", _ -> true);
      Expression expression = map.texts().get("tenant");
      boolean lost =
          expression != null && !event.has("tenant") && expression.in(record).node() != null;
      return lost ? Optional.of("tenant is an object or a list") : Optional.empty();
    }

    private boolean action() {
      Expression expression = map.texts().get("action");
      Value value = expression == null ? Value.ABSENT : expression.in(record);
      if (value.node() == null || value.node().isContainer()) {
        return false;
      }
      String raw = value.node().asString();
      String action = ActionForm.of(raw);
      if (action.isEmpty()) {
        return false;
      }
      event.put("action", action);
      if (action.equals(raw)) {
        take(value, ROOT);
      }
      return true;
    }

    /** The time, or why the record cannot be an event without one. */
    private Optional<String> occurredAt() {
      LogMap.Time time = map.occurredAt();
      if (time == null) {
        return Optional.empty();
      }
      Value value = time.at().in(record);
      String problem;
      if (value.node() == null) {
        problem = "nothing in the record gives occurred_at";
      } else {
        switch (time.reader().read(value.node())) {
          case TimeReader.Reading.Read read -> {
            event.put("occurred_at", read.instant().truncatedTo(ChronoUnit.MILLIS).toString());
            if (read.exact()) {
              take(value, ROOT);
            }
            return Optional.empty();
          }
          case TimeReader.Reading.Unreadable(String why) ->
              problem = "occurred_at cannot be read: " + why;
        }
      }
      timeUnreadable = time.keepsUnreadable();
      return timeUnreadable ? Optional.empty() : Optional.of(problem);
    }

    private Optional<String> actor() {
      ObjectNode actor = NODES.objectNode();
      principal(actor, "actor.");
      String type = actor.path("type").asString("");
      if (type.isEmpty()) {
        return Optional.of("actor.type is none of " + String.join(", ", ACTOR_TYPES));
      }
      if (!actor.has("id") && !type.equals("system")) {
        return Optional.of("nothing in the record gives actor.id");
      }
      list(actor, "roles");
      list(actor, "permissions");
      onBehalfOf(actor, "actor.on_behalf_of.");
      event.set("actor", actor);
      return Optional.empty();
    }

    private void onBehalfOf(ObjectNode party, String prefix) {
      Expression id = map.texts().get(prefix + "id");
      if (id == null || id.in(record).node() == null) {
        return;
      }
      ObjectNode other = NODES.objectNode();
      principal(other, prefix);
      if (other.has("type") && other.has("id")) {
        onBehalfOf(other, prefix + "on_behalf_of.");
        party.set("on_behalf_of", other);
      }
    }

    private void principal(ObjectNode into, String prefix) {
      text(into, prefix, "type", ACTOR_TYPES::contains);
      text(into, prefix, "id", ID);
      text(into, prefix, "name", NAME);
      text(into, prefix, "email", NAME);
      if (into.path("type").asString("").equals(AI_AGENT)) {
        text(into, prefix, "model", ID);
        text(into, prefix, "version", ID);
      }
    }

    private void context() {
      ObjectNode context = NODES.objectNode();
      address(context);
      ObjectNode location = NODES.objectNode();
      String place = "context.location.";
      country(location);
      text(location, place, "region", NAME);
      text(location, place, "city", NAME);
      degrees(location, "latitude", 90);
      degrees(location, "longitude", 180);
      if (!location.isEmpty()) {
        context.set("location", location);
      }
      text(context, "context.", "user_agent", NAME);
      text(context, "context.", "session_id", ID);
      text(context, "context.", "request_id", ID);
      text(context, "context.", "trace_id", ID);
      text(context, "context.", "producer", ID);
      if (context.has("producer")) {
        producerSeq(context);
      }
      if (!context.isEmpty()) {
        event.set("context", context);
      }
    }

    private void producerSeq(ObjectNode context) {
      Expression expression = map.texts().get("context.producer_seq");
      Value value = expression == null ? Value.ABSENT : expression.in(record);
      JsonNode node = value.node();
      if (node != null
          && node.isIntegralNumber()
          && node.canConvertToLong()
          && node.asLong() >= 0
          && node.asLong() <= EventLimits.MAX_PRODUCER_SEQ) {
        context.set("producer_seq", node);
        take(value, ROOT);
      }
    }

    /** The address as the server writes it; one that was written in another way stays as it was. */
    private void address(ObjectNode context) {
      Value value = value("context.ip", text -> IpLiteral.canonical(text) != null);
      if (value.node() != null) {
        String written = value.node().asString();
        String canonical = IpLiteral.canonical(written);
        context.put("ip", canonical);
        if (written.equals(canonical)) {
          take(value, ROOT);
        }
      }
    }

    private void country(ObjectNode location) {
      Value value = value("context.location.country", text -> Countries.code(text).isPresent());
      if (value.node() != null) {
        String written = value.node().asString();
        String code = Countries.code(written).orElse(written);
        location.put("country", code);
        if (written.equals(code)) {
          take(value, ROOT);
        }
      }
    }

    private void degrees(ObjectNode location, String key, int most) {
      Expression expression = map.texts().get("context.location." + key);
      Value value = expression == null ? Value.ABSENT : expression.in(record);
      JsonNode node = value.node();
      if (node != null && node.isNumber() && Math.abs(node.asDouble()) <= most) {
        location.set(key, node);
        take(value, ROOT);
      }
    }

    private void list(ObjectNode actor, String key) {
      List<Expression> items = map.lists().getOrDefault("actor." + key, List.of());
      ArrayNode list = NODES.arrayNode();
      for (Expression item : items) {
        Value value = item.in(record);
        JsonNode one = value.node();
        if (one instanceof ArrayNode many) {
          boolean all =
              list.size() + many.size() <= EventLimits.MAX_ROLES
                  && many.valueStream().allMatch(role -> fits(role, ID));
          if (all) {
            many.forEach(role -> list.add(role.asString()));
            take(value, ROOT);
          }
        } else if (one != null && fits(one, ID) && list.size() < EventLimits.MAX_ROLES) {
          list.add(one.asString());
          take(value, ROOT);
        }
      }
      if (!list.isEmpty()) {
        actor.set(key, list);
      }
    }

    private void targets() {
      ArrayNode targets = NODES.arrayNode();
      for (TargetRule rule : map.targets()) {
        for (Scope scope : scopes(rule.each(), rule.condition())) {
          if (targets.size() < EventLimits.MAX_TARGETS) {
            target(rule, scope, targets);
          }
        }
      }
      if (!targets.isEmpty()) {
        event.set("targets", targets);
      }
    }

    private void target(TargetRule rule, Scope scope, ArrayNode targets) {
      Value type = scope.value(rule.type(), ID);
      Value id = scope.value(rule.id(), ID);
      if (type.node() == null || id.node() == null) {
        return;
      }
      ObjectNode target = NODES.objectNode();
      put(target, "type", type, scope);
      put(target, "id", id, scope);
      if (rule.name() != null) {
        put(target, "name", scope.value(rule.name(), NAME), scope);
      }
      if (rule.href() != null) {
        put(target, "href", scope.value(rule.href(), LINK), scope);
      }
      // Two rules may find the same thing in two places of the record; it is one target.
      if (targets.valueStream().noneMatch(target::equals)) {
        targets.add(target);
      }
    }

    private void changes() {
      ArrayNode changes = NODES.arrayNode();
      for (ChangeRule rule : map.changes()) {
        for (Scope scope : scopes(rule.each(), rule.condition())) {
          Value before = rule.before() == null ? Value.ABSENT : rule.before().in(scope.node());
          Value after = rule.after() == null ? Value.ABSENT : rule.after().in(scope.node());
          if (rule.field() == null) {
            changesOfMembers(before, after, scope, changes);
          } else {
            Value field = scope.value(rule.field(), FIELD);
            change(field, new Difference(before, after), scope, changes);
          }
        }
      }
      if (!changes.isEmpty()) {
        event.set("changes", changes);
      }
    }

    private void changesOfMembers(Value before, Value after, Scope scope, ArrayNode changes) {
      Set<String> names = new LinkedHashSet<>();
      for (Value side : List.of(before, after)) {
        if (side.node() instanceof ObjectNode members) {
          names.addAll(members.propertyNames());
        }
      }
      for (String name : names) {
        if (FIELD.test(name)) {
          Difference difference = new Difference(before.member(name), after.member(name));
          change(Value.made(name), difference, scope, changes);
        }
      }
    }

    /** Adds a change, unless both sides are the same: then it is an attribute and none. */
    private void change(Value field, Difference sides, Scope scope, ArrayNode changes) {
      if (field.node() == null || sides.isNone() || changes.size() == EventLimits.MAX_CHANGES) {
        return;
      }
      ObjectNode change = changes.addObject();
      put(change, "field", field, scope);
      exact(change, "before", sides.before(), scope);
      exact(change, "after", sides.after(), scope);
    }

    private void exact(ObjectNode into, String key, Value value, Scope scope) {
      if (value.node() != null) {
        into.set(key, value.node());
        take(value, scope.path());
      }
    }

    private void text(ObjectNode into, String prefix, String key, Predicate<String> fits) {
      put(into, key, value(prefix + key, fits), whole);
    }

    /** The text at {@code path} in the event, absent when the map or the record has none. */
    private Value value(String path, Predicate<String> fits) {
      Expression expression = map.texts().get(path);
      return expression == null ? Value.ABSENT : whole.value(expression, fits);
    }

    private void put(ObjectNode into, String key, Value value, Scope scope) {
      if (value.node() != null) {
        into.put(key, value.node().asString());
        take(value, scope.path());
      }
    }

    private void take(Value value, JsonPointer below) {
      if (value.source() != null) {
        leftovers.take(below.append(value.source()));
      }
    }

    /** Starting points of a rule's pointers: the record, or those elements that it is about. */
    private List<Scope> scopes(@Nullable JsonPointer each, @Nullable Expression condition) {
      List<Scope> all;
      if (each == null) {
        all = List.of(whole);
      } else {
        JsonNode array = record.at(each);
        all =
            array instanceof ArrayNode
                ? IntStream.range(0, array.size())
                    .mapToObj(i -> new Scope(array.get(i), each.appendIndex(i)))
                    .toList()
                : List.of();
      }
      return condition == null
          ? all
          : all.stream().filter(scope -> condition.in(scope.node()).node() != null).toList();
    }
  }

  /** Values before and after; one of them may be absent. */
  private record Difference(Value before, Value after) {
    boolean isNone() {
      return before.node() == null ? after.node() == null : before.node().equals(after.node());
    }
  }

  /** A part of the record that pointers start at, and where it is. */
  private record Scope(JsonNode node, JsonPointer path) {

    /** The text of {@code expression} that {@code fits}; of alternatives, the first that does. */
    Value value(Expression expression, Predicate<String> fits) {
      return expression.in(node, found -> fits(found, fits));
    }
  }

  private static boolean fits(JsonNode node, Predicate<String> fits) {
    return node.isValueNode() && fits.test(node.asString());
  }
}
