package dev.indelible.server.access;

import dev.indelible.server.access.Caller.Operator;
import dev.indelible.server.access.Caller.TenantKey;
import dev.indelible.server.control.ApiKey;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.IpNetwork;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes API keys and recognises them.
 *
 * <p>A key reads {@code ik_<id>_<secret>}; see {@link Token} for what is kept of it. Thread-safe.
 */
public final class KeyRing {

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
   * @param secret the secret that its holder shows; not kept anywhere
   * @param key the recorded key
   */
  public record Minted(String secret, ApiKey key) {
    @Override
    public String toString() {
      return "Minted[" + key.id() + "]";
    }
  }

  /**
   * Properties of a new key.
   *
   * @param tenant the tenant that it is bound to, or null for an operator's
   * @param name its name for people
   * @param names its permissions, by names of {@link KeyNames}
   * @param networks the only networks that it works from; none: any
   * @param expiresAt when it stops working, or null
   */
  public record Wanted(
      @Nullable TenantId tenant,
      String name,
      Set<String> names,
      List<String> networks,
      @Nullable Instant expiresAt) {}

  /**
   * The operator's key that reads {@code secret}, which was made before and not recorded.
   *
   * @throws IllegalArgumentException when it is no key
   */
  public Minted adoptOperatorKey(String secret) {
    Token token =
        Token.parse(Token.Kind.KEY, secret)
            .orElseThrow(
                () -> new IllegalArgumentException("the operator's key file does not hold a key"));
    return minted(token, operatorKey());
  }

  /** A new key of the operator. */
  public Minted mintOperatorKey() {
    return mint(operatorKey());
  }

  private static Wanted operatorKey() {
    return new Wanted(null, "operator", Set.of(KeyNames.OPERATOR), List.of(), null);
  }

  /** Makes a key. */
  public Minted mint(Wanted wanted) {
    return minted(Token.mint(Token.Kind.KEY, random), wanted);
  }

  /** The secret of a guest's link. */
  Token mintGuest() {
    return Token.mint(Token.Kind.GUEST, random);
  }

  private Minted minted(Token token, Wanted wanted) {
    return new Minted(
        token.text(),
        new ApiKey(
            token.id(),
            wanted.tenant(),
            wanted.name(),
            wanted.names(),
            token.hash(),
            wanted.networks(),
            Instant.ofEpochMilli(clock.millis()),
            wanted.expiresAt(),
            null));
  }

  /**
   * The caller that a key speaks for, or empty when it proves nobody.
   *
   * @param text the key
   * @param address where it is shown from, as an address literal
   */
  Optional<Caller> authenticate(String text, String address) {
    return Token.parse(Token.Kind.KEY, text)
        .flatMap(
            token ->
                configuration
                    .key(token.id())
                    .filter(key -> token.matches(key.secretHash()))
                    .filter(key -> works(key, address)))
        .flatMap(key -> caller(key, null));
  }

  private boolean works(ApiKey key, String address) {
    return key.isActive(clock.instant()) && isWithin(address, key.networks());
  }

  private static boolean isWithin(String address, List<String> networks) {
    if (networks.isEmpty()) {
      return true;
    }
    Optional<IpNetwork> host = IpNetwork.parse(address);
    return host.isPresent()
        && networks.stream()
            .flatMap(network -> IpNetwork.parse(network).stream())
            .anyMatch(network -> network.contains(host.get()));
  }

  /** Whether a key may be used from an address. */
  boolean worksFrom(String keyId, String address) {
    return configuration.key(keyId).filter(key -> isWithin(address, key.networks())).isPresent();
  }

  /**
   * The caller behind a key that was shown before, if the key still works.
   *
   * @param session the session that it began, or null
   */
  Optional<Caller> behind(String keyId, @Nullable Session session) {
    return configuration
        .key(keyId)
        .filter(key -> key.isActive(clock.instant()))
        .flatMap(key -> caller(key, session));
  }

  private static Optional<Caller> caller(ApiKey key, @Nullable Session session) {
    TenantId tenant = key.tenant();
    if (tenant == null) {
      return key.scopes().contains(KeyNames.OPERATOR)
          ? Optional.of(new Operator(key.id(), session))
          : Optional.empty();
    }
    return Optional.of(
        new TenantKey(key.id(), tenant, KeyNames.permissions(key.scopes()), session));
  }
}
