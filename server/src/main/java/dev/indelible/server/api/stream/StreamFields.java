package dev.indelible.server.api.stream;

import dev.indelible.mapping.out.EntryFormat;
import dev.indelible.server.control.EventStream;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.sink.FileType;
import dev.indelible.server.sink.SinkType;
import dev.indelible.server.sink.SinkTypes;
import dev.indelible.server.sink.WebhookSignatures;
import dev.indelible.server.sink.WebhookType;
import dev.indelible.server.stream.Streams;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a request that says what a stream is to be. Used for one request.
 *
 * @param json all fields
 * @param body the request
 * @param streams seals secrets
 * @param tenant whose stream
 * @param old the stream that it replaces, or null
 */
record StreamFields(
    JsonFields json, JsonNode body, Streams streams, TenantId tenant, @Nullable EventStream old) {

  /** The names of the fields. */
  static final String[] NAMES = {
    "name", "query", "format", "map", "destination", "limits", "start"
  };

  /** Name of the form that is a tenant's own. */
  static final String CUSTOM = "custom";

  /** The longest query, as for schedules. */
  static final int MAX_QUERY_LENGTH = 4_096;

  /** The most entries of a batch that can be asked for. */
  static final int MAX_BATCH_ENTRIES = 10_000;

  /** The most bytes of a batch that can be asked for. */
  static final int MAX_BATCH_BYTES = 16 << 20;

  /** The least bytes of a batch, and of a message. */
  static final int MIN_BYTES = 480;

  /** The longest secret of a receiver, in characters. */
  static final int MAX_SECRET_LENGTH = 32 * 1024;

  /**
   * Receiver that was asked for.
   *
   * @param receiver with its secrets sealed
   * @param defaults what it is given unless the stream says otherwise
   * @param told what its receiver is to be told of a new secret, or null
   */
  record Asked(EventStream.Receiver receiver, SinkType.Defaults defaults, @Nullable String told) {}

  String name() {
    return Objects.requireNonNullElse(
            json.text("name", Field.REQUIRED, EventStream.MAX_NAME_LENGTH), "")
        .strip();
  }

  String query() {
    return json.textOrEmpty("query", MAX_QUERY_LENGTH).strip();
  }

  /** The form, and the map of a form of one's own; what is wrong is a fault. */
  EventStream.Content content(String query, SinkType.Defaults defaults, boolean withhold) {
    String format =
        Objects.requireNonNullElse(json.text("format", Field.OPTIONAL, 50), defaults.format());
    String map = json.text("map", Field.OPTIONAL, EventStream.MAX_MAP_LENGTH);
    if (!format.equals(CUSTOM) && json.has("map")) {
      json.fault("map", "not_allowed", "A map belongs to the format custom.");
    } else if (format.equals(CUSTOM) && map == null) {
      json.fault("map", "missing", "The format custom needs a map.");
    } else {
      try {
        Optional<EntryFormat> known = streams.parts().forms().byName(format, map);
        if (known.isEmpty()) {
          json.fault("format", "unknown_value", "There is no such format.");
        }
      } catch (RuntimeException e) {
        json.fault("map", "bad_format", String.valueOf(e.getMessage()));
      }
    }
    return new EventStream.Content(query, format, map, withhold);
  }

  EventStream.Limits limits(SinkType.Defaults defaults) {
    JsonFields limits =
        json.object("limits", Field.OPTIONAL, "batch_entries", "batch_bytes", "message_bytes");
    if (limits == null) {
      return new EventStream.Limits(
          defaults.batchEntries(), defaults.batchBytes(), defaults.messageBytes());
    }
    return new EventStream.Limits(
        number(limits, "batch_entries", 1, MAX_BATCH_ENTRIES, defaults.batchEntries()),
        number(limits, "batch_bytes", MIN_BYTES, MAX_BATCH_BYTES, defaults.batchBytes()),
        number(limits, "message_bytes", MIN_BYTES, MAX_BATCH_BYTES, defaults.messageBytes()));
  }

  private static int number(JsonFields limits, String name, int least, int most, int fallback) {
    Long number = limits.number(name, Field.OPTIONAL);
    if (number == null) {
      return fallback;
    }
    if (number < least || number > most) {
      limits.fault(name, "out_of_range", "This must be from " + least + " to " + most + ".");
      return fallback;
    }
    return number.intValue();
  }

  /** The receiver; null when something is wrong, and was told. */
  @Nullable Asked receiver() {
    JsonNode given = body.get("destination");
    if (!(given instanceof ObjectNode object)) {
      json.fault(
          "destination",
          given == null ? "missing" : "wrong_type",
          "This must be an object with a type.");
      return null;
    }
    ObjectNode settings = object.deepCopy();
    JsonNode named = settings.remove("type");
    Optional<SinkType> type =
        named == null ? Optional.empty() : SinkTypes.byName(named.asString(""));
    if (type.isEmpty()) {
      json.fault(
          "destination/type",
          named == null ? "missing" : "unknown_value",
          "This must be one of " + String.join(", ", SinkTypes.names()) + ".");
      return null;
    }
    return receiver(type.get(), settings);
  }

  private @Nullable Asked receiver(SinkType type, ObjectNode settings) {
    EventStream.Receiver before = old == null ? null : old.receiver();
    Map<String, String> secrets = new TreeMap<>();
    ObjectNode plain = settings.deepCopy();
    if (!type.name().equals(WebhookType.NAME)) {
      for (String name : type.secrets()) {
        JsonNode value = plain.remove(name);
        if (value != null && value.isString()) {
          secrets.put(name, value.stringValue());
        }
      }
    }
    boolean isSame = before != null && Streams.isSameAddress(before, type.name(), plain);
    Set<String> kept = new HashSet<>();
    if (before != null && isSame) {
      kept.addAll(before.sealed().keySet());
      kept.removeAll(secrets.keySet());
    }
    boolean[] faulty = {false};
    type.check(
        settings,
        kept,
        streams.parts().guard(),
        (field, code, detail) -> {
          faulty[0] = true;
          json.fault("destination/" + field, code, detail);
        });
    for (Map.Entry<String, String> secret : secrets.entrySet()) {
      if (secret.getValue().length() > MAX_SECRET_LENGTH) {
        faulty[0] = true;
        json.fault("destination/" + secret.getKey(), "too_long", "This secret is too long.");
      }
    }
    if (type.name().equals(FileType.NAME) && streams.parts().terms().root() == null) {
      json.fault(
          "destination/type", "not_allowed", "The operator has not named a folder for streams.");
      return null;
    }
    if (faulty[0]) {
      return null;
    }
    return type.name().equals(WebhookType.NAME)
        ? webhook(type, plain, isSame ? before : null)
        : sealed(type, plain, secrets, isSame ? before : null, kept);
  }

  private Asked sealed(
      SinkType type,
      ObjectNode plain,
      Map<String, String> secrets,
      EventStream.@Nullable Receiver before,
      Set<String> kept) {
    Map<String, String> sealed = new TreeMap<>();
    if (before != null) {
      kept.forEach(name -> sealed.put(name, String.valueOf(before.sealed().get(name))));
    }
    secrets.forEach(
        (name, value) ->
            sealed.put(
                name,
                streams.seal(
                    tenant, type.name(), plain, name, value.getBytes(StandardCharsets.UTF_8))));
    return new Asked(new EventStream.Receiver(type.name(), plain, sealed), type.defaults(), null);
  }

  private Asked webhook(SinkType type, ObjectNode plain, EventStream.@Nullable Receiver before) {
    String signature = plain.path("signature").asString(WebhookType.V1);
    plain.put("signature", signature);
    if (before != null
        && before.settings().path("signature").asString("").equals(signature)
        && before.sealed().containsKey(WebhookType.SECRET)) {
      JsonNode until = before.settings().get(WebhookType.OVERLAP_UNTIL);
      if (until != null) {
        plain.set(WebhookType.OVERLAP_UNTIL, until);
      }
      return new Asked(
          new EventStream.Receiver(type.name(), plain, before.sealed()), type.defaults(), null);
    }
    byte[] secret = streams.parts().cipher().newSecret(WebhookSignatures.SECRET_BYTES);
    return new Asked(
        new EventStream.Receiver(
            type.name(),
            plain,
            Map.of(
                WebhookType.SECRET,
                streams.seal(tenant, type.name(), plain, WebhookType.SECRET, secret))),
        type.defaults(),
        WebhookSignatures.told(signature, secret));
  }
}
