package dev.indelible.server.proof;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.ChangeOutcome;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.control.LogKey;
import dev.indelible.server.control.TenantQuota;
import dev.indelible.server.event.TenantId;
import dev.indelible.verify.Ed25519Key;
import dev.indelible.verify.NoteSigner;
import dev.indelible.verify.VerifierKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys that logs are signed with: made, replaced, retired by changes of the configuration, so
 * that each has its entry in the log that it signs. Thread-safe.
 */
public final class LogKeys {

  /** The most keys of a log that sign at once. */
  public static final int MAX_ACTIVE = TenantQuota.LOG_KEYS.most();

  /** Private keys kept in memory. */
  static final long CACHED_SIGNERS = 10_000;

  private static final int ORIGIN_ID_BYTES = 8;

  private final ControlLog control;
  private final SeedCipher cipher;
  private final String host;
  private final InstantSource clock;
  private final Cache<String, NoteSigner> signers =
      Caffeine.newBuilder().maximumSize(CACHED_SIGNERS).build();

  /**
   * Keys of logs whose names begin with {@code host}.
   *
   * @param host stands at the beginning of the origin of every log that is made from now on
   */
  public LogKeys(ControlLog control, SeedCipher cipher, String host, InstantSource clock) {
    this.control = control;
    this.cipher = cipher;
    this.host = host;
    this.clock = clock;
  }

  /** Result of a request to change the keys of a log. */
  public sealed interface Changed {
    /**
     * The change is durable and in force.
     *
     * @param position where it is in the control log, or null when there was nothing to do
     */
    record Done(LogKey key, @Nullable Position position) implements Changed {}

    /** The log has no key of that id. */
    record Unknown() implements Changed {}

    /** The log has as many keys as it can have. */
    record TooMany() implements Changed {}

    /** The key is the log's only one. */
    record TheLast() implements Changed {}
  }

  /** All keys of the log, oldest first. */
  public List<LogKey> all(TenantId tenant) {
    return control.configuration().logKeys(tenant);
  }

  /** The keys that sign, at least one: the first is made when there is none. */
  public List<LogKey> active(TenantId tenant) {
    List<LogKey> active = all(tenant).stream().filter(LogKey::isActive).toList();
    return active.isEmpty() ? List.of(ensure(tenant).key()) : active;
  }

  /** Makes the log's first key, unless there is one that signs. */
  public synchronized Changed.Done ensure(TenantId tenant) {
    return all(tenant).stream()
        .filter(LogKey::isActive)
        .findFirst()
        .map(key -> new Changed.Done(key, null))
        .orElseGet(() -> make(tenant, ChangedBy.SYSTEM, "the log's first key"));
  }

  /** Adds a key, which signs beside those that there are until they are retired. */
  public synchronized Changed rotate(TenantId tenant, ChangedBy by, @Nullable String reason) {
    return all(tenant).stream().filter(LogKey::isActive).count() >= MAX_ACTIVE
        ? new Changed.TooMany()
        : make(tenant, by, reason);
  }

  private Changed.Done make(TenantId tenant, ChangedBy by, @Nullable String reason) {
    List<LogKey> known = all(tenant);
    String origin =
        known.isEmpty()
            ? host + "/t/" + HexFormat.of().formatHex(cipher.newSeed(ORIGIN_ID_BYTES))
            : known.getFirst().origin();
    while (true) {
      byte[] seed = cipher.newSeed(Ed25519Key.SEED_BYTES);
      VerifierKey verifier =
          new NoteSigner(origin, VerifierKey.Type.ED25519, Ed25519Key.fromSeed(seed)).verifierKey();
      String keyId = HexFormat.of().toHexDigits(verifier.id());
      if (known.stream().anyMatch(key -> key.keyId().equals(keyId))) {
        continue; // one in four thousand million
      }
      LogKey key =
          new LogKey(
              tenant,
              keyId,
              origin,
              verifier.toString(),
              cipher.seal(tenant, verifier.toString(), seed),
              now(),
              null);
      return applied(key, control.change(new Change(key, 0, by, reason)));
    }
  }

  /** Ends a key's signing. */
  public synchronized Changed retire(
      TenantId tenant, String keyId, ChangedBy by, @Nullable String reason) {
    List<LogKey> known = all(tenant);
    Optional<LogKey> found = known.stream().filter(key -> key.keyId().equals(keyId)).findFirst();
    if (found.isEmpty()) {
      return new Changed.Unknown();
    }
    LogKey key = found.get();
    if (!key.isActive()) {
      return new Changed.Done(key, null);
    }
    if (known.stream().filter(LogKey::isActive).count() == 1) {
      return new Changed.TheLast();
    }
    LogKey retired = key.retired(now());
    long version = control.configuration().version(key);
    return applied(retired, control.change(new Change(retired, version, by, reason)));
  }

  private static Changed.Done applied(LogKey key, ChangeOutcome outcome) {
    return switch (outcome) {
      case ChangeOutcome.Applied(Position position, long _) -> new Changed.Done(key, position);
      case ChangeOutcome.VersionMoved(long version) ->
          throw new IllegalStateException("another process changed " + key.id() + " to " + version);
    };
  }

  NoteSigner signer(LogKey key) {
    return signers.get(
        key.id(),
        _ -> {
          byte[] seed = cipher.open(key.tenant(), key.verifierKey(), key.sealedSeed());
          NoteSigner signer =
              new NoteSigner(key.origin(), VerifierKey.Type.ED25519, Ed25519Key.fromSeed(seed));
          if (!signer.verifierKey().toString().equals(key.verifierKey())) {
            throw new IllegalStateException("log key " + key.id() + " is not that of its seed");
          }
          return signer;
        });
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
