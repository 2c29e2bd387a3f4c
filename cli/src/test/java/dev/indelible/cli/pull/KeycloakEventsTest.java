package dev.indelible.cli.pull;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.audit.AuditedServer;
import dev.indelible.cli.pull.ScriptedApi.Answer;
import dev.indelible.cli.pull.ScriptedApi.Asked;
import dev.indelible.mapping.LogMap;
import dev.indelible.mapping.MapReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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

/** Keycloak's events as its Admin REST API gives them: newest first, by offset. */
class KeycloakEventsTest {

  private static final Instant BEGIN = Instant.parse("2026-11-29T12:00:00Z");
  private static final AtomicInteger TENANTS = new AtomicInteger();

  /** Records without ids, as older versions have them. */
  private static final LogMap MAP =
      MapReader.read(
          "test",
          """
          about: events
          event:
            occurred_at: {at: /time, as: epoch_ms}
            action: keycloak.login
            actor: {type: user, id: /userId}
          """);

  @TempDir static Path folder;
  private static AuditedServer server;

  /** The log, oldest first. */
  private final List<Long> log = new ArrayList<>();

  private Pulls pulls;
  private final AtomicInteger tokens = new AtomicInteger();
  private String endedToken = "";

  /** Is asked before each page of events. */
  private Runnable beforePage = () -> {};

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
    pulls = new Pulls(server, "keycloak-" + TENANTS.incrementAndGet(), MAP, folder);
  }

  @AfterEach
  void end() {
    pulls.close();
  }

  private void records(int count) {
    for (int i = 0; i < count; i++) {
      log.add(BEGIN.toEpochMilli() + log.size() * 1_000L);
    }
  }

  private Answer answer(Asked asked) {
    if (asked.path().equals("/realms/shop/protocol/openid-connect/token")) {
      assertThat(asked.body())
          .isEqualTo("grant_type=client_credentials&client_id=puller&client_secret=s%26cret");
      return Answer.of(
          "{\"access_token\":\"t%d\",\"expires_in\":300}".formatted(tokens.incrementAndGet()));
    }
    assertThat(asked.path()).isEqualTo("/admin/realms/shop/events");
    if (!asked.authorization().equals("Bearer t" + tokens.get())
        || asked.authorization().equals("Bearer " + endedToken)) {
      return new Answer(401, Map.of(), "{\"error\":\"HTTP 401 Unauthorized\"}");
    }
    beforePage.run();
    assertThat(asked.query("dateFrom")).matches("\\d{4}-\\d\\d-\\d\\d");
    List<Long> newestFirst = log.reversed();
    int begin = Math.min(asked.number("first"), log.size());
    int end = Math.min(begin + asked.number("max"), log.size());
    return Answer.of(
        newestFirst.subList(begin, end).stream()
            .map(time -> "{\"time\":%d,\"userId\":\"u%d\"}".formatted(time, time))
            .collect(Collectors.joining(",", "[", "]")));
  }

  private KeycloakEvents source(ScriptedApi api) {
    return new KeycloakEvents(
        new KeycloakEvents.Terms(api.address(), "shop", "shop", "puller", "s&cret", BEGIN),
        KeycloakEvents.Kind.LOGIN,
        new Window(Duration.ofMinutes(1)),
        pulls.waiting());
  }

  @Test
  void allPagesAreReadAlsoWhenEventsComeMeanwhile() throws Exception {
    records(1_200);
    AtomicInteger pages = new AtomicInteger();
    beforePage =
        () -> {
          if (pages.incrementAndGet() == 2) {
            records(10); // those on the first page move on to the second
          }
        };
    try (ScriptedApi api = new ScriptedApi((asked, _) -> answer(asked))) {
      assertThat(pulls.round(source(api))).isEqualTo(1_200);
      assertThat(pulls.round(source(api))).isEqualTo(10);
      assertThat(pulls.ids()).hasSize(1_210);
    }
  }

  @Test
  void eventsWithoutIdsAreThereOnceHoweverOftenTheyAreRead() throws Exception {
    records(700);
    try (ScriptedApi api = new ScriptedApi((asked, _) -> answer(asked))) {
      pulls.round(
          source(api),
          _ -> {
            throw new Pulls.Crash();
          });
      assertThat(pulls.cursor("events")).isEqualTo("{}");
      assertThat(pulls.round(source(api))).isZero();
      log.add(log.size() - 30, BEGIN.toEpochMilli() + 670_500L); // within the last minute
      assertThat(pulls.round(source(api))).isEqualTo(1);
      assertThat(pulls.ids()).hasSize(701);
    }
  }

  @Test
  void aTokenThatIsEndedIsReplaced() throws Exception {
    records(3);
    endedToken = "t1";
    try (ScriptedApi api = new ScriptedApi((asked, _) -> answer(asked))) {
      assertThat(pulls.round(source(api))).isEqualTo(3);
      assertThat(tokens).hasValue(2);
    }
  }

  /** What Keycloak 26.7.3 gave, see {@code RealOutputTest}: login events, then admin events. */
  private static List<String> realEvents() throws IOException {
    InputStream in =
        KeycloakEventsTest.class.getResourceAsStream("../map/real/keycloak-26.7.3.json");
    assertThat(in).isNotNull();
    try (in) {
      String both = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      int second = both.indexOf("\n[");
      return List.of(both.substring(0, second), both.substring(second));
    }
  }

  @Test
  void realEventsAreKnownEntriesByTheBuiltInMapOfTheLog() throws Exception {
    List<String> real = realEvents();
    try (Pulls mapped =
            new Pulls(
                server,
                "keycloak-" + TENANTS.incrementAndGet(),
                LogMap.builtIn("keycloak").orElseThrow(),
                folder);
        ScriptedApi api =
            new ScriptedApi(
                (asked, _) -> {
                  if (asked.path().endsWith("/token")) {
                    return Answer.of("{\"access_token\":\"t\",\"expires_in\":300}");
                  }
                  String all = real.get(asked.path().endsWith("/events") ? 0 : 1);
                  return Answer.of(asked.number("first") == 0 ? all : "[]");
                })) {
      mapped.now.set(Instant.parse("2026-12-01T03:00:00Z"));
      assertThat(mapped.round(of(KeycloakEvents.Kind.LOGIN, api, mapped))).isEqualTo(4);
      assertThat(mapped.round(of(KeycloakEvents.Kind.ADMIN, api, mapped))).isEqualTo(8);
      assertThat(mapped.round(of(KeycloakEvents.Kind.LOGIN, api, mapped))).isZero();
      assertThat(mapped.round(of(KeycloakEvents.Kind.ADMIN, api, mapped))).isZero();
      assertThat(mapped.rejected).isEmpty();
      assertThat(mapped.ids()).contains("b5de38ae-7919-48bc-a37e-1db7a48f4092").hasSize(12);
      String unknown =
          server.send("GET", "/v1/tenants/" + mapped.tenant + "/unknown-actions", null);
      assertThat(unknown).contains("\"unknown_actions\":[]");
    }
  }

  private static KeycloakEvents of(KeycloakEvents.Kind kind, ScriptedApi api, Pulls into) {
    return new KeycloakEvents(
        new KeycloakEvents.Terms(api.address(), "shop", "shop", "puller", "s&cret", BEGIN),
        kind,
        new Window(Duration.ofMinutes(1)),
        into.waiting());
  }
}
