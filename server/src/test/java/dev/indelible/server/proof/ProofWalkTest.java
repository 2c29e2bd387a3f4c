package dev.indelible.server.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.event.TenantId;
import dev.indelible.testing.Eventually;
import dev.indelible.verify.Hash;
import dev.indelible.verify.SignedCheckpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proofs of many entries in one walk are those of each by itself. */
class ProofWalkTest {

  private static final TenantId ACME = new TenantId("acme");

  @TempDir Path directory;

  @Test
  void theyAreTheProofsOfEachEntryByItself() throws Exception {
    try (ProofFixture fixture = new ProofFixture(directory)) {
      fixture.append(ACME, 1_100);
      Eventually.holds("published", () -> fixture.logs.publishedSize(ACME) == 1_100);
      SignedCheckpoint checkpoint = fixture.logs.checkpoint(ACME);
      List<Hash> leaves = fixture.log.leafHashes(ACME, 0, 1_100);
      ProofWalk walk = fixture.logs.walk(ACME, checkpoint);
      for (long seq : new long[] {0, 1, 2, 255, 256, 300, 511, 1_000, 1_023, 1_024, 1_099}) {
        List<String> expected =
            fixture.logs.proofs(ACME, new long[] {seq}).getFirst().inclusion().hashes().stream()
                .map(Hash::toBase64)
                .toList();
        assertThat(
                Arrays.stream(walk.of(seq, leaves.get((int) seq)))
                    .map(text -> new String(text, StandardCharsets.US_ASCII)))
            .as("entry %d", seq)
            .isEqualTo(expected);
      }
      ProofWalk again = fixture.logs.walk(ACME, checkpoint);
      for (long seq : new long[] {7, 1_090}) {
        assertThatThrownBy(() -> again.of(seq, leaves.get(3)))
            .isInstanceOf(DamagedEntryException.class)
            .hasMessageContaining("entry " + seq);
      }
    }
  }
}
