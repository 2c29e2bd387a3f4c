package dev.indelible.server.http;

import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * Cross-origin resource sharing (WHATWG Fetch) for the origins that were configured, and no other.
 */
final class Cors {

  private static final String ALLOWED_HEADERS =
      "Authorization, Content-Type, Content-Encoding, Last-Event-ID";

  private static final int MAX_AGE_SECONDS = 600;

  private final Set<String> origins;

  Cors(Set<String> origins) {
    this.origins = origins;
  }

  /** Sets the headers of the answer; true when the request is a preflight, which ends here. */
  boolean apply(Request request, Response response, Router.Match match) {
    if (origins.isEmpty()) {
      return false;
    }
    HttpFields.Mutable headers = response.getHeaders();
    headers.add("Vary", "Origin");
    String origin = request.getHeaders().get("Origin");
    if (origin == null || !origins.contains(origin)) {
      return false;
    }
    headers.put("Access-Control-Allow-Origin", origin);
    headers.put("Access-Control-Expose-Headers", RootHandler.REQUEST_ID_HEADER + ", Retry-After");
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
