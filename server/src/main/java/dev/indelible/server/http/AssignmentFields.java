package dev.indelible.server.http;

import dev.indelible.server.access.Roles;
import dev.indelible.server.control.ConfigurationObject.Assignment;
import dev.indelible.server.control.ConfigurationObject.Member;
import dev.indelible.server.control.ConfigurationObject.Tenant;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.profile.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads which roles and permission sets somebody is given. */
final class AssignmentFields {

  private AssignmentFields() {}

  /** The assignments in the field {@code assignments}; faults are said with the others. */
  static List<Assignment> read(JsonFields fields, Roles roles, Tenant tenant) {
    List<Assignment> result = new ArrayList<>();
    for (JsonFields one :
        fields.objects(
            "assignments", Member.MAX_ASSIGNMENTS, "role", "permission_set", "accounts")) {
      String role = one.text("role", Field.OPTIONAL, 100);
      String set = one.text("permission_set", Field.OPTIONAL, 100);
      List<String> accounts = accounts(one);
      if ((role == null) == (set == null)) {
        one.fault("role", "missing", "Name a role or a permission_set.");
        continue;
      }
      if (role != null) {
        requireRole(one, "role", roles.role(tenant, role), accounts);
      } else if (roles.permissionSet(tenant, String.valueOf(set)).isEmpty()) {
        one.fault("permission_set", "unknown_value", "The tenant has no such permission set.");
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

  /** A role that is there, and one of an account only with accounts. */
  static void requireRole(
      JsonFields fields,
      String field,
      Optional<Profile.Role> role,
      @Nullable List<String> accounts) {
    if (role.isEmpty()) {
      fields.fault(field, "unknown_value", "The tenant's profile has no such role.");
    } else if (role.get().scope() == Profile.Scope.ACCOUNT && accounts == null) {
      fields.fault(field, "missing", "This is a role in an account; name the accounts.");
    }
  }
}
