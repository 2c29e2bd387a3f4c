package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.client.Request;
import dev.indelible.server.audit.DataDirectoryAudit;
import dev.indelible.testing.Eventually;
import dev.indelible.testing.LiveFolder;
import dev.indelible.testing.Pace;
import dev.indelible.verify.audit.Finding;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A purge of a fifth of all entries while 5,000 events arrive each second: none of them is lost,
 * and none that was purged is found. {@code -Dpurge.entries} says how many there are, 5 million
 * unless told otherwise; prints its figures.
 */
@Tag("long")
class PurgeUnderLoadTest {

  private static final int ENTRIES = Integer.getInteger("purge.entries", 5_000_000);
  private static final int OLD = ENTRIES / 5;
  private static final int BATCH = 5_000;
  private static final int EVENTS_PER_SECOND = 5_000;
  private static final int SENT_AT_ONCE = 500;
  private static final List<String> OTHERS = List.of("acme", "b", "c", "d");

  @TempDir Path directory;

  @Test
  void aPurgeUnderLoadLosesNothingAndLeaksNothing() throws Exception {
    try (GovernedServer server = new GovernedServer(directory)) {
      for (String tenant : OTHERS) {
        server.tenant(tenant, "standard");
      }
      server.tenant("live", "standard");
      long begun = System.nanoTime();
      fill(server, "old", 0, OLD, List.of("acme"));
      server.advance(Duration.ofDays(300));
      fill(server, "new", 0, ENTRIES - OLD, OTHERS);
      // Only now are the old ones too old: nothing is purged by itself however long this takes.
      server.advance(Duration.ofDays(200));
      System.out.printf(
          "%,d entries recorded in %.1f s%n", ENTRIES, (System.nanoTime() - begun) / 1e9);
      server.stop(); // Seals what is in memory, so that sizes can be compared.
      server.start();
      long runsBefore = LiveFolder.sizeBytes(server.data.resolve("blobs"));
      long indexBefore = LiveFolder.sizeBytes(server.data.resolve("index"));

      Sender sender = new Sender(server);
      Thread sending = Thread.ofPlatform().start(sender);
      long start = System.nanoTime();
      JsonNode purged =
          server.expect(
              200, "POST", "/v1/tenants/acme/retention/purge", "{\"reason\":\"under load\"}");
      double seconds = (System.nanoTime() - start) / 1e9;
      sender.stop.set(true);
      sending.join();

      long entries = purged.path("entries").asLong();
      assertThat(entries).as("the old ones, the tenant and its key").isEqualTo(OLD + 2);
      long runsAfter = LiveFolder.sizeBytes(server.data.resolve("blobs"));
      long indexAfter = LiveFolder.sizeBytes(server.data.resolve("index"));
      System.out.printf(
          "%,d of %,d entries purged in %.1f s; meanwhile %,d events sent and acknowledged, %.0f a second, 99%% within %d ms, slowest %d ms; runs %,d MiB before, %,d MiB after; index %,d MiB before, %,d MiB after%n",
          entries,
          ENTRIES,
          seconds,
          sender.acknowledged.get(),
          sender.acknowledged.get() / seconds,
          sender.percentileMillis(0.99),
          sender.percentileMillis(1),
          runsBefore >> 20,
          runsAfter >> 20,
          indexBefore >> 20,
          indexAfter >> 20);
      assertThat(runsAfter + indexAfter).isLessThan(runsBefore + indexBefore);
      assertThat(sender.refused.get()).as("requests that were refused").isZero();
      awaitCount(server, "live", "action:user.login", sender.acknowledged.get());
      awaitCount(server, "acme", "session:old", 0);
      awaitCount(server, "acme", "session:new", (ENTRIES - OLD) / OTHERS.size());
      awaitCount(server, "b", "session:new", (ENTRIES - OLD) / OTHERS.size());
      server.stop();
      DataDirectoryAudit.Result audit = PurgeTest.audit(server.data);
      assertThat(audit.broken()).as("%s", audit.directory()).isFalse();
      long found =
          audit.tenants().stream()
              .flatMap(tenant -> tenant.report().findings().stream())
              .filter(Finding.PurgedAt.class::isInstance)
              .map(Finding.PurgedAt.class::cast)
              .mapToLong(finding -> finding.end() - finding.first())
              .sum();
      assertThat(found).isEqualTo(OLD + 2);
      server.start();
    }
  }

  private static void awaitCount(GovernedServer server, String tenant, String query, long count) {
    String path =
        "/v1/tenants/%s/facets?fields=outcome&q=%s".formatted(tenant, query.replace(":", "%3A"));
    Eventually.see(
        "%s of %s".formatted(query, tenant),
        () -> server.get(path).path("count").asLong(),
        found -> found == count);
  }

  private static void fill(
      GovernedServer server, String session, int from, int to, List<String> tenants)
      throws Exception {
    for (int at = from; at < to; at += BATCH) {
      StringBuilder lines = new StringBuilder();
      for (int i = at; i < Math.min(to, at + BATCH); i++) {
        line(lines, tenants.get(i % tenants.size()), session + i, session, i);
      }
      int status = send(server, lines);
      while (status == 503) {
        Pace.pause(Duration.ofMillis(200));
        status = send(server, lines);
      }
      assertThat(status).isEqualTo(201);
    }
  }

  private static void line(StringBuilder out, String tenant, String id, String session, int i) {
    out.append(
        "{\"id\":\"%s\",\"tenant\":\"%s\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"u%d\",\"name\":\"User %d\"},\"context\":{\"session_id\":\"%s\",\"ip\":\"203.0.113.%d\"},\"details\":{\"ticket\":\"%s\",\"trace\":\"%s\"}}\n"
            .formatted(
                id,
                tenant,
                i % 5_000,
                i % 5_000,
                session,
                i % 250,
                Integer.toHexString(i * 0x9e3779b9),
                Long.toHexString(i * 0x9e3779b97f4a7c15L).repeat(4)));
  }

  private static int send(GovernedServer server, CharSequence lines) {
    return server
        .client()
        .send(
            Request.of("POST", "/v1/events")
                .body("application/x-ndjson", lines.toString().getBytes(StandardCharsets.UTF_8))
                .header("Authorization", "Bearer " + server.key))
        .status();
  }

  /** Sends at a steady rate, whatever the answers take, and keeps count of them. */
  private static final class Sender implements Runnable {
    final AtomicBoolean stop = new AtomicBoolean();
    final AtomicLong acknowledged = new AtomicLong();
    final AtomicLong refused = new AtomicLong();
    private final List<Long> millis = Collections.synchronizedList(new ArrayList<>());
    private final GovernedServer server;

    Sender(GovernedServer server) {
      this.server = server;
    }

    @Override
    public void run() {
      List<Thread> requests = new ArrayList<>();
      long interval = 1_000_000_000L * SENT_AT_ONCE / EVENTS_PER_SECOND;
      long next = System.nanoTime();
      try {
        for (int batch = 0; !stop.get(); batch++) {
          int first = batch * SENT_AT_ONCE;
          long due = next;
          requests.add(Thread.ofVirtual().start(() -> sendBatch(first, due)));
          next += interval;
          long left = next - System.nanoTime();
          if (left > 0) {
            Pace.pause(Duration.ofNanos(left));
          }
        }
        for (Thread request : requests) {
          request.join();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void sendBatch(int first, long due) {
      StringBuilder lines = new StringBuilder();
      for (int i = first; i < first + SENT_AT_ONCE; i++) {
        line(lines, "live", "live" + i, "live", i);
      }
      try {
        if (send(server, lines) == 201) {
          acknowledged.addAndGet(SENT_AT_ONCE);
          millis.add((System.nanoTime() - due) / 1_000_000);
        } else {
          refused.incrementAndGet();
        }
      } catch (Exception e) {
        refused.incrementAndGet();
      }
    }

    long percentileMillis(double share) {
      List<Long> sorted = new ArrayList<>(millis);
      Collections.sort(sorted);
      return sorted.isEmpty()
          ? 0
          : sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * share));
    }
  }
}
