package dev.indelible.server.api.access;

import dev.indelible.server.access.Roles;
import dev.indelible.server.control.Assignment;
import dev.indelible.server.control.Member;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.profile.Profile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads which roles and permission sets somebody is given. */
final class AssignmentFields {

  /** The most accounts that a message names. */
  private static final int MAX_NAMED = 20;

  private AssignmentFields() {}

  /**
   * The assignments in the field {@code assignments}; faults are said with the others.
   *
   * @param known the accounts that there are; empty when the tenant lists none
   */
  static List<Assignment> read(
      JsonFields fields, Roles roles, Tenant tenant, Collection<String> known) {
    List<Assignment> result = new ArrayList<>();
    for (JsonFields one :
        fields.objects(
            "assignments", Member.MAX_ASSIGNMENTS, "role", "permission_set", "accounts")) {
      String role = one.text("role", Field.OPTIONAL, 100);
      String set = one.text("permission_set", Field.OPTIONAL, 100);
      List<String> accounts = accounts(one);
      requireKnown(one, accounts, known);
      if ((role == null) == (set == null)) {
        one.fault("role", "missing", "Name a role or a permission_set.");
        continue;
      }
      if (role != null) {
        requireRole(one, "role", roles.role(tenant, role), roles.roleIds(tenant), accounts);
      } else if (roles.permissionSet(tenant, String.valueOf(set)).isEmpty()) {
        one.fault(
            "permission_set",
            "unknown_value",
            "The tenant has no such permission set; there are "
                + String.join(", ", roles.permissionSetIds(tenant))
                + ".");
      }
      result.add(new Assignment(role, set, accounts));
    }
    return result;
  }

  /** The accounts in the field {@code accounts}; null when it is not there: the whole tenant. */
  static @Nullable List<String> accounts(JsonFields fields) {
    if (!fields.has("accounts")) {
      return null;
    }
    List<String> accounts = fields.texts("accounts");
    if (accounts.isEmpty() || accounts.size() > Assignment.MAX_ACCOUNTS) {
      fields.fault(
          "accounts",
          "out_of_range",
          "Name 1 to "
              + Assignment.MAX_ACCOUNTS
              + " accounts, or leave it out for the whole tenant.");
    }
    return accounts;
  }

  /** A tenant that lists no accounts has those that its events name, which nobody can know yet. */
  private static void requireKnown(
      JsonFields fields, @Nullable List<String> accounts, Collection<String> known) {
    for (int i = 0; accounts != null && !known.isEmpty() && i < accounts.size(); i++) {
      if (!known.contains(accounts.get(i))) {
        fields.fault(
            "accounts/" + i,
            "unknown_value",
            "The tenant has no such account; there are "
                + String.join(", ", known.stream().sorted().limit(MAX_NAMED).toList())
                + (known.size() > MAX_NAMED ? ", …" : "")
                + ".");
      }
    }
  }

  /** A role that is there, and one of an account only with accounts. */
  static void requireRole(
      JsonFields fields,
      String field,
      Optional<Profile.Role> role,
      List<String> roles,
      @Nullable List<String> accounts) {
    if (role.isEmpty()) {
      fields.fault(
          field,
          "unknown_value",
          "The tenant's profile has no such role; there are " + String.join(", ", roles) + ".");
    } else if (role.get().scope() == Profile.Scope.ACCOUNT && accounts == null) {
      fields.fault(field, "missing", "This is a role in an account; name the accounts.");
    }
  }
}
