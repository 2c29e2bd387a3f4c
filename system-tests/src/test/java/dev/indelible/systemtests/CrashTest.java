package dev.indelible.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Kills the server at random moments under load, starts it again, and checks: every acknowledged
 * event is there once, under the number that was acknowledged, numbers have no gaps, nothing that
 * was read ever changes its place, the search index agrees, and the tree only grows.
 */
class CrashTest {

  private static final List<String> TENANTS = List.of("t0", "t1", "t2", "t3", "t4");

  /** Entries before what was read last that are read again after each start. */
  private static final int OVERLAP = 500;

  /** Number of kills after which everything is read again, and the trees are computed anew. */
  private static final int FULL_CHECK_EVERY = 10;

  /** A server is killed after it acknowledged as many events as this or more, by chance. */
  private static final int LEAST_EVENTS_A_KILL = 5;

  private static final int MAX_EVENTS_A_KILL = 200;

  @TempDir Path directory;

  private final Ledger ledger = new Ledger();
  private final Map<String, List<Hash>> leaves = new HashMap<>();
  private final List<Long> startMillis = new ArrayList<>();
  private int offlineChecks;

  /** What the server has to keep is shown where it keeps it; this is the whole program, once. */
  @Test
  void nothingIsLostOrDoubledByAKill() throws Exception {
    crash(1, System.nanoTime());
  }

  @Test
  @Tag("long")
  void nothingIsLostOrDoubledByManyKills() throws Exception {
    crash(Integer.getInteger("indelible.kills", 200), System.nanoTime());
  }

  private void crash(int kills, long seed) throws Exception {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Path data = directory.resolve("data");
    try (Load load = new Load(ledger, TENANTS, seed)) {
      int killed = 0;
      int killedWhileStarting = 0;
      while (killed < kills) {
        if (killed > 0 && random.nextInt(5) == 0) {
          Duration after = Duration.ofMillis(200 + random.nextInt(1_000));
          ServerProcess.startAndKill(data, ServerProcess.BUSY, after);
          killed++;
          killedWhileStarting++;
          continue;
        }
        try (ServerProcess server = ServerProcess.start(data, ServerProcess.BUSY)) {
          serveAndDie(server, load, random, killed);
        }
        killed++;
        if (killed % FULL_CHECK_EVERY == 0) {
          checkTrees(data, "after kill " + killed);
        }
      }
      checkTrees(data, "at the end");
      try (ServerProcess server = ServerProcess.start(data, ServerProcess.BUSY)) {
        check(server.operator(), random, true);
        checkCounts(server.operator());
        server.stop();
      }
      Collections.sort(startMillis);
      System.out.printf(
          "%d kills (%d while starting), %,d events acknowledged, %,d of them more than once, "
              + "0 lost, 0 doubled; %d recomputations of the trees; restarts took %d ms (median), "
              + "%d ms (longest)%n",
          killed,
          killedWhileStarting,
          ledger.acknowledgedCount(),
          ledger.repeatedCount(),
          offlineChecks,
          startMillis.get(startMillis.size() / 2),
          startMillis.getLast());
      assertThat(ledger.acknowledgedCount())
          .as("events under load")
          .isGreaterThanOrEqualTo((long) (killed - killedWhileStarting) * LEAST_EVENTS_A_KILL);
    }
  }

  private void serveAndDie(ServerProcess server, Load load, Random random, int killed)
      throws IOException, InterruptedException {
    try {
      startMillis.add(server.startTook().toMillis());
      if (killed == 0) {
        for (String tenant : TENANTS) {
          server.operator().tenant(tenant, "standard");
        }
      }
      long enough =
          ledger.acknowledgedCount() + random.nextInt(LEAST_EVENTS_A_KILL, MAX_EVENTS_A_KILL + 1);
      load.start(server.operator());
      check(server.operator(), random, killed % FULL_CHECK_EVERY == 0);
      awaitAcknowledged(enough);
      load.expectDeath();
      server.kill();
      load.join();
    } catch (AssertionError e) {
      throw new AssertionError(
          "after " + killed + " kills; the server said:\n" + server.output(), e);
    }
  }

  /** Waits by count and not by time: how much a server does in a second is the machine's matter. */
  private void awaitAcknowledged(long count) {
    Eventually.see(
        count + " events acknowledged", ledger::acknowledgedCount, known -> known >= count);
  }

  /** Reads what is new since the last check, or everything, through the index. */
  private void check(Calls calls, Random random, boolean everything)
      throws IOException, InterruptedException {
    for (String tenant : TENANTS) {
      long highest = ledger.highestAcknowledged(tenant);
      calls.awaitIndexed(tenant, highest);
      int from = everything ? 0 : Math.max(0, ledger.readCount(tenant) - OVERLAP);
      // Clients go on meanwhile, so what was read is compared up to what was known before.
      ledger.read(tenant, newestDownTo(calls, tenant, from), highest);
      for (int i = 0; i < 5; i++) {
        String mark = ledger.anyAcknowledged(tenant, random);
        if (mark != null) {
          checkFound(calls, tenant, mark);
        }
      }
    }
  }

  private void checkFound(Calls calls, String tenant, String mark)
      throws IOException, InterruptedException {
    long seq = ledger.placeOf(tenant, mark);
    calls.awaitIndexed(tenant, seq);
    List<JsonNode> byActor = calls.search(tenant, "actor_id:" + mark, "newest", 10);
    assertThat(byActor).as("actor_id:%s in %s", mark, tenant).hasSize(1);
    assertThat(byActor.getFirst().path("seq").asLong()).isEqualTo(seq);
    if (mark.startsWith("e")) {
      JsonNode byId = calls.get("/v1/tenants/" + tenant + "/events/" + mark).expect(200).json();
      assertThat(byId.path("seq").asLong()).isEqualTo(seq);
    }
  }

  /** Every entry from {@code seq} on, oldest first. */
  private static List<JsonNode> newestDownTo(Calls calls, String tenant, int seq)
      throws IOException, InterruptedException {
    List<JsonNode> entries = new ArrayList<>();
    String path = "/v1/tenants/" + tenant + "/events?limit=1000";
    String next = path;
    while (next != null) {
      JsonNode page = calls.get(next).expect(200).json();
      page.path("entries").forEach(entries::add);
      JsonNode cursor = page.path("next_cursor");
      boolean enough = !entries.isEmpty() && entries.getLast().path("seq").asLong() <= seq;
      next = cursor.isNull() || enough ? null : path + "&cursor=" + cursor.asString();
    }
    Collections.reverse(entries);
    return entries;
  }

  /** Facets count each action as often as it was read. */
  private void checkCounts(Calls calls) throws IOException, InterruptedException {
    for (String tenant : TENANTS) {
      Map<String, Long> counted = new HashMap<>();
      calls
          .get("/v1/tenants/" + tenant + "/facets?fields=action&limit=100")
          .expect(200)
          .json()
          .path("facets")
          .path("action")
          .forEach(
              value -> counted.put(value.path("value").asString(), value.path("count").asLong()));
      counted.keySet().removeIf(action -> action.startsWith("audit."));
      assertThat(counted).isEqualTo(Load.actionsOf(ledger.readMarks(tenant)));
    }
  }

  /** The tree of the entries is the tree that the log keeps, and extends the one before. */
  private void checkTrees(Path data, String when) throws IOException, InterruptedException {
    Path copy = directory.resolve("copy-" + offlineChecks++);
    try (OfflineLog log = OfflineLog.openCopy(data, copy)) {
      for (String tenant : TENANTS) {
        List<Hash> now = log.leafHashes(tenant);
        List<Hash> before = leaves.getOrDefault(tenant, List.of());
        assertThat(now.size()).as("%s %s", tenant, when).isGreaterThanOrEqualTo(before.size());
        assertThat(OfflineLog.rootOf(now.subList(0, before.size())))
            .as("the tree of %s as it was, %s", tenant, when)
            .isEqualTo(OfflineLog.rootOf(before));
        assertThat(OfflineLog.rootOf(now)).isEqualTo(log.root(tenant));
        assertThat(now.size()).isGreaterThan(Math.toIntExact(ledger.highestAcknowledged(tenant)));
        leaves.put(tenant, now);
      }
    }
  }
}
