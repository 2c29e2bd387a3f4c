package dev.indelible.server.otlp;

import static dev.indelible.server.event.EventLimits.MAX_ID_LENGTH;
import static dev.indelible.server.event.EventLimits.MAX_NAME_LENGTH;
import static dev.indelible.server.event.EventLimits.MAX_TEXT_LENGTH;

import dev.indelible.server.event.EventLimits;
import dev.indelible.server.json.Rfc3339;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the JSON of an event of a log record with an event name. {@code docs/otlp.md} states the
 * mapping as a table; names of attributes are those of the semantic conventions, and, for what
 * these do not know, names that begin with {@code indelible.}.
 *
 * <p>Everything that finds no place of its own is in {@code details}.
 */
final class LogRecordMap {

  /** Attribute of a record, or of its resource, that names the tenant. */
  static final String TENANT = "indelible.tenant";

  /** Attribute of a record, or of its resource, that names the account. */
  static final String ACCOUNT = "indelible.account";

  /** Attribute that names the event where a record has no field for it (before OTLP 1.5). */
  static final String EVENT_NAME = "event.name";

  /** The least severity that says of an action that it failed: ERROR. */
  static final int FAILURE_SEVERITY = 17;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final Pattern NOT_IN_ACTIONS = Pattern.compile("[^a-z0-9_.:-]+");
  private static final Pattern EDGE = Pattern.compile("^[^a-z0-9]+|_+$");
  private static final Pattern BETWEEN_NAMES = Pattern.compile("[\\s,]+");
  private static final int MAX_ACTION_LENGTH = 128;
  private static final Set<String> ACTOR_TYPES =
      Set.of("user", "system", "api_client", "support", "ai_agent");
  private static final Set<String> OUTCOMES = Set.of("success", "failure", "unknown");

  private final LogRecord record;
  private final Values values;
  private final ObjectNode event = NODES.objectNode();

  private LogRecordMap(LogRecord record) {
    this.record = record;
    this.values = new Values(record.attributes);
  }

  /** The name of a record's event; empty when it has none. */
  static String eventName(LogRecord record) {
    if (!record.eventName.isBlank()) {
      return record.eventName;
    }
    JsonNode name = record.attributes.get(EVENT_NAME);
    return name != null && name.isString() ? name.stringValue().strip() : "";
  }

  /** The JSON of the event of a record that has an event name. */
  static ObjectNode event(LogRecord record, String id) {
    return new LogRecordMap(record).event(id);
  }

  private ObjectNode event(String id) {
    event.put("id", id);
    values.take(RecordIds.UID, uid -> uid.isString() && uid.stringValue().equals(id));
    put(event, "tenant", ofRecordOrResource(TENANT));
    put(event, "account", ofRecordOrResource(ACCOUNT));
    String name = eventName(record);
    String action = action(name);
    if (record.eventName.isBlank()) {
      values.left().remove(EVENT_NAME);
    }
    event.put("action", action);
    long nanos = record.timeUnixNano != 0 ? record.timeUnixNano : record.observedTimeUnixNano;
    if (nanos != 0) {
      event.put("occurred_at", time(nanos));
    }
    actor();
    targets();
    outcome();
    changes();
    put(event, "reason", values.text(MAX_TEXT_LENGTH, "indelible.reason"));
    context();
    event.set("details", details(action.equals(name) ? null : name, nanos));
    return event;
  }

  private @Nullable String ofRecordOrResource(String name) {
    String own = values.text(MAX_ID_LENGTH, name);
    return own != null ? own : ofResource(name);
  }

  private @Nullable String ofResource(String name) {
    JsonNode value = record.resource.attributes.get(name);
    return value != null && Values.isText(value, MAX_ID_LENGTH) ? value.stringValue() : null;
  }

  /** Lower case, every run of other characters one {@code _}. */
  static String action(String name) {
    String action = NOT_IN_ACTIONS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("_");
    action = EDGE.matcher(action).replaceAll("");
    return action.length() > MAX_ACTION_LENGTH ? action.substring(0, MAX_ACTION_LENGTH) : action;
  }

  /** The person, the agent that acted for them, or else the service that sent the record. */
  private void actor() {
    ObjectNode person = person();
    String agentId = values.text(MAX_ID_LENGTH, "gen_ai.agent.id");
    if (agentId != null) {
      ObjectNode agent = party("ai_agent", agentId, "gen_ai.agent.name");
      put(agent, "model", values.text(MAX_ID_LENGTH, "gen_ai.request.model"));
      put(agent, "version", values.text(MAX_ID_LENGTH, "gen_ai.agent.version"));
      if (person != null) {
        agent.set("on_behalf_of", person);
      }
      event.set("actor", agent);
      names(agent, "roles", "user.roles", "enduser.role");
      names(agent, "permissions", "enduser.scope");
      return;
    }
    if (person == null) {
      person = NODES.objectNode();
      person.put("type", typeOr("system"));
      put(person, "id", ofResource("service.name"));
    }
    names(person, "roles", "user.roles", "enduser.role");
    names(person, "permissions", "enduser.scope");
    event.set("actor", person);
  }

  private @Nullable ObjectNode person() {
    String id = values.text(MAX_ID_LENGTH, "enduser.id", "user.id");
    String mail = values.text(MAX_NAME_LENGTH, "user.email");
    String named = values.text(MAX_NAME_LENGTH, "user.name");
    String name = values.text(MAX_NAME_LENGTH, "user.full_name");
    if (id == null) {
      id = named != null ? shortened(named) : mail == null ? null : shortened(mail);
    }
    if (id == null) {
      return null;
    }
    ObjectNode person = NODES.objectNode();
    person.put("type", typeOr("user"));
    person.put("id", id);
    put(person, "name", name != null ? name : named);
    put(person, "email", mail);
    if (name != null && named != null && !named.equals(id)) {
      values.left().put("user.name", named);
    }
    return person;
  }

  private static @Nullable String shortened(String id) {
    return id.length() <= MAX_ID_LENGTH ? id : null;
  }

  private String typeOr(String otherwise) {
    JsonNode type =
        values.take(
            "indelible.actor.type",
            value -> value.isString() && ACTOR_TYPES.contains(value.stringValue()));
    return type == null ? otherwise : type.stringValue();
  }

  private ObjectNode party(String type, String id, String name) {
    ObjectNode party = NODES.objectNode();
    party.put("type", type);
    party.put("id", id);
    put(party, "name", values.text(MAX_NAME_LENGTH, name));
    return party;
  }

  /** A list of names, or a text of names with commas or spaces between them. */
  private void names(ObjectNode actor, String field, String... attributes) {
    for (String attribute : attributes) {
      JsonNode value = values.take(attribute, LogRecordMap::areNames);
      if (value == null) {
        continue;
      }
      ArrayNode names = actor.putArray(field);
      if (value.isArray()) {
        names.addAll((ArrayNode) value);
      } else {
        BETWEEN_NAMES.splitAsStream(value.stringValue().strip()).forEach(names::add);
      }
      return;
    }
  }

  private static boolean areNames(JsonNode value) {
    if (value.isArray()) {
      return value.size() <= EventLimits.MAX_ROLES
          && value.valueStream().allMatch(name -> Values.isText(name, MAX_ID_LENGTH));
    }
    return Values.isText(value, MAX_TEXT_LENGTH)
        && BETWEEN_NAMES.splitAsStream(value.stringValue().strip()).count() <= EventLimits.MAX_ROLES
        && BETWEEN_NAMES
            .splitAsStream(value.stringValue())
            .allMatch(n -> n.length() <= MAX_ID_LENGTH);
  }

  private void targets() {
    ArrayNode targets = NODES.arrayNode();
    String id = values.text(MAX_ID_LENGTH, "indelible.target.id");
    if (id != null) {
      String type = values.text(MAX_ID_LENGTH, "indelible.target.type");
      ObjectNode target = party(type == null ? "object" : type, id, "indelible.target.name");
      put(target, "href", values.text(MAX_TEXT_LENGTH, "indelible.target.href"));
      targets.add(target);
    }
    JsonNode more = values.take("indelible.targets", LogRecordMap::areObjects);
    if (more != null) {
      targets.addAll((ArrayNode) more);
    }
    if (!targets.isEmpty()) {
      event.set("targets", targets);
    }
  }

  private void changes() {
    JsonNode changes = values.take("indelible.changes", LogRecordMap::areObjects);
    if (changes != null) {
      event.set("changes", changes);
    }
  }

  private static boolean areObjects(JsonNode value) {
    return value.isArray() && !value.isEmpty() && value.valueStream().allMatch(JsonNode::isObject);
  }

  /** The outcome that the record states; a severity states one only from ERROR on. */
  private void outcome() {
    JsonNode said =
        values.take(
            "event.outcome", value -> value.isString() && OUTCOMES.contains(value.stringValue()));
    String failure = firstPresent("error.type", "exception.type");
    boolean failed = failure != null || record.severityNumber >= FAILURE_SEVERITY;
    if (said != null) {
      event.set("outcome", said);
    } else if (failed) {
      event.put("outcome", "failure");
    }
    if (event.path("outcome").asString("").equals("failure")) {
      String why =
          values.text(
              MAX_TEXT_LENGTH,
              "error.message",
              "exception.message",
              "error.type",
              "exception.type");
      put(event, "outcome_reason", why);
    }
  }

  private @Nullable String firstPresent(String... names) {
    for (String name : names) {
      String value = values.peek(name);
      if (value != null && !value.isBlank()) {
        return value;
      }
    }
    return null;
  }

  private void context() {
    ObjectNode context = NODES.objectNode();
    put(context, "ip", values.ip("client.address", "source.address"));
    put(context, "user_agent", values.text(MAX_NAME_LENGTH, "user_agent.original"));
    put(context, "session_id", values.text(MAX_ID_LENGTH, "session.id"));
    put(
        context,
        "request_id",
        values.text(MAX_ID_LENGTH, "http.request.header.x-request-id", "aws.request_id"));
    put(context, "trace_id", record.traceId.isEmpty() ? null : record.traceId);
    if (!context.isEmpty()) {
      event.set("context", context);
    }
  }

  /** Everything without a place of its own, and the time as it was sent if it is finer. */
  private ObjectNode details(@Nullable String name, long nanos) {
    ObjectNode details = NODES.objectNode();
    put(details, "event_name", name);
    if (record.body != null) {
      details.set("body", record.body);
    }
    setUnlessEmpty(details, "attributes", values.left());
    setUnlessEmpty(details, "resource", record.resource.attributes);
    ObjectNode scope = NODES.objectNode();
    put(scope, "name", record.scope.name.isEmpty() ? null : record.scope.name);
    put(scope, "version", record.scope.version.isEmpty() ? null : record.scope.version);
    setUnlessEmpty(scope, "attributes", record.scope.attributes);
    setUnlessEmpty(details, "scope", scope);
    put(details, "severity_text", record.severityText.isEmpty() ? null : record.severityText);
    if (record.severityNumber != 0) {
      details.put("severity_number", record.severityNumber);
    }
    put(details, "span_id", record.spanId.isEmpty() ? null : record.spanId);
    if (record.flags != 0) {
      details.put("flags", Integer.toUnsignedLong(record.flags));
    }
    if (record.droppedAttributes != 0) {
      details.put("dropped_attributes_count", record.droppedAttributes);
    }
    if (Long.remainderUnsigned(nanos, NANOS_PER_MILLI) != 0) {
      details.put("time_unix_nano", Long.toUnsignedString(nanos));
    }
    if (record.timeUnixNano != 0 && record.observedTimeUnixNano != 0) {
      details.put("observed_at", time(record.observedTimeUnixNano));
    }
    return details;
  }

  private static String time(long unixNano) {
    return Rfc3339.format(Instant.ofEpochMilli(Long.divideUnsigned(unixNano, NANOS_PER_MILLI)));
  }

  private static void put(ObjectNode object, String field, @Nullable String value) {
    if (value != null) {
      object.put(field, value);
    }
  }

  private static void setUnlessEmpty(ObjectNode object, String field, ObjectNode value) {
    if (!value.isEmpty()) {
      object.set(field, value);
    }
  }
}
