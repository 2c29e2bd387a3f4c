package dev.indelible.mapping;

import dev.indelible.mapping.LogMap.ChangeRule;
import dev.indelible.mapping.LogMap.Condition;
import dev.indelible.mapping.LogMap.TargetRule;
import dev.indelible.mapping.Mapping.Mapped;
import dev.indelible.mapping.Mapping.Unmappable;
import dev.indelible.mapping.form.FieldForms;
import dev.indelible.mapping.form.FieldLimits;
import dev.indelible.mapping.form.IpLiteral;
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
  private static final Predicate<JsonNode> ACTOR_TYPE = text(FieldLimits.ACTOR_TYPES::contains);
  private static final Predicate<JsonNode> OUTCOME = text(FieldLimits.OUTCOMES::contains);
  private static final Predicate<JsonNode> ADDRESS =
      text(text -> IpLiteral.canonical(text) != null);
  private static final Predicate<JsonNode> COUNTRY = text(text -> Countries.code(text).isPresent());

  private final EventRules rules;
  private final Scope whole;

  /** The scope of a rule that is about the whole record. */
  private final List<Scope> itself;

  private final ObjectNode event = NODES.objectNode();
  private final Leftovers leftovers = new Leftovers();
  private boolean timeUnreadable;

  EventMaker(EventRules rules, Scope whole) {
    this.rules = rules;
    this.whole = whole;
    this.itself = List.of(whole);
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
    text(event, rules.id, "id", ID);
    Unmappable problem = tenant();
    if (problem != null) {
      return problem;
    }
    text(event, rules.account, "account", ID);
    problem = occurredAt();
    if (problem != null) {
      return problem;
    }
    if (!action()) {
      return problem("nothing in the record gives an action", rules.action);
    }
    problem = actor();
    if (problem != null) {
      return problem;
    }
    targets();
    text(event, rules.outcome, "outcome", OUTCOME);
    text(event, rules.outcomeReason, "outcome_reason", TEXT);
    changes();
    text(event, rules.reason, "reason", TEXT);
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
        : new Unmappable(why, rule.named(rules.map.name()), rule.pointers());
  }

  /** A tenant that is none is refused here or by the server: another must not take its place. */
  private @Nullable Unmappable tenant() {
    text(event, rules.tenant, "tenant", ANY_TEXT);
    Rule rule = rules.tenant;
    boolean lost = rule != null && !event.has("tenant") && !rule.in(whole).isAbsent();
    return lost ? problem("tenant is an object or a list", rule) : null;
  }

  private boolean action() {
    Rule rule = rules.action;
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
    if (rules.map.occurredAt().isEmpty()) {
      return null;
    }
    LogMap.Time asked = rules.map.occurredAt().getFirst();
    Value value = Value.ABSENT;
    for (LogMap.Time time : rules.map.occurredAt()) {
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
          event.put("occurred_at", IsoTime.inMillis(read.instant()));
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
    principal(actor, rules.actor);
    String type = actor.path("type").asString("");
    if (type.isEmpty()) {
      return problem(
          "actor.type is none of " + String.join(", ", FieldLimits.ACTOR_TYPES),
          rules.actor.type());
    }
    if (!actor.has("id") && !type.equals("system")) {
      Rule rule = rules.actor.id();
      return problem(
          "nothing in the record gives actor.id", rule == null ? rules.actor.type() : rule);
    }
    list(actor, "roles", rules.roles);
    list(actor, "permissions", rules.permissions);
    onBehalfOf(actor, rules.actor.onBehalfOf());
    event.set("actor", actor);
    return null;
  }

  private void onBehalfOf(ObjectNode party, EventRules.@Nullable Party rule) {
    if (rule == null || rule.id() == null || rule.id().in(whole).isAbsent()) {
      return;
    }
    ObjectNode other = NODES.objectNode();
    principal(other, rule);
    if (other.has("type") && other.has("id")) {
      onBehalfOf(other, rule.onBehalfOf());
      party.set("on_behalf_of", other);
    }
  }

  private void principal(ObjectNode into, EventRules.Party rule) {
    text(into, rule.type(), "type", ACTOR_TYPE);
    text(into, rule.id(), "id", ID);
    text(into, rule.name(), "name", NAME);
    text(into, rule.email(), "email", NAME);
    boolean mayBeAgent = rule.model() != null || rule.version() != null;
    if (mayBeAgent && into.path("type").asString("").equals(AI_AGENT)) {
      text(into, rule.model(), "model", ID);
      text(into, rule.version(), "version", ID);
    }
  }

  private void context() {
    ObjectNode context = NODES.objectNode();
    address(context);
    if (!rules.location.isEmpty()) {
      location(context, rules.location);
    }
    text(context, rules.userAgent, "user_agent", NAME);
    text(context, rules.sessionId, "session_id", ID);
    text(context, rules.requestId, "request_id", ID);
    text(context, rules.traceId, "trace_id", ID);
    text(context, rules.producer, "producer", ID);
    if (rules.producerSeq != null && context.has("producer")) {
      producerSeq(context, rules.producerSeq);
    }
    if (!context.isEmpty()) {
      event.set("context", context);
    }
  }

  private void location(ObjectNode context, EventRules.Location rule) {
    ObjectNode location = NODES.objectNode();
    country(location, rule.country());
    text(location, rule.region(), "region", NAME);
    text(location, rule.city(), "city", NAME);
    degrees(location, rule.latitude(), "latitude", 90);
    degrees(location, rule.longitude(), "longitude", 180);
    if (!location.isEmpty()) {
      context.set("location", location);
    }
  }

  private void producerSeq(ObjectNode context, Rule rule) {
    Value value = rule.in(whole);
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
    Value value = value(rules.ip, ADDRESS);
    if (value.node() != null) {
      String written = value.node().asString();
      String canonical = IpLiteral.canonical(written);
      context.put("ip", canonical);
      if (written.equals(canonical)) {
        leftovers.take(value);
      }
    }
  }

  private void country(ObjectNode location, @Nullable Rule rule) {
    Value value = value(rule, COUNTRY);
    if (value.node() != null) {
      String written = value.node().asString();
      String code = Countries.code(written).orElse(written);
      location.put("country", code);
      if (written.equals(code)) {
        leftovers.take(value);
      }
    }
  }

  private void degrees(ObjectNode location, @Nullable Rule rule, String key, int most) {
    Value value = rule == null ? Value.ABSENT : rule.in(whole);
    JsonNode node = value.node();
    if (node != null && node.isNumber() && Math.abs(node.asDouble()) <= most) {
      location.set(key, node);
      leftovers.take(value);
    }
  }

  private void list(ObjectNode actor, String key, List<Rule> items) {
    if (items.isEmpty()) {
      return;
    }
    ArrayNode list = NODES.arrayNode();
    for (Rule item : items) {
      Value value = item.in(whole);
      JsonNode one = value.node();
      if (one instanceof ArrayNode many) {
        if (list.size() + many.size() <= FieldLimits.MAX_ROLES && areIds(many)) {
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

  private static boolean areIds(ArrayNode many) {
    for (int i = 0; i < many.size(); i++) {
      if (!ID.test(many.get(i))) {
        return false;
      }
    }
    return true;
  }

  private void targets() {
    ArrayNode targets = NODES.arrayNode();
    long[] present = whole.record().found().present();
    List<TargetRule> all = rules.map.targets();
    for (int i = 0; i < all.size(); i++) {
      if (!rules.targets[i].areMet(present)) {
        continue;
      }
      TargetRule rule = all.get(i);
      List<Scope> scopes = scopes(rule.each(), rule.condition());
      for (int j = 0; j < scopes.size() && targets.size() < FieldLimits.MAX_TARGETS; j++) {
        target(rule, scopes.get(j), targets);
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
    for (int i = 0; i < targets.size(); i++) {
      if (targets.get(i).equals(target)) {
        return;
      }
    }
    targets.add(target);
  }

  private void changes() {
    ArrayNode changes = NODES.arrayNode();
    long[] present = whole.record().found().present();
    List<ChangeRule> all = rules.map.changes();
    for (int i = 0; i < all.size(); i++) {
      if (!rules.changes[i].areMet(present)) {
        continue;
      }
      ChangeRule rule = all.get(i);
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

  private void text(ObjectNode into, @Nullable Rule rule, String key, Predicate<JsonNode> fits) {
    if (rule != null) {
      put(into, key, rule.expression().in(whole, fits));
    }
  }

  /** The text that a rule gives, absent when the map or the record has none. */
  private Value value(@Nullable Rule rule, Predicate<JsonNode> fits) {
    return rule == null ? Value.ABSENT : rule.expression().in(whole, fits);
  }

  private void put(ObjectNode into, String key, Value value) {
    JsonNode node = value.node();
    if (node != null) {
      if (node.isString()) {
        into.set(key, node);
      } else {
        into.put(key, node.asString());
      }
      leftovers.take(value);
    }
  }

  /** Starting points of a rule's pointers: the record, or those elements that it is about. */
  private List<Scope> scopes(List<Pointer> each, Condition condition) {
    if (each.isEmpty()) {
      return condition.holds(whole) ? itself : List.of();
    }
    List<Scope> scopes = itself;
    for (int i = 0; i < each.size(); i++) {
      List<Scope> inner = new ArrayList<>();
      for (int j = 0; j < scopes.size(); j++) {
        elements(each.get(i), scopes.get(j), inner);
      }
      scopes = inner;
    }
    if (condition.present() != null || condition.missing() != null) {
      scopes.removeIf(scope -> !condition.holds(scope));
    }
    return scopes;
  }

  private void elements(Pointer pointer, Scope scope, List<Scope> into) {
    Value found = pointer.find(scope);
    boolean isMade = pointer.leadsIntoMade(scope);
    if (found.node() instanceof ArrayNode list) {
      for (int i = 0; i < list.size() && into.size() < MAX_ELEMENTS; i++) {
        into.add(scope.element(found, list, i, isMade));
      }
    } else if (rules.map.version() > 1
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
