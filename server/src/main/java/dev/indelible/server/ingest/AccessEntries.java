package dev.indelible.server.ingest;

import dev.indelible.server.control.ConfigurationObject;
import dev.indelible.server.control.ConfigurationObject.Access;
import dev.indelible.server.control.ConfigurationObject.Account;
import dev.indelible.server.control.ConfigurationObject.Guest;
import dev.indelible.server.control.ConfigurationObject.Member;
import dev.indelible.server.control.ConfigurationObject.PermissionSet;
import dev.indelible.server.event.Event;
import org.jspecify.annotations.Nullable;

/** Contents of the entries that record changes of who may see what. */
final class AccessEntries {

  private AccessEntries() {}

  static Event.Target target(Access access) {
    return switch (access) {
      case Account account -> new Event.Target("account", account.localId(), account.name(), null);
      case PermissionSet set -> new Event.Target("permission_set", set.localId(), set.name(), null);
      case Member member -> new Event.Target("member", member.localId(), null, null);
      case Guest guest ->
          new Event.Target(
              guest.isSupport() ? "support_grant" : "auditor_link", guest.localId(), null, null);
    };
  }

  static String action(@Nullable ConfigurationObject before, Access after) {
    return switch (after) {
      case Account _ -> "audit.account." + verb(before, after, "remove");
      case PermissionSet _ -> "audit.permission_set." + verb(before, after, "remove");
      case Member _ -> "audit.member." + verb(before, after, "remove");
      case Guest guest ->
          guest.isSupport()
              ? after.removedAt() == null
                  ? "audit.support_access_granted"
                  : "audit.support_access_ended"
              : "audit.auditor_link." + verb(before, after, "end");
    };
  }

  private static String verb(@Nullable ConfigurationObject before, Access after, String end) {
    if (after.removedAt() != null) {
      return end;
    }
    return before == null || (before instanceof Access old && old.removedAt() != null)
        ? "create"
        : "update";
  }
}
