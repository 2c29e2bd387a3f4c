package dev.indelible.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TreeFrontierTest {

  private final TreeHasher hasher = new TreeHasher();

  @Test
  @Tag("long")
  void agreesWithTheDefinitionAtEverySizeUpTo1100() {
    List<Hash> leaves = new ArrayList<>();
    TreeFrontier frontier = TreeFrontier.empty();
    assertThat(frontier.root(hasher)).isEqualTo(Rfc6962.EMPTY_ROOT);
    for (int size = 1; size <= 1100; size++) {
      leaves.add(leafHash(size));
      int height = frontier.append(leaves.get(size - 1), hasher);

      assertThat(frontier.size()).isEqualTo(size);
      assertThat(frontier.root(hasher)).as("root at size %d", size).isEqualTo(root(leaves, size));
      assertThat(frontier.hashes()).hasSize(Integer.bitCount(size));
      assertThat(height).isEqualTo(Integer.numberOfTrailingZeros(size));
      for (int h = 0; h <= height; h++) {
        assertThat(frontier.completed(h))
            .isEqualTo(RecursiveTree.root(leaves.subList(size - (1 << h), size)));
      }
    }
  }

  @Test
  void growsOnFromARestoredOneAsIfNothingHadHappened() {
    TreeFrontier straight = TreeFrontier.empty();
    TreeFrontier restored = TreeFrontier.empty();
    for (int i = 0; i < 700; i++) {
      restored = TreeFrontier.restore(restored.size(), restored.hashes());
      byte[] raw = new byte[5 + Hash.BYTES];
      leafHash(i).copyTo(raw, 5);
      assertThat(restored.append(raw, 5, hasher)).isEqualTo(straight.append(leafHash(i), hasher));
      assertThat(restored.hashes()).isEqualTo(straight.hashes());
      assertThat(restored.root(hasher)).isEqualTo(straight.root(hasher));
    }
  }

  @Test
  void aCopyGrowsApart() {
    TreeFrontier frontier = TreeFrontier.empty();
    for (int i = 0; i < 7; i++) {
      frontier.append(leafHash(i), hasher);
    }
    Hash root = frontier.root(hasher);
    TreeFrontier copy = frontier.copy();
    copy.append(leafHash(7), hasher);
    assertThat(frontier.size()).isEqualTo(7);
    assertThat(frontier.root(hasher)).isEqualTo(root);
    assertThat(copy.size()).isEqualTo(8);
    assertThat(copy.completed(3)).isEqualTo(copy.root(hasher));
  }

  @Test
  void refusesWhatIsNoFrontier() {
    assertThatThrownBy(() -> TreeFrontier.restore(3, List.of(leafHash(1))))
        .hasMessageContaining("size 3")
        .hasMessageContaining("1 hashes");
    assertThatThrownBy(() -> TreeFrontier.restore(-1, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    TreeFrontier restored = TreeFrontier.restore(1, List.of(leafHash(1)));
    assertThatThrownBy(() -> restored.completed(0)).isInstanceOf(IllegalArgumentException.class);
    restored.append(leafHash(2), hasher);
    assertThatThrownBy(() -> restored.completed(2)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void stopsAtTheLargestSize() {
    List<Hash> hashes = new ArrayList<>();
    for (int i = 0; i < 63; i++) {
      hashes.add(leafHash(i));
    }
    TreeFrontier full = TreeFrontier.restore(TreeFrontier.MAX_SIZE, hashes);
    assertThat(full.hashes()).isEqualTo(hashes);
    assertThatThrownBy(() -> full.append(leafHash(0), hasher))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Hash root(List<Hash> leaves, int size) {
    return RecursiveTree.root(leaves.subList(0, size));
  }

  private static Hash leafHash(int i) {
    return Rfc6962.leafHash(("leaf " + i).getBytes(StandardCharsets.UTF_8));
  }
}
