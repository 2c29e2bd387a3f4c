package dev.indelible.server.event;

import static dev.indelible.server.event.Problem.Code.BAD_FORMAT;
import static dev.indelible.server.event.Problem.Code.MISSING;
import static dev.indelible.server.event.Problem.Code.TOO_LONG;
import static dev.indelible.server.event.Problem.Code.WRONG_TYPE;

import dev.indelible.mapping.form.FieldForms;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads events from CloudEvents 1.0: the JSON format, single and in batches, and the binary mode of
 * the HTTP binding.
 *
 * <p>Each CloudEvent is first turned into the JSON of an event and then read by the {@link
 * EventDecoder}, so that one set of rules judges both; the pointers of problems are turned back to
 * where the caller wrote the value. {@code docs/formats/event.md} states the mapping.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">
 *     CloudEvents JSON format 1.0.2</a>
 */
public final class CloudEventDecoder {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String VERSION = "1.0";
  private static final String HEADER_PREFIX = "ce-";
  private static final String NOT_TEXT = "\u0000";
  private static final String ACTOR_OF_THE_SYSTEM = "system";

  private static final Set<String> TEXTS =
      Set.of(
          "specversion",
          "id",
          "source",
          "type",
          "time",
          "subject",
          "data_base64",
          "tenant",
          "account");

  /** Attributes with a place of their own in an event. */
  private static final Set<String> MAPPED =
      Set.of("id", "type", "time", "subject", "data", "tenant", "account");

  private final EventDecoder decoder;

  public CloudEventDecoder(EventDecoder decoder) {
    this.decoder = decoder;
  }

  /** Reads one CloudEvent ({@code application/cloudevents+json}). */
  public Decoding decode(byte[] bytes, int offset, int length) {
    return decode(bytes, offset, length, offset);
  }

  /** Reads a batch of them ({@code application/cloudevents-batch+json}). */
  public Decoding.Batch decodeBatch(byte[] bytes, int offset, int length) {
    return ItemRanges.find(bytes, offset, length)
        .decode((start, size) -> decode(bytes, start, size, offset));
  }

  /**
   * Reads one CloudEvent in binary mode.
   *
   * @param headers the request's headers; names in any case, those with {@code ce-} are attributes
   * @param body the data: JSON, or nothing
   */
  public Decoding decodeBinary(Map<String, String> headers, byte[] body) {
    if (body.length > EventLimits.MAX_EVENT_BYTES) {
      return EventDecoder.tooLarge(body.length);
    }
    ObjectNode cloudEvent = NODES.objectNode();
    headers.forEach(
        (header, value) -> {
          String name = header.toLowerCase(Locale.ROOT);
          if (name.startsWith(HEADER_PREFIX)) {
            String decoded = CloudEventHeaders.decode(value);
            cloudEvent.set(
                name.substring(HEADER_PREFIX.length()),
                NODES.stringNode(decoded == null ? NOT_TEXT : decoded));
          }
        });
    Problems problems = new Problems("");
    cloudEvent.forEach(
        value -> {
          if (!FieldForms.isSound(value.stringValue())) {
            problems.add("", Problem.Code.BAD_ENCODING, "A ce- header does not hold UTF-8 text.");
          }
        });
    if (!problems.isEmpty()) {
      return problems.toInvalid();
    }
    if (body.length == 0) {
      return map(cloudEvent);
    }
    return decoder.read(
        body,
        0,
        body.length,
        0,
        "/data",
        in -> {
          JsonNode data = in.currentNode(1);
          if (!in.problems.isEmpty()) {
            return in.problems.toInvalid();
          }
          cloudEvent.set("data", data);
          return map(cloudEvent);
        });
  }

  private Decoding decode(byte[] bytes, int offset, int length, int origin) {
    if (length > EventLimits.MAX_EVENT_BYTES) {
      return EventDecoder.tooLarge(length);
    }
    return decoder.read(
        bytes,
        offset,
        length,
        origin,
        "",
        in -> {
          if (in.parser.currentToken() != JsonToken.START_OBJECT) {
            in.wrongType("an object");
            return in.problems.toInvalid();
          }
          ObjectNode cloudEvent = in.currentObject(1);
          return in.problems.isEmpty() ? map(cloudEvent) : in.problems.toInvalid();
        });
  }

  private Decoding map(ObjectNode cloudEvent) {
    Problems problems = new Problems("");
    checkAttributes(cloudEvent, problems);
    if (!problems.isEmpty()) {
      return problems.toInvalid();
    }
    boolean isOwnEvent = cloudEvent.get("data") instanceof ObjectNode data && data.has("actor");
    if (!isOwnEvent || isAbsent(cloudEvent.get("data").get("id"))) {
      checkIdentity(cloudEvent, problems);
      if (!problems.isEmpty()) {
        return problems.toInvalid();
      }
    }
    ObjectNode event = isOwnEvent ? ownEvent(cloudEvent) : foreignEvent(cloudEvent);
    JsonOut out = new JsonOut(2_048);
    out.node(event);
    byte[] json = out.toBytes();
    Decoding decoding =
        isOwnEvent
            ? decoder.decode(json, 0, json.length, 0, "")
            : decoder.decodeWithoutActorId(json);
    return switch (decoding) {
      case Decoding.Decoded decoded -> decoded;
      case Decoding.Invalid invalid -> pointedBack(invalid, cloudEvent, isOwnEvent);
    };
  }

  private static void checkAttributes(ObjectNode cloudEvent, Problems problems) {
    for (String required : List.of("specversion", "id", "source", "type")) {
      JsonNode value = cloudEvent.get(required);
      if (value == null || value.isNull()) {
        problems.add("/" + required, MISSING, "\"" + required + "\" is required in a CloudEvent.");
      }
    }
    for (Map.Entry<String, JsonNode> attribute : cloudEvent.properties()) {
      String name = attribute.getKey();
      JsonNode value = attribute.getValue();
      if (name.equals("data") || value.isNull()) {
        continue;
      }
      boolean mustBeText = TEXTS.contains(name);
      if (value.isContainer() || (mustBeText && !value.isString())) {
        problems.add(
            "/" + name,
            WRONG_TYPE,
            mustBeText
                ? "must be a string."
                : "must be a string, a number or a boolean: attributes of a CloudEvent have no"
                    + " structure. Put it into data.");
      }
    }
    JsonNode version = cloudEvent.get("specversion");
    if (version != null && version.isString() && !version.stringValue().equals(VERSION)) {
      problems.add("/specversion", BAD_FORMAT, "must be \"1.0\", the version that is read here.");
    }
  }

  /** The entry's id is made of id and source, so they are judged before it hides them. */
  private static void checkIdentity(ObjectNode cloudEvent, Problems problems) {
    String id = cloudEvent.get("id").stringValue();
    for (String required : List.of("id", "source")) {
      if (cloudEvent.get(required).stringValue().isEmpty()) {
        problems.add("/" + required, BAD_FORMAT, "must not be empty.");
      }
    }
    if (id.length() > EventLimits.MAX_ID_LENGTH) {
      problems.add(
          "/id",
          TOO_LONG,
          "has %d characters; at most %d are allowed."
              .formatted(id.length(), EventLimits.MAX_ID_LENGTH));
    } else if (FieldForms.hasControl(id)) {
      problems.add("/id", BAD_FORMAT, "must not hold control characters.");
    }
  }

  /** The data is an event; the CloudEvent fills what it leaves out. */
  private static ObjectNode ownEvent(ObjectNode cloudEvent) {
    ObjectNode event = NODES.objectNode();
    event.setAll((ObjectNode) cloudEvent.get("data"));
    boolean takesItsId = isAbsent(event.get("id"));
    fillCommon(event, cloudEvent);
    if (isAbsent(event.get("targets"))) {
      addSubject(event, cloudEvent);
    }
    JsonNode details = event.get("details");
    if (isAbsent(details)) {
      details = NODES.objectNode();
    }
    if (details instanceof ObjectNode object && !object.has("cloudevents")) {
      ObjectNode more = object.deepCopy();
      more.set("cloudevents", attributes(cloudEvent, takesItsId));
      event.set("details", more);
    }
    return event;
  }

  /**
   * Fills in the fields that a CloudEvent carries as attributes; {@code tenant} and {@code account}
   * are extensions.
   */
  private static void fillCommon(ObjectNode event, ObjectNode cloudEvent) {
    String id = cloudEvent.get("id").stringValue();
    String source = cloudEvent.get("source").stringValue();
    fill(event, "id", NODES.stringNode(CloudEventIds.entryId(source, id)));
    fill(event, "tenant", cloudEvent.get("tenant"));
    fill(event, "account", cloudEvent.get("account"));
    fill(event, "occurred_at", cloudEvent.get("time"));
    String type = cloudEvent.get("type").stringValue().toLowerCase(Locale.ROOT);
    fill(event, "action", NODES.stringNode(type));
  }

  private static void fill(ObjectNode event, String field, @Nullable JsonNode value) {
    if (value != null && isAbsent(event.get(field))) {
      event.set(field, value);
    }
  }

  private static boolean isAbsent(@Nullable JsonNode value) {
    return value == null || value.isNull();
  }

  private static void addSubject(ObjectNode event, ObjectNode cloudEvent) {
    JsonNode subject = cloudEvent.get("subject");
    if (subject != null && subject.isString() && !subject.stringValue().isEmpty()) {
      ObjectNode target = NODES.objectNode();
      target.set("type", NODES.stringNode("subject"));
      target.set("id", subject);
      event.putArray("targets").add(target);
    }
  }

  /** The data is something else; it becomes details. */
  private static ObjectNode foreignEvent(ObjectNode cloudEvent) {
    ObjectNode event = NODES.objectNode();
    fillCommon(event, cloudEvent);
    event.set("actor", actor(cloudEvent));
    addSubject(event, cloudEvent);
    ObjectNode details = event.putObject("details");
    JsonNode data = cloudEvent.get("data");
    if (data != null) {
      details.set("data", data);
    }
    details.set("cloudevents", attributes(cloudEvent, true));
    return event;
  }

  /**
   * The Auth Context extension says who acted; without it the source did. It may say what kind of
   * party acted and keep to itself which: then the actor is of that kind and has no id, for the
   * source is not who acted.
   */
  private static ObjectNode actor(ObjectNode cloudEvent) {
    ObjectNode actor = NODES.objectNode();
    JsonNode authId = cloudEvent.get("authid");
    JsonNode authType = cloudEvent.get("authtype");
    String type = isAbsent(authType) ? null : actorType(authType.asString());
    if (!isAbsent(authId)) {
      actor.put("type", type == null ? "user" : type);
      actor.put("id", authId.asString());
    } else if (type == null || type.equals(ACTOR_OF_THE_SYSTEM)) {
      actor.put("type", ACTOR_OF_THE_SYSTEM);
      actor.set("id", cloudEvent.get("source"));
    } else {
      actor.put("type", type);
    }
    return actor;
  }

  private static String actorType(String authType) {
    return switch (authType) {
      case "service_account", "api_key", "access_key" -> "api_client";
      case "system" -> ACTOR_OF_THE_SYSTEM;
      default -> "user";
    };
  }

  /**
   * Every attribute that has no place of its own.
   *
   * @param withId whether the entry's id is made of the CloudEvent's, which then stands here
   */
  private static ObjectNode attributes(ObjectNode cloudEvent, boolean withId) {
    ObjectNode rest = NODES.objectNode();
    for (Map.Entry<String, JsonNode> attribute : cloudEvent.properties()) {
      if (!MAPPED.contains(attribute.getKey())) {
        rest.set(attribute.getKey(), attribute.getValue());
      }
    }
    rest.set("type", cloudEvent.get("type"));
    if (withId) {
      rest.set("id", cloudEvent.get("id"));
    }
    return rest;
  }

  private static Decoding.Invalid pointedBack(
      Decoding.Invalid invalid, ObjectNode cloudEvent, boolean isOwnEvent) {
    List<Problem> problems = new ArrayList<>();
    for (Problem problem : invalid.problems()) {
      problems.add(
          new Problem(
              isOwnEvent
                  ? ownPointer(problem.pointer(), cloudEvent)
                  : foreignPointer(problem.pointer(), cloudEvent),
              problem.code(),
              problem.detail()));
    }
    return new Decoding.Invalid(problems, invalid.unreported());
  }

  private static String ownPointer(String pointer, ObjectNode cloudEvent) {
    ObjectNode data = (ObjectNode) cloudEvent.get("data");
    if (pointer.equals("/id") && !data.has("id")) {
      return "/id";
    }
    if (pointer.equals("/occurred_at") && !data.has("occurred_at")) {
      return "/time";
    }
    if (pointer.equals("/action") && !data.has("action")) {
      return "/type";
    }
    if ((pointer.equals("/tenant") || pointer.equals("/account"))
        && cloudEvent.has(pointer.substring(1))
        && !data.has(pointer.substring(1))) {
      return pointer;
    }
    if (pointer.equals("/targets/0/id") && !data.has("targets")) {
      return "/subject";
    }
    return "/data" + pointer;
  }

  private static String foreignPointer(String pointer, ObjectNode cloudEvent) {
    String details = "/details/data";
    String attributes = "/details/cloudevents";
    if (pointer.startsWith(details)) {
      return "/data" + pointer.substring(details.length());
    }
    if (pointer.startsWith(attributes)) {
      return pointer.substring(attributes.length());
    }
    return switch (pointer) {
      case "/action" -> "/type";
      case "/occurred_at" -> "/time";
      case "/actor/id" -> cloudEvent.has("authid") ? "/authid" : "/source";
      case "/targets/0/id" -> "/subject";
      default -> pointer;
    };
  }
}
