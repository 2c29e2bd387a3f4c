package dev.indelible.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of the request that a log sends to a witness. */
class AddCheckpointTest {

  /** The example of c2sp.org/tlog-witness. */
  private static final String EXAMPLE =
      """
      old 20852014
      PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
      jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
      5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
      /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

      example.com/behind-the-sofa
      20852163
      CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

      \u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
      \u2014 example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
      """;

  @Test
  void readsAndWritesTheExampleOfTheDocument() {
    AddCheckpoint request = AddCheckpoint.parse(EXAMPLE.getBytes(UTF_8)).orThrow();
    assertThat(request.oldSize()).isEqualTo(20_852_014);
    assertThat(request.proof()).hasSize(4);
    assertThat(request.checkpoint().checkpoint().size()).isEqualTo(20_852_163);
    assertThat(request.checkpoint().note().signatures()).hasSize(2);
    assertThat(new String(request.encode(), UTF_8)).isEqualTo(EXAMPLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "old 020852014\n",
        "old -1\n",
        "old \n",
        "old\n",
        "Old 20852014\n",
        "old 9223372036854775808\n",
        "old 20852014 \n"
      })
  void aFirstLineThatIsNoneIsRefused(String first) {
    String body = first + EXAMPLE.substring(EXAMPLE.indexOf('\n') + 1);
    assertThat(AddCheckpoint.parse(body.getBytes(UTF_8))).isInstanceOf(Parsed.Malformed.class);
  }

  @Test
  void aBodyCutAnywhereIsRefused() {
    byte[] whole = EXAMPLE.getBytes(UTF_8);
    int wholeSignatures = EXAMPLE.indexOf("\u2014", EXAMPLE.indexOf("\u2014") + 1);
    int oneSignature = EXAMPLE.substring(0, wholeSignatures).getBytes(UTF_8).length;
    for (int length = 0; length < whole.length; length++) {
      if (length != oneSignature) { // a note with one signature is a note
        assertThat(AddCheckpoint.parse(java.util.Arrays.copyOf(whole, length)))
            .as("%d bytes", length)
            .isInstanceOf(Parsed.Malformed.class);
      }
    }
  }

  @Test
  void aProofHasAtMost63Hashes() {
    String hash = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n";
    String note = EXAMPLE.substring(EXAMPLE.indexOf("\n\n"));
    assertThat(
            AddCheckpoint.parse(("old 5\n" + hash.repeat(63) + note.substring(1)).getBytes(UTF_8)))
        .isInstanceOf(Parsed.Ok.class);
    assertThat(
            AddCheckpoint.parse(("old 5\n" + hash.repeat(64) + note.substring(1)).getBytes(UTF_8)))
        .isInstanceOf(Parsed.Malformed.class);
  }

  @Test
  void growthIsShownFromEverySizeAndFromNoOther() throws IOException {
    List<Hash> leaves = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      leaves.add(Rfc6962.leafHash(new byte[] {(byte) i}));
    }
    byte[] seed = new byte[Ed25519Key.SEED_BYTES];
    NoteSigner log =
        new NoteSigner("example.com/log", VerifierKey.Type.ED25519, Ed25519Key.fromSeed(seed));
    for (int size = 1; size <= 40; size++) {
      MerkleTree tree = MerkleTree.ofLeafHashes(leaves.subList(0, size));
      SignedCheckpoint checkpoint = new Checkpoint("example.com/log", size, tree.root()).sign(log);
      for (int old = 0; old <= size; old++) {
        Hash oldRoot = Rfc6962.root(leaves.subList(0, old));
        List<Hash> proof = old == 0 ? List.of() : tree.consistencyProof(old).hashes();
        AddCheckpoint request =
            AddCheckpoint.parse(new AddCheckpoint(old, proof, checkpoint).encode()).orThrow();
        assertThat(request.checkGrowth(oldRoot).holds()).as("%d to %d", old, size).isTrue();
        if (old > 0) {
          Hash other = Rfc6962.leafHash(new byte[] {99});
          assertThat(request.checkGrowth(other).holds()).isFalse();
        }
      }
    }
    AddCheckpoint proofOfNothing =
        new AddCheckpoint(
            0,
            List.of(leaves.get(0)),
            new Checkpoint("example.com/log", 1, leaves.get(0)).sign(log));
    assertThat(proofOfNothing.checkGrowth(Rfc6962.EMPTY_ROOT).holds()).isFalse();
  }
}
