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
 * A key by which a program speaks for a tenant, or for the operator.
 *
 * @param id the public part of the key
 * @param tenant the tenant that it is bound to, or null for an operator's key
 * @param name its name for people
 * @param scopes what it may do, such as {@code events.write}
 * @param secretHash SHA-256 of the secret part, lower-case hexadecimal; the secret has 256 random
 *     bits, so that no slow hash is needed
 * @param networks the only networks it works from, such as {@code 203.0.113.0/24}; none: any
 * @param createdAt when it was created
 * @param expiresAt when it stops working, or null
 * @param revokedAt when it was revoked, or null
 */
public record ApiKey(
    String id,
    @Nullable TenantId tenant,
    String name,
    Set<String> scopes,
    String secretHash,
    List<String> networks,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt)
    implements ConfigurationObject {
  static final Kind<ApiKey> KIND = new ApiKeyKind();

  /** The longest name, in UTF-16 units. */
  public static final int MAX_NAME_LENGTH = 200;

  /** The most networks. */
  public static final int MAX_NETWORKS = 50;

  public ApiKey {
    scopes = Collections.unmodifiableSortedSet(new TreeSet<>(scopes));
    networks = List.copyOf(networks);
  }

  /** Whether it works at {@code now}. */
  public boolean isActive(Instant now) {
    return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
  }

  /** Returns a revoked copy. */
  public ApiKey revoked(Instant at) {
    return new ApiKey(id, tenant, name, scopes, secretHash, networks, createdAt, expiresAt, at);
  }

  /** Returns a copy that expires at {@code at}, or earlier if this one does. */
  public ApiKey expiring(Instant at) {
    Instant earlier = expiresAt != null && expiresAt.isBefore(at) ? expiresAt : at;
    return new ApiKey(
        id, tenant, name, scopes, secretHash, networks, createdAt, earlier, revokedAt);
  }

  @Override
  public Kind<ApiKey> kind() {
    return KIND;
  }

  private static final class ApiKeyKind extends Kind<ApiKey> {

    ApiKeyKind() {
      super("key", ApiKey.class);
    }

    @Override
    void write(ApiKey key, ObjectNode json) {
      json.put("id", key.id());
      putIfPresent(json, "tenant", key.tenant());
      json.put("name", key.name());
      putAll(json, "scopes", key.scopes());
      json.put("secret_hash", key.secretHash());
      if (!key.networks().isEmpty()) {
        putAll(json, "networks", key.networks());
      }
      json.put("created_at", key.createdAt().toString());
      putIfPresent(json, "expires_at", key.expiresAt());
      putIfPresent(json, "revoked_at", key.revokedAt());
    }

    @Override
    ApiKey read(ObjectFields json) {
      return new ApiKey(
          json.text("id"),
          json.has("tenant") ? json.tenant() : null,
          json.text("name"),
          json.texts("scopes"),
          json.text("secret_hash"),
          json.listOrEmpty("networks"),
          json.instant("created_at"),
          json.optionalInstant("expires_at"),
          json.optionalInstant("revoked_at"));
    }

    @Override
    Set<String> secrets() {
      return Set.of("secret_hash");
    }

    @Override
    void check(ApiKey key) {
      requireAtMost(MAX_NAME_LENGTH, "name", key.name());
      requireAtMost(MAX_NETWORKS, "number of networks", key.networks().size());
    }

    @Override
    Event.Target target(ApiKey key) {
      return new Event.Target("api_key", key.id(), key.name(), null);
    }

    @Override
    String action(@Nullable ApiKey before, ApiKey after) {
      if (before == null) {
        return "audit.key.create";
      }
      return after.revokedAt() != null ? "audit.key.revoke" : "audit.key.update";
    }
  }
}
