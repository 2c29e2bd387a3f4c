package dev.indelible.server.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.JournalUnavailableException.Cause;
import dev.indelible.ports.testing.InMemoryJournal;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.LogKey;
import dev.indelible.server.event.TenantId;
import dev.indelible.testing.Eventually;
import dev.indelible.verify.ConsistencyProof;
import dev.indelible.verify.EntryBundle;
import dev.indelible.verify.Hash;
import dev.indelible.verify.LogProof;
import dev.indelible.verify.MerkleTree;
import dev.indelible.verify.Rfc6962;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.Tile;
import dev.indelible.verify.TileReader;
import dev.indelible.verify.TreeFrontier;
import dev.indelible.verify.TreeHasher;
import dev.indelible.verify.TrustPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests published logs, checked as others would check them. */
final class TenantLogsTest {

  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId OTHER = new TenantId("other");
  private static final long SEED = 20261120;

  @TempDir private Path folder = Path.of(".");

  @Test
  void theEmptyLogHasACheckpointOfSizeZero() throws Exception {
    try (ProofFixture fixture = new ProofFixture(folder)) {
      SignedCheckpoint checkpoint = fixture.logs.checkpoint(ACME);
      assertThat(checkpoint.checkpoint().size()).isZero();
      assertThat(checkpoint.check(fixture.policy(ACME)).holds()).isTrue();
    }
  }

  @Test
  void everyTileBundleAndProofVerifiesAtSizesAroundTheWidthOfATile() throws Exception {
    try (ProofFixture fixture = new ProofFixture(folder)) {
      for (int step : new int[] {1, 254, 1, 1, 255, 200}) {
        fixture.append(ACME, step);
        fixture.awaitAll(ACME);
        verifyAll(fixture, fixture.logs.publishedSize(ACME) > 257 ? 7 : 1);
      }
      assertThat(fixture.logs.publishedSize(ACME)).isEqualTo(712);
    }
  }

  @Test
  void everyTileBundleAndSampledProofsVerifyInALogOfThreeLevelsAcrossRunsAndARestart()
      throws Exception {
    try (ProofFixture fixture = new ProofFixture(folder)) {
      fixture.append(ACME, 40_000);
      fixture.append(ACME, 65_537 + 300 - 40_000);
      fixture.awaitAll(ACME);
      Eventually.see("runs", () -> fixture.log.statistics().runs(), runs -> runs > 0);
      verifyAll(fixture, 997);
      String before = fixture.logs.checkpoint(ACME).note().toString();
      fixture.restart();
      assertThat(fixture.logs.checkpoint(ACME).note().toString()).isEqualTo(before);
      verifyAll(fixture, 1_999);
    }
  }

  /** Every tile and bundle, each {@code step}th proof, and consistency between random sizes. */
  private static void verifyAll(ProofFixture fixture, int step) throws Exception {
    SignedCheckpoint checkpoint = fixture.logs.checkpoint(ACME);
    TrustPolicy policy = fixture.policy(ACME);
    assertThat(checkpoint.check(policy).holds()).isTrue();
    assertThat(SignedCheckpoint.parse(checkpoint.encode()).orThrow()).isEqualTo(checkpoint);
    long size = checkpoint.checkpoint().size();
    List<Hash> leafHashes = new ArrayList<>();
    for (long index = 0; index * 256 < size; index++) {
      EntryBundle bundle = EntryBundle.in(size, index).orElseThrow();
      byte[] bytes = fixture.logs.read(ACME, bundle).orElseThrow();
      for (byte[] leaf : bundle.decode(bytes).orThrow()) {
        leafHashes.add(Rfc6962.leafHash(leaf));
      }
    }
    assertThat(leafHashes).hasSize((int) size);
    assertThat(Rfc6962.root(leafHashes)).isEqualTo(checkpoint.checkpoint().root());
    verifyTiles(fixture, size, leafHashes);
    for (long seq = 0; seq < size; seq += step) {
      EntryProof proof = fixture.logs.proofs(ACME, new long[] {seq}).getFirst();
      LogProof file = LogProof.parse(proof.file().encode()).orThrow();
      assertThat(file.check(policy).holds()).as("entry %d", seq).isTrue();
      assertThat(file.check(leafHashes.get((int) seq), policy).holds()).isTrue();
    }
    verifyConsistency(fixture, checkpoint, leafHashes);
  }

  private static void verifyTiles(ProofFixture fixture, long size, List<Hash> leafHashes)
      throws Exception {
    List<Hash> level = leafHashes;
    TreeHasher hasher = new TreeHasher();
    for (int l = 0; !level.isEmpty(); l++) {
      for (long index = 0; index * 256 < level.size(); index++) {
        Tile tile = Tile.in(size, l, index).orElseThrow();
        byte[] bytes = fixture.logs.read(ACME, tile).orElseThrow();
        for (int i = 0; i < tile.width(); i++) {
          // Plain comparisons: there are too many for assertions of their own.
          if (!Hash.of(bytes, i * Hash.BYTES).equals(level.get((int) index * 256 + i))) {
            throw new AssertionError("%s, hash %d".formatted(tile, i));
          }
        }
        assertThat(bytes).hasSize(tile.lengthBytes());
      }
      List<Hash> above = new ArrayList<>();
      for (int i = 0; i + 256 <= level.size(); i += 256) {
        TreeFrontier subtree = TreeFrontier.empty();
        level.subList(i, i + 256).forEach(hash -> subtree.append(hash, hasher));
        above.add(subtree.root(hasher));
      }
      level = above;
    }
    assertThat(Tile.in(size, 0, size / 256 + 1)).isEmpty();
    assertThat(fixture.logs.read(ACME, new Tile(0, size / 256, 256))).isEmpty();
  }

  private static void verifyConsistency(
      ProofFixture fixture, SignedCheckpoint checkpoint, List<Hash> leafHashes) throws Exception {
    Random random = new Random(SEED);
    long size = checkpoint.checkpoint().size();
    MerkleTree tree =
        new TileReader(size, tile -> fixture.logs.read(ACME, tile).orElseThrow()).tree();
    for (int i = 0; i < 5; i++) {
      int older = 1 + random.nextInt((int) size);
      ConsistencyProof proof = tree.consistencyProof(older);
      assertThat(
              proof
                  .checkGrowth(
                      Rfc6962.root(leafHashes.subList(0, older)), checkpoint.checkpoint().root())
                  .holds())
          .as("from %d to %d, seed %d", older, size, SEED)
          .isTrue();
    }
  }

  @Test
  void aLogGrowsAndGetsAtMostOneCheckpointASecond() throws Exception {
    long begun = System.nanoTime();
    try (ProofFixture fixture = new ProofFixture(folder)) {
      long published =
          Eventually.see(
              "checkpoints",
              () -> {
                fixture.append(ACME, 10);
                return fixture.logs.statistics().published();
              },
              count -> count > 3);
      long nanos = System.nanoTime() - begun;
      assertThat(published).isLessThanOrEqualTo(nanos / 1_000_000_000L + 2);
      fixture.awaitAll(ACME);
    }
  }

  @Test
  void aLogThatWasRolledBackStopsAloneAndNothingOfItIsSigned() throws Exception {
    Path copy = folder.resolve("copy");
    Path data = folder.resolve("data");
    String kept;
    try (ProofFixture fixture = new ProofFixture(data)) {
      fixture.append(ACME, 300);
      fixture.append(OTHER, 300);
      fixture.awaitAll(ACME);
      fixture.awaitAll(OTHER);
      kept = fixture.logs.checkpoint(OTHER).note().toString();
      fixture.shut();
      java.nio.file.Files.createDirectories(copy);
      ProofFixture.copy(data.resolve("journal/events"), copy.resolve("events"));
      ProofFixture.copy(data.resolve("blobs"), copy.resolve("blobs"));
      fixture.open();
      fixture.append(ACME, 1);
      fixture.awaitAll(ACME);
      fixture.logs.checkpoint(ACME);
      fixture.shut();
      ProofFixture.copy(copy.resolve("events"), data.resolve("journal/events"));
      ProofFixture.copy(copy.resolve("blobs"), data.resolve("blobs"));
      fixture.open();
      assertThat(fixture.log.stoppedBecause(ACME).orElseThrow())
          .contains("300 entries")
          .contains("size 301");
      assertThatThrownBy(() -> fixture.logs.checkpoint(ACME))
          .isInstanceOf(LogStoppedException.class);
      fixture.append(ACME, 5);
      assertThat(fixture.log.stoppedBecause(OTHER)).isEmpty();
      assertThat(fixture.logs.checkpoint(OTHER).note().toString()).isEqualTo(kept);
      // What is published of another log afterwards shows that this one's turn has come.
      for (int i = 0; i < 2; i++) {
        fixture.append(OTHER, 1);
        fixture.awaitAll(OTHER);
      }
      assertThat(fixture.logs.publishedSize(ACME)).as("nothing is signed on top").isEqualTo(301);
      assertThat(fixture.logs.statistics().stoppedLogs()).isEqualTo(1);
    }
  }

  @Test
  void aLogWithAnotherRootThanWasSignedStopsAtTheStartHoweverQuietItIs() throws Exception {
    InMemoryJournal heads = new InMemoryJournal(InstantSource.system());
    try (ProofFixture fixture = new ProofFixture(folder, heads)) {
      fixture.append(ACME, 300);
      fixture.append(OTHER, 10);
      fixture.awaitAll(ACME);
      fixture.awaitAll(OTHER);
      fixture.shut(); // seals: at the next start there is nothing fresh
      Hash forged = Rfc6962.leafHash(new byte[] {1});
      heads
          .append(
              HeadCodec.encode(List.of(new HeadCodec.Entry.Published(ACME, new Head(200, forged)))))
          .join();
      fixture.open();
      assertThat(fixture.log.stoppedBecause(ACME)).as("the older head is no news").isEmpty();
      fixture.shut();
      heads
          .append(
              HeadCodec.encode(List.of(new HeadCodec.Entry.Published(ACME, new Head(300, forged)))))
          .join();
      fixture.open();
      assertThat(fixture.log.stoppedBecause(ACME).orElseThrow()).contains("at size 300 its root");
      assertThat(fixture.log.stoppedBecause(OTHER)).isEmpty();
      fixture.append(OTHER, 1);
      fixture.awaitAll(OTHER);
      assertThatThrownBy(() -> fixture.logs.checkpoint(ACME))
          .isInstanceOf(LogStoppedException.class);
      assertThat(fixture.logs.publishedSize(ACME)).isEqualTo(300);
    }
  }

  @Test
  void nothingIsShownBeforeItsHeadIsDurable() throws Exception {
    InMemoryJournal heads = new InMemoryJournal(InstantSource.system());
    try (ProofFixture fixture = new ProofFixture(folder, heads)) {
      fixture.append(ACME, 10);
      fixture.awaitAll(ACME);
      heads.hold();
      fixture.append(ACME, 1);
      Eventually.see("heads to be made durable", heads::heldAppends, held -> held > 0);
      assertThat(fixture.logs.awaitPublished(ACME, 10, Duration.ZERO)).isFalse();
      assertThat(fixture.logs.checkpoint(ACME).checkpoint().size()).isEqualTo(10);
      assertThat(fixture.logs.read(ACME, new Tile(0, 0, 11))).isEmpty();
      heads.release();
      fixture.awaitAll(ACME);
      heads.refuse(Cause.DISK_FULL);
      fixture.append(ACME, 1);
      awaitFailing(fixture, true);
      assertThat(fixture.logs.awaitPublished(ACME, 11, Duration.ZERO)).isFalse();
      heads.accept();
      fixture.awaitAll(ACME);
      awaitFailing(fixture, false);
      assertThat(fixture.logs.checkpoint(ACME).checkpoint().size()).isEqualTo(12);
    }
  }

  private static void awaitFailing(ProofFixture fixture, boolean expected) {
    Eventually.see(
        "whether heads fail",
        () -> fixture.logs.statistics().failing(),
        failing -> failing == expected);
  }

  @Test
  void keysAreReplacedWhileBothSignAndTheLastOneStays() throws Exception {
    try (ProofFixture fixture = new ProofFixture(folder)) {
      fixture.append(ACME, 3);
      fixture.awaitAll(ACME);
      LogKeys keys = fixture.logs.keys();
      TrustPolicy first = fixture.policy(ACME);
      LogKey old = keys.active(ACME).getFirst();
      assertThat(keys.retire(ACME, old.keyId(), ChangedBy.SYSTEM, null))
          .isInstanceOf(LogKeys.Changed.TheLast.class);
      LogKey added = ((LogKeys.Changed.Done) keys.rotate(ACME, ChangedBy.SYSTEM, "yearly")).key();
      assertThat(added.origin()).isEqualTo(old.origin());
      SignedCheckpoint both = fixture.logs.checkpoint(ACME);
      assertThat(both.note().signatures()).hasSize(2);
      assertThat(both.check(first).holds()).isTrue();
      assertThat(both.check(fixture.policy(ACME)).holds()).isTrue();
      assertThat(keys.retire(ACME, old.keyId(), ChangedBy.SYSTEM, null))
          .isInstanceOf(LogKeys.Changed.Done.class);
      assertThat(fixture.logs.checkpoint(ACME).check(first).holds()).isFalse();
      fixture.restart();
      SignedCheckpoint after = fixture.logs.checkpoint(ACME);
      assertThat(after.note().signatures()).hasSize(1);
      assertThat(after.check(fixture.policy(ACME)).holds()).isTrue();
      assertThat(fixture.logs.keys().all(ACME)).hasSize(2);
      for (int i = 1; i < LogKeys.MAX_ACTIVE; i++) {
        fixture.logs.keys().rotate(ACME, ChangedBy.SYSTEM, null);
      }
      assertThat(fixture.logs.keys().rotate(ACME, ChangedBy.SYSTEM, null))
          .isInstanceOf(LogKeys.Changed.TooMany.class);
    }
  }

  @Test
  void aSeedOpensUnderItsInstallationsKeyAndItsOwnVerifierKeyAlone() {
    SeedCipher cipher = new SeedCipher(_ -> new byte[32], new Random(SEED));
    byte[] seed = cipher.newSeed(32);
    String sealed = cipher.seal(ACME, "verifier", seed);
    assertThat(cipher.open(ACME, "verifier", sealed)).isEqualTo(seed);
    assertThatThrownBy(() -> cipher.open(ACME, "another", sealed))
        .isInstanceOf(IllegalStateException.class);
    byte[] wrong = new byte[32];
    wrong[0] = 1;
    assertThatThrownBy(
            () -> new SeedCipher(_ -> wrong, new Random(SEED)).open(ACME, "verifier", sealed))
        .hasMessageContaining("another installation's key");
  }
}
