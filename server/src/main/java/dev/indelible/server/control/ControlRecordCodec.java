package dev.indelible.server.control;

import static dev.indelible.server.control.ObjectFields.putIfPresent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of one control record; see {@code docs/formats/control-record.md}. Written by hand
 * rather than bound: the control log is never truncated, so its form must not change with a class.
 * The form of each kind of object is in its {@link Kind}.
 */
final class ControlRecordCodec {

  /** The version of a record with one change. */
  static final int ONE = 1;

  /** The version of a record with several changes, which are made together or not at all. */
  static final int SEVERAL = 2;

  private static final JsonMapper JSON = JsonMapper.shared();

  private static final Map<String, Kind<? extends ConfigurationObject>> KINDS =
      ConfigurationObject.kinds().stream()
          .collect(Collectors.toUnmodifiableMap(Kind::name, Function.identity()));

  private ControlRecordCodec() {}

  /** A record as read back: its changes in order, at least one. */
  record Decoded(long ticket, List<Change> changes) {
    Decoded {
      changes = List.copyOf(changes);
    }
  }

  /** Encodes changes that are made together. One alone has the form that it always had. */
  static byte[] encode(long ticket, List<Change> changes) {
    ObjectNode record = JsonNodeFactory.instance.objectNode();
    record.put("v", changes.size() == 1 ? ONE : SEVERAL);
    record.put("ticket", ticket);
    if (changes.size() == 1) {
      write(changes.getFirst(), record);
    } else {
      ArrayNode several = record.putArray("changes");
      changes.forEach(change -> write(change, several.addObject()));
    }
    return JSON.writeValueAsBytes(record);
  }

  private static void write(Change change, ObjectNode json) {
    json.put("replaces", change.replaces());
    ObjectNode by = json.putObject("by");
    by.put("type", change.by().type());
    putIfPresent(by, "id", change.by().id());
    putIfPresent(json, "reason", change.reason());
    Kind<? extends ConfigurationObject> kind = change.object().kind();
    json.put("kind", kind.name());
    json.set("object", kind.toJson(change.object()));
  }

  static Decoded decode(byte[] payload) {
    try {
      ObjectFields record = new ObjectFields(JSON.readTree(payload));
      int version = record.json().path("v").asInt(-1);
      List<Change> changes =
          switch (version) {
            case ONE -> List.of(change(record));
            case SEVERAL -> several(record.required("changes"));
            default ->
                throw new IllegalStateException(
                    "control record of version %d, this program reads %d and %d; a newer one wrote it"
                        .formatted(version, ONE, SEVERAL));
          };
      return new Decoded(record.required("ticket").longValue(), changes);
    } catch (JacksonException e) {
      throw new IllegalStateException("control record is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static List<Change> several(JsonNode array) {
    List<Change> changes = new ArrayList<>();
    array.forEach(one -> changes.add(change(new ObjectFields(one))));
    if (changes.size() < 2) {
      throw new IllegalStateException("control record of several changes has " + changes.size());
    }
    return changes;
  }

  private static Change change(ObjectFields json) {
    ObjectFields by = new ObjectFields(json.required("by"));
    String name = json.text("kind");
    Kind<? extends ConfigurationObject> kind = KINDS.get(name);
    if (kind == null) {
      throw new IllegalStateException("control record of unknown kind " + name);
    }
    return new Change(
        kind.read(new ObjectFields(json.required("object"))),
        json.required("replaces").longValue(),
        new Change.ChangedBy(by.text("type"), by.optionalText("id")),
        json.optionalText("reason"));
  }
}
