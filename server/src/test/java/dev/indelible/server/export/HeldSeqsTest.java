package dev.indelible.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of what a file holds. */
class HeldSeqsTest {

  @TempDir Path directory;

  @Test
  void itTellsHowManyOfSomeNumbersItHolds() throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    Path file = directory.resolve("held");
    TreeSet<Long> wanted = new TreeSet<>();
    try (HeldSeqs held = HeldSeqs.open(file, 0)) {
      long seq = 0;
      for (int i = 0; i < 5_000; i++) {
        seq += random.nextInt(3) == 0 ? random.nextLong(1, 100_000) : 1;
        held.add(seq);
        wanted.add(seq);
      }
      assertThat(held.flush()).isEqualTo(Files.size(file));
    }
    for (int i = 0; i < 200; i++) {
      long from = random.nextLong(wanted.last());
      long to = from + random.nextLong(1, 200_000);
      long[] second = {to + 10, to + 1_000};
      assertThat(HeldSeqs.common(file, List.of(new long[] {from, to}, second)))
          .isEqualTo(wanted.subSet(from, to).size() + wanted.subSet(second[0], second[1]).size());
    }
    assertThat(HeldSeqs.common(file, List.of())).isZero();
  }

  @Test
  void whatIsBehindTheDurableEndIsCutAndNothingIsTwice() throws Exception {
    Path file = directory.resolve("held");
    long durable;
    try (HeldSeqs held = HeldSeqs.open(file, 0)) {
      held.add(3);
      held.add(4);
      durable = held.flush();
      held.add(5);
      held.add(9);
      held.flush();
    }
    Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
    try (HeldSeqs held = HeldSeqs.open(file, durable)) {
      held.add(5);
      held.add(300);
      held.flush();
    }
    assertThat(HeldSeqs.common(file, List.of(new long[] {0, 1_000}))).isEqualTo(4);
    assertThat(HeldSeqs.common(file, List.of(new long[] {5, 300}))).isEqualTo(1);
    Files.write(file, new byte[0]);
    assertThatThrownBy(() -> HeldSeqs.open(file, durable)).isInstanceOf(EOFException.class);
  }
}
