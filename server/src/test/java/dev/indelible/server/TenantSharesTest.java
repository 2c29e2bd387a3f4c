package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the shares of one session, one key and one tenant, over HTTP. */
class TenantSharesTest {

  /** Number of tails of a session in {@code docs/operate/limits.md}. */
  private static final int TAILS_OF_A_SESSION = 8;

  @TempDir private static Path directory;

  private static GovernedServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new GovernedServer(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<InputStream> tail(HttpClient client, AccessCalls who, String tenant)
      throws IOException, InterruptedException {
    URI address =
        URI.create(
            "http://127.0.0.1:" + server.server().port() + "/v1/tenants/" + tenant + "/tail");
    return client.send(
        HttpRequest.newBuilder(address)
            .timeout(Eventually.LIMIT)
            .headers(who.headers().toArray(String[]::new))
            .build(),
        BodyHandlers.ofInputStream());
  }

  @Test
  @Tag("long")
  void oneSessionDoesNotTakeAllTailsOfATenant() throws Exception {
    String tenant = server.newTenant("standard");
    AccessCalls operator = AccessCalls.operator(server);
    String link = "{'tenant':'" + tenant + "','user':{'id':'%s','name':'N'},'roles':['admin']}";
    AccessCalls greedy = operator.signedIn(link.formatted("greedy"));
    AccessCalls modest = operator.signedIn(link.formatted("modest"));
    List<InputStream> open = new ArrayList<>();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < TAILS_OF_A_SESSION; i++) {
        HttpResponse<InputStream> answer = tail(client, greedy, tenant);
        assertThat(answer.statusCode()).isEqualTo(200);
        open.add(answer.body());
      }
      HttpResponse<InputStream> refused = tail(client, greedy, tenant);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(new String(refused.body().readAllBytes(), StandardCharsets.UTF_8))
          .contains("too_many_streams");
      HttpResponse<InputStream> other = tail(client, modest, tenant);
      assertThat(other.statusCode()).isEqualTo(200);
      open.add(other.body());
      for (InputStream one : open) {
        one.close();
      }
      Eventually.see(
          "a tail after the others are closed",
          () -> {
            HttpResponse<InputStream> again = tail(client, greedy, tenant);
            again.body().close();
            return again.statusCode();
          },
          status -> status == 200);
      client.shutdownNow();
    }
  }
}
