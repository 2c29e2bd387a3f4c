package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.client.StreamedAnswer;
import dev.indelible.testing.Eventually;
import java.io.IOException;
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

  private static StreamedAnswer tail(AccessCalls who, String tenant)
      throws IOException, InterruptedException {
    return who.open("/v1/tenants/" + tenant + "/tail");
  }

  @Test
  @Tag("long")
  void oneSessionDoesNotTakeAllTailsOfATenant() throws Exception {
    String tenant = server.newTenant("standard");
    AccessCalls operator = AccessCalls.operator(server);
    String link = "{'tenant':'" + tenant + "','user':{'id':'%s','name':'N'},'roles':['admin']}";
    AccessCalls greedy = operator.signedIn(link.formatted("greedy"));
    AccessCalls modest = operator.signedIn(link.formatted("modest"));
    List<StreamedAnswer> open = new ArrayList<>();
    for (int i = 0; i < TAILS_OF_A_SESSION; i++) {
      StreamedAnswer answer = tail(greedy, tenant);
      assertThat(answer.status()).isEqualTo(200);
      open.add(answer);
    }
    StreamedAnswer refused = tail(greedy, tenant);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(refused.whole().problem().code()).isEqualTo("too_many_streams");
    StreamedAnswer other = tail(modest, tenant);
    assertThat(other.status()).isEqualTo(200);
    open.add(other);
    for (StreamedAnswer one : open) {
      one.close();
    }
    Eventually.see(
        "a tail after the others are closed",
        () -> {
          try (StreamedAnswer again = tail(greedy, tenant)) {
            return again.status();
          }
        },
        status -> status == 200);
  }
}
