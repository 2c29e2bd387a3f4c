package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Schedules of exports, over real HTTP, real files, and a clock that the test sets. */
class ScheduleTest {

  private static final String HOURLY =
      "{'name':'Hourly logins','cron':'0 * * *"
          + " *','zone':'Europe/Berlin','query':'action:a.b','format':'csv',"
          + "'destination':{'type':'directory','path':'logins'}}";

  @TempDir static Path directory;
  @TempDir static Path folder;
  private static GovernedServer server;
  private String acme;
  private String schedules;
  private AccessCalls operator;

  @BeforeAll
  static void start() throws Exception {
    server =
        new GovernedServer(
            directory,
            Map.of(Setting.SCHEDULES_EVERY, "20ms", Setting.DELIVER_ROOT, folder.toString()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void makeTenant() throws Exception {
    acme = server.newTenant("standard");
    schedules = "/v1/tenants/" + acme + "/schedules";
    operator = AccessCalls.operator(server);
  }

  private void record(String id, String more) throws Exception {
    operator
        .post(
            "/v1/events",
            "[{'tenant':'%s','id':'%s','action':'a.b','actor':{'type':'user','id':'u'}%s}]"
                .formatted(acme, id, more))
        .expect(201);
  }

  private String make(AccessCalls caller, String body) throws Exception {
    return caller.post(schedules, body).expect(201).json().path("id").asString();
  }

  private JsonNode get(String id) throws Exception {
    return operator.get(schedules + "/" + id).expect(200).json();
  }

  private List<JsonNode> runs(String id) throws Exception {
    return operator
        .get(schedules + "/" + id + "/runs")
        .expect(200)
        .json()
        .path("runs")
        .valueStream()
        .toList();
  }

  private List<JsonNode> runs(String id, String what, Predicate<List<JsonNode>> are) {
    return Eventually.see(what, () -> runs(id), are);
  }

  /** The newest run once there are so many that have ended. */
  private JsonNode ended(String id, int count) {
    return runs(
            id,
            count + " runs that have ended",
            all -> all.size() == count && all.stream().allMatch(run -> run.has("ended_at")))
        .getFirst();
  }

  private static List<String> ids(Path file) throws Exception {
    return Files.readAllLines(file).stream()
        .skip(1)
        .map(line -> line.substring(0, line.indexOf(',')))
        .toList();
  }

  private List<Path> files() throws Exception {
    Path own = folder.resolve(acme).resolve("logins");
    if (!Files.exists(own)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(own)) {
      return all.sorted().toList();
    }
  }

  /** The entries that a query finds, by sequence number. */
  private List<String> found(long from, long to) throws Exception {
    List<String> ids = new ArrayList<>();
    for (JsonNode entry :
        server
            .get("/v1/tenants/" + acme + "/events?order=oldest&limit=1000&q=action:a.b")
            .path("entries")) {
      long seq = entry.path("seq").asLong();
      if (seq >= from && seq < to) {
        ids.add(entry.path("id").asString());
      }
    }
    return ids;
  }

  @Test
  void twoRunsDeliverWhatTheQueryFindsWithoutGapAndWithoutOverlap() throws Exception {
    record("before", "");
    String id = make(operator, HOURLY);
    long start = get(id).at("/window/from_seq").asLong();
    record("one", "");
    record("two", "");
    server.pass(Duration.ofHours(1));
    JsonNode first = ended(id, 1);
    assertThat(first.path("state").asString()).as(first.toString()).isEqualTo("done");
    record("late", ",'occurred_at':'2025-12-01T00:00:00Z'");
    record("three", "");
    server.pass(Duration.ofHours(1));
    JsonNode second = ended(id, 2);
    assertThat(second.path("state").asString()).as(second.toString()).isEqualTo("done");
    assertThat(first.at("/window/from_seq").asLong()).isEqualTo(start);
    assertThat(second.at("/window/from_seq").asLong())
        .isEqualTo(first.at("/window/to_seq").asLong());
    assertThat(get(id).at("/window/from_seq").asLong())
        .isEqualTo(second.at("/window/to_seq").asLong());
    assertThat(files()).hasSize(2);
    assertThat(ids(files().get(0)))
        .containsExactly("one", "two")
        .isEqualTo(
            found(first.at("/window/from_seq").asLong(), first.at("/window/to_seq").asLong()));
    assertThat(ids(files().get(1)))
        .containsExactly("late", "three")
        .isEqualTo(
            found(second.at("/window/from_seq").asLong(), second.at("/window/to_seq").asLong()));
    assertThat(second.path("entries").asLong()).isEqualTo(2);
    assertThat(second.path("delivered_to").asString()).contains(acme + "/logins");
    assertThat(server.find(acme, "action:audit.exported", 2)).hasSize(2);
  }

  @Test
  void anIdleLogGrowsByNoEntryBecauseOfASchedule() throws Exception {
    String id = make(operator, HOURLY.replace("action:a.b", "").replace("csv", "json"));
    record("one", "");
    server.pass(Duration.ofHours(1));
    assertThat(ended(id, 1).path("state").asString()).isEqualTo("done");
    for (int run = 2; run <= 4; run++) {
      server.pass(Duration.ofHours(1));
      assertThat(ended(id, run).path("state").asString()).isEqualTo("skipped_empty");
    }
    List<JsonNode> all = runs(id);
    assertThat(all.get(0).at("/window/from_seq")).isEqualTo(all.get(0).at("/window/to_seq"));
    assertThat(files()).hasSize(1);
  }

  @Test
  void whatWasMissedWhileTheServerWasDownIsMadeUpOnce(@TempDir Path own) throws Exception {
    Path root = Files.createDirectory(own.resolve("out"));
    try (GovernedServer another =
        new GovernedServer(
            own, Map.of(Setting.SCHEDULES_EVERY, "20ms", Setting.DELIVER_ROOT, root.toString()))) {
      another.tenant("acme", "standard");
      String path = "/v1/tenants/acme/schedules";
      String id =
          another.expect(201, "POST", path, HOURLY.replace('\'', '"')).path("id").asString();
      another.record("acme", "one", "a.b", "u", "Una");
      another.stop();
      another.pass(Duration.ofDays(2));
      another.start();
      JsonNode runs =
          Eventually.see(
              "the run that was missed",
              () -> another.expect(200, "GET", path + "/" + id + "/runs", "").path("runs"),
              all -> all.size() == 1 && all.get(0).has("ended_at"));
      assertThat(runs.get(0).path("state").asString()).isEqualTo("done");
      assertThat(Instant.parse(runs.get(0).path("due_at").asString()))
          .isEqualTo(GovernedServer.START.plus(Duration.ofHours(1)));
      another.stop();
      another.start();
      another.pass(Duration.ofHours(1));
      Eventually.see(
          "the next run",
          () -> another.expect(200, "GET", path + "/" + id + "/runs", "").path("runs"),
          all -> all.size() == 2 && all.get(0).has("ended_at"));
    }
  }

  @Test
  void aMakerWhoMayNoMorePausesTheScheduleWithAnEntry() throws Exception {
    JsonNode key =
        operator
            .post(
                "/v1/tenants/" + acme + "/keys",
                "{'name':'k','permissions':['audit.view','audit.export','schedules.manage']}")
            .expect(201)
            .json();
    AccessCalls maker = AccessCalls.nobody(server).bearer(key.path("secret").asString());
    String id = make(maker, HOURLY);
    assertThat(get(id).at("/created_by/kind").asString()).isEqualTo("key");
    record("one", "");
    operator
        .delete("/v1/tenants/" + acme + "/keys/" + get(id).at("/created_by/id").asString())
        .expect(204);
    server.pass(Duration.ofHours(1));
    JsonNode run = ended(id, 1);
    assertThat(run.path("state").asString()).isEqualTo("failed");
    JsonNode paused =
        Eventually.see(
            "the pause", () -> get(id), seen -> seen.path("state").asString().equals("paused"));
    assertThat(paused.path("paused_because").asString()).contains("may not export any more");
    assertThat(paused.has("next_run_at")).isFalse();
    assertThat(server.find(acme, "action:audit.schedule.pause", 1)).hasSize(1);
    assertThat(files()).isEmpty();
    operator.post(schedules + "/" + id + "/run", "{}").expect(409);
    // Whoever changes it lends it their rights, and the window goes along.
    operator.call("PUT", schedules + "/" + id, HOURLY.replace('\'', '"')).expect(200);
    operator.post(schedules + "/" + id + "/resume", "{}").expect(200);
    operator.post(schedules + "/" + id + "/run", "{}").expect(202);
    assertThat(ended(id, 2).path("state").asString()).isEqualTo("done");
    assertThat(ids(files().getFirst())).containsExactly("one");
  }

  @Test
  void aDestinationThatRefusesPausesTheScheduleAndATestSaysSoBefore() throws Exception {
    String id = make(operator, HOURLY);
    JsonNode test = operator.post(schedules + "/" + id + "/test", "{}").expect(200).json();
    assertThat(test.path("outcome").asString()).as(test.toString()).isEqualTo("arrived");
    Path own = folder.resolve(acme).resolve("logins");
    Files.delete(own);
    Files.createSymbolicLink(own, directory);
    test = operator.post(schedules + "/" + id + "/test", "{}").expect(200).json();
    assertThat(test.path("outcome").asString()).as(test.toString()).isEqualTo("refused");
    record("one", "");
    server.pass(Duration.ofHours(1));
    assertThat(ended(id, 1).path("state").asString()).isEqualTo("failed");
    Eventually.see(
        "the pause", () -> get(id), seen -> seen.path("state").asString().equals("paused"));
    Files.delete(own);
  }

  @Test
  void aScheduleIsPausedResumedAndDeletedWithEntries() throws Exception {
    String id = make(operator, HOURLY.replace("'csv'", "'csv','send_empty':true"));
    assertThat(get(id).path("next_run_at").asString()).isNotEmpty();
    operator.post(schedules + "/" + id + "/pause", "{}").expect(200);
    operator.post(schedules + "/" + id + "/pause", "{}").expect(200);
    server.pass(Duration.ofHours(3));
    operator.post(schedules + "/" + id + "/resume", "{}").expect(200);
    assertThat(runs(id)).isEmpty();
    operator.post(schedules + "/" + id + "/run", "{}").expect(202);
    assertThat(ended(id, 1).path("state").asString()).isEqualTo("done");
    operator.delete(schedules + "/" + id).expect(204);
    operator.get(schedules + "/" + id).expect(404);
    assertThat(operator.get(schedules).expect(200).json().path("schedules")).isEmpty();
    assertThat(server.find(acme, "action:audit.schedule.*", 4)).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'cron':'0 * * * *' | 'cron':'0 0 30 2 *' | /cron",
        "'cron':'0 * * * *' | 'cron':'61 * * * *' | /cron",
        "Europe/Berlin | Europe/Atlantis | /zone",
        "'format':'csv' | 'format':'doc' | /format",
        "'format':'csv' | 'format':'csv','columns':['nose'] | /columns/0",
        "'format':'csv' | 'format':'csv','start':'yesterday' | /start",
        "'format':'csv' | 'format':'csv','more':1 | /more",
        "'type':'directory','path':'logins' | 'type':'directory','path':'../up' |"
            + " /destination/path",
        "'type':'directory','path':'logins' | 'type':'webhook','url':'https://127.0.0.1/x' |"
            + " /destination/url"
      })
  void whatCannotBeIsRefusedByItsFieldAndLeavesNothing(String right, String wrong, String field)
      throws Exception {
    AccessCalls.Answer answer = operator.post(schedules, HOURLY.replace(right, wrong)).expect(422);
    assertThat(answer.json().path("errors").valueStream())
        .as(answer.text())
        .anySatisfy(fault -> assertThat(fault.path("pointer").asString()).isEqualTo(field));
    assertThat(operator.get(schedules).expect(200).json().path("schedules")).isEmpty();
  }

  @Test
  void aQueryThatIsNoneOrThatTheMakerMayNotAskIsRefused() throws Exception {
    operator.post(schedules, HOURLY.replace("action:a.b", "action:(")).expect(400);
    AccessCalls facts = operator.key(acme, "'audit.view','audit.export','schedules.manage'");
    assertThat(facts.post(schedules, HOURLY.replace("action:a.b", "ip:203.0.113.9")).code())
        .isEqualTo("personal_withheld");
    AccessCalls reader = operator.key(acme, "'audit.view','schedules.manage'");
    assertThat(reader.post(schedules, HOURLY).code()).isEqualTo("forbidden");
    assertThat(operator.get(schedules).expect(200).json().path("schedules")).isEmpty();
  }

  @Test
  void whoseRightsEndWithTheirSessionMakesNoSchedule() throws Exception {
    AccessCalls member =
        operator.signedIn("{'tenant':'" + acme + "','user':{'id':'m'},'roles':['owner']}");
    assertThat(member.post(schedules, HOURLY).code()).isEqualTo("lasting_right_needed");
  }

  @Test
  void aPreviewSaysTheNextFiveTimesInWordsOfEitherLanguage() throws Exception {
    String path = schedules + "/preview?zone=Europe/Berlin&from=2026-03-28T12:00:00Z&cron=";
    JsonNode seen = operator.get(path + "30%202%20*%20*%20*").expect(200).json();
    assertThat(seen.path("next").valueStream().map(JsonNode::asString))
        .containsExactly(
            "2026-03-29T01:00:00.000Z",
            "2026-03-30T00:30:00.000Z",
            "2026-03-31T00:30:00.000Z",
            "2026-04-01T00:30:00.000Z",
            "2026-04-02T00:30:00.000Z");
    assertThat(seen.path("in_words").asString()).isEqualTo("at 02:30, every day");
    assertThat(
            operator
                .get(path + "0%206%20L%20*%20*&language=de")
                .expect(200)
                .json()
                .path("in_words")
                .asString())
        .isEqualTo("um 06:00, am letzten Tag des Monats");
    assertThat(operator.get(path + "0%206").expect(400).text()).contains("five parts");
  }
}
