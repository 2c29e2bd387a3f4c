package dev.indelible.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import dev.indelible.testing.Pace;
import dev.indelible.verify.VerifierKey;
import dev.indelible.verify.audit.ExportVerifier;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Trust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Kills the server while it purges, erases and exports at once, each time after at least 200
 * answers of each kind: what was answered holds, what was begun is finished, and the log verifies.
 * {@code -Dindelible.deletionKills} and {@code -Dindelible.deletionAnswers} say how often and after
 * how many.
 */
@Tag("long")
class DeletionKillTest {

  private static final int ANSWERED = Integer.getInteger("indelible.deletionAnswers", 200);
  private static final int STEP = Math.max(1, ANSWERED / 20);
  private static final int KILLS = Integer.getInteger("indelible.deletionKills", 3);

  /** Tenants whose entries become due before each kill: more than are purged by then. */
  private static final int DUE = ANSWERED + 100;

  /** Longer than the profile keeps entries: 13 months. */
  private static final int DUE_DAYS = 400;

  private static final int KEPT = 200;
  private static final Duration MOST_AFTER = Duration.ofMillis(400);
  private static final Duration BETWEEN_EXPORTS = Duration.ofMillis(100);

  @TempDir private Path directory;
  private final Map<String, String> purges = new ConcurrentHashMap<>();
  private final List<Integer> erased = Collections.synchronizedList(new ArrayList<>());
  private final Map<Integer, String> erasures = new ConcurrentHashMap<>();
  private final AtomicInteger purging = new AtomicInteger();
  private final AtomicInteger exported = new AtomicInteger();
  private final AtomicInteger people = new AtomicInteger();
  private volatile @Nullable Throwable failure;
  private volatile boolean dying;
  private long days;
  private int due;

  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  @Test
  void whatWasAnsweredHoldsAndWhatWasBegunIsFinishedAfterAKill() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Path data = directory.resolve("data");
    setDays();
    for (int kill = 0; kill <= KILLS; kill++) {
      try (ServerProcess server =
          ServerProcess.late(data, directory.resolve("days"), ServerProcess.BUSY)) {
        if (kill == 0) {
          prepare(server.operator());
        } else {
          check(server.operator());
        }
        if (kill == KILLS) {
          server.stop();
          break;
        }
        age(server.operator());
        workAndDie(server, random);
      }
    }
    assertThat(ServerProcess.run(Map.of(), "verify", data.toString()))
        .last()
        .asString()
        .endsWith(" holds.");
    System.out.printf(
        "%d kills; %d purges, %d erasures and %d exports answered%n",
        KILLS, purges.size(), erased.size(), exported.get());
  }

  private void prepare(Calls operator) throws Exception {
    operator.tenant("keep", "standard");
    // One person is enough here: who has to agree is tested elsewhere.
    operator.post("/v1/tenants", "{\"id\":\"people\",\"erasures_take_two\":false}").expect(201);
    for (int i = 0; i < KEPT; i++) {
      record(operator, "keep", "k" + i, "u_" + i, "Ana");
    }
  }

  private static void record(Calls calls, String tenant, String id, String user, String name)
      throws IOException, InterruptedException {
    calls
        .record(
            "{\"tenant\":\"%s\",\"id\":\"%s\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"%s\",\"name\":\"%s\"}}"
                .formatted(tenant, id, user, name))
        .expect(201);
  }

  private void setDays() throws IOException {
    Path file = directory.resolve("days");
    Path written = directory.resolve("days.new");
    Files.writeString(written, Long.toString(days));
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Makes tenants with an entry each, and has them grow old at once. */
  private void age(Calls operator) throws Exception {
    StringBuilder events = new StringBuilder("[");
    for (int i = due; i < due + DUE; i++) {
      operator.tenant("old-" + i, "standard");
      events
          .append(i == due ? "" : ",")
          .append(
              "{\"tenant\":\"old-%d\",\"id\":\"p\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"u\"}}"
                  .formatted(i));
    }
    operator.record(events.append(']').toString()).expect(201);
    days += DUE_DAYS;
    setDays();
    purging.set(due);
    due += DUE;
  }

  private void purge(Calls operator) throws Exception {
    int next = purging.getAndIncrement();
    if (next >= due) {
      Pace.pause(MOST_AFTER); // all that were due are purged, and the others go on
      return;
    }
    String tenant = "old-" + next;
    JsonNode purge =
        operator
            .post("/v1/tenants/" + tenant + "/retention/purge", "{\"reason\":\"due\"}")
            .expect(200)
            .json()
            .path("purges")
            .path(0);
    assertThat(purge.path("entries").asLong()).as("%s: %s", tenant, purge).isPositive();
    purges.put(tenant, purge.path("id").asString());
  }

  private void erase(Calls operator) throws Exception {
    int person = people.getAndIncrement();
    record(operator, "people", "e" + person, "u_" + person + "_x", "Person " + person + " Xy");
    String path = "/v1/tenants/people/erasures";
    String id =
        operator
            .post(path, "{\"identifiers\":[\"u_%d_x\"],\"reason\":\"asked\"}".formatted(person))
            .expect(201)
            .json()
            .path("id")
            .asString();
    erasures.put(person, id);
    operator.post(path + "/" + id + "/approve", "{\"reason\":\"checked\"}").expect(200);
    erased.add(person);
  }

  private void export(Calls operator) throws Exception {
    if (exported.get() > 2 * (purges.size() + erased.size())) {
      Pace.pause(BETWEEN_EXPORTS); // deletions take longer, and are what takes the time
    }
    List<VerifierKey> keys =
        operator
            .get("/v1/tenants/keep/log/key")
            .expect(200)
            .body()
            .lines()
            .map(line -> VerifierKey.parse(line).orThrow())
            .toList();
    String export =
        operator
            .get("/v1/tenants/keep/log/entries?header=true&personal=include&reason=test")
            .expect(200)
            .body();
    assertThat(
            ExportVerifier.verify(
                    new ByteArrayInputStream(export.getBytes(UTF_8)),
                    new Trust(keys, null),
                    _ -> {})
                .findings())
        .noneMatch(Finding::breaks);
    exported.incrementAndGet();
  }

  private void workAndDie(ServerProcess server, Random random) throws Exception {
    Calls operator = server.operator();
    dying = false;
    int purgesBefore = purges.size();
    int erasedBefore = erased.size();
    int exportedBefore = exported.get();
    List<Thread> working =
        List.of(
            repeat(() -> purge(operator)),
            repeat(() -> erase(operator)),
            repeat(() -> export(operator)));
    try {
      // Each is waited for as long as it goes on.
      for (int enough = STEP; enough <= ANSWERED; enough += STEP) {
        int wanted = enough;
        Eventually.holds(
            wanted + " answers of each kind",
            () -> {
              Throwable failed = failure;
              if (failed != null) {
                throw new AssertionError("the server said:\n" + server.output(), failed);
              }
              return purges.size() - purgesBefore >= wanted
                  && erased.size() - erasedBefore >= wanted
                  && exported.get() - exportedBefore >= wanted;
            });
      }
      Pace.pause(Duration.ofMillis(random.nextLong(MOST_AFTER.toMillis())));
    } finally {
      dying = true;
      server.kill();
      for (Thread thread : working) {
        Eventually.ended("a client", thread);
      }
    }
    assertThat(failure).isNull();
  }

  private Thread repeat(Step step) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                while (!dying) {
                  step.run();
                }
              } catch (Exception | AssertionError e) {
                if (!dying || !(e instanceof IOException)) {
                  failure = e;
                }
              }
            });
  }

  private void check(Calls operator) throws Exception {
    for (Map.Entry<String, String> purge : purges.entrySet()) {
      String tenant = "/v1/tenants/" + purge.getKey() + "/events/";
      operator.get(tenant + purge.getValue()).expect(200);
      operator.get(tenant + "p").expect(404);
    }
    // The one that was under way may be done or not; none behind it was touched.
    for (int i = purging.get(); i < due; i++) {
      operator.get("/v1/tenants/old-" + i + "/events/p").expect(200);
    }
    for (int i = 0; i < KEPT; i++) {
      operator.get("/v1/tenants/keep/events/k" + i).expect(200);
    }
    for (int person : List.copyOf(erased)) {
      assertThat(operator.get("/v1/tenants/people/events/e" + person).expect(200).body())
          .doesNotContain("Person " + person + " ");
    }
    for (Map.Entry<Integer, String> begun : erasures.entrySet()) {
      String path = "/v1/tenants/people/erasures/" + begun.getValue();
      String state =
          Eventually.see(
              "the end of erasure " + begun.getKey(),
              () -> operator.get(path).expect(200).json().path("state").asString(),
              seen -> !seen.equals("processing"));
      assertThat(state).isEqualTo(erased.contains(begun.getKey()) ? "fulfilled" : state);
    }
  }
}
