package dev.indelible.server.access;

import dev.indelible.verify.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Secret that proves an identity: {@code <kind>_<id>_<secret>}.
 *
 * <p>The id finds what was recorded of it, the secret (256 random bits, base64url) proves it. Only
 * the SHA-256 of the secret is ever kept; it is compared in constant time.
 *
 * @param kind its purpose
 * @param id the public part, 12 characters
 * @param secret the secret part, 43 characters
 */
public record Token(Kind kind, String id, String secret) {

  private static final int ID_BYTES = 9;
  private static final int SECRET_BYTES = 32;
  private static final Pattern FORM =
      Pattern.compile("(i[a-z])_([A-Za-z0-9-]{12})_([A-Za-z0-9_-]{43})");

  /** Purpose of a token. */
  public enum Kind {
    /** An API key. */
    KEY("ik"),
    /** The code in a one-time sign-in link. */
    LINK("il"),
    /** The code in a guest's link: an auditor's or a supporter's. */
    GUEST("ig"),
    /** A console session's cookie. */
    SESSION("is"),
    /** A viewer session's token. */
    VIEWER("iv");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }
  }

  /**
   * A new one.
   *
   * @param random a cryptographically strong generator
   */
  static Token mint(Kind kind, RandomGenerator random) {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    // An underscore separates the parts, so that the id has none.
    return new Token(
        kind, base64.encodeToString(id).replace('_', '-'), base64.encodeToString(secret));
  }

  /** The token that a text is, or empty when it is none of that kind. */
  static Optional<Token> parse(Kind kind, String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches() && matcher.group(1).equals(kind.prefix)
        ? Optional.of(new Token(kind, matcher.group(2), matcher.group(3)))
        : Optional.empty();
  }

  /** Text that its holder shows. */
  public String text() {
    return kind.prefix + "_" + id + "_" + secret;
  }

  /** SHA-256 of the secret, lower-case hexadecimal: all that is kept of it. */
  String hash() {
    return HexFormat.of().formatHex(sha256(secret));
  }

  /** Whether this is the token of which {@code hash} was kept; takes the same time for any hash. */
  boolean matches(String hash) {
    return MessageDigest.isEqual(HexFormat.of().parseHex(hash), sha256(secret));
  }

  private static byte[] sha256(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public String toString() {
    return kind.prefix + "_" + id + "_…";
  }
}
