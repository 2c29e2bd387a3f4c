package dev.indelible.server.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.InMemoryJournal;
import dev.indelible.server.journal.JournalUnavailableException;
import dev.indelible.verify.Hash;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Heads as they are made durable. */
final class HeadsTest {

  private static final TenantId ACME = new TenantId("acme");
  private static final long SEED = 42;
  private final Random random = new Random(SEED);

  private Head head(long size) {
    byte[] root = new byte[Hash.BYTES];
    random.nextBytes(root);
    return new Head(size, Hash.of(root));
  }

  @Test
  void theNewestHeadsAndCosignaturesAreFoundAfterACrashAndManySnapshots() throws Exception {
    InMemoryJournal journal = new InMemoryJournal(InstantSource.system());
    Heads heads = Heads.open(journal, 20_000);
    Map<TenantId, Head> expected = new HashMap<>();
    for (int round = 1; round <= 400; round++) {
      Map<TenantId, Head> next = new HashMap<>();
      for (int i = 0; i < 5; i++) {
        next.put(new TenantId("t" + random.nextInt(30)), head(round));
      }
      heads.publish(next);
      expected.putAll(next);
    }
    heads.publish(Map.of(ACME, head(7)));
    heads.cosigned(ACME, 7, "\u2014 w1 aaaa");
    heads.cosigned(ACME, 7, "\u2014 w2 bbbb");
    heads.cosigned(ACME, 7, "\u2014 w1 cccc");
    assertThat(journal.begin().value()).as("snapshots were made").isPositive();
    assertThat(journal.sizeBytes()).isLessThan(60_000);
    Heads after = Heads.open(journal.afterPowerLoss());
    expected.forEach(
        (tenant, head) -> assertThat(after.get(tenant)).as("seed %d", SEED).contains(head));
    assertThat(after.cosignatures(ACME, 7)).containsExactly("\u2014 w1 cccc", "\u2014 w2 bbbb");
    assertThat(after.cosignatures(ACME, 8)).isEmpty();
  }

  @Test
  void manyCosignaturesDoNotMakeEachAppendASnapshot() throws Exception {
    InMemoryJournal journal = new InMemoryJournal(InstantSource.system());
    Heads heads = Heads.open(journal, 20_000);
    String signature = "a".repeat(100);
    long written = 0;
    for (int size = 1; size <= 10; size++) {
      for (int t = 0; t < 20; t++) {
        TenantId tenant = new TenantId("t" + t);
        heads.publish(Map.of(tenant, head(size)));
        for (int witness = 0; witness < Heads.MAX_COSIGNATURES; witness++) {
          heads.cosigned(tenant, size, "\u2014 witness-" + witness + " " + signature);
          written += 150;
        }
      }
    }
    assertThat(journal.end().value()).as("bytes appended in all").isLessThan(3 * written);
    assertThat(journal.begin().value()).as("snapshots were made").isPositive();
    assertThat(Heads.open(journal.afterPowerLoss()).cosignatures(new TenantId("t3"), 10))
        .hasSize(Heads.MAX_COSIGNATURES);
  }

  @Test
  void aHeadNeverGoesBackNorHasTwoRoots() throws Exception {
    Heads heads = Heads.open(new InMemoryJournal(InstantSource.system()));
    Head known = head(10);
    heads.publish(Map.of(ACME, known));
    assertThatThrownBy(() -> heads.publish(Map.of(ACME, head(9))))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> heads.publish(Map.of(ACME, head(10))))
        .isInstanceOf(IllegalStateException.class);
    assertThat(heads.get(ACME)).contains(known);
  }

  @Test
  void aJournalThatCannotBeCutIsCutLaterAndHeadsAreMadeDurableMeanwhile() throws Exception {
    InMemoryJournal journal = new InMemoryJournal(InstantSource.system());
    Heads heads = Heads.open(journal, 2_000);
    journal.failForgetting(true);
    int size = 0;
    while (journal.end().value() < 20_000) {
      Head next = head(++size);
      heads.publish(Map.of(ACME, next));
      assertThat(heads.get(ACME)).contains(next);
    }
    assertThat(journal.begin().value()).as("nothing could be forgotten").isZero();
    journal.failForgetting(false);
    while (journal.end().value() < 30_000) {
      heads.publish(Map.of(ACME, head(++size)));
    }
    assertThat(journal.begin().value()).isPositive();
    assertThat(Heads.open(journal.afterPowerLoss()).get(ACME)).isEqualTo(heads.get(ACME));
  }

  @Test
  void aHeadThatIsNotDurableIsNotShown() throws Exception {
    InMemoryJournal journal = new InMemoryJournal(InstantSource.system());
    Heads heads = Heads.open(journal);
    journal.failNextSync();
    assertThatThrownBy(() -> heads.publish(Map.of(ACME, head(1))))
        .isInstanceOf(JournalUnavailableException.class);
    assertThat(heads.get(ACME)).isEmpty();
  }

  @Test
  void whatIsNoBatchOfHeadsIsRefused() {
    byte[] batch =
        HeadCodec.encode(
            List.of(
                new HeadCodec.Entry.Published(ACME, head(3)),
                new HeadCodec.Entry.Cosigned(ACME, 3, "\u2014 w x")));
    assertThat(HeadCodec.decode(batch)).hasSize(2);
    byte[] newer = batch.clone();
    newer[0] = 2;
    assertThatThrownBy(() -> HeadCodec.decode(newer)).hasMessageContaining("version 2");
    for (int length = 0; length < batch.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(batch, length);
      assertThatThrownBy(() -> HeadCodec.decode(cut)).isInstanceOf(IllegalStateException.class);
    }
    byte[] longer = java.util.Arrays.copyOf(batch, batch.length + 1);
    assertThatThrownBy(() -> HeadCodec.decode(longer)).hasMessageContaining("too many");
  }
}
