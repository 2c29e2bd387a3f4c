package dev.indelible.server.profile;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Permissions that a permission set can contain; the one place where they are named. */
public enum Permission {
  /** Read entries, counts and facets, and follow the tail. */
  AUDIT_VIEW,
  /** Read the personal part of entries too. */
  AUDIT_VIEW_PERSONAL,
  /** Export entries. */
  AUDIT_EXPORT,
  /** Fetch proofs and checkpoints. */
  AUDIT_VERIFY,
  /** Send events. */
  EVENTS_WRITE,
  /** Change how long entries are kept. */
  RETENTION_MANAGE,
  /** Apply and release legal holds. */
  HOLDS_MANAGE,
  /** Add and remove members and their roles. */
  MEMBERS_MANAGE,
  /** Define permission sets. */
  PERMISSION_SETS_MANAGE,
  /** Create, rotate and revoke API keys. */
  KEYS_MANAGE,
  /** Define streams to other systems. */
  STREAMS_MANAGE,
  /** Define alert rules and settle alerts. */
  ALERTS_MANAGE,
  /** Schedule exports. */
  SCHEDULES_MANAGE,
  /** Compose evidence packs. */
  EVIDENCE_CREATE,
  /** Plan reviews and sign them off. */
  REVIEWS_MANAGE,
  /** Request, approve and carry out erasures. */
  ERASURES_MANAGE,
  /** Let support staff in for a time. */
  SUPPORT_GRANT,
  /** Share saved views. */
  VIEWS_MANAGE,
  /** Change the tenant's profile and settings. */
  SETTINGS_MANAGE;

  /** The names of all of them, for messages that name the choices. */
  public static String names() {
    return Arrays.stream(values()).map(Permission::jsonName).sorted().collect(joining(", "));
  }

  /**
   * Whether it may be given for some accounts alone: what reads entries. Everything else is about
   * the tenant as a whole.
   */
  public boolean isPerAccount() {
    return switch (this) {
      case AUDIT_VIEW, AUDIT_VIEW_PERSONAL, AUDIT_EXPORT, AUDIT_VERIFY -> true;
      case EVENTS_WRITE,
          RETENTION_MANAGE,
          HOLDS_MANAGE,
          MEMBERS_MANAGE,
          PERMISSION_SETS_MANAGE,
          KEYS_MANAGE,
          STREAMS_MANAGE,
          ALERTS_MANAGE,
          SCHEDULES_MANAGE,
          EVIDENCE_CREATE,
          REVIEWS_MANAGE,
          ERASURES_MANAGE,
          SUPPORT_GRANT,
          VIEWS_MANAGE,
          SETTINGS_MANAGE ->
          false;
    };
  }

  /** The name in the API and in profiles, such as {@code audit.view}. */
  public String jsonName() {
    String name = name().toLowerCase(Locale.ROOT);
    return switch (this) {
      case PERMISSION_SETS_MANAGE -> "permission_sets.manage";
      case AUDIT_VIEW_PERSONAL -> "audit.view_personal";
      case AUDIT_VIEW,
          AUDIT_EXPORT,
          AUDIT_VERIFY,
          EVENTS_WRITE,
          RETENTION_MANAGE,
          HOLDS_MANAGE,
          MEMBERS_MANAGE,
          KEYS_MANAGE,
          STREAMS_MANAGE,
          ALERTS_MANAGE,
          SCHEDULES_MANAGE,
          EVIDENCE_CREATE,
          REVIEWS_MANAGE,
          ERASURES_MANAGE,
          SUPPORT_GRANT,
          VIEWS_MANAGE,
          SETTINGS_MANAGE ->
          name.replace('_', '.');
    };
  }

  /** The permission of that name, or null. */
  public static @Nullable Permission named(String name) {
    for (Permission permission : values()) {
      if (permission.jsonName().equals(name)) {
        return permission;
      }
    }
    return null;
  }
}
