package dev.indelible.server.event;

import static dev.indelible.server.event.Problem.Code.BAD_FORMAT;
import static dev.indelible.server.event.Problem.Code.MISSING;
import static dev.indelible.server.event.Problem.Code.WRONG_TYPE;

import java.nio.charset.StandardCharsets;
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
            cloudEvent.set(
                name.substring(HEADER_PREFIX.length()), NODES.stringNode(percentDecoded(value)));
          }
        });
    Problems problems = new Problems("");
    cloudEvent.forEach(
        value -> {
          if (!Utf8.isSound(value.stringValue())) {
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
    ObjectNode event = isOwnEvent ? ownEvent(cloudEvent) : foreignEvent(cloudEvent);
    JsonOut out = new JsonOut(2_048);
    out.node(event);
    byte[] json = out.toBytes();
    Decoding decoding = decoder.decode(json, 0, json.length, 0, "");
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

  /** The data is an event; the CloudEvent fills what it leaves out. */
  private static ObjectNode ownEvent(ObjectNode cloudEvent) {
    ObjectNode event = NODES.objectNode();
    event.setAll((ObjectNode) cloudEvent.get("data"));
    fillCommon(event, cloudEvent);
    JsonNode targets = event.get("targets");
    if (targets == null || targets.isNull()) {
      addSubject(event, cloudEvent);
    }
    JsonNode details = event.get("details");
    if (details == null || details.isNull()) {
      details = NODES.objectNode();
    }
    if (details instanceof ObjectNode object && !object.has("cloudevents")) {
      ObjectNode more = object.deepCopy();
      more.set("cloudevents", attributes(cloudEvent));
      event.set("details", more);
    }
    return event;
  }

  /** What a CloudEvent says in attributes; {@code tenant} and {@code account} are extensions. */
  private static void fillCommon(ObjectNode event, ObjectNode cloudEvent) {
    fill(event, "id", cloudEvent.get("id"));
    fill(event, "tenant", cloudEvent.get("tenant"));
    fill(event, "account", cloudEvent.get("account"));
    fill(event, "occurred_at", cloudEvent.get("time"));
    String type = cloudEvent.get("type").stringValue().toLowerCase(Locale.ROOT);
    fill(event, "action", NODES.stringNode(type));
  }

  private static void fill(ObjectNode event, String field, @Nullable JsonNode value) {
    JsonNode present = event.get(field);
    if (value != null && (present == null || present.isNull())) {
      event.set(field, value);
    }
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
    details.set("cloudevents", attributes(cloudEvent));
    return event;
  }

  /** The Auth Context extension says who acted; without it the source did. */
  private static ObjectNode actor(ObjectNode cloudEvent) {
    ObjectNode actor = NODES.objectNode();
    JsonNode authId = cloudEvent.get("authid");
    JsonNode authType = cloudEvent.get("authtype");
    if (authId == null || !authId.isString()) {
      actor.set("type", NODES.stringNode("system"));
      actor.set("id", cloudEvent.get("source"));
      return actor;
    }
    String kind = authType != null && authType.isString() ? authType.stringValue() : "user";
    String type =
        switch (kind) {
          case "service_account", "api_key", "access_key" -> "api_client";
          case "system" -> "system";
          default -> "user";
        };
    actor.set("type", NODES.stringNode(type));
    actor.set("id", authId);
    return actor;
  }

  /** Every attribute that has no place of its own. */
  private static ObjectNode attributes(ObjectNode cloudEvent) {
    ObjectNode rest = NODES.objectNode();
    for (Map.Entry<String, JsonNode> attribute : cloudEvent.properties()) {
      if (!MAPPED.contains(attribute.getKey())) {
        rest.set(attribute.getKey(), attribute.getValue());
      }
    }
    rest.set("type", cloudEvent.get("type"));
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

  /** Header values percent-encode what is not printable ASCII (HTTP binding, 3.1.3.2). */
  private static String percentDecoded(String value) {
    if (value.indexOf('%') < 0) {
      return value;
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    byte[] decoded = new byte[bytes.length];
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      int high = i + 2 <= bytes.length - 1 ? Character.digit(bytes[i + 1], 16) : -1;
      int low = i + 2 <= bytes.length - 1 ? Character.digit(bytes[i + 2], 16) : -1;
      if (bytes[i] == '%' && high >= 0 && low >= 0) {
        decoded[length++] = (byte) ((high << 4) | low);
        i += 2;
      } else {
        decoded[length++] = bytes[i];
      }
    }
    return Utf8.scan(decoded, 0, length) >= 0
        ? "\u0000"
        : new String(decoded, 0, length, StandardCharsets.UTF_8);
  }
}
