package dev.indelible.server.http;

import java.time.Duration;
import java.util.Optional;

/**
 * The cookie of a console session: HttpOnly, SameSite=Strict, and Secure where the browser came by
 * TLS. Source: RFC 6265bis.
 */
public final class SessionCookie {

  static final String NAME = "indelible_session";

  private SessionCookie() {}

  /** Value of the cookie in a request; empty when there is none, or more than one. */
  public static Optional<String> of(Exchange exchange) {
    String found = null;
    for (String pair : exchange.joined("Cookie", ";").split(";", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0 && pair.substring(0, equals).strip().equals(NAME)) {
        if (found != null) {
          return Optional.empty();
        }
        found = pair.substring(equals + 1).strip();
      }
    }
    return Optional.ofNullable(found);
  }

  public static void set(Exchange exchange, String value, Duration lasts) {
    exchange.setHeader(
        "Set-Cookie",
        NAME
            + "="
            + value
            + "; Path=/; HttpOnly; SameSite=Strict; Max-Age="
            + Math.max(1, lasts.toSeconds())
            + secure(exchange));
  }

  public static void clear(Exchange exchange) {
    exchange.setHeader(
        "Set-Cookie", NAME + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0" + secure(exchange));
  }

  private static String secure(Exchange exchange) {
    return exchange.isSecureForClient() ? "; Secure" : "";
  }
}
