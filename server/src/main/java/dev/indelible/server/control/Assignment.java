package dev.indelible.server.control;

import static dev.indelible.server.control.ObjectFields.putAll;
import static dev.indelible.server.control.ObjectFields.putIfPresent;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A role or permission set that a member has, for the whole tenant or for some accounts.
 *
 * @param role a role of the profile, or null
 * @param permissionSet a permission set of the profile or the tenant, or null; one of the two is
 *     there
 * @param accounts for which accounts alone; null: for the whole tenant
 */
public record Assignment(
    @Nullable String role, @Nullable String permissionSet, @Nullable List<String> accounts) {
  /** The most accounts. */
  public static final int MAX_ACCOUNTS = 100;

  public Assignment {
    if ((role == null) == (permissionSet == null)) {
      throw new IllegalArgumentException("an assignment is of a role or of a permission set");
    }
    accounts = accounts == null ? null : List.copyOf(accounts);
  }

  /** Assignments as JSON. */
  public static ArrayNode toJson(List<Assignment> assignments) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Assignment assignment : assignments) {
      ObjectNode one = array.addObject();
      putIfPresent(one, "role", assignment.role());
      putIfPresent(one, "permission_set", assignment.permissionSet());
      List<String> accounts = assignment.accounts();
      if (accounts != null) {
        putAll(one, "accounts", accounts);
      }
    }
    return array;
  }

  /** Assignments of {@link #toJson}. */
  public static List<Assignment> listOf(JsonNode array) {
    List<Assignment> result = new ArrayList<>();
    for (JsonNode element : array) {
      ObjectFields one = new ObjectFields(element);
      result.add(
          new Assignment(
              one.optionalText("role"),
              one.optionalText("permission_set"),
              one.optionalList("accounts")));
    }
    return result;
  }
}
