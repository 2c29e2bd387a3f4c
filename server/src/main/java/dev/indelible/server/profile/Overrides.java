package dev.indelible.server.profile;

import dev.indelible.server.event.Problem;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tenant's changes to its profile: a document of the profile's own form, of which each part takes
 * the place of the profile's, or is added to it.
 *
 * <p>Members of an object replace those of the same name, and {@code null} takes one away. Elements
 * of the lists whose elements have a name of their own (categories, actions, evidence packs, alert
 * rules) change the profile's of that name or are added; all other lists are replaced as a whole.
 * An action belongs to the category that it is listed under last.
 */
final class Overrides {

  /** Members that may be changed. */
  static final List<String> MEMBERS =
      List.of(
          "reason_for_exports",
          "categories",
          "personal_fields",
          "personal_details",
          "secret_keys",
          "retention",
          "viewer",
          "export_formats",
          "evidence_packs",
          "alert_rules");

  /** Members that are changed elsewhere, and where. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("unknown_actions", "it is changed by PATCH /v1/tenants/{tenant}"),
          Map.entry("missing_reasons", "it is changed by PATCH /v1/tenants/{tenant}"),
          Map.entry(
              "view_recording", "it is changed as record_views by PATCH /v1/tenants/{tenant}"),
          Map.entry(
              "permission_sets", "a tenant's own are made at /v1/tenants/{tenant}/permission-sets"),
          Map.entry("roles", "give members permission sets of the tenant's own instead"),
          Map.entry("actor_hashing", "only a profile of its own decides it"),
          Map.entry("persons", "only a profile of its own decides it"),
          Map.entry("no_persons", "only a profile of its own decides it"),
          Map.entry("promised", "only a profile of its own decides it"),
          Map.entry("secrets", "only a profile of its own decides it"),
          Map.entry("name", "only a profile of its own has another"),
          Map.entry("title", "only a profile of its own has another"),
          Map.entry("description", "only a profile of its own has another"));

  private static final Set<String> RETENTION_MEMBERS = Set.of("least", "most");

  /** Prefix of the program's own actions, which nobody changes. */
  private static final String RESERVED = "audit.";

  private final ObjectNode merged;
  private final List<Problem> problems;

  /** Pointers into the overrides of the objects of the result and their members. */
  private final IdentityHashMap<JsonNode, String> origins = new IdentityHashMap<>();

  private final Set<JsonNode> added = Collections.newSetFromMap(new IdentityHashMap<>());
  private final IdentityHashMap<JsonNode, Map<String, String>> memberOrigins =
      new IdentityHashMap<>();
  private final Map<String, String> pointers = new HashMap<>();

  /**
   * A profile with what a tenant changes of it.
   *
   * @param document the profile's document
   * @param changes the tenant's changes
   * @param problems gets what may not be changed
   */
  Overrides(ObjectNode document, JsonNode changes, List<Problem> problems) {
    this.merged = document.deepCopy();
    this.problems = problems;
    if (!changes.isObject()) {
      ProfileFields.report(problems, "", Problem.Code.WRONG_TYPE, "must be an object");
      return;
    }
    for (Map.Entry<String, JsonNode> member : changes.properties()) {
      String name = member.getKey();
      String pointer = ProfileFields.child("", name);
      if (!MEMBERS.contains(name)) {
        String elsewhere = ELSEWHERE.get(name);
        ProfileFields.report(
            problems,
            pointer,
            Problem.Code.UNKNOWN_FIELD,
            elsewhere == null
                ? "is not known here; known are " + String.join(", ", MEMBERS)
                : "cannot be changed here: " + elsewhere);
      } else if (name.equals("categories")) {
        mergeCategories(member.getValue(), pointer);
      } else {
        checkRetention(name, member.getValue());
        merge(merged, name, member.getValue(), pointer);
      }
    }
    trace(merged, "");
  }

  /** The profile's document with the changes. */
  ObjectNode merged() {
    return merged;
  }

  /** Translates a problem of the merged document to its place in the overrides. */
  Problem translated(Problem problem) {
    String at = problem.pointer();
    while (!pointers.containsKey(at) && !at.isEmpty()) {
      at = at.substring(0, at.lastIndexOf('/'));
    }
    return new Problem(pointers.getOrDefault(at, ""), problem.code(), problem.detail());
  }

  private void checkRetention(String name, JsonNode value) {
    if (name.equals("retention") && value.isObject()) {
      for (String key : value.propertyNames()) {
        if (!RETENTION_MEMBERS.contains(key)) {
          ProfileFields.report(
              problems,
              ProfileFields.child("/retention", key),
              Problem.Code.UNKNOWN_FIELD,
              "cannot be changed here; the bounds least and most can be narrowed, and the period is set at /v1/tenants/{tenant}/retention");
        }
      }
    }
  }

  private void merge(ObjectNode into, String name, JsonNode value, String pointer) {
    JsonNode old = into.get(name);
    if (value.isNull()) {
      into.remove(name);
    } else if (old instanceof ObjectNode object && value.isObject() && !name.equals("details")) {
      origins.put(object, pointer);
      mergeMembers(object, value, pointer);
    } else if (old instanceof ArrayNode list && value.isArray() && isNamed(name)) {
      for (int i = 0; i < value.size(); i++) {
        mergeElement(list, "id", value.get(i), pointer + "/" + i);
      }
    } else {
      into.set(name, value.deepCopy());
      memberOrigins.computeIfAbsent(into, _ -> new HashMap<>()).put(name, pointer);
    }
  }

  private static boolean isNamed(String list) {
    return list.equals("evidence_packs") || list.equals("alert_rules");
  }

  private void mergeMembers(ObjectNode into, JsonNode changes, String pointer) {
    for (Map.Entry<String, JsonNode> member : changes.properties()) {
      merge(
          into, member.getKey(), member.getValue(), ProfileFields.child(pointer, member.getKey()));
    }
  }

  /** Changes the element of that name, or adds it. */
  private void mergeElement(ArrayNode list, String key, JsonNode element, String pointer) {
    ObjectNode found = find(list, key, element);
    if (found == null) {
      JsonNode copy = element.deepCopy();
      list.add(copy);
      origins.put(copy, pointer);
      added.add(copy);
    } else {
      origins.put(found, pointer);
      mergeMembers(found, element, pointer);
    }
  }

  private static @Nullable ObjectNode find(JsonNode list, String key, JsonNode like) {
    String name = like.path(key).asString("");
    for (JsonNode element : list) {
      if (element instanceof ObjectNode object && object.path(key).asString("").equals(name)) {
        return object;
      }
    }
    return null;
  }

  private void mergeCategories(JsonNode changes, String pointer) {
    if (!changes.isArray() || !(merged.get("categories") instanceof ArrayNode categories)) {
      ProfileFields.report(problems, pointer, Problem.Code.WRONG_TYPE, "must be a list");
      return;
    }
    for (int i = 0; i < changes.size(); i++) {
      JsonNode change = changes.get(i);
      String at = pointer + "/" + i;
      if (!(change instanceof ObjectNode object)) {
        ProfileFields.report(problems, at, Problem.Code.WRONG_TYPE, "must be an object");
        continue;
      }
      ObjectNode head = object.deepCopy();
      JsonNode actions = head.remove("actions");
      mergeElement(categories, "id", head, at);
      ObjectNode category = find(categories, "id", head);
      if (actions != null && category != null) {
        mergeActions(categories, category, actions, at + "/actions");
      }
    }
  }

  private void mergeActions(
      ArrayNode categories, ObjectNode category, JsonNode actions, String pointer) {
    if (!actions.isArray()) {
      ProfileFields.report(problems, pointer, Problem.Code.WRONG_TYPE, "must be a list");
      return;
    }
    ArrayNode list =
        category.get("actions") instanceof ArrayNode known ? known : category.putArray("actions");
    for (int i = 0; i < actions.size(); i++) {
      JsonNode action = actions.get(i);
      String at = pointer + "/" + i;
      String name = action.path("action").asString("");
      if (isReserved(name)) {
        ProfileFields.report(
            problems,
            at + "/action",
            Problem.Code.INVALID,
            "actions that begin with " + RESERVED + " are the program's own");
        continue;
      }
      moveHere(categories, list, action);
      mergeElement(list, "action", action, at);
    }
  }

  private static boolean isReserved(String action) {
    String begin = action.endsWith("*") ? action.substring(0, action.length() - 1) : action;
    return begin.startsWith(RESERVED) || (action.endsWith("*") && RESERVED.startsWith(begin));
  }

  /** Takes the action out of the category that it was in before. */
  @SuppressWarnings("ReferenceEquality") // two lists may be equal, both empty
  private static void moveHere(ArrayNode categories, ArrayNode here, JsonNode action) {
    for (JsonNode category : categories) {
      if (category.get("actions") instanceof ArrayNode list && list != here) {
        for (int i = 0; i < list.size(); i++) {
          if (list.get(i).path("action").equals(action.path("action"))) {
            here.add(list.remove(i));
            return;
          }
        }
      }
    }
  }

  /** Notes where all that the overrides brought has come to be. */
  private void trace(JsonNode node, String at) {
    String origin = origins.get(node);
    if (origin != null) {
      pointers.put(at, origin);
      if (added.contains(node)) {
        traceCopy(node, at, origin);
      }
    }
    if (node.isObject()) {
      Map<String, String> members = memberOrigins.getOrDefault(node, Map.of());
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        String below = ProfileFields.child(at, member.getKey());
        String from = members.get(member.getKey());
        if (from != null) {
          traceCopy(member.getValue(), below, from);
        }
        trace(member.getValue(), below);
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        trace(node.get(i), at + "/" + i);
      }
    }
  }

  private void traceCopy(JsonNode node, String at, String origin) {
    pointers.put(at, origin);
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        traceCopy(
            member.getValue(),
            ProfileFields.child(at, member.getKey()),
            ProfileFields.child(origin, member.getKey()));
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        traceCopy(node.get(i), at + "/" + i, origin + "/" + i);
      }
    }
  }
}
