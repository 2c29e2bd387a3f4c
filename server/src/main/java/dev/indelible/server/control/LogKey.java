package dev.indelible.server.control;

import static dev.indelible.server.control.ObjectFields.putIfPresent;

import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A key that a tenant's log is signed with.
 *
 * @param tenant whose log it signs
 * @param keyId the key id of signed notes, eight lower-case hexadecimal digits; unique within the
 *     tenant
 * @param origin the log's name, which is also the key's; the same for all keys of a tenant
 * @param verifierKey what its signatures are checked with, in the text form of signed notes
 * @param sealedSeed the private key, encrypted under the installation's key, base64
 * @param createdAt when it began to sign
 * @param retiredAt when it ceased to sign, or null
 */
public record LogKey(
    TenantId tenant,
    String keyId,
    String origin,
    String verifierKey,
    String sealedSeed,
    Instant createdAt,
    @Nullable Instant retiredAt)
    implements ConfigurationObject {
  static final Kind<LogKey> KIND = new LogKeyKind();

  @Override
  public String id() {
    return tenant.value() + "/" + keyId;
  }

  /** Whether it signs. */
  public boolean isActive() {
    return retiredAt == null;
  }

  /** Returns a retired copy. */
  public LogKey retired(Instant at) {
    return new LogKey(tenant, keyId, origin, verifierKey, sealedSeed, createdAt, at);
  }

  @Override
  public Kind<LogKey> kind() {
    return KIND;
  }

  private static final class LogKeyKind extends Kind<LogKey> {

    LogKeyKind() {
      super("log_key", LogKey.class);
    }

    @Override
    void write(LogKey key, ObjectNode json) {
      json.put("tenant", key.tenant().value());
      json.put("key_id", key.keyId());
      json.put("origin", key.origin());
      json.put("verifier_key", key.verifierKey());
      json.put("sealed_seed", key.sealedSeed());
      json.put("created_at", key.createdAt().toString());
      putIfPresent(json, "retired_at", key.retiredAt());
    }

    @Override
    LogKey read(ObjectFields json) {
      return new LogKey(
          json.tenant(),
          json.text("key_id"),
          json.text("origin"),
          json.text("verifier_key"),
          json.text("sealed_seed"),
          json.instant("created_at"),
          json.optionalInstant("retired_at"));
    }

    @Override
    Set<String> secrets() {
      return Set.of("sealed_seed");
    }

    @Override
    Event.Target target(LogKey key) {
      return new Event.Target("log_key", key.keyId(), null, null);
    }

    @Override
    String action(@Nullable LogKey before, LogKey after) {
      return before == null ? "audit.log_key.create" : "audit.log_key.retire";
    }
  }
}
