package dev.indelible.server.access;

import dev.indelible.server.control.Assignment;
import dev.indelible.server.event.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holder of a session, who determines what the session may do and when it ends. */
public sealed interface Subject {

  /** The tenant that it is bound to, or null for the operator's. */
  @Nullable TenantId tenant();

  /**
   * The operator, for as long as a key of the operator works.
   *
   * @param keyId the key
   */
  record OfOperator(String keyId) implements Subject {
    @Override
    public @Nullable TenantId tenant() {
      return null;
    }
  }

  /**
   * The holder of a tenant's key, for as long as that works.
   *
   * @param tenant the tenant
   * @param keyId the key
   */
  record OfKey(TenantId tenant, String keyId) implements Subject {}

  /**
   * A member of a tenant, or somebody who is one for this session.
   *
   * @param tenant the tenant
   * @param memberId the member
   * @param assignments its assignments in this session alone; null: those of the member
   */
  record OfMember(TenantId tenant, String memberId, @Nullable List<Assignment> assignments)
      implements Subject {
    public OfMember {
      assignments = assignments == null ? null : List.copyOf(assignments);
    }
  }

  /**
   * A guest, for as long as the invitation lasts.
   *
   * @param tenant the tenant
   * @param guestId the invitation
   * @param isSupport whether it is support staff, else an auditor
   */
  record OfGuest(TenantId tenant, String guestId, boolean isSupport) implements Subject {}

  /**
   * A user of the product, who looks through its viewer.
   *
   * @param tenant the tenant
   * @param keyId the key that asked for the session; the session ends with it
   * @param permissions names of what it may do
   * @param accounts for which accounts; empty optional: for all
   * @param filter what it sees alone, in the query language; relative times count from the
   *     session's beginning
   * @param origins the origins of pages that may use it; none: any that the server allows
   */
  record OfViewer(
      TenantId tenant,
      String keyId,
      Set<String> permissions,
      Optional<Set<String>> accounts,
      String filter,
      Set<String> origins)
      implements Subject {
    public OfViewer {
      permissions = Set.copyOf(permissions);
      accounts = accounts.map(Set::copyOf);
      origins = Set.copyOf(origins);
    }
  }
}
