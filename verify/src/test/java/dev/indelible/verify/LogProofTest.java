package dev.indelible.verify;

import static dev.indelible.verify.MerkleTreeTest.assertFails;
import static dev.indelible.verify.MerkleTreeTest.assertHolds;
import static dev.indelible.verify.SignedNoteTest.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.verify.Verdict.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LogProofTest {

  private static final int SIZE = 11;

  private final NoteSigner log = CheckpointTest.signer("log.test/t/a", VerifierKey.Type.ED25519, 1);
  private final TrustPolicy policy = TrustPolicy.ofLog(log.verifierKey());
  private final List<Leaf> leaves = leaves();
  private final MerkleTree tree = MerkleTree.ofLeafHashes(leaves.stream().map(Leaf::hash).toList());

  @Test
  void provesEveryLeafToSomebodyWhoHasOnlyTheFileAndTheKey() throws IOException {
    for (int index = 0; index < SIZE; index++) {
      LogProof proof = proof(index);
      LogProof read = LogProof.parse(proof.encode()).orThrow();
      assertThat(read).hasToString(proof.toString());
      assertThat(read.leafIndex()).isEqualTo(index);
      assertHolds(read.check(policy));
      assertHolds(read.check(leaves.get(index).hash(), policy));
      assertFails(Problem.WRONG_ROOT, read.check(Leaf.NO_PERSONAL, policy));
      assertThat(Leaf.decode(read.extra().orElseThrow()).orThrow()).isEqualTo(leaves.get(index));
    }
  }

  @Test
  void hasTheLinesOfTheDocument() throws IOException {
    SignedCheckpoint checkpoint = checkpoint();
    InclusionProof inclusion = tree.inclusionProof(10);
    assertThat(LogProof.of(null, inclusion, checkpoint))
        .hasToString(
            "c2sp.org/tlog-proof@v1\nindex 10\n"
                + inclusion.hashes().get(0).toBase64()
                + "\n"
                + inclusion.hashes().get(1).toBase64()
                + "\n\n"
                + checkpoint.note());
    assertThat(LogProof.of(null, inclusion, checkpoint).check(policy).holds()).isFalse();
  }

  @Test
  void noByteOfTheFileCanChangeUnnoticed() throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] file = proof(6).encode();
    flip(file, IntStream.range(0, file.length).map(at -> 8 * at + random.nextInt(8)).toArray());
  }

  @Test
  @Tag("long")
  void noBitOfTheFileCanChangeUnnoticed() throws IOException {
    byte[] file = proof(6).encode();
    flip(file, IntStream.range(0, 8 * file.length).toArray());
  }

  private void flip(byte[] file, int[] bits) {
    int wellFormed = 0;
    for (int bit : bits) {
      byte[] altered = file.clone();
      altered[bit / 8] ^= (byte) (1 << bit % 8);
      if (LogProof.parse(altered) instanceof Parsed.Ok<LogProof> ok) {
        wellFormed++;
        assertThat(ok.value().check(policy).holds()).as("bit %d", bit).isFalse();
      }
    }
    assertThat(wellFormed).isGreaterThan(bits.length / 20);
  }

  @Test
  void anotherKeyOrOriginIsNotBelieved() throws IOException {
    LogProof proof = proof(3);
    NoteSigner other = CheckpointTest.signer("log.test/t/a", VerifierKey.Type.ED25519, 2);
    assertFails(Problem.UNSIGNED, proof.check(TrustPolicy.ofLog(other.verifierKey())));
    NoteSigner elsewhere = CheckpointTest.signer("log.test/t/b", VerifierKey.Type.ED25519, 1);
    assertFails(Problem.WRONG_ORIGIN, proof.check(TrustPolicy.ofLog(elsewhere.verifierKey())));
  }

  @Test
  void whatIsNoProofIsRefusedWithItsLine() throws IOException {
    String file = proof(6).toString();
    String note = checkpoint().note().toString();
    String header = "c2sp.org/tlog-proof@v1\n";
    assertMalformed("", "proof, line 1: no empty line");
    assertMalformed("x" + file, "proof, line 1: is not c2sp.org/tlog-proof@v1");
    assertMalformed(header + "\n" + note, "proof, line 2: is not the line of the index");
    assertMalformed(file.replace("index 6", "index 06"), "proof, line 3: an index is a decimal");
    assertMalformed(file.replace("index 6", "index  6"), "proof, line 3: an index is a decimal");
    assertMalformed(file.replace("index", "Index"), "proof, line 3: is not the line of the index");
    assertMalformed(header + "extra \nindex 1\n\n" + note, "proof, line 2: extra data is");
    assertMalformed(header + "extra A\nindex 1\n\n" + note, "proof, line 2: extra data is");
    assertMalformed(header + "index 1\nAAAA\n\n" + note, "proof, line 3: a hash has 32 bytes");
    assertMalformed(header + "index 1\n\n\n" + note, "checkpoint, line 1");
    assertMalformed(header + "index 1\n\ntext\n", "note, line 4: no empty line");
    assertMalformed(header + "index 1\n\n" + note + "x\n", "note, line 9: a signature line");
    assertMalformed(file + "\n", "note, line");
    String hash = Leaf.NO_PERSONAL.toBase64() + "\n";
    assertThat(parse(header + "index 1\n" + hash.repeat(63) + "\n" + note))
        .isInstanceOf(Parsed.Ok.class);
    assertMalformed(
        header + "index 1\n" + hash.repeat(64) + "\n" + note, "proof, line 3: more than 63 hashes");
    assertThat(message(LogProof.parse(new byte[LogProof.MAX_BYTES + 1])))
        .startsWith("proof, start: has 393217 bytes");
  }

  @Test
  void aProofThatIsNotOneForTheCheckpointCannotBeMade() throws IOException {
    SignedCheckpoint checkpoint = checkpoint();
    InclusionProof other = InclusionProof.inTree(1, SIZE + 1, List.of());
    assertThatThrownBy(() -> LogProof.of(null, other, checkpoint))
        .isInstanceOf(IllegalArgumentException.class);
    InclusionProof good = tree.inclusionProof(1);
    assertThatThrownBy(() -> LogProof.of(new byte[0], good, checkpoint))
        .isInstanceOf(IllegalArgumentException.class);
    byte[] longest = new byte[LogProof.MAX_EXTRA_BYTES];
    assertThat(LogProof.parse(LogProof.of(longest, good, checkpoint).encode()))
        .isInstanceOf(Parsed.Ok.class);
    assertThatThrownBy(() -> LogProof.of(new byte[LogProof.MAX_EXTRA_BYTES + 1], good, checkpoint))
        .isInstanceOf(IllegalArgumentException.class);
    InclusionProof tooLong =
        InclusionProof.inTree(1, SIZE, Collections.nCopies(64, Leaf.NO_PERSONAL));
    assertThatThrownBy(() -> LogProof.of(null, tooLong, checkpoint))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private LogProof proof(int index) throws IOException {
    return LogProof.ofLeaf(leaves.get(index), tree.inclusionProof(index), checkpoint());
  }

  private SignedCheckpoint checkpoint() throws IOException {
    return new Checkpoint("log.test/t/a", SIZE, tree.root()).sign(log);
  }

  private static List<Leaf> leaves() {
    List<Leaf> leaves = new ArrayList<>();
    byte[] salt = new byte[Leaf.SALT_BYTES];
    for (int i = 0; i < SIZE; i++) {
      Hash facts = Leaf.digest(salt, new byte[] {(byte) i});
      leaves.add(new Leaf(1_700_000_000_000L + i, facts, Leaf.NO_PERSONAL));
    }
    return leaves;
  }

  private static Parsed<LogProof> parse(String file) {
    return LogProof.parse(file.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertMalformed(String file, String message) {
    assertThat(message(parse(file))).startsWith(message);
  }
}
