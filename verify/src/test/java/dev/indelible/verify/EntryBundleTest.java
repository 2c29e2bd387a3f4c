package dev.indelible.verify;

import static dev.indelible.verify.SignedNoteTest.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntryBundleTest {

  @Test
  void leavesComeBackAsTheyWere() {
    List<byte[]> leaves = new ArrayList<>();
    for (int i = 0; i < LogResource.FULL_WIDTH; i++) {
      byte[] leaf = new byte[i == 7 ? EntryBundle.MAX_LEAF_BYTES : i];
      Arrays.fill(leaf, (byte) i);
      leaves.add(leaf);
    }
    byte[] bytes = EntryBundle.encode(leaves);
    assertThat(bytes).startsWith(0, 0, 0, 1, 1, 0, 2, 2, 2);
    List<byte[]> read = new EntryBundle(3, 256).decode(bytes).orThrow();
    assertThat(read).hasSize(256);
    for (int i = 0; i < read.size(); i++) {
      assertThat(read.get(i)).isEqualTo(leaves.get(i));
    }
  }

  @Test
  void anotherNumberOfLeavesIsRefusedWithItsPlace() {
    byte[] two = EntryBundle.encode(List.of(new byte[] {1, 2, 3}, new byte[] {4}));
    assertThat(message(new EntryBundle(0, 3).decode(two)))
        .isEqualTo("entry bundle, byte 8: ends before the length of leaf 2 of 3");
    assertThat(message(new EntryBundle(0, 1).decode(two)))
        .isEqualTo("entry bundle, byte 5: 3 bytes after the last of 1 leaves");
    assertThat(message(new EntryBundle(0, 2).decode(Arrays.copyOf(two, 7))))
        .isEqualTo("entry bundle, byte 5: ends within leaf 1, which has 1 bytes");
    assertThat(message(new EntryBundle(0, 2).decode(Arrays.copyOf(two, 6))))
        .isEqualTo("entry bundle, byte 5: ends before the length of leaf 1 of 2");
    assertThat(message(new EntryBundle(0, 1).decode(new byte[0])))
        .isEqualTo("entry bundle, byte 0: ends before the length of leaf 0 of 1");
  }

  @Test
  void hasLimits() {
    assertThatThrownBy(() -> EntryBundle.encode(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EntryBundle.encode(Collections.nCopies(257, new byte[1])))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EntryBundle.encode(List.of(new byte[65_536])))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(EntryBundle.MAX_BYTES).isEqualTo(256 * 65_537);
  }
}
