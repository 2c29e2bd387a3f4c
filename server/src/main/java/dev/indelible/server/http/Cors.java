package dev.indelible.server.http;

import java.util.Set;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * Cross-origin resource sharing (WHATWG Fetch) for the origins that were configured, those that
 * viewer sessions name, and no other.
 *
 * <p>That a page may read answers gives it no right: a viewer session's token is refused from
 * origins that it does not name, and cookies are never sent along.
 */
final class Cors {

  private static final String ALLOWED_HEADERS =
      "Authorization, Content-Type, Content-Encoding, Last-Event-ID";

  private static final int MAX_AGE_SECONDS = 600;

  private final Set<String> origins;
  private final Predicate<String> ofViewers;

  Cors(Set<String> origins, Predicate<String> ofViewers) {
    this.origins = origins;
    this.ofViewers = ofViewers;
  }

  /** Sets the headers of the answer; true when the request is a preflight, which ends here. */
  boolean apply(Request request, Response response, Router.Match match) {
    HttpFields.Mutable headers = response.getHeaders();
    String origin = request.getHeaders().get("Origin");
    if (origin != null || !origins.isEmpty()) {
      headers.add("Vary", "Origin");
    }
    if (origin == null || !(origins.contains(origin) || ofViewers.test(origin))) {
      return false;
    }
    headers.put("Access-Control-Allow-Origin", origin);
    headers.put(
        "Access-Control-Expose-Headers",
        RootHandler.REQUEST_ID_HEADER + ", Date, Retry-After, X-Total-Count");
    if (!request.getMethod().equals("OPTIONS")
        || !request.getHeaders().contains("Access-Control-Request-Method")) {
      return false;
    }
    headers.put("Access-Control-Allow-Methods", match.allow());
    headers.put("Access-Control-Allow-Headers", ALLOWED_HEADERS);
    headers.put("Access-Control-Max-Age", Integer.toString(MAX_AGE_SECONDS));
    return true;
  }
}
