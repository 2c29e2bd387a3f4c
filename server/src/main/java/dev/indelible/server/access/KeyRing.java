package dev.indelible.server.access;

import dev.indelible.server.access.Caller.Operator;
import dev.indelible.server.access.Caller.TenantKey;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.ConfigurationObject.ApiKey;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.TenantScope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes keys and recognises them.
 *
 * <p>A key reads {@code ik_<id>_<secret>}: the id finds it, the secret (256 random bits, base64url)
 * proves it. Only the SHA-256 of the secret is kept; it is compared in constant time. Thread-safe.
 */
public final class KeyRing {

  private static final int ID_BYTES = 9;
  private static final int SECRET_BYTES = 32;
  private static final Pattern FORM = Pattern.compile("ik_([A-Za-z0-9-]{12})_([A-Za-z0-9_-]{43})");
  private static final String BEARER = "Bearer ";

  private final Configuration configuration;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * A ring over the keys of {@code configuration}.
   *
   * @param random a cryptographically strong generator
   */
  public KeyRing(Configuration configuration, InstantSource clock, RandomGenerator random) {
    this.configuration = configuration;
    this.clock = clock;
    this.random = random;
  }

  /**
   * A new key, not in force before it is recorded in the control log.
   *
   * @param secret what its holder shows; not kept anywhere
   * @param key what is recorded
   */
  public record Minted(String secret, ApiKey key) {
    @Override
    public String toString() {
      return "Minted[" + key.id() + "]";
    }
  }

  /**
   * The operator's key that reads {@code secret}, which was made before and not recorded.
   *
   * @throws IllegalArgumentException when it is no key
   */
  public Minted adoptOperatorKey(String secret) {
    Matcher matcher = FORM.matcher(secret);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("the operator's key file does not hold a key");
    }
    return new Minted(
        secret,
        new ApiKey(
            matcher.group(1),
            null,
            "operator",
            Set.of(Scope.OPERATOR.value()),
            HexFormat.of().formatHex(sha256(matcher.group(2))),
            clock.instant(),
            null,
            null));
  }

  /** Makes a key; {@code tenant} is null for an operator's. */
  public Minted mint(
      @Nullable TenantId tenant, String name, Set<Scope> scopes, @Nullable Instant expiresAt) {
    byte[] idBytes = new byte[ID_BYTES];
    random.nextBytes(idBytes);
    byte[] secretBytes = new byte[SECRET_BYTES];
    random.nextBytes(secretBytes);
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    // An underscore separates the parts, so that the id has none.
    String id = base64.encodeToString(idBytes).replace('_', '-');
    String secret = base64.encodeToString(secretBytes);
    ApiKey key =
        new ApiKey(
            id,
            tenant,
            name,
            scopes.stream().map(Scope::value).collect(Collectors.toSet()),
            HexFormat.of().formatHex(sha256(secret)),
            clock.instant(),
            expiresAt,
            null);
    return new Minted("ik_" + id + "_" + secret, key);
  }

  /** The caller that an {@code Authorization} header speaks for, or empty when it proves nobody. */
  public Optional<Caller> authenticate(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.empty();
    }
    Matcher matcher = FORM.matcher(authorization.substring(BEARER.length()).strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Optional<ApiKey> found = configuration.key(matcher.group(1));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ApiKey key = found.get();
    boolean proven =
        MessageDigest.isEqual(HexFormat.of().parseHex(key.secretHash()), sha256(matcher.group(2)));
    if (!proven || !key.isActive(clock.instant())) {
      return Optional.empty();
    }
    TenantId tenant = key.tenant();
    if (tenant == null) {
      return key.scopes().contains(Scope.OPERATOR.value())
          ? Optional.of(new Operator(key.id()))
          : Optional.empty();
    }
    return Optional.of(new TenantKey(key.id(), tenant, key.scopes()));
  }

  /** What a caller may read of a tenant that it sees: everything, in this version. */
  public TenantScope scope(Caller caller, TenantId tenant) {
    if (!caller.sees(tenant)) {
      throw new IllegalArgumentException("the caller does not see " + tenant);
    }
    Set<String> scopes =
        Arrays.stream(Scope.values())
            .filter(caller::may)
            .map(Scope::value)
            .collect(Collectors.toSet());
    return new TenantScope(tenant, Optional.empty(), scopes, Filter.all());
  }

  /** Everything of a tenant, for the program's own folds; never for a request. */
  public static TenantScope ofTheProgram(TenantId tenant) {
    return new TenantScope(tenant, Optional.empty(), Set.of(), Filter.all());
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
