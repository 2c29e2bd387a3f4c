package dev.indelible.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.disk.SimulatedDisk;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.NewEntry;
import dev.indelible.server.log.Outcome;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Loses power, or is killed, at the write points of a whole log (journal, sequencer, sealer,
 * merger, blobs and heads), recovers, loses power again while it goes on, and recovers once more:
 * every entry that was acknowledged or read is there, once, under its number; numbers have no gaps;
 * the tree over the entries is the log's and goes on from every head that was published; and what
 * is sent again is not recorded again.
 */
class LogPowerLossTest {

  private static final List<TenantId> TENANTS =
      List.of(new TenantId("a"), new TenantId("b"), new TenantId("c"));

  /** The seeds 0 and 1 drop and keep everything; the others tear and reorder. */
  private static final int SEEDS = 4;

  private static final int SHORT_POINTS = 3;

  /** The long test takes every so many points, from a random one on. */
  private static final int STRIDE = Integer.getInteger("indelible.lossStride", 1);

  private static final int ROUNDS = 2;
  private static final int BATCHES = 12;
  private static final int EVENTS_PER_BATCH = 6;

  /** An answer that is under way when power is lost has so long to come; most never will. */
  private static final long AFTER_POWER_LOSS_MILLIS = 100;

  private record Place(TenantId tenant, long seq) {}

  /** Knowledge of the world before power was lost. */
  private static final class Known {
    final Map<Place, PowerLossLog.Read> entries = new LinkedHashMap<>();
    final Map<TenantId, Head> heads =
        new TreeMap<>(java.util.Comparator.comparing(TenantId::value));
    final List<NewEntry> sent = new ArrayList<>();

    Known copy() {
      Known copy = new Known();
      copy.entries.putAll(entries);
      copy.heads.putAll(heads);
      copy.sent.addAll(sent);
      return copy;
    }
  }

  @Test
  void nothingAcknowledgedIsLostWhereverPowerIsLost() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    long points = writePoints();
    losePowerAt(new Random(seed).longs(SHORT_POINTS, 1, points + 1).sorted().toArray());
  }

  @Test
  @Tag("long")
  void nothingAcknowledgedIsLostWhereverPowerIsLostAtEveryPoint() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    long first = new Random(seed).nextLong(STRIDE);
    losePowerAt(
        LongStream.rangeClosed(1, writePoints())
            .filter(point -> point % STRIDE == first)
            .toArray());
  }

  private static long writePoints() throws Exception {
    SimulatedDisk whole = new SimulatedDisk();
    Known known = new Known();
    work(whole, known, ROUNDS);
    assertThat(known.entries).hasSize(ROUNDS * BATCHES * EVENTS_PER_BATCH);
    assertThat(known.heads).hasSize(TENANTS.size());
    long points = whole.writePoints();
    assertThat(points).isGreaterThan(200);
    return points;
  }

  private static void losePowerAt(long[] points) throws Exception {
    int recoveries = 0;
    for (long point : points) {
      SimulatedDisk disk = new SimulatedDisk();
      disk.losePowerAt(point);
      Known known = new Known();
      work(disk, known, ROUNDS);
      for (int seed = 0; seed < SEEDS; seed++) {
        try {
          recoverTwice(disk.afterPowerLoss(seed), known.copy(), seed);
          recoveries += 2;
        } catch (AssertionError | IOException | IllegalStateException e) {
          throw new AssertionError("power lost at write point " + point + ", seed " + seed, e);
        }
      }
      try {
        recoverTwice(disk.afterKill(), known.copy(), SEEDS);
        recoveries += 2;
      } catch (AssertionError | IOException | IllegalStateException e) {
        throw new AssertionError("killed at write point " + point, e);
      }
    }
    System.out.printf("power lost at %d write points, %d recoveries%n", points.length, recoveries);
  }

  private static void work(SimulatedDisk disk, Known known, int rounds) throws Exception {
    try {
      for (int round = 0; round < rounds; round++) {
        try (PowerLossLog log = new PowerLossLog(disk)) {
          for (int i = 0; i < BATCHES; i++) {
            append(disk, log, known, batch(known, round));
            if (i % 3 == 2) {
              publish(log, known);
            }
          }
        }
      }
    } catch (IOException | JournalUnavailableException e) {
      assertThat(disk.hasLostPower()).as("only for want of power: %s", e).isTrue();
    }
  }

  private static List<NewEntry> batch(Known known, long seed) {
    List<NewEntry> batch = new ArrayList<>();
    for (int i = 0; i < EVENTS_PER_BATCH; i++) {
      int number = known.sent.size() + i;
      Random random = new Random(number + (seed << 32));
      byte[] salt = new byte[EntryParts.SALT_BYTES];
      random.nextBytes(salt);
      byte[] facts =
          ("e" + number + "|" + "x".repeat(random.nextInt(400))).getBytes(StandardCharsets.UTF_8);
      batch.add(
          new NewEntry(
              TENANTS.get(number % TENANTS.size()),
              "e" + number,
              true,
              EntryParts.ofFacts(facts, salt)));
    }
    return batch;
  }

  private static void append(
      SimulatedDisk disk, PowerLossLog log, Known known, List<NewEntry> batch) throws Exception {
    known.sent.addAll(batch);
    List<Outcome> outcomes = acknowledged(disk, log.append(batch));
    for (int i = 0; i < batch.size(); i++) {
      if (!(outcomes.get(i) instanceof Outcome.Recorded(long seq, long recordedAtMillis))) {
        throw new AssertionError(batch.get(i).id() + ": " + outcomes.get(i));
      }
      known(known, batch.get(i), seq, recordedAtMillis);
    }
  }

  private static void known(Known known, NewEntry event, long seq, long recordedAtMillis) {
    PowerLossLog.Read read =
        new PowerLossLog.Read(PowerLossLog.text(event.parts().facts()), recordedAtMillis);
    assertThat(known.entries.put(new Place(event.tenant(), seq), read))
        .as("two entries at %s/%d", event.tenant(), seq)
        .isIn(null, read);
  }

  private static List<Outcome> acknowledged(
      SimulatedDisk disk, CompletableFuture<List<Outcome>> appended) throws Exception {
    Eventually.holds("an answer, or no power", () -> appended.isDone() || disk.hasLostPower());
    try {
      return appended.get(AFTER_POWER_LOSS_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("power lost, and no answer", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  private static void publish(PowerLossLog log, Known known) throws IOException {
    Map<TenantId, Head> next = log.nextHeads(TENANTS);
    log.heads().publish(next);
    known.heads.putAll(next);
  }

  private static void recoverTwice(SimulatedDisk disk, Known known, int seed) throws Exception {
    disk.losePowerAt(disk.writePoints() + 5 + new Random(seed).nextInt(60));
    try (PowerLossLog log = new PowerLossLog(disk)) {
      check(log, known);
      append(disk, log, known, batch(known, seed));
      publish(log, known);
    } catch (IOException | JournalUnavailableException e) {
      assertThat(disk.hasLostPower()).as("only for want of power: %s", e).isTrue();
    }
    SimulatedDisk again = disk.afterPowerLoss(seed + 50L);
    try (PowerLossLog log = new PowerLossLog(again)) {
      check(log, known);
      sendAllAgain(again, log, known);
      append(again, log, known, batch(known, seed));
      publish(log, known);
      check(log, known);
    }
  }

  private static void check(PowerLossLog log, Known known) throws IOException {
    Set<String> sent = new HashSet<>();
    known.sent.forEach(
        event -> sent.add(event.tenant() + PowerLossLog.text(event.parts().facts())));
    Map<Place, PowerLossLog.Read> found = new LinkedHashMap<>();
    for (TenantId tenant : TENANTS) {
      List<PowerLossLog.Read> entries = log.entries(tenant);
      Set<String> once = new HashSet<>();
      for (int seq = 0; seq < entries.size(); seq++) {
        PowerLossLog.Read entry = entries.get(seq);
        assertThat(once.add(entry.id())).as("%s is there twice", entry.id()).isTrue();
        assertThat(sent).contains(tenant + entry.facts());
        found.put(new Place(tenant, seq), entry);
      }
      assertThat(log.root(tenant)).as("tree of %s", tenant).isEqualTo(log.rootOfEntries(tenant));
      Head durable = log.heads().get(tenant).orElse(Head.EMPTY);
      Head shown = known.heads.getOrDefault(tenant, Head.EMPTY);
      assertThat(durable.size()).as("head of %s", tenant).isGreaterThanOrEqualTo(shown.size());
      assertThat(log.holds(tenant, durable)).as("the durable head of %s", tenant).isTrue();
      assertThat(log.holds(tenant, shown)).as("the shown head of %s", tenant).isTrue();
      assertThat(log.stoppedBecause(tenant)).isEqualTo(Optional.empty());
    }
    known.entries.forEach(
        (place, entry) -> {
          PowerLossLog.@Nullable Read there = found.get(place);
          assertThat(there).as("acknowledged entry at %s", place).isEqualTo(entry);
        });
    // What was read is durable: it must never be gone again.
    known.entries.putAll(found);
  }

  private static void sendAllAgain(SimulatedDisk disk, PowerLossLog log, Known known)
      throws Exception {
    Map<String, Place> places = new LinkedHashMap<>();
    known.entries.forEach((place, entry) -> places.put(place.tenant() + entry.facts(), place));
    List<Outcome> outcomes = acknowledged(disk, log.append(known.sent));
    for (int i = 0; i < outcomes.size(); i++) {
      NewEntry event = known.sent.get(i);
      Place place = places.get(event.tenant() + PowerLossLog.text(event.parts().facts()));
      switch (outcomes.get(i)) {
        case Outcome.Recorded(long seq, long recordedAtMillis) -> {
          assertThat(place).as("%s was there and is recorded again", event.id()).isNull();
          known(known, event, seq, recordedAtMillis);
        }
        case Outcome.Duplicate(long seq, long recordedAtMillis) -> {
          assertThat(place).isEqualTo(new Place(event.tenant(), seq));
          known(known, event, seq, recordedAtMillis);
        }
        case Outcome.Conflict conflict -> throw new AssertionError(event.id() + ": " + conflict);
      }
    }
  }
}
