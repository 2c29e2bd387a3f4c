package dev.indelible.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
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

  /** The path of the contract that an address is of; one that names more of it first. */
  private static Optional<String> template(String path) {
    List<String> fitting = new ArrayList<>();
    for (String template : CONTRACT.path("paths").propertyNames()) {
      if (fits(template.split("/", -1), path.split("/", -1))) {
        fitting.add(template);
      }
    }
    return fitting.stream().min((a, b) -> Long.compare(parameters(a), parameters(b)));
  }

  private static long parameters(String template) {
    return template.chars().filter(c -> c == '{').count();
  }

  private static boolean fits(String[] template, String[] path) {
    boolean open = template[template.length - 1].equals("{path}");
    if (open ? path.length < template.length : path.length != template.length) {
      return false;
    }
    for (int i = 0; i < template.length; i++) {
      if (!template[i].startsWith("{") && !template[i].equals(path[i])) {
        return false;
      }
    }
    return true;
  }
}
