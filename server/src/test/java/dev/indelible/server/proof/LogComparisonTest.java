package dev.indelible.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.TenantId;
import dev.indelible.verify.Hash;
import dev.indelible.verify.MerkleTree;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogComparisonTest {

  private static final TenantId ACME = new TenantId("acme");

  @TempDir Path directory;

  @Test
  void whatMayBeSignedNextIsTheTreeOfAllLeavesHoweverMuchTheLogHasGrown() throws Exception {
    long seed = 20_261_121;
    Random random = new Random(seed);
    try (ProofFixture fixture = new ProofFixture(directory)) {
      LogComparison comparison = new LogComparison(fixture.log, new LogTiles(fixture.log));
      Head signed = Head.EMPTY;
      for (int i = 0; i < 40; i++) {
        int growth =
            i % 4 == 0
                ? LogComparison.MAX_APPENDED - 2 + random.nextInt(4)
                : 1 + random.nextInt(300);
        fixture.append(ACME, growth);
        Head next = comparison.next(ACME, signed).orElseThrow();
        assertThat(next.size()).isEqualTo(fixture.log.size(ACME));
        List<Hash> leaves = fixture.log.leafHashes(ACME, 0, next.size());
        assertThat(next.root())
            .as("seed %d, size %d", seed, next.size())
            .isEqualTo(MerkleTree.ofLeafHashes(leaves).root());
        assertThat(comparison.next(ACME, next)).isEmpty();
        // Not everything that may be signed is: the journal of heads fails now and then.
        signed = i % 5 == 0 ? signed : next;
      }
      assertThat(fixture.log.stoppedBecause(ACME)).isEmpty();
    }
  }

  @Test
  void aLogThatWasComparedIsStoppedWhenAnotherRootThanItsOwnWasSigned() throws Exception {
    for (int growth : new int[] {1, LogComparison.MAX_APPENDED, LogComparison.MAX_APPENDED + 1}) {
      TenantId tenant = new TenantId("t" + growth);
      try (ProofFixture fixture = new ProofFixture(directory.resolve(tenant.value()))) {
        LogComparison comparison = new LogComparison(fixture.log, new LogTiles(fixture.log));
        fixture.append(tenant, 300);
        Head next = comparison.next(tenant, Head.EMPTY).orElseThrow();
        fixture.append(tenant, growth);
        Head other = new Head(next.size(), Hash.of(new byte[Hash.BYTES]));
        assertThat(comparison.next(tenant, other)).isEmpty();
        assertThat(fixture.log.stoppedBecause(tenant))
            .hasValueSatisfying(
                reason ->
                    assertThat(reason)
                        .startsWith(
                            "size %d does not go on from the signed size 300"
                                .formatted(300 + growth)));
      }
    }
  }
}
