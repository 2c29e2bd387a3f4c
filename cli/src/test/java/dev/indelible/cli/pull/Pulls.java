package dev.indelible.cli.pull;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.audit.AuditedServer;
import dev.indelible.cli.send.Preparation;
import dev.indelible.cli.send.Sender;
import dev.indelible.client.Entry;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.Query;
import dev.indelible.mapping.LogMap;
import dev.indelible.mapping.Mapper;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/** Pulls of one source into a tenant of a real server. What is waited for takes no time. */
final class Pulls implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());
  final List<String> remarks = Collections.synchronizedList(new ArrayList<>());
  final List<String> rejected = Collections.synchronizedList(new ArrayList<>());
  final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  final String tenant;
  private final AuditedServer server;
  private final IndelibleClient client;
  private final LogMap map;
  private final Path state;
  private long recorded;

  Pulls(AuditedServer server, String tenant, LogMap map, Path folder) throws Exception {
    this.server = server;
    this.tenant = tenant;
    this.map = map;
    this.state = folder.resolve(tenant + ".state");
    server.createTenant(tenant);
    this.client =
        IndelibleClient.to(server.uri())
            .key(server.key())
            .tenant(tenant)
            .answerTimeout(Eventually.LIMIT)
            .build();
  }

  /** A crash of the program. */
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Is asked after each page that was acknowledged, before its cursor is kept. */
  @FunctionalInterface
  interface BeforeCursor {
    BeforeCursor NOTHING = page -> {};

    void reached(int page);
  }

  Waiting waiting() {
    return new Waiting(
        now::get,
        new Random(1),
        wait -> {
          waits.add(wait);
          now.updateAndGet(time -> time.plus(wait));
        },
        remarks::add,
        Duration.ofHours(2));
  }

  PullState open() throws IOException {
    return PullState.open(state, new PullState.Owner("test", server.uri().toString(), tenant));
  }

  /** Pulls a round; returns how many events were new. */
  long round(PulledLog log) throws Exception {
    return round(log, BeforeCursor.NOTHING);
  }

  long round(PulledLog log, BeforeCursor before) throws Exception {
    Sender sender =
        new Sender(
            client,
            new Preparation(new Mapper(map.forTenant(tenant)), tenant),
            new Sender.Report() {
              @Override
              public void rejected(Sender.Refusal refusal) {
                rejected.add(refusal.code() + " " + refusal.detail());
              }

              @Override
              public void progress(long accepted, long refused) {}
            });
    int[] pages = {0};
    long newOnes = 0;
    try (log;
        PullState opened = open()) {
      new Puller(List.of(log), opened, sender, () -> before.reached(++pages[0])).round();
    } catch (Crash crash) {
      // What a killed program leaves: whatever is on disk and at the server.
    } finally {
      newOnes = sender.accepted() - sender.knownBefore();
      recorded += newOnes;
    }
    return newOnes;
  }

  /** The ids of all entries of the source, once as many are found as were ever new. */
  List<String> ids() {
    List<String> ids =
        Eventually.see(
            "all entries of " + tenant,
            () ->
                client.search(Query.of("-action:audit.*").pageSize(1_000)).map(Entry::id).toList(),
            found -> found.size() == recorded);
    assertThat(ids).doesNotHaveDuplicates();
    return ids;
  }

  String cursor(String log) throws IOException {
    try (PullState opened = open()) {
      return opened.cursor(log).toString();
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
