package dev.indelible.server.api.access;

import dev.indelible.server.access.Grant;
import dev.indelible.server.access.Session;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.ParsedQuery;
import dev.indelible.server.query.QueryParser;
import dev.indelible.server.query.QueryProblem;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fields and rules that requests share which give somebody access: the person, the permissions, and
 * that the giver has them.
 */
final class Giving {

  private Giving() {}

  /** Nobody gives away what they do not have. */
  static void requireCovered(Grant own, Grant given) {
    if (!own.covers(given)) {
      throw new ProblemException(
          403, "more_than_own", "This would give permissions that you do not have yourself.");
    }
  }

  /** The person that a request names in a field {@code user}. */
  static Session.@Nullable User user(JsonFields fields) {
    JsonFields user = fields.object("user", Field.REQUIRED, "id", "name", "email");
    if (user == null) {
      return null;
    }
    String id = user.text("id", Field.REQUIRED, Session.User.MAX_LENGTH);
    String name = user.text("name", Field.OPTIONAL, Session.User.MAX_LENGTH);
    String email = user.text("email", Field.OPTIONAL, Session.User.MAX_LENGTH);
    return id == null ? null : new Session.User(id, name, email);
  }

  /** A query in the field {@code filter}; empty when there is none. */
  static String filter(JsonFields fields, Instant now) {
    String filter = fields.text("filter", Field.OPTIONAL, QueryParser.MAX_LENGTH);
    if (filter == null) {
      return "";
    }
    switch (QueryParser.parse(filter, now, ZoneOffset.UTC, QueryParser.Reading.TO_STORE)) {
      case ParsedQuery.Valid _ -> {}
      case QueryProblem problem ->
          fields.fault(
              "filter",
              "invalid_query",
              "Column %d: %s".formatted(problem.column(), problem.message()));
    }
    return filter;
  }

  /** Permissions to read, of which {@code audit.view} is one; that alone without the field. */
  static Set<Permission> permissions(JsonFields fields, String field) {
    if (!fields.has(field)) {
      return Set.of(Permission.AUDIT_VIEW);
    }
    List<String> names = fields.texts(field);
    if (names.isEmpty()) {
      fields.fault(
          field, "out_of_range", "Name audit.view at least, or leave it out for that alone.");
    }
    Set<Permission> permissions = EnumSet.of(Permission.AUDIT_VIEW);
    for (int i = 0; i < names.size(); i++) {
      Permission permission = Permission.named(names.get(i));
      if (permission == null || !permission.isPerAccount()) {
        fields.fault(
            field + "/" + i,
            "unknown_value",
            "This may be audit.view, audit.view_personal, audit.export or audit.verify.");
      } else {
        permissions.add(permission);
      }
    }
    return permissions;
  }
}
