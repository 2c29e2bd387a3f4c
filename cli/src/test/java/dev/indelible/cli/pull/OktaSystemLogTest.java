package dev.indelible.cli.pull;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.audit.AuditedServer;
import dev.indelible.cli.pull.ScriptedApi.Answer;
import dev.indelible.cli.pull.ScriptedApi.Asked;
import dev.indelible.mapping.LogMap;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Okta's System Log as its documentation describes polling requests. */
class OktaSystemLogTest {

  private static final Instant BEGIN = Instant.parse("2026-11-29T12:00:00Z");
  private static final AtomicInteger TENANTS = new AtomicInteger();

  @TempDir static Path folder;
  private static AuditedServer server;

  /** The log in the order in which it was stored; the numbers are the minutes of its records. */
  private final List<Integer> log = new ArrayList<>();

  private Pulls pulls;
  private boolean forgetsLinks;

  @BeforeAll
  static void start() throws Exception {
    server = AuditedServer.start(folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void begin() throws Exception {
    pulls =
        new Pulls(
            server,
            "okta-" + TENANTS.incrementAndGet(),
            LogMap.builtIn("okta").orElseThrow(),
            folder);
  }

  @AfterEach
  void end() {
    pulls.close();
  }

  private static String record(int minute) {
    return "{\"uuid\":\"o%d\",\"published\":\"%s\",\"eventType\":\"user.session.start\",\"actor\":{\"id\":\"00u1\",\"type\":\"User\"}}"
        .formatted(minute, BEGIN.plusSeconds(minute * 60L));
  }

  /** A page of at most two records, and always a link to what is stored behind it. */
  private Answer answer(ScriptedApi api, Asked asked) {
    assertThat(asked.path()).isEqualTo("/api/v1/logs");
    assertThat(asked.authorization()).isEqualTo("SSWS t0ken");
    int begin = asked.number("after");
    if (asked.query("after").isEmpty()) {
      assertThat(asked.query("sortOrder")).isEqualTo("ASCENDING");
      assertThat(asked.query()).doesNotContainKey("until");
      Instant since = Instant.parse(asked.query("since"));
      while (begin < log.size() && BEGIN.plusSeconds(log.get(begin) * 60L).isBefore(since)) {
        begin++;
      }
    } else if (forgetsLinks) {
      forgetsLinks = false;
      return new Answer(400, Map.of(), "{\"errorCode\":\"E0000031\"}");
    }
    int end = Math.min(begin + 2, log.size());
    return new Answer(
        200,
        Map.of("Link", "<%s/api/v1/logs?after=%d>; rel=\"next\"".formatted(api.address(), end)),
        log.subList(begin, end).stream()
            .map(OktaSystemLogTest::record)
            .collect(Collectors.joining(",", "[", "]")));
  }

  private ScriptedApi api() throws Exception {
    ScriptedApi[] api = {null};
    api[0] = new ScriptedApi((asked, _) -> answer(api[0], asked));
    return api[0];
  }

  private OktaSystemLog source(ScriptedApi api) {
    return new OktaSystemLog(
        api.address(), "t0ken", BEGIN, new Window(Duration.ofHours(1)), pulls.waiting());
  }

  @Test
  void aRoundGoesOnWhereTheLastOneEndedAndMissesNothingThatIsStoredLate() throws Exception {
    log.addAll(List.of(1, 2, 3, 500, 501));
    try (ScriptedApi api = api()) {
      assertThat(pulls.round(source(api))).isEqualTo(5);
      log.addAll(List.of(4, 502)); // of an old time, stored now
      assertThat(pulls.round(source(api))).isEqualTo(2);
      assertThat(pulls.ids())
          .containsExactlyInAnyOrder("o1", "o2", "o3", "o500", "o501", "o4", "o502");
    }
  }

  @Test
  void aCrashDoublesNothing() throws Exception {
    log.addAll(List.of(1, 2, 3, 4, 5));
    try (ScriptedApi api = api()) {
      for (int crash = 1; crash <= 4; crash++) {
        pulls.round(
            source(api),
            page -> {
              if (page == 2) {
                throw new Pulls.Crash();
              }
            });
      }
      pulls.round(source(api));
      assertThat(pulls.ids()).hasSize(5);
    }
  }

  @Test
  void aLinkThatIsForgottenIsReplacedByATime() throws Exception {
    log.addAll(List.of(1, 2, 3));
    try (ScriptedApi api = api()) {
      pulls.round(source(api));
      log.add(4);
      forgetsLinks = true;
      assertThat(pulls.round(source(api))).isEqualTo(1);
      assertThat(pulls.ids()).hasSize(4);
      assertThat(pulls.remarks.toString()).contains("beginning again");
    }
  }
}
