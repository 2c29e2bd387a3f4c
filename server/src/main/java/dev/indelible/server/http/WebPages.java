package dev.indelible.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The console's page, the viewer for other people's pages ({@code /viewer.js}), and what both are
 * made of, as the web module built them. They are no part of the API and hold nobody's data: what
 * they show they ask the API for.
 */
public final class WebPages {

  /**
   * Of the console's page: the server's own scripts and styles, calls to the server, and no markup
   * from strings but Lit's templates.
   */
  static final String PAGE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types lit-html";

  /** Every address of the console is the same page, which reads the address itself. */
  private static final List<String> ADDRESSES =
      List.of("/", "/sign-in", "/tenants", "/system", "/t/{tenant}", "/t/{tenant}/{page}");

  private static final String FOLDER = "/dev/indelible/web/";
  private static final String ASSETS = "assets/";
  private static final String PAGE = "console.html";
  private static final String VIEWER = "viewer.js";

  /** Names of assets are made from their content. */
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  private static final String ASK_AGAIN = "no-cache";

  private WebPages() {}

  /** The API's routes with those of the pages, which take the place of any at the same address. */
  public static List<Route> over(List<Route> api) {
    List<Route> all = new ArrayList<>(routes());
    Set<String> taken = new HashSet<>();
    all.forEach(page -> taken.add(page.method() + " " + page.pathTemplate()));
    for (Route route : api) {
      if (!taken.contains(route.method() + " " + route.pathTemplate())) {
        all.add(route);
      }
    }
    return List.copyOf(all);
  }

  /**
   * The routes of the pages; none when the web module is not on the class path, as in tests of the
   * server alone.
   */
  static List<Route> routes() {
    byte[] list = resource("files.txt");
    if (list == null) {
      return List.of();
    }
    Map<String, StaticContent> assets = new HashMap<>();
    for (String name : new String(list, StandardCharsets.UTF_8).lines().toList()) {
      if (name.startsWith(ASSETS)) {
        assets.put(name.substring(ASSETS.length()), content(name, FOR_EVER));
      }
    }
    StaticContent page = content(PAGE, ASK_AGAIN);
    StaticContent viewer = content(VIEWER, ASK_AGAIN);
    List<Route> routes = new ArrayList<>();
    for (String address : ADDRESSES) {
      routes.add(
          new Route(
              "GET",
              address,
              "console " + address,
              exchange -> {
                exchange.setContentSecurityPolicy(PAGE_POLICY);
                exchange.respondStatic(page);
              }));
    }
    routes.add(
        new Route("GET", "/" + VIEWER, "viewer", exchange -> respondAnywhere(exchange, viewer)));
    routes.add(
        new Route(
            "GET",
            "/" + ASSETS + "{file}",
            "asset",
            exchange -> {
              StaticContent asset = assets.get(exchange.pathParameter("file"));
              if (asset == null) {
                throw ProblemException.notFound();
              }
              respondAnywhere(exchange, asset);
            }));
    return List.copyOf(routes);
  }

  /** Code that any page may load: a module script of another origin needs its leave. */
  private static void respondAnywhere(Exchange exchange, StaticContent content) throws IOException {
    exchange.setHeader("Access-Control-Allow-Origin", "*");
    exchange.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
    exchange.respondStatic(content);
  }

  private static StaticContent content(String name, String cacheControl) {
    if (WebPages.class.getResource(FOLDER + name) == null) {
      throw missing(name);
    }
    return new StaticContent(
        () -> {
          byte[] bytes = resource(name);
          if (bytes == null) {
            throw missing(name);
          }
          return bytes;
        },
        contentType(name),
        cacheControl);
  }

  private static IllegalStateException missing(String name) {
    return new IllegalStateException(FOLDER + name + " is missing");
  }

  private static String contentType(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "html" -> "text/html; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalArgumentException("no content type for " + name);
    };
  }

  private static byte @Nullable [] resource(String name) {
    try (@Nullable InputStream in = WebPages.class.getResourceAsStream(FOLDER + name)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
