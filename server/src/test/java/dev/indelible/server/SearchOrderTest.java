package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The orders that pages of entries can be asked for in, over real HTTP. */
class SearchOrderTest {

  @TempDir Path directory;

  private static String event(String id, Instant occurredAt) {
    return "{\"tenant\":\"acme\",\"id\":\"%s\",\"action\":\"a.b\",\"occurred_at\":\"%s\",\"actor\":{\"type\":\"system\"}}"
        .formatted(id, occurredAt);
  }

  private static List<String> ids(JsonNode page) {
    return page.path("entries").valueStream().map(entry -> entry.path("id").asString()).toList();
  }

  @Test
  void pagesGoByRecordingOrByOccurrenceAndExportsByRecordingAlone() throws Exception {
    try (GovernedServer server = new GovernedServer(directory)) {
      server.tenant("acme", "standard");
      Instant now = server.now();
      List<String> events =
          List.of(
              event("now", now),
              event("late", now.minus(Duration.ofDays(3))),
              event("early", now.plus(Duration.ofDays(3))),
              event("ahead", now.plus(Duration.ofMinutes(1))));
      server.expect(201, "POST", "/v1/events", "[" + String.join(",", events) + "]");
      assertThat(server.find("acme", "action:a.b", 4))
          .containsExactly("ahead", "early", "late", "now");
      String path = "/v1/tenants/acme/events?q=action:a.b&order=";
      assertThat(ids(server.get(path + "newest"))).containsExactly("ahead", "early", "late", "now");
      assertThat(ids(server.get(path + "oldest"))).containsExactly("now", "late", "early", "ahead");
      JsonNode first = server.get(path + "-occurred&limit=2");
      assertThat(ids(first)).containsExactly("ahead", "early");
      assertThat(first.path("entries").path(1).path("flags").path(0).asString()).isEqualTo("early");
      String cursor = "&cursor=" + first.path("next_cursor").asString();
      assertThat(ids(server.get(path + "-occurred" + cursor))).containsExactly("now", "late");
      assertThat(ids(server.get(path + "occurred")))
          .containsExactly("late", "now", "early", "ahead");
      for (String other : List.of("occurred", "newest")) {
        assertThat(server.expect(400, "GET", path + other + cursor, "").path("code").asString())
            .isEqualTo("invalid_cursor");
      }
      assertThat(server.expect(400, "GET", path + "upside", "").path("detail").asString())
          .contains("one of newest, oldest, -occurred, occurred");
      assertThat(
              server
                  .expect(400, "GET", "/v1/tenants/acme/export?order=-occurred", "")
                  .path("detail")
                  .asString())
          .contains("one of newest, oldest");
    }
  }
}
