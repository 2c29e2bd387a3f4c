package dev.indelible.server.control;

import dev.indelible.server.control.ConfigurationObject.Access;
import dev.indelible.server.control.ConfigurationObject.Account;
import dev.indelible.server.control.ConfigurationObject.Assignment;
import dev.indelible.server.control.ConfigurationObject.Guest;
import dev.indelible.server.control.ConfigurationObject.Member;
import dev.indelible.server.control.ConfigurationObject.PermissionSet;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of who may see what, in control records; see {@code docs/formats/control-record.md}. */
public final class AccessCodec {

  private static final String ACCOUNT = "account";
  private static final String PERMISSION_SET = "permission_set";
  private static final String MEMBER = "member";
  private static final String GUEST = "guest";
  private static final Set<String> KINDS = Set.of(ACCOUNT, PERMISSION_SET, MEMBER, GUEST);

  private AccessCodec() {}

  static String kind(Access access) {
    return switch (access) {
      case Account _ -> ACCOUNT;
      case PermissionSet _ -> PERMISSION_SET;
      case Member _ -> MEMBER;
      case Guest _ -> GUEST;
    };
  }

  static String kind(Class<? extends Access> type) {
    return type == Account.class
        ? ACCOUNT
        : type == PermissionSet.class ? PERMISSION_SET : type == Member.class ? MEMBER : GUEST;
  }

  static boolean knows(String kind) {
    return KINDS.contains(kind);
  }

  /** Kind and id: unique among all of these. */
  static String path(Access access) {
    return kind(access) + "/" + access.id();
  }

  static void write(ObjectNode json, Access access) {
    json.put("tenant", access.tenant().value());
    json.put("id", access.localId());
    switch (access) {
      case Account account -> json.put("name", account.name());
      case PermissionSet set -> {
        json.put("name", set.name());
        array(json, "permissions", set.permissions());
      }
      case Member member -> json.set("assignments", toJson(member.assignments()));
      case Guest guest -> {
        json.put("support", guest.isSupport());
        json.put("secret_hash", guest.secretHash());
        array(json, "permissions", guest.permissions());
        if (guest.accounts() != null) {
          array(json, "accounts", guest.accounts());
        }
        json.put("filter", guest.filter());
        if (guest.personalFilter()) {
          json.put("personal_filter", true);
        }
        json.put("granted_by", guest.grantedBy());
        json.put("created_at", guest.createdAt().toString());
        json.put("expires_at", guest.expiresAt().toString());
      }
    }
    ControlRecordCodec.putIfPresent(json, "removed_at", access.removedAt());
  }

  static Access read(String kind, JsonNode json) {
    TenantId tenant = new TenantId(ControlRecordCodec.text(json, "tenant"));
    String id = ControlRecordCodec.text(json, "id");
    Instant removedAt = ControlRecordCodec.optionalInstant(json, "removed_at");
    return switch (kind) {
      case ACCOUNT -> new Account(tenant, id, ControlRecordCodec.text(json, "name"), removedAt);
      case PERMISSION_SET ->
          new PermissionSet(
              tenant,
              id,
              ControlRecordCodec.text(json, "name"),
              ControlRecordCodec.texts(ControlRecordCodec.required(json, "permissions")),
              removedAt);
      case MEMBER ->
          new Member(
              tenant, id, assignments(ControlRecordCodec.required(json, "assignments")), removedAt);
      case GUEST ->
          new Guest(
              tenant,
              id,
              ControlRecordCodec.required(json, "support").booleanValue(),
              ControlRecordCodec.text(json, "secret_hash"),
              ControlRecordCodec.texts(ControlRecordCodec.required(json, "permissions")),
              json.has("accounts") ? list(json.path("accounts")) : null,
              ControlRecordCodec.text(json, "filter"),
              json.path("personal_filter").asBoolean(false),
              ControlRecordCodec.text(json, "granted_by"),
              Instant.parse(ControlRecordCodec.text(json, "created_at")),
              Instant.parse(ControlRecordCodec.text(json, "expires_at")),
              removedAt);
      default -> throw new IllegalStateException("control record of unknown kind " + kind);
    };
  }

  /** Assignments as JSON. */
  public static ArrayNode toJson(List<Assignment> assignments) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Assignment assignment : assignments) {
      ObjectNode one = array.addObject();
      ControlRecordCodec.putIfPresent(one, "role", assignment.role());
      ControlRecordCodec.putIfPresent(one, "permission_set", assignment.permissionSet());
      List<String> accounts = assignment.accounts();
      if (accounts != null) {
        array(one, "accounts", accounts);
      }
    }
    return array;
  }

  /** Assignments of {@link #toJson}. */
  public static List<Assignment> assignments(JsonNode array) {
    List<Assignment> result = new ArrayList<>();
    for (JsonNode one : array) {
      result.add(
          new Assignment(
              ControlRecordCodec.optionalText(one, "role"),
              ControlRecordCodec.optionalText(one, "permission_set"),
              one.has("accounts") ? list(one.path("accounts")) : null));
    }
    return result;
  }

  private static void array(ObjectNode json, String field, Iterable<String> values) {
    ArrayNode array = json.putArray(field);
    values.forEach(array::add);
  }

  static List<String> list(@Nullable JsonNode array) {
    List<String> result = new ArrayList<>();
    if (array != null) {
      array.forEach(element -> result.add(element.stringValue()));
    }
    return result;
  }
}
