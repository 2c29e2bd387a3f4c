package dev.indelible.server.control;

import static dev.indelible.server.control.ObjectFields.putIfPresent;

import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A part of a tenant with admins of its own.
 *
 * @param tenant whose
 * @param localId its id, as in the {@code account} of events
 * @param name its name for people
 * @param removedAt when it was removed, or null
 */
public record Account(TenantId tenant, String localId, String name, @Nullable Instant removedAt)
    implements ConfigurationObject.Access {
  static final Kind<Account> KIND = new AccountKind();

  /** The longest id or name, in UTF-16 units. */
  public static final int MAX_LENGTH = 200;

  @Override
  public Kind<Account> kind() {
    return KIND;
  }

  private static final class AccountKind extends Kind<Account> {

    AccountKind() {
      super("account", Account.class);
    }

    @Override
    void write(Account account, ObjectNode json) {
      json.put("tenant", account.tenant().value());
      json.put("id", account.localId());
      json.put("name", account.name());
      putIfPresent(json, "removed_at", account.removedAt());
    }

    @Override
    Account read(ObjectFields json) {
      return new Account(
          json.tenant(), json.text("id"), json.text("name"), json.optionalInstant("removed_at"));
    }

    @Override
    void check(Account account) {
      requireAtMost(MAX_LENGTH, "id", account.localId());
      requireAtMost(MAX_LENGTH, "name", account.name());
    }

    @Override
    Event.Target target(Account account) {
      return new Event.Target("account", account.localId(), account.name(), null);
    }

    @Override
    String action(@Nullable Account before, Account after) {
      return "audit.account." + verb(before, after, "remove");
    }
  }
}
