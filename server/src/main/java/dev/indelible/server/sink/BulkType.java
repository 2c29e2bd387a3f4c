package dev.indelible.server.sink;

import dev.indelible.server.deliver.AddressGuard;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The bulk API of OpenSearch and Elasticsearch. */
final class BulkType implements SinkType {

  private static final int BATCH_ENTRIES = 2000;
  private static final int BATCH_BYTES = 5 << 20;
  private static final int MESSAGE_BYTES = 1 << 20;

  /** Names that both take, with days, months and years of the time of recording. */
  private static final Pattern INDEX = Pattern.compile("[a-z0-9](?:[a-z0-9._-]|%[Ymd]){0,127}");

  private static final Pattern USER = Pattern.compile("[\\x21-\\x7e&&[^:]]{1,128}");
  private static final String TEMPLATE = "index-template.json";

  /** Before those of the products, which begin with 100 or 200. */
  private static final int TEMPLATE_PRIORITY = 500;

  @Override
  public String name() {
    return "opensearch";
  }

  @Override
  public Set<String> secrets() {
    return Set.of("password", "api_key");
  }

  @Override
  public Defaults defaults() {
    return new Defaults("native", BATCH_ENTRIES, BATCH_BYTES, MESSAGE_BYTES, true);
  }

  @Override
  public void check(ObjectNode settings, Set<String> kept, AddressGuard guard, Faults faults) {
    SettingsCheck check = new SettingsCheck(settings, kept, guard, faults);
    check.only("url", "ca", "index", "user", "password", "api_key", "install_template");
    check.url("url");
    check.authority("ca");
    check.text("index", INDEX, "Small letters, such as audit-%Y.%m.%d.");
    check.flag("install_template");
    String user = check.optional("user", USER, "1 to 128 characters of ASCII, without a colon.");
    boolean password = check.secret("password", user != null);
    boolean key = check.secret("api_key", false);
    if (password && user == null && !check.has("user")) {
      check.fault("user", "missing", "The user whose password it is.");
    }
    if (key && user != null) {
      check.fault("api_key", "not_allowed", "Either a user or a key.");
    }
  }

  @Override
  public Sink open(Opening opening) {
    throw new UnsupportedOperationException("the time is needed");
  }

  @Override
  public Sink open(Opening opening, InstantSource clock) {
    ObjectNode settings = opening.settings();
    String index = settings.get("index").stringValue();
    String key = HttpWay.secret(opening, "api_key");
    String password = HttpWay.secret(opening, "password");
    String credentials =
        settings.hasNonNull("user")
            ? Base64.getEncoder()
                .encodeToString(
                    (settings.get("user").stringValue() + ":" + password)
                        .getBytes(StandardCharsets.UTF_8))
            : "";
    Map<String, String> headers =
        !key.isEmpty()
            ? Map.of("Authorization", "ApiKey " + key)
            : !credentials.isEmpty() ? Map.of("Authorization", "Basic " + credentials) : Map.of();
    return new BulkSink(
        HttpWay.of(opening, headers, List.of(key, password, credentials), clock),
        index,
        opening.stream(),
        settings.path("install_template").asBoolean(false)
            ? template(opening.stream(), index)
            : null,
        clock);
  }

  /** The template of the indices of a stream, as it is installed. */
  static BulkSink.Template template(String stream, String index) {
    ObjectNode template = JsonMapper.shared().createObjectNode();
    template.putArray("index_patterns").add(index.replaceAll("%[Ymd](?:[._-]?%[Ymd])*", "*"));
    template.put("priority", TEMPLATE_PRIORITY);
    template.set("template", shipped());
    template.putObject("_meta").put("description", "Entries of an audit log").put("stream", stream);
    return new BulkSink.Template(
        "indelible-" + stream.replaceAll("[^a-z0-9_-]", "-"),
        JsonMapper.shared().writeValueAsBytes(template));
  }

  private static JsonNode shipped() {
    try (InputStream in =
        Objects.requireNonNull(BulkType.class.getResourceAsStream(TEMPLATE), TEMPLATE)) {
      return JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
