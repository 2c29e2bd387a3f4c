package dev.indelible.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.verify.Verdict.Fails;
import dev.indelible.verify.Verdict.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {

  /** Beyond a full tree of seven levels. */
  private static final int SIZES = 140;

  private static final int MANY_SIZES = 300;

  private static final List<Hash> LEAVES = leaves(MANY_SIZES);
  private static final Hash OTHER = Rfc6962.leafHash(new byte[] {42});

  @Test
  void provesEveryLeafOfEverySizeUpTo140AsTheDefinitionDoes() throws IOException {
    provesEveryLeaf(1, SIZES);
  }

  @Test
  @Tag("long")
  void provesEveryLeafOfEverySizeUpTo300AsTheDefinitionDoes() throws IOException {
    provesEveryLeaf(SIZES + 1, MANY_SIZES);
  }

  private static void provesEveryLeaf(int from, int to) throws IOException {
    for (int size = from; size <= to; size++) {
      List<Hash> leaves = LEAVES.subList(0, size);
      MerkleTree tree = MerkleTree.ofLeafHashes(leaves);
      Hash root = RecursiveTree.root(leaves);
      assertThat(tree.root()).isEqualTo(root);
      assertThat(tree.frontier().root(new TreeHasher())).isEqualTo(root);
      for (int index = 0; index < size; index++) {
        InclusionProof proof = tree.inclusionProof(index);
        if (size <= 40) {
          assertThat(proof.hashes()).isEqualTo(RecursiveTree.path(index, leaves));
        }
        // Plain comparisons: there are too many for assertions of their own.
        if (!proof.check(leaves.get(index), root).holds()
            || !isOfAnotherRoot(proof.check(OTHER, root))
            || !isOfAnotherRoot(proof.check(leaves.get(index), OTHER))) {
          throw new AssertionError("leaf %d of %d".formatted(index, size));
        }
      }
    }
  }

  @Test
  void provesGrowthBetweenAnyTwoSizesUpTo140AsTheDefinitionDoes() throws IOException {
    provesGrowth(SIZES);
  }

  @Test
  @Tag("long")
  void provesGrowthBetweenAnyTwoSizesUpTo300AsTheDefinitionDoes() throws IOException {
    provesGrowth(MANY_SIZES);
  }

  private static void provesGrowth(int to) throws IOException {
    List<Hash> roots = new ArrayList<>(List.of(Rfc6962.EMPTY_ROOT));
    for (int size = 1; size <= to; size++) {
      MerkleTree tree = MerkleTree.ofLeafHashes(LEAVES.subList(0, size));
      roots.add(tree.root());
      for (int old = 1; old <= size; old++) {
        ConsistencyProof proof = tree.consistencyProof(old);
        if (size <= 40) {
          assertThat(proof.hashes()).isEqualTo(RecursiveTree.proof(old, LEAVES.subList(0, size)));
        }
        if (!proof.checkGrowth(roots.get(old), roots.get(size)).holds()
            || proof.checkGrowth(OTHER, roots.get(size)).holds()
            || proof.checkGrowth(roots.get(old), OTHER).holds()) {
          throw new AssertionError("from %d to %d".formatted(old, size));
        }
      }
    }
  }

  @Test
  void provesEverySubtreeOfEverySizeUpTo40() throws IOException {
    provesEverySubtree(40, 3_000);
  }

  @Test
  @Tag("long")
  void provesEverySubtreeOfEverySizeUpTo64() throws IOException {
    provesEverySubtree(64, 10_000);
  }

  private static void provesEverySubtree(int to, int leastProven) throws IOException {
    int proven = 0;
    for (int size = 1; size <= to; size++) {
      MerkleTree tree = MerkleTree.ofLeafHashes(LEAVES.subList(0, size));
      for (int start = 0; start <= size; start++) {
        for (int end = start; end <= size; end++) {
          Subtree subtree = new Subtree(start, end);
          if (!subtree.isValid()) {
            continue;
          }
          Hash subtreeRoot = RecursiveTree.root(LEAVES.subList(start, end));
          assertThat(tree.root(subtree)).isEqualTo(subtreeRoot);
          ConsistencyProof proof = tree.consistencyProof(subtree);
          assertHolds(proof.check(subtreeRoot, tree.root()));
          assertThat(proof.check(OTHER, tree.root()).holds()).isFalse();
          for (int index = start; index < end; index++) {
            assertHolds(tree.inclusionProof(index, subtree).check(LEAVES.get(index), subtreeRoot));
            proven++;
          }
        }
      }
    }
    assertThat(proven).isGreaterThan(leastProven);
  }

  @Test
  void theExampleOfSevenLeavesHasTheProofsOfTheDocuments() throws IOException {
    List<Hash> d = LEAVES.subList(0, 7);
    Hash h = Rfc6962.nodeHash(d.get(0), d.get(1));
    Hash i = Rfc6962.nodeHash(d.get(2), d.get(3));
    Hash j = Rfc6962.nodeHash(d.get(4), d.get(5));
    Hash k = Rfc6962.nodeHash(h, i);
    Hash l = Rfc6962.nodeHash(j, d.get(6));
    MerkleTree tree = MerkleTree.ofLeafHashes(d);
    assertThat(tree.root()).isEqualTo(Rfc6962.nodeHash(k, l));
    assertThat(tree.inclusionProof(0).hashes()).containsExactly(d.get(1), i, l);
    assertThat(tree.inclusionProof(3).hashes()).containsExactly(d.get(2), h, l);
    assertThat(tree.inclusionProof(4).hashes()).containsExactly(d.get(5), d.get(6), k);
    assertThat(tree.inclusionProof(6).hashes()).containsExactly(j, k);
    assertThat(tree.consistencyProof(3).hashes()).containsExactly(d.get(2), d.get(3), h, l);
    assertThat(tree.consistencyProof(4).hashes()).containsExactly(l);
    assertThat(tree.consistencyProof(6).hashes()).containsExactly(j, d.get(6), k);
  }

  @Test
  void saysExactlyHowLongAProofShouldBe() throws IOException {
    MerkleTree tree = MerkleTree.ofLeafHashes(LEAVES.subList(0, 7));
    InclusionProof six = tree.inclusionProof(6);
    InclusionProof shorter = InclusionProof.inTree(6, 7, six.hashes().subList(0, 1));
    assertThat(shorter.check(LEAVES.get(6), tree.root()))
        .isEqualTo(
            new Fails(Problem.WRONG_LENGTH, "the proof of leaf 6 in [0, 7) has 1 hashes, not 2"));
    List<Hash> more = new ArrayList<>(tree.consistencyProof(3).hashes());
    more.add(OTHER);
    assertThat(ConsistencyProof.betweenSizes(3, 7, more).checkGrowth(OTHER, OTHER))
        .isEqualTo(
            new Fails(Problem.WRONG_LENGTH, "the proof of [0, 3) in size 7 has 5 hashes, not 4"));
    assertThat(InclusionProof.inTree(7, 7, List.of()).check(OTHER, OTHER))
        .isEqualTo(new Fails(Problem.OUT_OF_RANGE, "leaf 7 is not in a tree of leaves [0, 7)"));
  }

  @Test
  void anythingDifferentInAProofMakesItFail() throws IOException {
    int size = 77;
    MerkleTree tree = MerkleTree.ofLeafHashes(LEAVES.subList(0, size));
    for (int index = 0; index < size; index++) {
      InclusionProof proof = tree.inclusionProof(index);
      for (int h = 0; h < proof.hashes().size(); h++) {
        List<Hash> hashes = new ArrayList<>(proof.hashes());
        hashes.set(h, OTHER);
        InclusionProof altered = InclusionProof.inTree(index, size, hashes);
        assertFails(Problem.WRONG_ROOT, altered.check(LEAVES.get(index), tree.root()));
      }
      InclusionProof moved = InclusionProof.inTree(index ^ 1, size, proof.hashes());
      assertThat(moved.check(LEAVES.get(index), tree.root()).holds()).isFalse();
      if (index > 0) {
        ConsistencyProof growth = tree.consistencyProof(index);
        Hash oldRoot = RecursiveTree.root(LEAVES.subList(0, index));
        for (int h = 0; h < growth.hashes().size(); h++) {
          List<Hash> hashes = new ArrayList<>(growth.hashes());
          hashes.set(h, OTHER);
          ConsistencyProof altered = ConsistencyProof.betweenSizes(index, size, hashes);
          assertThat(altered.checkGrowth(oldRoot, tree.root()).holds()).isFalse();
        }
      }
    }
  }

  @Test
  void asksForSomethingThatIsInTheTree() {
    MerkleTree tree = MerkleTree.ofLeafHashes(LEAVES.subList(0, 7));
    assertThatThrownBy(() -> tree.inclusionProof(7)).hasMessage("leaf 7 is not in [0, 7)");
    assertThatThrownBy(() -> tree.inclusionProof(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tree.consistencyProof(0)).hasMessageContaining("size 0");
    assertThatThrownBy(() -> tree.consistencyProof(8)).hasMessageContaining("[0, 8)");
    assertThatThrownBy(() -> tree.root(new Subtree(1, 3))).hasMessageContaining("[1, 3)");
    assertThat(new Subtree(0, Long.MAX_VALUE).isValid()).isTrue();
    assertThat(new Subtree(1L << 62, Long.MAX_VALUE).isValid()).isTrue();
    assertThat(new Subtree(1L << 61, Long.MAX_VALUE).isValid()).isFalse();
  }

  static List<Hash> leaves(int count) {
    List<Hash> leaves = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leaves.add(Rfc6962.leafHash(("leaf " + i).getBytes(StandardCharsets.UTF_8)));
    }
    return List.copyOf(leaves);
  }

  private static boolean isOfAnotherRoot(Verdict verdict) {
    return verdict instanceof Fails fails && fails.problem() == Problem.WRONG_ROOT;
  }

  static void assertHolds(Verdict verdict) {
    assertThat(verdict).isEqualTo(new Verdict.Holds());
  }

  static void assertFails(Problem problem, Verdict verdict) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Fails.class, fails -> assertThat(fails.problem()).isEqualTo(problem));
  }
}
