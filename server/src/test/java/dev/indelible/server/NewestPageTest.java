package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.AccessCalls.Answer;
import dev.indelible.testing.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The newest page comes from memory, and says what reading each of its entries says. */
class NewestPageTest {

  private static final int STEPS = 16;
  private static final int COMPARED = 8;

  @TempDir static Path directory;
  private static GovernedServer server;

  private final Random random = new Random();
  private int events;

  @BeforeAll
  static void start() throws Exception {
    server = new GovernedServer(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String page(String tenant, String more) {
    return "/v1/tenants/" + tenant + "/events?" + more;
  }

  @Test
  void aPageThatWasShownIsNeitherReadNorDecodedAgain() throws Exception {
    String tenant = server.newTenant("standard");
    AccessCalls reader = AccessCalls.operator(server).key(tenant, "'audit.view'");
    for (int i = 0; i < 30; i++) {
      server.record(tenant, "e" + i, "user.login", "u_" + i, "Ana");
    }
    server.find(tenant, "id:e29", 1);
    for (String order : List.of("newest", "-occurred")) {
      String path = page(tenant, "limit=20&q=action:user.login&order=" + order);
      String first = entries(reader.get(path).expect(200));
      double read = server.count("indelible_shown_read_total");
      double kept = server.count("indelible_shown_kept_total");
      assertThat(entries(reader.get(path).expect(200))).isEqualTo(first);
      assertThat(server.count("indelible_shown_read_total")).as(order).isEqualTo(read);
      assertThat(server.count("indelible_shown_kept_total")).as(order).isEqualTo(kept + 20);
    }
    // On a busy machine a moment may not be enough, and the pool's turn is waited for.
    double atOnce = server.count("indelible_reads_at_once_total");
    Eventually.see(
        "a page that is read at once",
        () -> {
          reader.get(page(tenant, "limit=20")).expect(200);
          return server.count("indelible_reads_at_once_total");
        },
        count -> count > atOnce);
    assertThat(server.metric("indelible_shown_bytes")).isPositive();
  }

  @Test
  void aPageIsWhatReadingItsEntriesAgainGivesWhateverHappensToThem() throws Exception {
    long seed = System.nanoTime();
    System.out.println("NewestPageTest seed " + seed);
    random.setSeed(seed);
    List<String> tenants = List.of(server.newTenant("kimondesk"), server.newTenant("msp"));
    List<AccessCalls> readers = new ArrayList<>();
    for (String tenant : tenants) {
      AccessCalls operator = AccessCalls.operator(server);
      readers.add(operator.key(tenant, "'audit.view','audit.view_personal'"));
      readers.add(operator.key(tenant, "'audit.view'"));
    }
    List<String> holds = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      int which = random.nextInt(tenants.size());
      String tenant = tenants.get(which);
      // Each is tried, and most often there are new events.
      String done =
          step < 6 ? change(tenant, step, holds) : change(tenant, random.nextInt(9), holds);
      for (AccessCalls reader : readers.subList(2 * which, 2 * which + 2)) {
        compare(tenant, reader, "step " + step + ", " + done);
      }
    }
  }

  private String change(String tenant, int kind, List<String> holds) throws Exception {
    String base = "/v1/tenants/" + tenant;
    switch (kind) {
      case 1 -> {
        record(tenant, "?wait=sealed");
        return "sealed";
      }
      case 2 -> {
        holds.add(
            base
                + "/holds/"
                + server
                    .expect(
                        201,
                        "POST",
                        base + "/holds",
                        "{\"name\":\"Doe v. Acme\",\"query\":\"actor:u_%d\",\"reason\":\"17\"}"
                            .formatted(random.nextInt(4)))
                    .path("id")
                    .asString());
        return "held";
      }
      case 3 -> {
        for (String hold : holds) {
          server.expect(200, "DELETE", hold + "?reason=settled", "");
        }
        holds.clear();
        return "released";
      }
      case 4 -> {
        record(tenant, "?wait=sealed");
        String id =
            server
                .expect(
                    201,
                    "POST",
                    base + "/erasures",
                    "{\"identifiers\":[\"u_%d\"],\"reason\":\"ticket 9\"}"
                        .formatted(random.nextInt(4)))
                .path("id")
                .asString();
        server.expect(200, "POST", base + "/erasures/" + id + "/approve", "{\"reason\":\"yes\"}");
        return "erased";
      }
      case 5 -> {
        server.pass(Duration.ofDays(300));
        server.expect(200, "POST", base + "/retention/purge", "{\"reason\":\"due\"}");
        return "purged";
      }
      default -> {
        record(tenant, "");
        return "recorded";
      }
    }
  }

  /** Events of few people, who act and to whom it is done. */
  private void record(String tenant, String more) throws Exception {
    List<String> batch = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      batch.add(
          """
          {"id":"p%d","tenant":"%s","action":"user.role_changed",
           "actor":{"type":"user","id":"u_%d","name":"Name%d"},
           "targets":[{"type":"user","id":"u_%d","name":"Name"}],
           "context":{"ip":"203.0.113.7"},
           "changes":[{"field":"email","before":"a@q.test","after":"b@q.test"}]}"""
              .formatted(
                  events++, tenant, random.nextInt(4), random.nextInt(4), random.nextInt(4)));
    }
    server.expect(201, "POST", "/v1/events" + more, "[" + String.join(",", batch) + "]");
    server.find(tenant, "id:p" + (events - 1), 1);
  }

  private static void compare(String tenant, AccessCalls reader, String when) throws Exception {
    for (String order : List.of("newest", "-occurred")) {
      String path =
          page(tenant, "q=action:user.role_changed&order=" + order + "&limit=" + COMPARED);
      Answer page = reader.get(path).expect(200);
      assertThat(entries(reader.get(path))).as(when).isEqualTo(entries(page));
      for (JsonNode entry : page.json().path("entries")) {
        String id = entry.path("id").asString();
        Answer alone = reader.get("/v1/tenants/" + tenant + "/events/" + id).expect(200);
        assertThat(page.text()).as(when).contains(alone.text());
      }
    }
  }

  /** The entries of a page, to the byte. */
  private static String entries(Answer page) {
    return page.text().substring(0, page.text().indexOf("],\"next_cursor\""));
  }
}
