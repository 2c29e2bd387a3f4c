package dev.indelible.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * The page that a sign-in link leads to: it exchanges the code in its fragment, which browsers send
 * to nobody, for a session.
 */
final class SignInPage {

  private static final String FOLDER = "sign-in/";
  private static final String CACHE_CONTROL = "no-cache";

  private SignInPage() {}

  static List<Route> routes() {
    StaticContent page = content("sign-in.html", "text/html; charset=utf-8");
    Map<String, StaticContent> files =
        Map.of(
            "sign-in.js",
            content("sign-in.js", "text/javascript; charset=utf-8"),
            "sign-in.css",
            content("sign-in.css", "text/css; charset=utf-8"));
    return List.of(
        new Route(
            "GET",
            "/sign-in",
            "getSignInPage",
            exchange -> {
              exchange.setContentSecurityPolicy(ApiDocuments.PAGE_POLICY);
              exchange.respondStatic(page);
            }),
        new Route(
            "GET",
            "/sign-in/{file}",
            "getSignInFile",
            exchange -> {
              StaticContent file = files.get(exchange.pathParameter("file"));
              if (file == null) {
                throw ProblemException.notFound();
              }
              exchange.respondStatic(file);
            }));
  }

  private static StaticContent content(String name, String type) {
    try (InputStream in = SignInPage.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing");
      }
      return new StaticContent(in.readAllBytes(), type, CACHE_CONTROL);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
