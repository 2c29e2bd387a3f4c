package dev.indelible.server.access;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Signed-in session, or the link that begins one.
 *
 * @param id the public part of its token
 * @param kind the kind of its token: {@link Token.Kind#LINK}, {@code SESSION} or {@code VIEWER}
 * @param secretHash SHA-256 of the token's secret, lower-case hexadecimal
 * @param subject its holder
 * @param user the person, as they were named when it began
 * @param createdAt when it began
 * @param expiresAt when it ends at the latest
 * @param lastsUntil of a link: when the session ends that it begins; else as {@code expiresAt}
 * @param makers who made the link that it is or came of, such as {@code api_key:k_1}, then who made
 *     the link by which that one was signed in, and so on; empty for what nobody made a link for,
 *     and null when it is not known
 */
public record Session(
    String id,
    Token.Kind kind,
    String secretHash,
    Subject subject,
    User user,
    Instant createdAt,
    Instant expiresAt,
    Instant lastsUntil,
    @Nullable List<String> makers) {

  /** The most makers that are remembered of a session. */
  static final int MAX_MAKERS = 16;

  public Session {
    makers = makers == null ? null : List.copyOf(makers);
  }

  /** Whether one of its makers is {@code who}. */
  public boolean isMadeBy(String who) {
    return makers != null && makers.contains(who);
  }

  /**
   * A person.
   *
   * @param id their stable id
   * @param name their name, or null
   * @param email their e-mail address, or null
   */
  public record User(String id, @Nullable String name, @Nullable String email) {
    /** The longest of each, in UTF-16 units. */
    public static final int MAX_LENGTH = 200;
  }

  /** Whether it is over. */
  boolean isOver(Instant now) {
    return !now.isBefore(expiresAt);
  }
}
