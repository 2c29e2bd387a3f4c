package dev.indelible.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.client.Answer;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.Request;
import dev.indelible.testing.Eventually;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls of the demonstration's API while a browser looks. Thread-safe. */
final class Events {

  /** The name of the cookie that a console's session has. */
  static final String SESSION_COOKIE = "indelible_session";

  /** Entries of an answer that have their proofs in it. */
  private static final int MAX_PROVEN = 1_000;

  private static final Pattern SESSION = Pattern.compile(SESSION_COOKIE + "=([^;]+)");

  private Events() {}

  /**
   * Records one event or an array of them, and waits until a checkpoint covers them and they are
   * found. The server's own wait for the checkpoint ends after a while, and its answer then comes
   * without proofs.
   */
  static void record(Browsing browsing, String json) {
    JsonNode entries =
        JsonMapper.shared()
            .readTree(post(browsing, "/v1/events?wait=sealed", json))
            .path("entries");
    Map<String, Long> newest = new HashMap<>();
    for (JsonNode entry : entries) {
      newest.merge(entry.path("tenant").asString(), entry.path("seq").asLong(), Math::max);
    }
    entries
        .valueStream()
        .limit(MAX_PROVEN)
        .filter(entry -> !entry.has("proof"))
        .forEach(entry -> awaitPublished(browsing, entry));
    newest.forEach((tenant, seq) -> awaitIndexed(browsing, tenant, seq));
  }

  private static void awaitPublished(Browsing browsing, JsonNode entry) {
    String id = entry.path("id").asString();
    String path = "/v1/tenants/%s/events/%s/proof".formatted(entry.path("tenant").asString(), id);
    Eventually.holds(
        "a checkpoint that covers " + id,
        () -> answer(browsing.address(), browsing.key(), Request.get(path)).isSuccess());
  }

  /**
   * Waits until an entry of a tenant is found: not until everything is, because others record
   * meanwhile. Where looking at the log is an entry, this is one, of the operator.
   */
  private static void awaitIndexed(Browsing browsing, String tenant, long seq) {
    Eventually.see(
        "entry %d of %s is found".formatted(seq, tenant),
        () -> get(browsing, "/v1/tenants/" + tenant + "/events?limit=1"),
        page -> JsonMapper.shared().readTree(page).path("indexed_through").asLong(-1) >= seq);
  }

  /** Waits until all of the story is found; nobody records anything else yet. */
  static void awaitIndexed(Demonstration demonstration) {
    Eventually.see(
        "the whole story is found",
        () -> send(demonstration.address(), demonstration.key(), Request.get("/metrics")).text(),
        metrics -> metrics.contains("indelible_index_lag_events 0.0"));
  }

  /** Signs in with a key; the cookie of the session. */
  static String signIn(String address, String key) {
    Answer answer =
        send(address, null, Request.post("/v1/session", "{\"key\":\"%s\"}".formatted(key)));
    Matcher cookie = SESSION.matcher(answer.header("Set-Cookie"));
    if (!cookie.find()) {
      throw new AssertionError(answer.headers());
    }
    return cookie.group(1);
  }

  /** Records events, one on each line. */
  static void lines(Browsing browsing, String lines) {
    Request request =
        Request.of("POST", "/v1/events")
            .body("application/x-ndjson", lines.getBytes(StandardCharsets.UTF_8));
    send(browsing, request);
  }

  /** Posts JSON with the operator's key. */
  static String post(Browsing browsing, String path, String json) {
    return send(browsing, Request.post(path, json));
  }

  /** Puts JSON with the operator's key. */
  static String put(Browsing browsing, String path, String json) {
    return send(browsing, Request.of("PUT", path).json(json));
  }

  /** Patches with JSON and the operator's key. */
  static String patch(Browsing browsing, String path, String json) {
    return send(browsing, Request.of("PATCH", path).json(json));
  }

  /** Gets JSON with the operator's key. */
  static String get(Browsing browsing, String path) {
    return send(browsing, Request.get(path));
  }

  /** Deletes with the operator's key. */
  static void delete(Browsing browsing, String path) {
    send(browsing, Request.of("DELETE", path));
  }

  /** A text that an answer has under this name. */
  static String text(String answer, String name) {
    return JsonMapper.shared().readTree(answer).path(name).asString();
  }

  /** A token for a product's page, with what it may do: {@code "permissions":[…]} and the like. */
  static String viewerToken(Browsing browsing, String tenant, String what) {
    return text(
        post(
            browsing,
            "/v1/tenants/" + tenant + "/viewer-sessions",
            "{\"user\":{\"id\":\"u_looker\"}," + what + "}"),
        "token");
  }

  private static String send(Browsing browsing, Request request) {
    return send(browsing.address(), browsing.key(), request).text();
  }

  private static Answer send(String address, @Nullable String key, Request request) {
    Answer answer = answer(address, key, request);
    assertThat(answer.isSuccess()).as("%s", answer).isTrue();
    return answer;
  }

  private static Answer answer(String address, @Nullable String key, Request request) {
    try (IndelibleClient client =
        IndelibleClient.to(URI.create(address))
            .key(key)
            .answerTimeout(Eventually.LIMIT)
            .withoutRetries()
            .build()) {
      return client.send(request);
    }
  }
}
