package dev.indelible.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.http.HttpServerConfig;
import dev.indelible.server.http.HttpService;
import dev.indelible.server.http.RawClient;
import dev.indelible.server.http.RawClient.Answer;
import dev.indelible.server.http.RequestObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The contract, and the page that shows it. */
final class ApiDocumentsTest {

  private static HttpService start() throws IOException {
    HttpService service =
        new HttpService(
            HttpServerConfig.plain("127.0.0.1", 0),
            ApiDocuments.routes(),
            RequestObserver.NONE,
            () -> "id");
    service.start();
    return service;
  }

  private static Answer get(HttpService service, String path, String headers) throws IOException {
    try (RawClient client = new RawClient(service.port())) {
      return client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n").answer();
    }
  }

  @Test
  void theContractIsServedAsJsonAndKeptByItsTag() throws IOException {
    try (HttpService service = start()) {
      Answer whole = get(service, "/openapi.json", "");
      JsonNode contract = new JsonMapper().readTree(whole.body());
      assertThat(contract.get("openapi").asString()).startsWith("3.1");
      assertThat(contract.get("paths").has("/v1/events")).isTrue();
      Answer packed = get(service, "/openapi.json", "Accept-Encoding: gzip\r\n");
      assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
          .isEqualTo(whole.body());
      assertThat(packed.headers().get("etag")).isNotEqualTo(whole.headers().get("etag"));
      Answer kept =
          get(service, "/openapi.json", "If-None-Match: " + whole.headers().get("etag") + "\r\n");
      assertThat(kept.status()).isEqualTo(304);
      assertThat(kept.body()).isEmpty();
    }
  }

  @Test
  void thePageNeedsNothingFromElsewhereAndNoInlineScript() throws IOException {
    try (HttpService service = start()) {
      Answer page = get(service, "/docs", "");
      assertThat(page.headers())
          .containsEntry("content-security-policy", ApiDocuments.PAGE_POLICY)
          .containsEntry("content-type", "text/html; charset=utf-8");
      assertThat(page.text()).doesNotContain("http:", "https:", "style=", "<style", "<script>");
      for (String file :
          List.of("swagger-ui.css", "swagger-ui-bundle.js", "docs.js", "favicon-32x32.png")) {
        Answer answer = get(service, "/docs/" + file, "Accept-Encoding: gzip\r\n");
        assertThat(answer.status()).as(file).isEqualTo(200);
        assertThat(answer.body().length).isBetween(100, 700_000);
      }
      assertThat(get(service, "/docs/pom.xml", "").status()).isEqualTo(404);
      assertThat(get(service, "/docs/..%2Fopenapi.yaml", "").status()).isEqualTo(404);
    }
  }

  @Test
  void everyReferenceInTheContractLeadsSomewhere() {
    Map<?, ?> contract = ApiDocuments.contract();
    List<String> references = new ArrayList<>();
    collect(contract, references);
    assertThat(references).hasSizeGreaterThan(100);
    for (String reference : references) {
      assertThat(OpenApiRoutes.resolve(contract, Map.of("$ref", reference)))
          .as(reference)
          .isNotEmpty();
    }
  }

  private static void collect(Object node, List<String> references) {
    switch (node) {
      case Map<?, ?> map ->
          map.forEach(
              (key, value) -> {
                if (key.equals("$ref")) {
                  references.add((String) value);
                } else if (value != null) {
                  collect(value, references);
                }
              });
      case List<?> list ->
          // An enumeration may have null among its values.
          list.stream().filter(Objects::nonNull).forEach(item -> collect(item, references));
      default -> {}
    }
  }

  @Test
  void theContractListsItsOperationsOnceEach() {
    Set<String> documented = OpenApiRoutes.documented();
    assertThat(documented)
        .contains(
            "POST /v1/events recordEvents [secrets, wait]",
            "GET /v1/tenants/{tenant}/events searchEvents [cursor, from, limit, order, q, to, zone]",
            "DELETE /v1/tenants/{tenant}/keys/{key_id} revokeKey [reason]")
        .containsAll(OpenApiRoutes.of(ApiDocuments.routes()));
    assertThat(documented.stream().map(line -> line.split(" ", -1)[2])).doesNotHaveDuplicates();
  }

  @Test
  void everyKindOfEventBodyHasAnExample() {
    Map<String, List<Object>> examples = OpenApiRoutes.requestExamples("/v1/events", "post");
    assertThat(examples.keySet())
        .containsExactlyInAnyOrder(
            "application/json",
            "application/x-ndjson",
            "application/cloudevents+json",
            "application/cloudevents-batch+json");
    assertThat(examples.values()).noneMatch(List::isEmpty);
  }
}
