package dev.indelible.server.api.access;

import dev.indelible.server.access.KeyNames;
import dev.indelible.server.control.PermissionSet;
import dev.indelible.server.json.Json;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.profile.Profile;
import java.util.Collection;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Permission sets as JSON, those of a profile and those that a tenant made for itself. */
public final class PermissionSetJson {

  private PermissionSetJson() {}

  /** One permission set; {@code custom} when the tenant made it for itself. */
  public static void writeSet(
      JsonGenerator json,
      String id,
      String name,
      Collection<Permission> permissions,
      boolean custom) {
    json.writeStartObject();
    json.writeStringProperty("id", id);
    json.writeStringProperty("name", name);
    Json.texts(
        json, "permissions", permissions.stream().map(Permission::jsonName).sorted().toList());
    json.writeBooleanProperty("custom", custom);
    json.writeEndObject();
  }

  /** The tenant's own sets, and those of the profile that they do not replace. */
  public static void writeSets(JsonGenerator json, Profile profile, List<PermissionSet> own) {
    for (Profile.PermissionSet set : profile.permissionSets()) {
      if (own.stream().noneMatch(other -> other.localId().equals(set.id()))) {
        writeSet(json, set.id(), set.title(), set.permissions(), false);
      }
    }
    for (PermissionSet set : own) {
      writeSet(json, set.localId(), set.name(), KeyNames.permissions(set.permissions()), true);
    }
  }
}
