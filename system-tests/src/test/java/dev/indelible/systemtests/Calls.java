package dev.indelible.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.client.IndelibleClient;
import dev.indelible.client.Request;
import dev.indelible.client.StreamedAnswer;
import dev.indelible.client.UnreachableException;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests to a server, with one key. */
final class Calls {

  static final JsonMapper JSON = JsonMapper.shared();

  private final URI address;
  private final @Nullable String key;
  private final IndelibleClient client;

  /**
   * @param address the server's
   * @param key an API key, or null to send none
   */
  Calls(URI address, @Nullable String key) {
    this(
        address,
        key,
        IndelibleClient.to(address)
            .connectTimeout(Eventually.LIMIT)
            .answerTimeout(Eventually.LIMIT)
            .withoutRetries()
            .build());
  }

  private Calls(URI address, @Nullable String key, IndelibleClient client) {
    this.address = address;
    this.key = key;
    this.client = client;
  }

  URI address() {
    return address;
  }

  @Nullable String key() {
    return key;
  }

  /** Answer of the server. */
  record Answer(int status, HttpHeaders headers, String body) {

    JsonNode json() {
      return JSON.readTree(body);
    }

    String code() {
      return json().path("code").asString("");
    }

    Answer expect(int wanted) {
      assertThat(status).as(body).isEqualTo(wanted);
      return this;
    }
  }

  Calls withKey(@Nullable String other) {
    return new Calls(address, other, client);
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(request("GET", path));
  }

  /** A GET with query parameters. */
  Answer get(String path, Map<String, String> parameters) throws IOException, InterruptedException {
    return send(request("GET", path).parameters(parameters));
  }

  Answer post(String path, String type, byte[] body, String... headers)
      throws IOException, InterruptedException {
    Request request = request("POST", path).body(type, body);
    for (int i = 0; i < headers.length; i += 2) {
      request = request.header(headers[i], headers[i + 1]);
    }
    return send(request);
  }

  Answer post(String path, String json) throws IOException, InterruptedException {
    return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  /** Records events; {@code json} is one or an array. */
  Answer record(String json) throws IOException, InterruptedException {
    return post("/v1/events?wait=sealed", json);
  }

  /** A request with the key. */
  Request request(String method, String path) {
    Request request = Request.of(method, path);
    return key == null ? request : request.header("Authorization", "Bearer " + key);
  }

  Answer send(Request request) throws IOException, InterruptedException {
    try {
      var answer = client.send(request);
      return new Answer(answer.status(), answer.headers(), answer.text());
    } catch (UnreachableException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new IOException(e.getMessage(), e);
    }
  }

  /** An answer that is read as it arrives. */
  StreamedAnswer open(Request request) throws IOException, InterruptedException {
    return client.open(request);
  }

  /** Makes a tenant. */
  void tenant(String id, String profile) throws IOException, InterruptedException {
    post("/v1/tenants", "{\"id\":\"%s\",\"profile\":\"%s\"}".formatted(id, profile)).expect(201);
  }

  /** Makes a key of a tenant, and calls with it. */
  Calls tenantKey(String tenant, String... scopes) throws IOException, InterruptedException {
    String secret =
        post(
                "/v1/tenants/" + tenant + "/keys",
                JSON.writeValueAsString(Map.of("name", "test", "scopes", scopes)))
            .expect(201)
            .json()
            .path("secret")
            .asString();
    return withKey(secret);
  }

  /** All entries that match, page by page. */
  List<JsonNode> search(String tenant, String query, String order, int limit)
      throws IOException, InterruptedException {
    List<JsonNode> entries = new ArrayList<>();
    String cursor = null;
    do {
      Map<String, String> parameters =
          cursor == null
              ? Map.of("q", query, "order", order, "limit", Integer.toString(limit))
              : Map.of(
                  "q", query, "order", order, "limit", Integer.toString(limit), "cursor", cursor);
      JsonNode page = get("/v1/tenants/" + tenant + "/events", parameters).expect(200).json();
      page.path("entries").forEach(entries::add);
      cursor = page.path("next_cursor").isNull() ? null : page.path("next_cursor").asString();
    } while (cursor != null);
    return entries;
  }

  /** The ids of all entries that match, newest first. */
  List<String> ids(String tenant, String query) throws IOException, InterruptedException {
    return search(tenant, query, "newest", 1000).stream()
        .map(e -> e.path("id").asString())
        .toList();
  }

  /** The {@code seq} up to which the index knows a tenant's log; -1 while it is empty. */
  long indexedThrough(String tenant) throws IOException, InterruptedException {
    return get("/v1/tenants/" + tenant + "/events", Map.of("limit", "1"))
        .expect(200)
        .json()
        .path("indexed_through")
        .asLong(-1);
  }

  /** Waits until the index knows a tenant's log up to {@code seq}. */
  void awaitIndexed(String tenant, long seq) {
    Eventually.see(
        "the index of " + tenant + " through " + seq,
        () -> indexedThrough(tenant),
        through -> through >= seq);
  }
}
