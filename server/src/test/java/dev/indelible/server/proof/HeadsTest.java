package dev.indelible.server.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.testing.InMemoryJournal;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.KeyedJournal;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Ed25519Key;
import dev.indelible.verify.Hash;
import dev.indelible.verify.NoteSigner;
import dev.indelible.verify.VerifierKey;
import java.time.Instant;
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

  /** Compacts a journal of more than so many bytes. */
  static KeyedJournal.Bounds after(long bytes) {
    return new KeyedJournal.Bounds(bytes, Heads.BOUNDS.factor(), Heads.BOUNDS.recordsAtOnce());
  }

  private Head head(long size) {
    byte[] root = new byte[Hash.BYTES];
    random.nextBytes(root);
    return new Head(size, Hash.of(root));
  }

  @Test
  void theNewestHeadsAndCosignaturesAreFoundAfterACrashAndManySnapshots() throws Exception {
    InMemoryJournal journal = new InMemoryJournal(InstantSource.system());
    Heads heads = Heads.open(journal, WitnessQuorum.NONE, after(20_000));
    Map<TenantId, Head> expected = new HashMap<>();
    for (int round = 1; round <= 400; round++) {
      Map<TenantId, Head> next = new HashMap<>();
      for (int i = 0; i < 5; i++) {
        next.put(new TenantId("t" + random.nextInt(30)), head(round));
      }
      heads.publish(next);
      expected.putAll(next);
    }
    Head seven = head(7);
    heads.publish(Map.of(ACME, seven));
    heads.cosigned(ACME, seven, "\u2014 w1 aaaa");
    heads.cosigned(ACME, seven, "\u2014 w2 bbbb");
    heads.cosigned(ACME, seven, "\u2014 w1 cccc");
    assertThat(journal.begin().value()).as("snapshots were made").isPositive();
    assertThat(journal.sizeBytes()).isLessThan(60_000);
    Heads after = Heads.open(journal.afterPowerLoss(), WitnessQuorum.NONE);
    expected.forEach(
        (tenant, head) -> assertThat(after.get(tenant)).as("seed %d", SEED).contains(head));
    assertThat(after.cosignatures().lines(ACME, seven))
        .containsExactly("\u2014 w1 cccc", "\u2014 w2 bbbb");
    assertThat(after.cosignatures().lines(ACME, head(7))).as("another root").isEmpty();
  }

  @Test
  void manyCosignaturesDoNotMakeEachAppendASnapshot() throws Exception {
    InMemoryJournal journal = new InMemoryJournal(InstantSource.system());
    Heads heads = Heads.open(journal, WitnessQuorum.NONE, after(20_000));
    String signature = "a".repeat(100);
    long written = 0;
    Map<TenantId, Head> last = new HashMap<>();
    for (int size = 1; size <= 10; size++) {
      for (int t = 0; t < 20; t++) {
        TenantId tenant = new TenantId("t" + t);
        Head head = head(size);
        heads.publish(Map.of(tenant, head));
        last.put(tenant, head);
        for (int witness = 0; witness < Cosignatures.MAX_LINES; witness++) {
          heads.cosigned(tenant, head, "\u2014 witness-" + witness + " " + signature);
          written += 150;
        }
      }
    }
    assertThat(journal.end().value()).as("bytes appended in all").isLessThan(3 * written);
    assertThat(journal.begin().value()).as("snapshots were made").isPositive();
    TenantId third = new TenantId("t3");
    Heads after = Heads.open(journal.afterPowerLoss(), WitnessQuorum.NONE);
    assertThat(after.cosignatures().lines(third, last.getOrDefault(third, Head.EMPTY)))
        .hasSize(Cosignatures.MAX_LINES);
  }

  /** Two of three witnesses. */
  static WitnessQuorum two() {
    return new WitnessQuorum(
        List.of(witness(1).verifierKey(), witness(2).verifierKey(), witness(3).verifierKey()), 2);
  }

  private static NoteSigner witness(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    return new NoteSigner(
        "witness.example/w" + number, VerifierKey.Type.COSIGNATURE_V1, Ed25519Key.fromSeed(seed));
  }

  static String line(int witness, Head head) {
    return witness(witness)
        .cosign(
            new Checkpoint("log.example/t", head.size(), head.root()).text(),
            Instant.ofEpochSecond(1_795_168_805L))
        .line();
  }

  @Test
  void theCheckpointThatTheQuorumCosignedIsKeptBesideNewerOnesAfterAStartAndASnapshotToo()
      throws Exception {
    WitnessQuorum two = two();
    InMemoryJournal journal = new InMemoryJournal(InstantSource.system());
    Heads heads = Heads.open(journal, two, after(20_000));
    Head first = head(1);
    heads.publish(Map.of(ACME, first));
    assertThat(heads.candidate(ACME)).contains(first);
    heads.cosigned(ACME, first, line(1, first));
    Head newest = first;
    for (int size = 2; size <= 30; size++) {
      newest = head(size);
      heads.publish(Map.of(ACME, newest));
      assertThat(heads.candidate(ACME)).as("until the quorum has it").contains(first);
      heads.cosigned(ACME, newest, line(1, newest));
      assertThat(heads.cosignatures().reached(ACME)).isEmpty();
      assertThat(heads.cosignatures().of(ACME)).hasSizeLessThan(Cosignatures.MAX_KEPT);
    }
    heads.cosigned(ACME, first, line(2, first));
    assertReached(heads, first);
    assertThat(heads.candidate(ACME)).contains(newest);
    journal = journal.afterPowerLoss();
    heads = Heads.open(journal, two, after(20_000));
    assertReached(heads, first);
    for (int size = 31; size <= 400; size++) {
      newest = head(size);
      heads.publish(Map.of(ACME, newest));
      heads.cosigned(ACME, newest, line(1, newest));
    }
    assertThat(journal.begin().value()).as("snapshots were made").isPositive();
    assertReached(heads, first);
    heads = Heads.open(journal.afterPowerLoss(), two, after(20_000));
    assertReached(heads, first);
    assertThat(heads.get(ACME)).contains(newest);
    assertThat(heads.cosignatures().lines(ACME, newest)).containsExactly(line(1, newest));
    heads.cosigned(ACME, newest, line(3, newest));
    assertReached(heads, newest);
  }

  private static void assertReached(Heads heads, Head head) {
    assertThat(heads.cosignatures().reached(ACME))
        .hasValueSatisfying(
            reached -> {
              assertThat(reached.head()).isEqualTo(head);
              assertThat(reached.linesByKey()).hasSize(2);
            });
  }

  @Test
  void aHeadNeverGoesBackNorHasTwoRoots() throws Exception {
    Heads heads = Heads.open(new InMemoryJournal(InstantSource.system()), WitnessQuorum.NONE);
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
    Heads heads = Heads.open(journal, WitnessQuorum.NONE, after(2_000));
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
    assertThat(Heads.open(journal.afterPowerLoss(), WitnessQuorum.NONE).get(ACME))
        .isEqualTo(heads.get(ACME));
  }

  @Test
  void aHeadThatIsNotDurableIsNotShown() throws Exception {
    InMemoryJournal journal = new InMemoryJournal(InstantSource.system());
    Heads heads = Heads.open(journal, WitnessQuorum.NONE);
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
