package dev.indelible.server.control;

import static dev.indelible.server.control.ObjectFields.putAll;
import static dev.indelible.server.control.ObjectFields.putIfPresent;

import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A named set of permissions that a tenant made for itself.
 *
 * @param tenant whose
 * @param localId its id
 * @param name its name for people
 * @param permissions names of what it allows
 * @param removedAt when it was removed, or null
 */
public record PermissionSet(
    TenantId tenant,
    String localId,
    String name,
    Set<String> permissions,
    @Nullable Instant removedAt)
    implements ConfigurationObject.Access {
  static final Kind<PermissionSet> KIND = new PermissionSetKind();

  /** The longest id or name, in UTF-16 units. */
  public static final int MAX_LENGTH = 100;

  public PermissionSet {
    permissions = Collections.unmodifiableSortedSet(new TreeSet<>(permissions));
  }

  @Override
  public Kind<PermissionSet> kind() {
    return KIND;
  }

  private static final class PermissionSetKind extends Kind<PermissionSet> {

    PermissionSetKind() {
      super("permission_set", PermissionSet.class);
    }

    @Override
    void write(PermissionSet set, ObjectNode json) {
      json.put("tenant", set.tenant().value());
      json.put("id", set.localId());
      json.put("name", set.name());
      putAll(json, "permissions", set.permissions());
      putIfPresent(json, "removed_at", set.removedAt());
    }

    @Override
    PermissionSet read(ObjectFields json) {
      return new PermissionSet(
          json.tenant(),
          json.text("id"),
          json.text("name"),
          json.texts("permissions"),
          json.optionalInstant("removed_at"));
    }

    @Override
    void check(PermissionSet set) {
      requireAtMost(MAX_LENGTH, "id", set.localId());
      requireAtMost(MAX_LENGTH, "name", set.name());
    }

    @Override
    Event.Target target(PermissionSet set) {
      return new Event.Target("permission_set", set.localId(), set.name(), null);
    }

    @Override
    String action(@Nullable PermissionSet before, PermissionSet after) {
      return "audit.permission_set." + verb(before, after, "remove");
    }
  }
}
