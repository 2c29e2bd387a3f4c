package dev.indelible.server.control;

import static dev.indelible.server.control.ObjectFields.putAll;
import static dev.indelible.server.control.ObjectFields.putIfPresent;

import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A person from outside who may read for a limited time: an auditor or support staff. It has no
 * name, since control records are never deleted.
 *
 * @param tenant whose log
 * @param localId its id
 * @param isSupport whether it is support staff, else an auditor
 * @param secretHash SHA-256 of the secret part of the link, lower-case hexadecimal
 * @param permissions names of what they may do
 * @param accounts for which accounts alone; null: for the whole tenant
 * @param filter what they see alone, in the query language; relative times count from {@code
 *     createdAt}
 * @param personalFilter whether whoever let them in could see what is personal, so that the filter
 *     may ask for it
 * @param grantedBy who let them in, such as {@code user:u_1}
 * @param createdAt when that was
 * @param expiresAt when it ends
 * @param removedAt when it was ended before that, or null
 */
public record Guest(
    TenantId tenant,
    String localId,
    boolean isSupport,
    String secretHash,
    Set<String> permissions,
    @Nullable List<String> accounts,
    String filter,
    boolean personalFilter,
    String grantedBy,
    Instant createdAt,
    Instant expiresAt,
    @Nullable Instant removedAt)
    implements ConfigurationObject.Access {
  static final Kind<Guest> KIND = new GuestKind();

  public Guest {
    permissions = Collections.unmodifiableSortedSet(new TreeSet<>(permissions));
    accounts = accounts == null ? null : List.copyOf(accounts);
  }

  /** Returns a copy that has ended. */
  public Guest removed(Instant at) {
    return new Guest(
        tenant,
        localId,
        isSupport,
        secretHash,
        permissions,
        accounts,
        filter,
        personalFilter,
        grantedBy,
        createdAt,
        expiresAt,
        at);
  }

  /** Whether it works at {@code now}. */
  public boolean isActive(Instant now) {
    return removedAt == null && now.isBefore(expiresAt);
  }

  @Override
  public Kind<Guest> kind() {
    return KIND;
  }

  private static final class GuestKind extends Kind<Guest> {

    GuestKind() {
      super("guest", Guest.class);
    }

    @Override
    void write(Guest guest, ObjectNode json) {
      json.put("tenant", guest.tenant().value());
      json.put("id", guest.localId());
      json.put("support", guest.isSupport());
      json.put("secret_hash", guest.secretHash());
      putAll(json, "permissions", guest.permissions());
      if (guest.accounts() != null) {
        putAll(json, "accounts", guest.accounts());
      }
      json.put("filter", guest.filter());
      if (guest.personalFilter()) {
        json.put("personal_filter", true);
      }
      json.put("granted_by", guest.grantedBy());
      json.put("created_at", guest.createdAt().toString());
      json.put("expires_at", guest.expiresAt().toString());
      putIfPresent(json, "removed_at", guest.removedAt());
    }

    @Override
    Guest read(ObjectFields json) {
      return new Guest(
          json.tenant(),
          json.text("id"),
          json.flag("support"),
          json.text("secret_hash"),
          json.texts("permissions"),
          json.optionalList("accounts"),
          json.text("filter"),
          json.isOn("personal_filter"),
          json.text("granted_by"),
          json.instant("created_at"),
          json.instant("expires_at"),
          json.optionalInstant("removed_at"));
    }

    @Override
    Set<String> secrets() {
      return Set.of("secret_hash");
    }

    @Override
    Event.Target target(Guest guest) {
      return new Event.Target(
          guest.isSupport() ? "support_grant" : "auditor_link", guest.localId(), null, null);
    }

    @Override
    String action(@Nullable Guest before, Guest after) {
      if (!after.isSupport()) {
        return "audit.auditor_link." + verb(before, after, "end");
      }
      return after.removedAt() == null
          ? "audit.support_access_granted"
          : "audit.support_access_ended";
    }

    @Override
    Set<String> switches() {
      return Set.of("personal_filter");
    }
  }
}
