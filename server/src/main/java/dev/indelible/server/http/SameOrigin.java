package dev.indelible.server.http;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a browser sends a request for a page of this server, by what the page cannot forge:
 * {@code Sec-Fetch-Site} (W3C Fetch Metadata) and {@code Origin} (WHATWG Fetch).
 */
public final class SameOrigin {

  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

  private SameOrigin() {}

  /** The page's origin when it is another one than this server's. */
  public static Optional<String> foreignOrigin(Exchange exchange) {
    return exchange.header("Origin").filter(origin -> !isHost(exchange, origin));
  }

  private static boolean isHost(Exchange exchange, String origin) {
    String host = exchange.authority().toLowerCase(Locale.ROOT);
    String lower = origin.toLowerCase(Locale.ROOT);
    return !host.isEmpty() && (lower.equals("http://" + host) || lower.equals("https://" + host));
  }

  /**
   * Refuses a request that shows a cookie and was not sent for a page of this server: a browser
   * adds cookies by itself. One that changes something has to prove it.
   */
  public static void requireOfCookie(Exchange exchange) {
    Optional<String> site = exchange.header("Sec-Fetch-Site");
    Optional<String> origin = exchange.header("Origin");
    boolean safe = SAFE_METHODS.contains(exchange.method());
    boolean fine =
        site.isPresent()
            ? site.get().equals("same-origin") || (safe && site.get().equals("none"))
            : safe || origin.isPresent();
    if (!fine || origin.filter(value -> !isHost(exchange, value)).isPresent()) {
      throw crossSite();
    }
  }

  /** Refuses a request that a browser sends for another page; other programs say nothing of it. */
  public static void requireUnlessProgram(Exchange exchange) {
    boolean foreign =
        exchange
                .header("Sec-Fetch-Site")
                .filter(site -> !site.equals("same-origin") && !site.equals("none"))
                .isPresent()
            || foreignOrigin(exchange).isPresent();
    if (foreign) {
      throw crossSite();
    }
  }

  private static ProblemException crossSite() {
    return new ProblemException(
        403, "cross_site", "A page of another site may not do this with your session.");
  }
}
