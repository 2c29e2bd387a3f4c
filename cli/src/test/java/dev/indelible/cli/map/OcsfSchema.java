package dev.indelible.cli.map;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compiler of the published OCSF schema (a dictionary of attributes; classes and objects that
 * inherit, include profiles and refine attributes) to one JSON Schema for each class, strict:
 * names, types, patterns, enumerated numbers, requirements and constraints; an unknown attribute is
 * an error.
 */
final class OcsfSchema {

  private static final JsonMapper JSON = new JsonMapper();

  /** Profiles that events of ours apply; attributes of others are none of theirs. */
  private static final Set<String> PROFILES = Set.of("record_integrity", "ai_operation");

  private final Path folder;
  private final JsonNode dictionary;
  private final Map<String, JsonNode> events;
  private final Map<String, JsonNode> objects;

  OcsfSchema(Path folder) throws IOException {
    this.folder = folder;
    dictionary = JSON.readTree(folder.resolve("dictionary.json"));
    events = named(folder.resolve("events"));
    objects = named(folder.resolve("objects"));
  }

  String version() {
    return JSON.readTree(folder.resolve("version.json")).path("version").asString();
  }

  private static Map<String, JsonNode> named(Path folder) throws IOException {
    Map<String, JsonNode> named = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        JsonNode node = JSON.readTree(file);
        named.put(node.path("name").asString(), node);
      }
    }
    return named;
  }

  /** The schemas of classes, by the number of the class. */
  Map<Integer, JsonNode> classes(JsonNode categories) {
    Map<Integer, JsonNode> classes = new TreeMap<>();
    for (JsonNode event : events.values()) {
      String category = category(event);
      int uid =
          categories.at("/attributes/" + category + "/uid").asInt(0) * 1000
              + event.path("uid").asInt(0);
      if (event.has("uid")) {
        ObjectNode schema = compiled(event, events);
        // What a class says of itself: its numbers, and those of its types.
        ObjectNode properties = schema.withObject("/properties");
        properties.putObject("class_uid").put("const", uid);
        properties.putObject("category_uid").put("const", uid / 1000);
        ArrayNode types = properties.putObject("type_uid").putArray("enum");
        properties.at("/activity_id/enum").forEach(id -> types.add(uid * 100L + id.asLong()));
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        ObjectNode definitions = schema.putObject("$defs");
        objects.forEach((name, object) -> definitions.set(name, compiled(object, objects)));
        classes.put(uid, schema);
      }
    }
    return classes;
  }

  JsonNode categories() {
    return JSON.readTree(folder.resolve("categories.json"));
  }

  private String category(JsonNode event) {
    return event.has("category")
        ? event.path("category").asString()
        : category(events.get(event.path("extends").asString()));
  }

  private ObjectNode compiled(JsonNode of, Map<String, JsonNode> table) {
    ObjectNode attributes = JSON.createObjectNode();
    ObjectNode constraints = JSON.createObjectNode();
    inherit(of, table, attributes, constraints);
    ObjectNode schema = JSON.createObjectNode().put("type", "object");
    ArrayNode required = JSON.createArrayNode();
    ObjectNode properties = JSON.createObjectNode();
    for (Map.Entry<String, JsonNode> attribute : attributes.properties()) {
      ObjectNode all = JSON.createObjectNode();
      all.setAll((ObjectNode) dictionary.at("/attributes").path(attribute.getKey()).deepCopy());
      refine(all, attribute.getValue());
      JsonNode profile = all.path("profile");
      if (profile.isString() && !PROFILES.contains(profile.asString())) {
        continue;
      }
      properties.set(attribute.getKey(), type(all));
      if (all.path("requirement").asString("").equals("required")) {
        required.add(attribute.getKey());
      }
    }
    if (!of.path("name").asString().equals("object")) {
      schema.put("additionalProperties", false);
    }
    schema.set("properties", properties);
    schema.set("required", required);
    for (String rule : List.of("at_least_one", "just_one")) {
      if (constraints.has(rule)) {
        ArrayNode any = schema.putArray(rule.equals("just_one") ? "oneOf" : "anyOf");
        constraints.get(rule).forEach(name -> any.addObject().putArray("required").add(name));
      }
    }
    return schema;
  }

  private void inherit(
      JsonNode of, Map<String, JsonNode> table, ObjectNode into, ObjectNode constraints) {
    if (of.has("extends")) {
      inherit(table.get(of.path("extends").asString()), table, into, constraints);
    }
    JsonNode own = of.path("attributes");
    own.path("$include").forEach(file -> include(file.asString(), into));
    own.properties()
        .forEach(
            attribute -> {
              if (!attribute.getKey().startsWith("$")) {
                refine(into.withObject("/" + attribute.getKey()), attribute.getValue());
              }
            });
    if (of.has("constraints")) {
      constraints.setAll((ObjectNode) of.get("constraints"));
    }
  }

  private void include(String file, ObjectNode into) {
    JsonNode included = JSON.readTree(folder.resolve(file));
    String profile = included.path("name").asString();
    included
        .path("attributes")
        .properties()
        .forEach(
            attribute -> {
              if (!attribute.getKey().startsWith("$")) {
                ObjectNode target = into.withObject("/" + attribute.getKey());
                refine(target, attribute.getValue());
                if (included.path("meta").asString("").equals("profile")
                    && !attribute.getValue().has("profile")) {
                  target.put("profile", profile);
                }
              }
            });
  }

  /** Lays what {@code more} says over {@code attribute}; enumerated values are added. */
  private static void refine(ObjectNode attribute, JsonNode more) {
    more.properties()
        .forEach(
            member -> {
              if (member.getKey().equals("enum") && attribute.has("enum")) {
                attribute.withObject("/enum").setAll((ObjectNode) member.getValue().deepCopy());
              } else {
                attribute.set(member.getKey(), member.getValue().deepCopy());
              }
            });
  }

  private ObjectNode type(JsonNode attribute) {
    ObjectNode one = one(attribute);
    return attribute.path("is_array").asBoolean(false)
        ? (ObjectNode) JSON.createObjectNode().put("type", "array").set("items", one)
        : one;
  }

  private ObjectNode one(JsonNode attribute) {
    String name = attribute.path("type").asString("");
    ObjectNode schema = JSON.createObjectNode();
    if (name.equals("object_t") || attribute.has("object_type") || objects.containsKey(name)) {
      String object = attribute.path("object_type").asString(name);
      return object.equals("object")
          ? schema.put("type", "object")
          : schema.put("$ref", "#/$defs/" + object);
    }
    JsonNode type = dictionary.at("/types/attributes").path(name);
    if (type.isMissingNode()) {
      throw new UncheckedIOException(new IOException("no type " + name + " of " + attribute));
    }
    switch (type.path("type").asString(name)) {
      case "string_t" -> schema.put("type", "string");
      case "integer_t", "long_t" -> schema.put("type", "integer");
      case "float_t" -> schema.put("type", "number");
      case "boolean_t" -> schema.put("type", "boolean");
      default -> {}
    }
    if (type.has("regex")) {
      schema.put("pattern", type.path("regex").asString());
    }
    if (type.has("max_len")) {
      schema.put("maxLength", type.path("max_len").asInt());
    }
    if (attribute.has("enum") && !attribute.path("enum").isEmpty()) {
      ArrayNode values = schema.putArray("enum");
      boolean isText = schema.path("type").asString("").equals("string");
      attribute
          .path("enum")
          .propertyNames()
          .forEach(
              value -> {
                if (isText) {
                  values.add(value);
                } else {
                  values.add(Integer.parseInt(value));
                }
              });
    }
    return schema;
  }
}
