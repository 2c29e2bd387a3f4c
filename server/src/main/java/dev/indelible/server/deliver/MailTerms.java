package dev.indelible.server.deliver;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The mail server that takes what this one sends.
 *
 * @param host its name
 * @param port its port
 * @param security how the connection is encrypted
 * @param user the name to sign in with, or null
 * @param password the password, or null; with {@code user}
 * @param sender the address that mail is from
 */
public record MailTerms(
    String host,
    int port,
    Security security,
    @Nullable String user,
    @Nullable String password,
    String sender) {

  /** The form of a host: a name, or an address. */
  public static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.:-]{0,252}");

  /** Encryption of a connection. */
  public enum Security {
    /** None: for a mail server on the same machine. */
    NONE,
    /** Asked for on a plain connection, which ends when there is none (port 587). */
    STARTTLS,
    /** From the first byte on (port 465). */
    TLS
  }

  /** Says nothing of the password. */
  @Override
  public String toString() {
    return "%s:%d (%s) as %s from %s".formatted(host, port, security, user, sender);
  }
}
