package dev.indelible.server.api;

import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.http.StaticContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;

/**
 * The contract of the API ({@code /openapi.json}, from {@code docs/openapi.yaml}) and the page that
 * shows it ({@code /docs}). Everything comes from the class path; nothing is fetched from anywhere.
 */
public final class ApiDocuments {

  /** Of the page: its own scripts and styles, and calls to this server, and nothing else. */
  static final String PAGE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String CACHE_CONTROL = "no-cache";
  private static final String SWAGGER_PROPERTIES =
      "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
  private static final String SWAGGER_FOLDER = "/META-INF/resources/webjars/swagger-ui/";

  private ApiDocuments() {}

  /** The routes of contract and page. */
  public static List<Route> routes() {
    StaticContent contract =
        new StaticContent(
            () -> new JsonMapper().writeValueAsBytes(contract()),
            "application/json",
            CACHE_CONTROL);
    Map<String, StaticContent> files = files();
    StaticContent page = files.remove("docs.html");
    if (page == null) {
      throw new IllegalStateException("docs.html is missing");
    }
    return List.of(
        new Route(
            "GET", "/openapi.json", "getOpenApi", exchange -> exchange.respondStatic(contract)),
        new Route(
            "GET",
            "/docs",
            "getDocs",
            exchange -> {
              exchange.setContentSecurityPolicy(PAGE_POLICY);
              exchange.respondStatic(page);
            }),
        new Route(
            "GET",
            "/docs/{file}",
            "getDocsFile",
            exchange -> {
              StaticContent file = files.get(exchange.pathParameter("file"));
              if (file == null) {
                throw ProblemException.notFound();
              }
              exchange.respondStatic(file);
            }));
  }

  /** The contract as maps, lists and scalars. */
  static Map<?, ?> contract() {
    byte[] yaml = resource("openapi.yaml");
    Object document =
        new Load(LoadSettings.builder().setLabel("openapi.yaml").build())
            .loadFromString(new String(yaml, StandardCharsets.UTF_8));
    if (document instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalStateException("openapi.yaml is not an object");
  }

  private static Map<String, StaticContent> files() {
    Properties properties = new Properties();
    try (InputStream in = ApiDocuments.class.getResourceAsStream(SWAGGER_PROPERTIES)) {
      if (in == null) {
        throw new IllegalStateException(SWAGGER_PROPERTIES + " is missing");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String folder = SWAGGER_FOLDER + properties.getProperty("version") + "/";
    Map<String, StaticContent> files = new LinkedHashMap<>();
    for (String name : List.of("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")) {
      files.put(name, content(name, folder + name));
    }
    for (String name : List.of("docs.html", "docs.js")) {
      files.put(name, content(name, name));
    }
    return files;
  }

  private static StaticContent content(String name, String path) {
    if (ApiDocuments.class.getResource(path) == null) {
      throw new IllegalStateException(path + " is missing");
    }
    return new StaticContent(() -> resource(path), contentType(name), CACHE_CONTROL);
  }

  private static String contentType(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "html" -> "text/html; charset=utf-8";
      case "png" -> "image/png";
      default -> throw new IllegalArgumentException("no content type for " + name);
    };
  }

  private static byte[] resource(String path) {
    try (@Nullable InputStream in = ApiDocuments.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(path + " is missing");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
