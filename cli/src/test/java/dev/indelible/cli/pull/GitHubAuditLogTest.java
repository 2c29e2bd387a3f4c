package dev.indelible.cli.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.cli.audit.AuditedServer;
import dev.indelible.cli.pull.ScriptedApi.Answer;
import dev.indelible.cli.pull.ScriptedApi.Asked;
import dev.indelible.mapping.LogMap;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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
import tools.jackson.databind.node.JsonNodeFactory;

/** GitHub's audit log as its documentation describes the API, pulled into a real server. */
class GitHubAuditLogTest {

  private static final Instant BEGIN = Instant.parse("2026-11-29T12:00:00Z");
  private static final AtomicInteger TENANTS = new AtomicInteger();

  @TempDir static Path folder;
  private static AuditedServer server;

  private final List<Record> log = new ArrayList<>();
  private Pulls pulls;

  /** A record of the log. */
  private record Record(String id, Instant time) {
    String json() {
      return "{\"_document_id\":\"%s\",\"@timestamp\":%d,\"action\":\"repo.create\",\"actor\":\"ana\"}"
          .formatted(id, time.toEpochMilli());
    }
  }

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
            "github-" + TENANTS.incrementAndGet(),
            LogMap.builtIn("github").orElseThrow(),
            folder);
  }

  @AfterEach
  void end() {
    pulls.close();
  }

  private void records(int count) {
    for (int i = 0; i < count; i++) {
      log.add(new Record("r" + log.size(), BEGIN.plusSeconds(log.size() * 60L)));
    }
  }

  /** The API: oldest first, from the time in the phrase, from behind the record in the cursor. */
  private Answer answer(ScriptedApi api, Asked asked) {
    assertThat(asked.path()).isEqualTo("/orgs/acme/audit-log");
    assertThat(asked.authorization()).isEqualTo("Bearer t0ken");
    assertThat(asked.query("order")).isEqualTo("asc");
    assertThat(asked.query("include")).isEqualTo("all");
    Instant from = Instant.parse(asked.query("phrase").substring("created:>=".length()));
    List<Record> found =
        log.stream()
            .filter(record -> !record.time().isBefore(from))
            .sorted(Comparator.comparing(Record::time))
            .toList();
    int begin = asked.number("after");
    int end = Math.min(found.size(), begin + asked.number("per_page"));
    String body =
        found.subList(Math.min(begin, end), end).stream()
            .map(Record::json)
            .collect(Collectors.joining(",", "[", "]"));
    if (end == found.size()) {
      return Answer.of(body);
    }
    String query =
        asked.query().entrySet().stream()
            .filter(parameter -> !parameter.getKey().equals("after"))
            .map(parameter -> parameter.getKey() + "=" + parameter.getValue().replace(">", "%3E"))
            .collect(Collectors.joining("&"));
    return new Answer(
        200,
        Map.of(
            "Link",
            "<%s%s?%s&after=%d>; rel=\"next\", <%s/first>; rel=\"first\""
                .formatted(api.address(), asked.path(), query, end, api.address())),
        body);
  }

  private ScriptedApi api() throws Exception {
    ScriptedApi[] api = {null};
    api[0] = new ScriptedApi((asked, _) -> answer(api[0], asked));
    return api[0];
  }

  private GitHubAuditLog source(ScriptedApi api) {
    return new GitHubAuditLog(
        new GitHubAuditLog.Terms(api.address(), "acme", "t0ken", "all", BEGIN),
        new Window(Duration.ofHours(1)),
        pulls.waiting());
  }

  @Test
  void everyPageIsPulledAndTheNextRoundGoesOn() throws Exception {
    records(250);
    try (ScriptedApi api = api()) {
      assertThat(pulls.round(source(api))).isEqualTo(250);
      assertThat(api.asked()).hasSize(3);
      records(30);
      assertThat(pulls.round(source(api))).isEqualTo(30);
      assertThat(api.asked()).hasSize(4);
      assertThat(pulls.ids()).hasSize(280);
      assertThat(pulls.cursor("audit-log"))
          .isEqualTo("{\"newest\":\"%s\"}".formatted(log.getLast().time()));
    }
  }

  @Test
  void aCrashBetweenPageAndCursorLosesNothingAndDoublesNothing() throws Exception {
    records(250);
    try (ScriptedApi api = api()) {
      for (int crash = 1; crash <= 3; crash++) {
        int at = crash;
        pulls.round(
            source(api),
            page -> {
              if (page == (at == 3 ? 1 : at)) {
                throw new Pulls.Crash();
              }
            });
      }
      pulls.round(source(api));
      assertThat(pulls.ids()).hasSize(250);
      // The pages that were acknowledged without their cursor were asked for again.
      assertThat(api.asked().size()).isGreaterThan(5);
    }
  }

  @Test
  void aRecordThatComesLateIsFoundWithinTheOverlap() throws Exception {
    records(100);
    try (ScriptedApi api = api()) {
      pulls.round(source(api));
      Instant newest = log.getLast().time();
      log.add(new Record("late", newest.minus(Duration.ofMinutes(59))));
      log.add(new Record("too-late", newest.minus(Duration.ofMinutes(61))));
      assertThat(pulls.round(source(api))).isEqualTo(1);
      assertThat(pulls.ids()).contains("late").doesNotContain("too-late");
    }
  }

  @Test
  void oneProgramSendsWhatAWindowOverlapsOnce() throws Exception {
    records(100);
    try (ScriptedApi api = api();
        GitHubAuditLog source = source(api)) {
      PulledLog.Page first = source.next(JsonNodeFactory.instance.objectNode());
      assertThat(first.records().next()).isNotNull();
      assertThat(first.last()).isTrue();
      records(1);
      PulledLog.Page second = source.next(first.cursor());
      assertThat(String.valueOf(second.records().next())).contains("\"r100\"");
      assertThat(second.records().next()).isNull();
    }
  }

  @Test
  void itWaitsAsLongAsItIsTold() throws Exception {
    records(1);
    ScriptedApi[] api = {null};
    api[0] =
        new ScriptedApi(
            (asked, number) ->
                switch (number) {
                  case 1 -> Answer.of(429, "Retry-After", "7");
                  case 2 ->
                      new Answer(
                          403,
                          Map.of(
                              "X-RateLimit-Remaining",
                              "0",
                              "X-RateLimit-Reset",
                              Long.toString(pulls.now.get().getEpochSecond() + 90)),
                          "{}");
                  case 3, 4 -> Answer.of(502, "X", "y");
                  default -> answer(api[0], asked);
                });
    try (ScriptedApi open = api[0]) {
      assertThat(pulls.round(source(open))).isEqualTo(1);
    }
    assertThat(pulls.waits).hasSize(4);
    assertThat(pulls.waits.get(0)).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8));
    assertThat(pulls.waits.get(1)).isBetween(Duration.ofSeconds(89), Duration.ofSeconds(91));
    assertThat(pulls.waits.get(2)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    assertThat(pulls.waits.get(3)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
    assertThat(pulls.remarks.toString())
        .contains("answered 429; again in 7")
        .doesNotContain("t0ken");
  }

  @Test
  void aPageThatIsNotKnownAnyMoreIsReplacedByTheBeginningOfTheRound() throws Exception {
    records(250);
    ScriptedApi[] api = {null};
    api[0] =
        new ScriptedApi(
            (asked, number) ->
                number == 2 ? new Answer(400, Map.of(), "{}") : answer(api[0], asked));
    try (ScriptedApi open = api[0]) {
      assertThat(pulls.round(source(open))).isEqualTo(250);
      assertThat(pulls.ids()).hasSize(250);
    }
  }

  @Test
  void credentialsGoNowhereElse() throws Exception {
    records(1);
    try (ScriptedApi other = new ScriptedApi((_, _) -> Answer.of("[]"));
        ScriptedApi api =
            new ScriptedApi(
                (_, _) ->
                    new Answer(
                        200,
                        Map.of("Link", "<" + other.address() + "/x?a=b>; rel=\"next\""),
                        "[" + log.getFirst().json() + "]"))) {
      assertThatThrownBy(() -> pulls.round(source(api)))
          .isInstanceOf(PullException.class)
          .hasMessageContaining("not where the log is");
      assertThat(other.asked()).isEmpty();
    }
  }

  @Test
  void aRefusalEndsIt() throws Exception {
    try (ScriptedApi api =
        new ScriptedApi((_, _) -> new Answer(401, Map.of(), "{\"message\":\"Bad credentials\"}"))) {
      assertThatThrownBy(() -> pulls.round(source(api)))
          .isInstanceOfSatisfying(
              PullException.class,
              e -> assertThat(e.kind()).isEqualTo(PullException.Kind.NOT_ALLOWED))
          .hasMessageContaining("Bad credentials");
      assertThat(pulls.waits).isEmpty();
    }
  }
}
