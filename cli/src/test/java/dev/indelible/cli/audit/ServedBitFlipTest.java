package dev.indelible.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.RefusedException;
import dev.indelible.client.TenantLog;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.VerifierKey;
import dev.indelible.verify.audit.AuditLimitException;
import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Findings;
import dev.indelible.verify.audit.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Single bits of what a server answers are flipped on the way, one at a time: in checkpoints, keys,
 * tiles, bundles, exported entries. Each flip is found by the reader, or changes nothing that the
 * reader is told. The answers are a real server's, kept and served again by a relay that flips.
 */
class ServedBitFlipTest {

  @TempDir private Path folder;

  /** The answers of a server, with one bit of one of them flipped. */
  private static final class Relay implements AutoCloseable {
    private final HttpServer server;
    private final AuditedServer audited;
    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
    private volatile String flippedPath = "";
    private volatile long flippedBit;

    Relay(AuditedServer audited) throws IOException {
      this.audited = audited;
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", this::answer);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
      String path = exchange.getRequestURI().toString();
      byte[] body = answers.computeIfAbsent(path, this::fetch).clone();
      if (path.equals(flippedPath)) {
        body[(int) (flippedBit / 8)] ^= (byte) (1 << flippedBit % 8);
      }
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    }

    private byte[] fetch(String path) {
      return audited.bytes(path);
    }

    void flip(String path, long bit) {
      flippedBit = bit;
      flippedPath = path;
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  /** Way of reading the answers. */
  @FunctionalInterface
  private interface Reading {
    AuditReport of(TenantLog log) throws IOException, InterruptedException;
  }

  /** Outcome of the flips of a kind of answer. */
  private static final class Count {
    private int flips;
    private int found;
    private int unreadable;
    private int withoutEffect;
  }

  @Test
  void aBitThatIsFlippedOnTheWayIsFoundOrHasNoEffect() throws Exception {
    flip(2);
  }

  @Test
  @Tag("long")
  void thousandsOfBitsThatAreFlippedOnTheWayAreFoundOrHaveNoEffect() throws Exception {
    flip(400);
  }

  private void flip(int perPath) throws Exception {
    long seed = Long.getLong("indelible.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (AuditedServer server = AuditedServer.start(folder.resolve("data"))) {
      server.createTenant("acme");
      server.record("acme", 0, 280);
      SignedCheckpoint held = server.awaitCheckpoint("acme", 280);
      server.record("acme", 280, 330);
      server.awaitCheckpoint("acme", 610);
      List<VerifierKey> keys =
          server
              .send("GET", "/v1/tenants/acme/log/key", null)
              .lines()
              .map(line -> VerifierKey.parse(line).orThrow())
              .toList();
      Trust trust = new Trust(keys, held);
      Map<String, Reading> readings = new LinkedHashMap<>();
      readings.put("leaves", log -> log.verifyTree(trust, _ -> {}));
      readings.put("entries", log -> log.verifyEntries(trust, _ -> {}));
      readings.put("growth", log -> growth(log, trust));
      Map<String, Count> counts = new LinkedHashMap<>();
      List<String> changed = new ArrayList<>();
      try (Relay relay = new Relay(server)) {
        for (Map.Entry<String, Reading> reading : readings.entrySet()) {
          relay.answers.clear();
          String expected = outcome(relay, reading.getValue());
          assertThat(expected).as("%s untouched", reading.getKey()).startsWith("holds ");
          for (String path : List.copyOf(relay.answers.keySet())) {
            Count count = counts.computeIfAbsent(kind(path), _ -> new Count());
            long bits = 8L * relay.answers.getOrDefault(path, new byte[0]).length;
            for (int i = 0; i < perPath; i++) {
              long bit = (long) (random.nextDouble() * bits);
              relay.flip(path, bit);
              String outcome = outcome(relay, reading.getValue());
              count.flips++;
              if (outcome.equals(expected)) {
                count.withoutEffect++;
              } else if (outcome.startsWith("broken")) {
                count.found++;
              } else if (outcome.startsWith("unreadable")) {
                count.unreadable++;
              } else {
                changed.add(reading.getKey() + " " + path + " bit " + bit + ": " + outcome);
              }
            }
          }
          relay.flip("", 0);
          assertThat(outcome(relay, reading.getValue())).isEqualTo(expected);
        }
      }
      counts.forEach(
          (kind, count) ->
              System.out.printf(
                  "served %-12s %6d flips %6d found %6d not readable %6d without effect%n",
                  kind, count.flips, count.found, count.unreadable, count.withoutEffect));
      assertThat(changed).as("seed %d", seed).isEmpty();
      assertThat(counts.keySet()).contains("checkpoint", "key", "tile", "bundle", "entries");
      counts.forEach(
          (kind, count) -> {
            // The reader brought its own keys; of a tile, a proof takes some of the hashes.
            if (!kind.equals("key") && !kind.equals("tile")) {
              assertThat(count.found + count.unreadable).as(kind).isEqualTo(count.flips);
            }
          });
    }
  }

  private static AuditReport growth(TenantLog log, Trust trust)
      throws IOException, InterruptedException {
    var header = log.header();
    Findings findings = new Findings();
    @Nullable Checkpoint before = trust.check(header.checkpoint(), trust.keys(), findings);
    Checkpoint shown = header.checkpoint().checkpoint();
    if (before != null) {
      log.checkGrowth(before, shown, findings);
    }
    return findings.report(shown, 0);
  }

  private static String kind(String path) {
    String resource = path.substring(path.indexOf("/log/") + 5);
    return resource.startsWith("tile/entries")
        ? "bundle"
        : resource.startsWith("entries") ? "entries" : resource.replaceAll("/.*", "");
  }

  /** Report that the reader gets, or the reason why nothing could be read. */
  private static String outcome(Relay relay, Reading reading) throws InterruptedException {
    try (IndelibleClient client =
        IndelibleClient.to(relay.uri()).tenant("acme").withoutRetries().build()) {
      AuditReport report = reading.of(client.log());
      List<String> told = report.findings().stream().map(Finding::sentence).toList();
      return (report.broken() ? "broken " : "holds ")
          + report.entries()
          + " "
          + report.checkpoint()
          + " "
          + told;
    } catch (IOException
        | RefusedException
        | IllegalArgumentException
        | java.io.UncheckedIOException
        | AuditLimitException e) {
      return "unreadable " + e.getMessage();
    }
  }
}
