package dev.indelible.server.follow;

import static dev.indelible.server.follow.FollowedLogs.ACME;
import static dev.indelible.server.follow.FollowedLogs.BOLT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.log.Growth;
import dev.indelible.testing.Eventually;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chunks of logs that several read. */
class EntryFeedTest {

  private FollowedLogs logs;

  @BeforeEach
  void open() throws Exception {
    logs = new FollowedLogs();
  }

  @AfterEach
  void close() {
    logs.close();
  }

  private EntryFeed.Chunk read(long from) throws Exception {
    return logs.feed.read(ACME, from, logs.feed.end(ACME));
  }

  @Test
  void newEntriesAreReadAndDecodedOnceForAllWhoAreAtTheSamePlace() throws Exception {
    logs.record(ACME, "a", "b", "c");
    EntryFeed.Chunk chunk = read(0);
    assertThat(FollowedLogs.texts(chunk.entries())).containsExactly("a", "b", "c");
    assertThat(chunk.next()).isEqualTo(3);
    assertThat(read(0).entries().getFirst()).isSameAs(chunk.entries().getFirst());
    assertThat(read(1).entries().getFirst())
        .as("another place")
        .isNotSameAs(chunk.entries().get(1));
    assertThat(logs.decoded.get()).as("nobody asked for fields").isZero();
  }

  @Test
  void whatWasReadBeforeTheLogWasSealedIsReadAgain() throws Exception {
    logs.record(ACME, "a");
    EntryFeed.Chunk chunk = read(0);
    logs.log.sealAll(Eventually.LIMIT);
    EntryFeed.Chunk after = read(0);
    assertThat(after.entries().getFirst()).isNotSameAs(chunk.entries().getFirst());
    assertThat(FollowedLogs.texts(after.entries())).containsExactly("a");
  }

  @Test
  void aChunkIsBoundedByEntriesAndByBytes() throws Exception {
    logs.record(
        ACME,
        IntStream.range(0, EntryFeed.CHUNK_ENTRIES + 7)
            .mapToObj(i -> "e" + i)
            .toArray(String[]::new));
    EntryFeed.Chunk chunk = read(0);
    assertThat(chunk.entries()).hasSize(EntryFeed.CHUNK_ENTRIES);
    assertThat(read(chunk.next()).next()).isEqualTo(logs.feed.end(ACME));
    long next = logs.feed.end(ACME);
    for (int i = 0; i < 4; i++) {
      logs.record(ACME, "x".repeat(400_000));
    }
    assertThat(read(next).entries()).hasSize(3);
    assertThat(EntryFeed.CHUNK_ENTRIES).isEqualTo(500);
    assertThat(EntryFeed.CHUNK_BYTES).isEqualTo(1 << 20);
    assertThat(EntryFeed.isNew(0, EntryFeed.MAX_SHARED_ENTRIES)).isTrue();
    assertThat(EntryFeed.isNew(0, EntryFeed.MAX_SHARED_ENTRIES + 1)).isFalse();
  }

  @Test
  void whoWaitsIsWokenWhenAnyLogGrows() throws Exception {
    Growth growth = logs.feed.growth();
    long seen = growth.count();
    FutureTask<Boolean> waiting =
        new FutureTask<>(
            () -> {
              while (growth.count() == seen) {
                growth.await(seen, Eventually.LIMIT);
              }
              return true;
            });
    Thread.ofVirtual().start(waiting);
    growth.wake(); // without a reason: it waits on
    assertThat(waiting.isDone()).isFalse();
    logs.record(BOLT, "a");
    assertThat(Eventually.done("woken", waiting)).isTrue();
    growth.await(seen, Eventually.LIMIT); // what was counted before is not waited for
    growth.await(growth.count(), Duration.ZERO);
  }
}
