package dev.indelible.server.api;

import dev.indelible.server.http.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The operations that {@code docs/openapi.yaml} promises, in the form of a {@link Route}'s
 * description, so that a test can hold the registered routes against them, both ways:
 *
 * <pre>{@code
 * assertThat(OpenApiRoutes.of(routes)).isEqualTo(OpenApiRoutes.documented());
 * }</pre>
 */
public final class OpenApiRoutes {

  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  private OpenApiRoutes() {}

  /** Each documented operation, {@code GET /path operationId [query, parameters]}. */
  public static Set<String> documented() {
    Set<String> operations = new TreeSet<>();
    Map<?, ?> document = ApiDocuments.contract();
    map(document.get("paths"))
        .forEach(
            (path, item) ->
                map(item)
                    .forEach(
                        (method, operation) -> {
                          if (METHODS.contains((String) method)) {
                            operations.add(
                                describe(
                                    ((String) method).toUpperCase(Locale.ROOT),
                                    (String) path,
                                    String.valueOf(map(operation).get("operationId")),
                                    queryParameters(document, map(item), map(operation))));
                          }
                        }));
    return operations;
  }

  /** Each registered route, in the same form. */
  public static Set<String> of(List<Route> routes) {
    return routes.stream()
        .map(
            route ->
                describe(
                    route.method(),
                    route.pathTemplate().replace("*}", "}"),
                    route.operationId(),
                    route.queryParameters()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String describe(
      String method, String path, String operationId, List<String> queryParameters) {
    return method + " " + path + " " + operationId + " " + new TreeSet<>(queryParameters);
  }

  private static List<String> queryParameters(
      Map<?, ?> document, Map<?, ?> item, Map<?, ?> operation) {
    List<String> names = new ArrayList<>();
    for (Map<?, ?> owner : List.of(item, operation)) {
      if (owner.get("parameters") instanceof List<?> parameters) {
        for (Object parameter : parameters) {
          Map<?, ?> resolved = resolve(document, map(parameter));
          if ("query".equals(resolved.get("in"))) {
            names.add((String) resolved.get("name"));
          }
        }
      }
    }
    return names;
  }

  /**
   * Every example of a request's body, by media type: text as it is, anything else as maps, lists
   * and scalars. A test sends them, so that they really work.
   */
  public static Map<String, List<Object>> requestExamples(String path, String method) {
    Map<String, List<Object>> examples = new TreeMap<>();
    Map<?, ?> item = map(map(ApiDocuments.contract().get("paths")).get(path));
    map(map(map(item.get(method)).get("requestBody")).get("content"))
        .forEach(
            (mediaType, content) -> {
              List<Object> found = new ArrayList<>();
              Object single = map(content).get("example");
              if (single != null) {
                found.add(single);
              }
              for (Object example : map(map(content).get("examples")).values()) {
                Object value = map(example).get("value");
                if (value != null) {
                  found.add(value);
                }
              }
              examples.put((String) mediaType, found);
            });
    return examples;
  }

  /** What a local reference refers to, or the thing itself. */
  static Map<?, ?> resolve(Map<?, ?> document, Map<?, ?> thing) {
    if (!(thing.get("$ref") instanceof String reference)) {
      return thing;
    }
    Map<?, ?> at = document;
    for (String step : reference.substring(2).split("/", -1)) {
      if (!at.containsKey(step)) {
        throw new IllegalStateException("nothing at " + reference);
      }
      at = map(at.get(step));
    }
    return at;
  }

  static Map<?, ?> map(@Nullable Object thing) {
    return thing instanceof Map<?, ?> map ? map : new TreeMap<>();
  }
}
