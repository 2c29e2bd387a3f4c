package dev.indelible.server.access;

import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.event.RecordedBy;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.profile.Permission;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Party that sends a request, after authentication. */
public sealed interface Caller {

  /** The id of the key that it showed, or that stands behind its session; else its session's. */
  String keyId();

  /** The session that it showed, or null when it showed a key. */
  @Nullable Session session();

  /** How its changes of configuration are recorded. */
  ChangedBy changedBy();

  /** How the events that it sends are recorded: the session that it showed, or else the key. */
  default RecordedBy recordedBy() {
    Session session = session();
    if (session != null) {
      return new RecordedBy(RecordedBy.Kind.SESSION, session.id());
    }
    return new RecordedBy(
        home().isPresent() ? RecordedBy.Kind.API_KEY : RecordedBy.Kind.OPERATOR_KEY, keyId());
  }

  /**
   * Permissions of the caller in a tenant; empty when it may not know that {@code tenant} exists.
   */
  Optional<Grant> grant(TenantId tenant);

  /** The one tenant that it speaks for; empty for an operator. */
  Optional<TenantId> home();

  /** Whether this caller may know that {@code tenant} exists. */
  default boolean sees(TenantId tenant) {
    return grant(tenant).isPresent();
  }

  /** Whether it may do something in a tenant, for some accounts of it at least. */
  default boolean may(Permission permission, TenantId tenant) {
    return grant(tenant).filter(grant -> grant.allows(permission)).isPresent();
  }

  /**
   * The operator: sees every tenant.
   *
   * @param keyId the key that it showed, or that its session came of
   * @param session its session, or null
   */
  record Operator(String keyId, @Nullable Session session) implements Caller {

    private static final Grant EVERYTHING = Grant.everything();

    /** The operator by a key. */
    public Operator(String keyId) {
      this(keyId, null);
    }

    @Override
    public ChangedBy changedBy() {
      return new ChangedBy("operator", keyId);
    }

    @Override
    public Optional<Grant> grant(TenantId tenant) {
      return Optional.of(EVERYTHING);
    }

    @Override
    public Optional<TenantId> home() {
      return Optional.empty();
    }
  }

  /**
   * A program that speaks for one tenant.
   *
   * @param keyId the key that it showed
   * @param tenant its tenant
   * @param permissions its permissions there
   * @param session its session, or null
   */
  record TenantKey(
      String keyId, TenantId tenant, Set<Permission> permissions, @Nullable Session session)
      implements Caller {
    public TenantKey {
      permissions = Set.copyOf(permissions);
    }

    @Override
    public ChangedBy changedBy() {
      return new ChangedBy("api_key", keyId);
    }

    @Override
    public Optional<Grant> grant(TenantId other) {
      return tenant.equals(other) ? Optional.of(Grant.of(permissions)) : Optional.empty();
    }

    @Override
    public Optional<TenantId> home() {
      return Optional.of(tenant);
    }
  }

  /**
   * A person who signed in to one tenant: a member, an auditor, support staff, or a user of the
   * product who looks through its viewer.
   *
   * @param session the session
   * @param tenant its tenant
   * @param grant its grant there
   */
  record SignedIn(Session session, TenantId tenant, Grant grant) implements Caller {

    @Override
    public String keyId() {
      return session.id();
    }

    @Override
    public ChangedBy changedBy() {
      return new ChangedBy(
          switch (session.subject()) {
            case Subject.OfGuest guest when guest.isSupport() -> "support";
            case Subject.OfGuest _ -> "auditor";
            case Subject.OfViewer _, Subject.OfMember _ -> "user";
            case Subject.OfOperator _ -> "operator";
            case Subject.OfKey _ -> "api_key";
          },
          session.user().id());
    }

    @Override
    public Optional<Grant> grant(TenantId other) {
      return tenant.equals(other) ? Optional.of(grant) : Optional.empty();
    }

    @Override
    public Optional<TenantId> home() {
      return Optional.of(tenant);
    }
  }
}
