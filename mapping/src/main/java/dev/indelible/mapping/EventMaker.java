package dev.indelible.mapping;

import dev.indelible.mapping.LogMap.ChangeRule;
import dev.indelible.mapping.LogMap.Condition;
import dev.indelible.mapping.LogMap.TargetRule;
import dev.indelible.mapping.Mapping.Mapped;
import dev.indelible.mapping.Mapping.Unmappable;
import dev.indelible.mapping.form.FieldForms;
import dev.indelible.mapping.form.FieldLimits;
import dev.indelible.mapping.form.IpLiteral;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Work on one record, or on one expanded element of it; owns what is left. Used once. */
final class EventMaker {

  /**
   * Key in the details of an event whose record's time could not be read, where the map keeps such
   * records.
   */
  static final String TIME_UNREADABLE = "occurred_at_unreadable";

  /** The most elements that one rule looks at, those of all its lists together. */
  static final int MAX_ELEMENTS = 10_000;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String AI_AGENT = "ai_agent";

  private static final Predicate<JsonNode> ID = text(EventMaker::isId);
  private static final Predicate<JsonNode> NAME =
      text(text -> text.length() <= FieldLimits.MAX_NAME_LENGTH);
  private static final Predicate<JsonNode> TEXT =
      text(text -> text.length() <= FieldLimits.MAX_TEXT_LENGTH);
  private static final Predicate<JsonNode> LINK = TEXT.and(text(FieldForms::isLink));
  private static final Predicate<JsonNode> FIELD = NAME.and(text(text -> !text.isEmpty()));
  private static final Predicate<JsonNode> ANY_TEXT = text(_ -> true);
  private static final Predicate<JsonNode> ACTOR_TYPE =
      text(FieldLimits.ACTOR_TYPES::contains);
  private static final Predicate<JsonNode> OUTCOME = text(FieldLimits.OUTCOMES::contains);
  private static final Predicate<JsonNode> ADDRESS =
      text(text -> IpLiteral.canonical(text) != null);
  private static final Predicate<JsonNode> COUNTRY =
      text(text -> Countries.code(text).isPresent());

  private final LogMap map;
  private final Scope whole;
  private final ObjectNode event = NODES.objectNode();
  private final Leftovers leftovers = new Leftovers();
  private boolean timeUnreadable;

  EventMaker(LogMap map, Scope whole) {
    this.map = map;
    this.whole = whole;
  }

  /** Whether the server takes a text as an id, a type, a role, a session or an account. */
  private static boolean isId(String text) {
    return !text.isEmpty()
        && text.length() <= FieldLimits.MAX_ID_LENGTH
        && !FieldForms.hasControl(text);
  }

  private static Predicate<JsonNode> text(Predicate<String> fits) {
    return node -> node.isValueNode() && fits.test(node.asString());
  }

  Mapping event() {
    text(event, "id", "id", ID);
    Unmappable problem = tenant();
    if (problem != null) {
      return problem;
    }
    text(event, "account", "account", ID);
    problem = occurredAt();
    if (problem != null) {
      return problem;
    }
    if (!action()) {
      return problem("nothing in the record gives an action", map.texts().get("action"));
    }
    problem = actor();
    if (problem != null) {
      return problem;
    }
    targets();
    text(event, "outcome", "outcome", OUTCOME);
    text(event, "outcome_reason", "outcome_reason", TEXT);
    changes();
    text(event, "reason", "reason", TEXT);
    context();
    ObjectNode details = leftovers.of(whole.record().root());
    if (timeUnreadable) {
      // The record itself may be what is left, and is not to be changed.
      details = details.deepCopy().put(TIME_UNREADABLE, true);
    }
    if (!details.isEmpty()) {
      event.set("details", details);
    }
    return new Mapped(event, timeUnreadable);
  }

  private Unmappable problem(String why, @Nullable Rule rule) {
    return rule == null
        ? new Unmappable(why, "", "")
        : new Unmappable(why, rule.named(map.name()), rule.pointers());
  }

  /** A tenant that is none is refused here or by the server: another must not take its place. */
  private @Nullable Unmappable tenant() {
    text(event, "tenant", "tenant", ANY_TEXT);
    Rule rule = map.texts().get("tenant");
    boolean lost = rule != null && !event.has("tenant") && !rule.in(whole).isAbsent();
    return lost ? problem("tenant is an object or a list", rule) : null;
  }

  private boolean action() {
    Rule rule = map.texts().get("action");
    Value value = rule == null ? Value.ABSENT : rule.in(whole);
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
      leftovers.take(value);
    }
    return true;
  }

  /** The time, or why the record cannot be an event without one. */
  private @Nullable Unmappable occurredAt() {
    if (map.occurredAt().isEmpty()) {
      return null;
    }
    LogMap.Time asked = map.occurredAt().getFirst();
    Value value = Value.ABSENT;
    for (LogMap.Time time : map.occurredAt()) {
      value = time.at().in(whole);
      if (!value.isAbsent()) {
        asked = time;
        break;
      }
    }
    String why;
    if (value.node() == null) {
      why = "nothing in the record gives occurred_at";
    } else {
      switch (asked.reader().read(value.node())) {
        case TimeReader.Reading.Read read -> {
          event.put("occurred_at", read.instant().truncatedTo(ChronoUnit.MILLIS).toString());
          if (read.exact()) {
            leftovers.take(value);
          }
          return null;
        }
        case TimeReader.Reading.Unreadable(String reason) ->
            why = "occurred_at cannot be read: " + reason;
      }
    }
    timeUnreadable = asked.keepsUnreadable();
    return timeUnreadable ? null : problem(why, asked.at());
  }

  private @Nullable Unmappable actor() {
    ObjectNode actor = NODES.objectNode();
    principal(actor, "actor.");
    String type = actor.path("type").asString("");
    if (type.isEmpty()) {
      return problem(
          "actor.type is none of " + String.join(", ", FieldLimits.ACTOR_TYPES),
          map.texts().get("actor.type"));
    }
    if (!actor.has("id") && !type.equals("system")) {
      Rule rule = map.texts().get("actor.id");
      return problem(
          "nothing in the record gives actor.id",
          rule == null ? map.texts().get("actor.type") : rule);
    }
    list(actor, "roles", map.lists().get("actor.roles"));
    list(actor, "permissions", map.lists().get("actor.permissions"));
    onBehalfOf(actor, "actor.on_behalf_of.");
    event.set("actor", actor);
    return null;
  }

  private void onBehalfOf(ObjectNode party, String prefix) {
    Rule id = map.texts().get(prefix + "id");
    if (id == null || id.in(whole).isAbsent()) {
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
    text(into, prefix + "type", "type", ACTOR_TYPE);
    text(into, prefix + "id", "id", ID);
    text(into, prefix + "name", "name", NAME);
    text(into, prefix + "email", "email", NAME);
    if (into.path("type").asString("").equals(AI_AGENT)) {
      text(into, prefix + "model", "model", ID);
      text(into, prefix + "version", "version", ID);
    }
  }

  private void context() {
    ObjectNode context = NODES.objectNode();
    address(context);
    ObjectNode location = NODES.objectNode();
    country(location);
    text(location, "context.location.region", "region", NAME);
    text(location, "context.location.city", "city", NAME);
    degrees(location, "context.location.latitude", "latitude", 90);
    degrees(location, "context.location.longitude", "longitude", 180);
    if (!location.isEmpty()) {
      context.set("location", location);
    }
    text(context, "context.user_agent", "user_agent", NAME);
    text(context, "context.session_id", "session_id", ID);
    text(context, "context.request_id", "request_id", ID);
    text(context, "context.trace_id", "trace_id", ID);
    text(context, "context.producer", "producer", ID);
    if (context.has("producer")) {
      producerSeq(context);
    }
    if (!context.isEmpty()) {
      event.set("context", context);
    }
  }

  private void producerSeq(ObjectNode context) {
    Rule rule = map.texts().get("context.producer_seq");
    Value value = rule == null ? Value.ABSENT : rule.in(whole);
    JsonNode node = value.node();
    if (node != null
        && node.isIntegralNumber()
        && node.canConvertToLong()
        && node.asLong() >= 0
        && node.asLong() <= FieldLimits.MAX_PRODUCER_SEQ) {
      context.set("producer_seq", node);
      leftovers.take(value);
    }
  }

  /** The address as the server writes it; one that was written in another way stays as it was. */
  private void address(ObjectNode context) {
    Value value = value("context.ip", ADDRESS);
    if (value.node() != null) {
      String written = value.node().asString();
      String canonical = IpLiteral.canonical(written);
      context.put("ip", canonical);
      if (written.equals(canonical)) {
        leftovers.take(value);
      }
    }
  }

  private void country(ObjectNode location) {
    Value value = value("context.location.country", COUNTRY);
    if (value.node() != null) {
      String written = value.node().asString();
      String code = Countries.code(written).orElse(written);
      location.put("country", code);
      if (written.equals(code)) {
        leftovers.take(value);
      }
    }
  }

  private void degrees(ObjectNode location, String path, String key, int most) {
    Rule rule = map.texts().get(path);
    Value value = rule == null ? Value.ABSENT : rule.in(whole);
    JsonNode node = value.node();
    if (node != null && node.isNumber() && Math.abs(node.asDouble()) <= most) {
      location.set(key, node);
      leftovers.take(value);
    }
  }

  private void list(ObjectNode actor, String key, @Nullable List<Rule> items) {
    if (items == null) {
      return;
    }
    ArrayNode list = NODES.arrayNode();
    for (Rule item : items) {
      Value value = item.in(whole);
      JsonNode one = value.node();
      if (one instanceof ArrayNode many) {
        boolean all =
            list.size() + many.size() <= FieldLimits.MAX_ROLES
                && many.valueStream().allMatch(ID);
        if (all) {
          many.forEach(role -> list.add(role.asString()));
          leftovers.take(value);
        }
      } else if (one != null && ID.test(one) && list.size() < FieldLimits.MAX_ROLES) {
        list.add(one.asString());
        leftovers.take(value);
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
        if (targets.size() < FieldLimits.MAX_TARGETS) {
          target(rule, scope, targets);
        }
      }
    }
    if (!targets.isEmpty()) {
      event.set("targets", targets);
    }
  }

  private void target(TargetRule rule, Scope scope, ArrayNode targets) {
    Value type = rule.type().in(scope, ID);
    Value id = type.isAbsent() ? Value.ABSENT : rule.id().in(scope, ID);
    if (id.isAbsent()) {
      return;
    }
    ObjectNode target = NODES.objectNode();
    put(target, "type", type);
    put(target, "id", id);
    if (rule.name() != null) {
      put(target, "name", rule.name().in(scope, NAME));
    }
    if (rule.href() != null) {
      put(target, "href", rule.href().in(scope, LINK));
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
        Value before = rule.before() == null ? Value.ABSENT : rule.before().in(scope);
        Value after = rule.after() == null ? Value.ABSENT : rule.after().in(scope);
        if (rule.field() == null) {
          changesOfMembers(before, after, changes);
        } else {
          change(rule.field().in(scope, FIELD), new Difference(before, after), changes);
        }
      }
    }
    if (!changes.isEmpty()) {
      event.set("changes", changes);
    }
  }

  private void changesOfMembers(Value before, Value after, ArrayNode changes) {
    Set<String> names = new LinkedHashSet<>();
    for (Value side : List.of(before, after)) {
      if (side.node() instanceof ObjectNode members) {
        names.addAll(members.propertyNames());
      }
    }
    for (String name : names) {
      if (!name.isEmpty() && name.length() <= FieldLimits.MAX_NAME_LENGTH) {
        Difference difference = new Difference(before.member(name), after.member(name));
        change(Value.made(name), difference, changes);
      }
    }
  }

  /** Adds a change, unless both sides are the same: then it is an attribute and none. */
  private void change(Value field, Difference sides, ArrayNode changes) {
    if (field.isAbsent() || sides.isNone() || changes.size() == FieldLimits.MAX_CHANGES) {
      return;
    }
    ObjectNode change = changes.addObject();
    put(change, "field", field);
    exact(change, "before", sides.before());
    exact(change, "after", sides.after());
  }

  private void exact(ObjectNode into, String key, Value value) {
    if (value.node() != null) {
      into.set(key, value.node());
      leftovers.take(value);
    }
  }

  private void text(ObjectNode into, String path, String key, Predicate<JsonNode> fits) {
    put(into, key, value(path, fits));
  }

  /** The text at {@code path} in the event, absent when the map or the record has none. */
  private Value value(String path, Predicate<JsonNode> fits) {
    Rule rule = map.texts().get(path);
    return rule == null ? Value.ABSENT : rule.expression().in(whole, fits);
  }

  private void put(ObjectNode into, String key, Value value) {
    if (value.node() != null) {
      into.put(key, value.node().asString());
      leftovers.take(value);
    }
  }

  /** Starting points of a rule's pointers: the record, or those elements that it is about. */
  private List<Scope> scopes(List<Pointer> each, Condition condition) {
    List<Scope> scopes = List.of(whole);
    for (Pointer pointer : each) {
      List<Scope> inner = new ArrayList<>();
      for (Scope scope : scopes) {
        elements(pointer, scope, inner);
      }
      scopes = inner;
    }
    return condition.present() == null && condition.missing() == null
        ? scopes
        : scopes.stream().filter(condition::holds).toList();
  }

  private void elements(Pointer pointer, Scope scope, List<Scope> into) {
    Value found = pointer.find(scope);
    boolean isMade = pointer.leadsIntoMade(scope);
    if (found.node() instanceof ArrayNode list) {
      for (int i = 0; i < list.size() && into.size() < MAX_ELEMENTS; i++) {
        into.add(scope.element(found, list, i, isMade));
      }
    } else if (map.version() > 1
        && found.node() != null
        && !found.node().isNull()
        && into.size() < MAX_ELEMENTS) {
      into.add(scope.only(found, isMade));
    }
  }

  /** Values before and after; one of them may be absent. */
  private record Difference(Value before, Value after) {
    boolean isNone() {
      return before.node() == null ? after.node() == null : before.node().equals(after.node());
    }
  }
}
