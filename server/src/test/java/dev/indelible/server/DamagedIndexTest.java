package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.index.EventIndex;
import dev.indelible.server.index.IndexHome;
import dev.indelible.server.index.IndexOpening;
import dev.indelible.server.index.SeqRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search index that lacks entries, as one does whose damage no checksum tells. */
class DamagedIndexTest {

  private static final String EVENTS = "action:user.login";

  @TempDir private Path folder;

  private static String sent(GovernedServer server) throws Exception {
    StringBuilder events = new StringBuilder("[");
    for (int i = 0; i < 20; i++) {
      events
          .append(i == 0 ? "" : ",")
          .append(
              "{\"id\":\"e-%d\",\"tenant\":\"acme\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"u\"}}"
                  .formatted(i));
    }
    return server.expect(201, "POST", "/v1/events", events.append("]").toString()).toString();
  }

  @Test
  void knownEventsAreDuplicatesAllTheSameAndTheNextStartBuildsTheIndexAgain() throws Exception {
    Instant now = Instant.parse("2026-11-20T10:00:00Z");
    try (GovernedServer server = new GovernedServer(folder, now)) {
      server.tenant("acme", "standard");
      sent(server);
      List<String> all = server.find("acme", EVENTS, 20);
      server.stop(); // which seals a run
      Path inUse = server.data.resolve("index/CURRENT");
      if (new IndexHome(server.data.resolve("index")).open(false)
          instanceof IndexOpening.Opened(EventIndex index)) {
        try (index) {
          index.remove(new TenantId("acme"), List.of(new SeqRange(0, 1_000)));
          index.commit(index.committed());
        }
      }
      server.start();
      assertThat(server.find("acme", EVENTS, 0)).as("what the index knows").isEmpty();
      assertThat(inUse).exists();
      assertThat(sent(server).split("\"duplicate\":true", -1)).hasSize(20 + 1);
      assertThat(Files.exists(inUse)).as("it is still in use").isFalse();
      server.stop();
      server.start();
      assertThat(server.find("acme", EVENTS, 20)).isEqualTo(all);
    }
  }
}
