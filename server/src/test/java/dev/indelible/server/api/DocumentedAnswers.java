package dev.indelible.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds what a server answers against {@code docs/openapi.yaml}: the operation promises the status,
 * and the body has the form that is promised. Thread-safe.
 */
public final class DocumentedAnswers {

  private static final String CONTRACT_IRI = "https://contract.test/openapi";
  private static final JsonNode CONTRACT = JsonMapper.shared().valueToTree(ApiDocuments.contract());
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          registry -> registry.schemas(Map.of(CONTRACT_IRI, CONTRACT.toString())));
  private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

  /** The last body that was looked at, by the form that is promised. */
  private static final Map<String, String> LAST = new ConcurrentHashMap<>();

  private DocumentedAnswers() {}

  /**
   * Fails when the answer is not one that the contract promises. Addresses that are none of the
   * contract's, such as those of the pages, are not looked at.
   *
   * @param target path and query of the request
   * @param type the answer's content type, or empty
   */
  public static void check(String method, String target, int status, String type, String body) {
    Optional<String> found = template(target.replaceFirst("[?#].*", ""));
    if (found.isEmpty()) {
      return;
    }
    String verb = method.toLowerCase(Locale.ROOT);
    JsonNode operation = CONTRACT.path("paths").path(found.get()).path(verb);
    if (operation.isMissingNode()) {
      return;
    }
    String what = method + " " + target + " -> " + status;
    JsonNode promised = operation.path("responses").path(Integer.toString(status));
    assertThat(promised.isMissingNode()).as("%s is not in the contract: %s", what, body).isFalse();
    String pointer = pointer("paths", found.get(), verb, "responses", Integer.toString(status));
    if (promised.has("$ref")) {
      pointer = promised.get("$ref").asString().substring(1);
      promised = CONTRACT.at(pointer);
    }
    String plainType = type.replaceFirst(";.*", "").strip();
    if (body.isEmpty() || !(plainType.equals("application/json") || plainType.endsWith("+json"))) {
      return;
    }
    JsonNode content = promised.path("content").path(plainType);
    assertThat(content.isMissingNode()).as("%s has the type %s", what, type).isFalse();
    if (content.has("schema")) {
      String at = pointer + pointer("content", plainType, "schema");
      // Whoever waits for an entry gets the same page again and again.
      if (body.equals(LAST.put(at, body))) {
        return;
      }
      assertThat(schema(at).validate(JsonMapper.shared().readTree(body)))
          .as("%s is not as the contract says: %s", what, body)
          .isEmpty();
    }
  }

  private static Schema schema(String pointer) {
    return SCHEMAS.computeIfAbsent(
        pointer, at -> REGISTRY.getSchema(SchemaLocation.of(CONTRACT_IRI + "#" + at)));
  }

  private static String pointer(String... names) {
    StringBuilder pointer = new StringBuilder();
    for (String name : names) {
      pointer.append('/').append(name.replace("~", "~0").replace("/", "~1"));
    }
    return pointer.toString();
  }

  /** A path of the contract, in its parts. */
  private record Template(String path, List<String> parts) {

    private static final List<Template> ALL =
        CONTRACT.path("paths").propertyNames().stream()
            .map(path -> new Template(path, parts(path)))
            .sorted(Comparator.comparingLong(Template::parameters))
            .toList();

    static List<String> parts(String path) {
      return List.of(path.split("/", -1));
    }

    long parameters() {
      return path.chars().filter(c -> c == '{').count();
    }

    boolean fits(List<String> address) {
      boolean open = parts.getLast().equals("{path}");
      if (open ? address.size() < parts.size() : address.size() != parts.size()) {
        return false;
      }
      for (int i = 0; i < parts.size(); i++) {
        if (!parts.get(i).startsWith("{") && !parts.get(i).equals(address.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  /** The path of the contract that an address is of; one that names more of it first. */
  private static Optional<String> template(String path) {
    List<String> parts = Template.parts(path);
    return Template.ALL.stream()
        .filter(template -> template.fits(parts))
        .map(Template::path)
        .findFirst();
  }
}
