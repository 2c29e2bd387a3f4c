package dev.indelible.server.access;

import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.event.TenantId;
import java.util.Set;

/** Who a request speaks for, after authentication. */
public sealed interface Caller {

  /** The id of the key that it showed. */
  String keyId();

  /** How its changes of configuration are recorded. */
  ChangedBy changedBy();

  /** Whether this caller may know that {@code tenant} exists. */
  boolean sees(TenantId tenant);

  /** Whether this caller may do {@code scope} for a tenant that it {@linkplain #sees sees}. */
  boolean may(Scope scope);

  /**
   * The operator: sees every tenant.
   *
   * @param keyId the key that it showed
   */
  record Operator(String keyId) implements Caller {
    @Override
    public ChangedBy changedBy() {
      return new ChangedBy("operator", keyId);
    }

    @Override
    public boolean sees(TenantId tenant) {
      return true;
    }

    @Override
    public boolean may(Scope scope) {
      return true;
    }
  }

  /**
   * A program that speaks for one tenant.
   *
   * @param keyId the key that it showed
   * @param tenant its tenant
   * @param scopes what it may do there
   */
  record TenantKey(String keyId, TenantId tenant, Set<String> scopes) implements Caller {
    public TenantKey {
      scopes = Set.copyOf(scopes);
    }

    @Override
    public ChangedBy changedBy() {
      return new ChangedBy("api_key", keyId);
    }

    @Override
    public boolean sees(TenantId other) {
      return tenant.equals(other);
    }

    @Override
    public boolean may(Scope scope) {
      return scopes.contains(scope.value());
    }
  }
}
