package dev.indelible.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import dev.indelible.testing.Pace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Kills the server while a schedule looks, exports and delivers: each entry is in one delivered
 * file, and the windows of the runs join. {@code -Dindelible.scheduleKills} says how often.
 */
@Tag("long")
class ScheduleKillTest {

  private static final int KILLS = Integer.getInteger("indelible.scheduleKills", 50);

  /** Events between two kills: enough for an export to take a moment. */
  private static final int EVENTS = 2_000;

  /** A server is killed within so long after a run was asked for, by chance. */
  private static final int MOST_MILLIS = 300;

  private static final String SCHEDULES = "/v1/tenants/acme/schedules";

  @TempDir private Path directory;
  private int events;

  @Test
  void eachEntryIsInOneDeliveredFileAndWindowsJoinAfterManyKills() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Path folder = Files.createDirectory(directory.resolve("delivered"));
    Map<String, String> settings = new HashMap<>(ServerProcess.BUSY);
    settings.put("schedules.check_every", "10ms");
    settings.put("deliver.root", folder.toString());
    Path data = directory.resolve("data");
    Map<String, Integer> killedIn = new HashMap<>();
    String id = "";
    for (int kill = 0; kill < KILLS; kill++) {
      try (ServerProcess server = ServerProcess.start(data, settings)) {
        Calls operator = server.operator();
        id = kill == 0 ? prepare(operator) : id;
        record(operator);
        int asked = operator.post(SCHEDULES + "/" + id + "/run", "{}").status();
        assertThat(asked).isIn(202, 409); // the run of before may be under way
        Pace.pause(Duration.ofMillis(random.nextInt(MOST_MILLIS)));
        killedIn.merge(runs(operator, id).getFirst().path("state").asString(), 1, Integer::sum);
        server.kill();
      }
    }
    try (ServerProcess server = ServerProcess.start(data, settings)) {
      Calls operator = server.operator();
      ended(operator, id);
      operator.post(SCHEDULES + "/" + id + "/run", "{}").expect(202);
      List<JsonNode> runs = ended(operator, id);
      assertJoined(runs);
      assertDeliveredOnce(folder);
      System.out.printf(
          "%d kills, shortly after a run was %s; %d runs, %,d entries%n",
          KILLS, killedIn, runs.size(), events);
      server.stop();
    }
  }

  private static String prepare(Calls operator) throws Exception {
    operator.tenant("acme", "standard");
    return operator
        .post(
            SCHEDULES,
            """
            {"name":"Kills","cron":"0 0 1 1 *","zone":"UTC","query":"action:a.b","format":"csv",
             "start":"beginning","destination":{"type":"directory","path":"kills"}}\
            """)
        .expect(201)
        .json()
        .path("id")
        .asString();
  }

  private void record(Calls operator) throws Exception {
    StringBuilder body = new StringBuilder("[");
    for (int i = 0; i < EVENTS; i++) {
      body.append(i == 0 ? "" : ",")
          .append(
              "{\"tenant\":\"acme\",\"id\":\"e%d\",\"action\":\"a.b\",\"actor\":{\"type\":\"system\"}}"
                  .formatted(events++));
    }
    operator.record(body.append(']').toString()).expect(201);
  }

  private static List<JsonNode> runs(Calls operator, String id) throws Exception {
    return operator
        .get(SCHEDULES + "/" + id + "/runs")
        .expect(200)
        .json()
        .path("runs")
        .valueStream()
        .toList();
  }

  private static List<JsonNode> ended(Calls operator, String id) {
    return Eventually.see(
        "the end of the last run",
        () -> runs(operator, id),
        runs -> !runs.isEmpty() && runs.getFirst().has("ended_at"));
  }

  private static void assertJoined(List<JsonNode> newestFirst) {
    long next = newestFirst.getLast().at("/window/from_seq").asLong();
    for (JsonNode run : newestFirst.reversed()) {
      assertThat(run.path("state").asString()).as(run.toString()).isIn("done", "skipped_empty");
      assertThat(run.at("/window/from_seq").asLong()).as(run.toString()).isEqualTo(next);
      next = run.at("/window/to_seq").asLong();
    }
  }

  private void assertDeliveredOnce(Path folder) throws Exception {
    List<String> delivered = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve("acme").resolve("kills"))) {
      for (Path file : files.filter(path -> !isHidden(path)).toList()) {
        Files.readAllLines(file).stream()
            .skip(1)
            .map(line -> line.substring(0, line.indexOf(',')))
            .forEach(delivered::add);
      }
    }
    assertThat(delivered).doesNotHaveDuplicates();
    assertThat(delivered)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, events).mapToObj(i -> "e" + i).toList());
  }

  /** A file that a kill left half written; the next attempt of its run replaced it. */
  private static boolean isHidden(Path file) {
    return file.getFileName().toString().startsWith(".");
  }
}
