package dev.indelible.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.disk.SimulatedDisk;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.testing.Eventually;
import dev.indelible.verify.Hash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Tests the position from which the id of a deleted entry is free, and that a replay agrees. */
class ReleasedIdsTest {

  private static final Path PLACE = SimulatedDisk.ROOT.resolve("data");
  private static final TenantId TENANT = new TenantId("a");

  private final SimulatedDisk disk = new SimulatedDisk();

  private static Consumer<EventLog> expecting(boolean sealed) {
    return log ->
        log.releasedIds()
            .expect(new ReleasedIds.UnderWay(TENANT, "record", seq -> seq == 0), sealed);
  }

  private LogFixture open(SimulatedDisk from, Consumer<EventLog> beforeStart) throws Exception {
    return new LogFixture(from, PLACE, LogFixture.SMALL, beforeStart);
  }

  private static List<Outcome> repeat(LogFixture f, String content) throws Exception {
    return f.append(f.event("a", "1", content));
  }

  @Test
  void anIdIsFreeBehindTheRecordAndAReplayDecidesAlike() throws Exception {
    try (LogFixture f = open(disk, expecting(false))) {
      f.append(f.event("a", "1", "first"));
      assertThat(repeat(f, "second").getFirst()).isInstanceOf(Outcome.Conflict.class);
      f.append(f.event("a", "record", "deleted 0"));
      assertThat(repeat(f, "second").getFirst()).isInstanceOf(Outcome.Recorded.class);
      assertThat(repeat(f, "second").getFirst()).isInstanceOf(Outcome.Duplicate.class);
      Hash root = f.root("a");
      try (LogFixture next = open(disk.afterKill(), expecting(false))) {
        assertThat(next.contents("a")).isEqualTo(f.contents("a"));
        assertThat(next.root("a")).isEqualTo(root);
      }
      try (LogFixture blind = open(disk.afterKill(), _ -> {})) {
        assertThat(blind.contents("a")).as("what a replay makes without it").hasSize(2);
      }
    }
  }

  /** The record of a purge, as the program's own entries are. */
  private static NewEntry record(String ranges) {
    byte[] facts =
        ("{\"action\":\"audit.entries.purge\",\"details\":{\"ranges\":" + ranges + "}}")
            .getBytes(StandardCharsets.UTF_8);
    return new NewEntry(
        TENANT, "record", true, true, EntryParts.ofFacts(facts, new byte[EntryParts.SALT_BYTES]));
  }

  @Test
  void whoeverReadsTheJournalDecidesAlikeWithoutKnowingOfTheDeletion() throws Exception {
    try (LogFixture f = open(disk, _ -> {})) {
      f.append(f.event("a", "1", "first"));
      f.append(f.event("a", "2", "stays"));
      f.append(record("[[0,1],[7,9]]"));
      assertThat(repeat(f, "second").getFirst()).isInstanceOf(Outcome.Recorded.class);
      assertThat(f.append(f.event("a", "2", "another")).getFirst())
          .isInstanceOf(Outcome.Conflict.class);
      Hash root = f.root("a");
      try (LogFixture blind = open(disk.afterKill(), _ -> {})) {
        assertThat(blind.contents("a")).isEqualTo(f.contents("a")).hasSize(4);
        assertThat(blind.root("a")).isEqualTo(root);
      }
      f.log.releasedIds().complete(TENANT, "record");
      assertThat(f.append(f.event("a", "2", "another")).getFirst())
          .isInstanceOf(Outcome.Conflict.class);
    }
  }

  @Test
  void aReplayBehindASealedRecordDecidesAlike() throws Exception {
    try (LogFixture f = open(disk, expecting(false))) {
      f.append(f.event("a", "1", "first"));
      f.append(f.event("a", "record", "deleted 0"));
      f.log.sealAll(Eventually.LIMIT);
      assertThat(f.log.hasFresh(TENANT)).isFalse();
      assertThat(repeat(f, "second").getFirst()).isInstanceOf(Outcome.Recorded.class);
      try (LogFixture next = open(disk.afterKill(), expecting(true))) {
        assertThat(next.contents("a")).isEqualTo(f.contents("a"));
        assertThat(next.root("a")).isEqualTo(f.root("a"));
      }
    }
  }

  @Test
  void anotherTenantsIdsStayTaken() throws Exception {
    try (LogFixture f = open(disk, expecting(true))) {
      f.append(f.event("b", "1", "first"));
      assertThat(f.append(f.event("b", "1", "second")).getFirst())
          .isInstanceOf(Outcome.Conflict.class);
      f.append(f.event("a", "1", "first"));
      f.log.releasedIds().complete(TENANT, "record");
      assertThat(repeat(f, "second").getFirst()).isInstanceOf(Outcome.Conflict.class);
    }
  }

  @Test
  void whatIsInMemoryIsSealedOnRequestAndNothingTwice() throws Exception {
    try (LogFixture f = open(disk, _ -> {})) {
      f.append(f.event("a", "1", "first"));
      f.log.sealAll(Eventually.LIMIT);
      repeat(f, "first"); // A batch of nothing new.
      f.log.sealAll(Eventually.LIMIT);
      f.log.sealAll(Eventually.LIMIT);
      assertThat(f.log.statistics().runs()).isEqualTo(1);
      assertThat(f.log.sealedThrough()).isEqualTo(f.log.sequencedThrough());
    }
  }
}
