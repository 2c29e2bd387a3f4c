package dev.indelible.server.profile;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import dev.indelible.server.event.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Schema of the details of an action's events: a JSON Schema (draft 2020-12) of the keywords in
 * {@link #KEYWORDS}. What is not among them would let a schema fetch something, never end, or try
 * patterns for ever. Immutable and thread-safe; equal when the schemas are.
 */
public final class DetailsSchema {

  /** The keywords that may be used. */
  static final Set<String> KEYWORDS =
      Set.of(
          "type",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "enum",
          "const",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "minProperties",
          "maxProperties",
          "anyOf",
          "title",
          "description");

  private static final Set<String> TYPES =
      Set.of("object", "array", "string", "number", "integer", "boolean", "null");

  /** Deepest nesting of schemas in one another. */
  static final int MAX_DEPTH = 10;

  private final JsonNode source;
  private final Schema schema;

  private DetailsSchema(JsonNode source, Schema schema) {
    this.source = source;
    this.schema = schema;
  }

  /**
   * The schema that a document describes, or null when it is none.
   *
   * @param problems gets what is wrong with it
   */
  static @Nullable DetailsSchema read(JsonNode source, String pointer, List<Problem> problems) {
    int before = problems.size();
    check(source, pointer, 0, problems);
    if (problems.size() > before) {
      return null;
    }
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(source);
    schema.initializeValidators();
    return new DetailsSchema(source, schema);
  }

  private static void check(JsonNode node, String pointer, int depth, List<Problem> problems) {
    if (node.isBoolean() && depth > 0) {
      return;
    }
    if (!node.isObject()) {
      ProfileFields.report(
          problems, pointer, Problem.Code.WRONG_TYPE, "must be a JSON Schema, an object");
      return;
    }
    if (depth == MAX_DEPTH) {
      ProfileFields.report(
          problems, pointer, Problem.Code.TOO_DEEP, "is deeper than " + MAX_DEPTH + " schemas");
      return;
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String at = ProfileFields.child(pointer, member.getKey());
      if (KEYWORDS.contains(member.getKey())) {
        checkKeyword(member.getKey(), member.getValue(), at, depth, problems);
      } else {
        ProfileFields.report(
            problems,
            at,
            Problem.Code.UNKNOWN_FIELD,
            "is no keyword that may be used; there are "
                + String.join(", ", KEYWORDS.stream().sorted().toList()));
      }
    }
  }

  private static void checkKeyword(
      String keyword, JsonNode value, String pointer, int depth, List<Problem> problems) {
    boolean good =
        switch (keyword) {
          case "type" ->
              isType(value)
                  || (value.isArray() && value.values().stream().allMatch(DetailsSchema::isType));
          case "properties" -> {
            if (value.isObject()) {
              for (Map.Entry<String, JsonNode> member : value.properties()) {
                check(
                    member.getValue(),
                    ProfileFields.child(pointer, member.getKey()),
                    depth + 1,
                    problems);
              }
            }
            yield value.isObject();
          }
          case "items", "additionalProperties" -> {
            check(value, pointer, depth + 1, problems);
            yield true;
          }
          case "anyOf" -> {
            for (int i = 0; value.isArray() && i < value.size(); i++) {
              check(value.get(i), pointer + "/" + i, depth + 1, problems);
            }
            yield value.isArray() && !value.isEmpty();
          }
          case "required" ->
              value.isArray() && value.values().stream().allMatch(JsonNode::isString);
          case "enum" -> value.isArray() && !value.isEmpty();
          case "const" -> true;
          case "title", "description" -> value.isString();
          case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum" -> value.isNumber();
          default -> value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 0;
        };
    if (!good) {
      ProfileFields.report(
          problems, pointer, Problem.Code.WRONG_TYPE, "is no value of \"" + keyword + "\"");
    }
  }

  private static boolean isType(JsonNode value) {
    return value.isString() && TYPES.contains(value.stringValue());
  }

  /** The schema as it was written. */
  public JsonNode source() {
    return source;
  }

  /**
   * Finds the problems of an event's details; empty if there are none.
   *
   * @param details the details, or null when the event has none
   */
  public List<Problem> problems(@Nullable ObjectNode details) {
    List<Problem> problems = new ArrayList<>(0);
    for (Error error :
        schema.validate(details == null ? JsonNodeFactory.instance.objectNode() : details)) {
      ProfileFields.report(problems, pointer(error), code(error), detail(error));
    }
    return problems;
  }

  private static String pointer(Error error) {
    NodePath path = error.getInstanceLocation();
    StringBuilder pointer = new StringBuilder("/details");
    for (int i = 0; i < path.getNameCount(); i++) {
      pointer.append(ProfileFields.child("", String.valueOf(path.getElement(i))));
    }
    String property = error.getProperty();
    return property == null
        ? pointer.toString()
        : ProfileFields.child(pointer.toString(), property);
  }

  private static Problem.Code code(Error error) {
    return switch (error.getKeyword()) {
      case "required" -> Problem.Code.MISSING;
      case "type" -> Problem.Code.WRONG_TYPE;
      case "enum", "const" -> Problem.Code.UNKNOWN_VALUE;
      case "additionalProperties" -> Problem.Code.UNKNOWN_FIELD;
      case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum" ->
          Problem.Code.OUT_OF_RANGE;
      case "maxLength" -> Problem.Code.TOO_LONG;
      case "maxItems", "maxProperties" -> Problem.Code.TOO_MANY;
      case null, default -> Problem.Code.INVALID;
    };
  }

  private static String detail(Error error) {
    return "The action's profile asks for other details: "
        + String.valueOf(error.getMessage())
        + ".";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DetailsSchema that && source.equals(that.source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return source.toString();
  }
}
