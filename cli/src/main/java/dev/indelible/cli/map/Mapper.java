package dev.indelible.cli.map;

import dev.indelible.cli.map.Expression.Value;
import dev.indelible.cli.map.LogMap.ChangeRule;
import dev.indelible.cli.map.LogMap.TargetRule;
import dev.indelible.cli.map.Mapping.Mapped;
import dev.indelible.cli.map.Mapping.Unmappable;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.EventLimits;
import java.net.InetAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
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
 * <p>A value that an event cannot hold (an address that is a host name, an id that is too long, a
 * time of another form) is not cut or guessed at: it stays in {@code details} under its own name.
 */
public final class Mapper {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String AI_AGENT = Event.ActorType.AI_AGENT.jsonName();
  private static final List<String> ACTOR_TYPES =
      Arrays.stream(Event.ActorType.values()).map(Event.ActorType::jsonName).toList();
  private static final Set<String> OUTCOMES = Set.of("success", "failure", "unknown");
  private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");
  private static final JsonPointer ROOT = JsonPointer.empty();

  private final LogMap map;

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
    private final ObjectNode event = NODES.objectNode();
    private final Leftovers leftovers = new Leftovers();

    OneRecord(ObjectNode record) {
      this.record = record;
    }

    Mapping map() {
      text(event, "", "id", EventLimits.MAX_ID_LENGTH, _ -> true);
      text(event, "", "tenant", EventLimits.MAX_ID_LENGTH, _ -> true);
      text(event, "", "account", EventLimits.MAX_ID_LENGTH, _ -> true);
      occurredAt();
      if (!action()) {
        return new Unmappable("nothing in the record gives an action");
      }
      Optional<String> problem = actor();
      if (problem.isPresent()) {
        return new Unmappable(problem.get());
      }
      targets();
      text(event, "", "outcome", EventLimits.MAX_ID_LENGTH, OUTCOMES::contains);
      text(event, "", "outcome_reason", EventLimits.MAX_TEXT_LENGTH, _ -> true);
      changes();
      text(event, "", "reason", EventLimits.MAX_TEXT_LENGTH, _ -> true);
      context();
      ObjectNode details = leftovers.of(record);
      if (!details.isEmpty()) {
        event.set("details", details);
      }
      return new Mapped(event);
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

    private void occurredAt() {
      LogMap.Time time = map.occurredAt();
      if (time == null) {
        return;
      }
      Value value = time.at().in(record);
      if (value.node() == null) {
        return;
      }
      Optional<Instant> instant = time.form().read(value.node());
      if (instant.isPresent()) {
        Instant millis = instant.get().truncatedTo(ChronoUnit.MILLIS);
        event.put("occurred_at", millis.toString());
        if (millis.equals(instant.get())) {
          take(value, ROOT);
        }
      }
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
      text(into, prefix, "type", EventLimits.MAX_ID_LENGTH, ACTOR_TYPES::contains);
      text(into, prefix, "id", EventLimits.MAX_ID_LENGTH, _ -> true);
      text(into, prefix, "name", EventLimits.MAX_NAME_LENGTH, _ -> true);
      text(into, prefix, "email", EventLimits.MAX_NAME_LENGTH, _ -> true);
      if (into.path("type").asString("").equals(AI_AGENT)) {
        text(into, prefix, "model", EventLimits.MAX_ID_LENGTH, _ -> true);
        text(into, prefix, "version", EventLimits.MAX_ID_LENGTH, _ -> true);
      }
    }

    private void context() {
      ObjectNode context = NODES.objectNode();
      text(context, "context.", "ip", EventLimits.MAX_NAME_LENGTH, Mapper::isAddress);
      ObjectNode location = NODES.objectNode();
      String place = "context.location.";
      text(location, place, "country", 2, text -> COUNTRY.matcher(text).matches());
      text(location, place, "region", EventLimits.MAX_NAME_LENGTH, _ -> true);
      text(location, place, "city", EventLimits.MAX_NAME_LENGTH, _ -> true);
      degrees(location, "latitude", 90);
      degrees(location, "longitude", 180);
      if (!location.isEmpty()) {
        context.set("location", location);
      }
      text(context, "context.", "user_agent", EventLimits.MAX_NAME_LENGTH, _ -> true);
      text(context, "context.", "session_id", EventLimits.MAX_ID_LENGTH, _ -> true);
      text(context, "context.", "request_id", EventLimits.MAX_ID_LENGTH, _ -> true);
      text(context, "context.", "trace_id", EventLimits.MAX_ID_LENGTH, _ -> true);
      text(context, "context.", "producer", EventLimits.MAX_ID_LENGTH, _ -> true);
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
                  && many.valueStream().allMatch(Mapper::fitsAsId);
          if (all) {
            many.forEach(role -> list.add(role.asString()));
            take(value, ROOT);
          }
        } else if (one != null && fitsAsId(one) && list.size() < EventLimits.MAX_ROLES) {
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
        for (Scope scope : scopes(rule.each())) {
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
      Value type = rule.type().in(scope.node());
      Value id = rule.id().in(scope.node());
      if (!fitsAsId(type.node()) || !fitsAsId(id.node())) {
        return;
      }
      ObjectNode target = targets.addObject();
      part(target, "type", type, scope, EventLimits.MAX_ID_LENGTH);
      part(target, "id", id, scope, EventLimits.MAX_ID_LENGTH);
      if (rule.name() != null) {
        part(target, "name", rule.name().in(scope.node()), scope, EventLimits.MAX_NAME_LENGTH);
      }
      if (rule.href() != null) {
        part(target, "href", rule.href().in(scope.node()), scope, EventLimits.MAX_TEXT_LENGTH);
      }
    }

    private void changes() {
      ArrayNode changes = NODES.arrayNode();
      for (ChangeRule rule : map.changes()) {
        for (Scope scope : scopes(rule.each())) {
          if (changes.size() < EventLimits.MAX_CHANGES) {
            change(rule, scope, changes);
          }
        }
      }
      if (!changes.isEmpty()) {
        event.set("changes", changes);
      }
    }

    private void change(ChangeRule rule, Scope scope, ArrayNode changes) {
      Value field = rule.field().in(scope.node());
      Value before = rule.before() == null ? Value.ABSENT : rule.before().in(scope.node());
      Value after = rule.after() == null ? Value.ABSENT : rule.after().in(scope.node());
      boolean named = field.node() != null && field.node().isValueNode();
      if (!named || (before.node() == null && after.node() == null)) {
        return;
      }
      ObjectNode change = NODES.objectNode();
      part(change, "field", field, scope, EventLimits.MAX_NAME_LENGTH);
      if (!change.has("field")) {
        return;
      }
      exact(change, "before", before, scope);
      exact(change, "after", after, scope);
      changes.add(change);
    }

    private void exact(ObjectNode into, String key, Value value, Scope scope) {
      if (value.node() != null) {
        into.set(key, value.node());
        take(value, scope.path());
      }
    }

    private void text(
        ObjectNode into, String prefix, String key, int maxLength, Predicate<String> fits) {
      Expression expression = map.texts().get(prefix + key);
      if (expression != null) {
        Value value = expression.in(record);
        JsonNode node = value.node();
        if (node != null && node.isValueNode() && fits.test(node.asString())) {
          part(into, key, value, new Scope(record, ROOT), maxLength);
        }
      }
    }

    private void part(ObjectNode into, String key, Value value, Scope scope, int maxLength) {
      JsonNode node = value.node();
      if (node != null && node.isValueNode() && node.asString().length() <= maxLength) {
        into.put(key, node.asString());
        take(value, scope.path());
      }
    }

    private void take(Value value, JsonPointer below) {
      if (value.source() != null) {
        leftovers.take(below.append(value.source()));
      }
    }

    private List<Scope> scopes(@Nullable JsonPointer each) {
      if (each == null) {
        return List.of(new Scope(record, ROOT));
      }
      JsonNode array = record.at(each);
      return array instanceof ArrayNode
          ? IntStream.range(0, array.size())
              .mapToObj(i -> new Scope(array.get(i), each.appendIndex(i)))
              .toList()
          : List.of();
    }
  }

  /** A part of the record that pointers start at, and where it is. */
  private record Scope(JsonNode node, JsonPointer path) {}

  private static boolean fitsAsId(@Nullable JsonNode node) {
    return node != null
        && node.isValueNode()
        && !node.asString().isEmpty()
        && node.asString().length() <= EventLimits.MAX_ID_LENGTH;
  }

  /** Whether {@code text} is an address in numbers; never asks a name server. */
  private static boolean isAddress(String text) {
    if (!text.contains(":") && !DOTTED.matcher(text).matches()) {
      return false;
    }
    try {
      return InetAddress.ofLiteral(text) != null;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
