package dev.indelible.server.journal;

import static dev.indelible.ports.testing.JournalContractTest.bytes;
import static dev.indelible.ports.testing.JournalContractTest.readAll;
import static dev.indelible.ports.testing.JournalContractTest.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.indelible.ports.journal.Journal.Batch;
import dev.indelible.ports.journal.Position;
import dev.indelible.ports.testing.SettableClock;
import dev.indelible.server.disk.DiskFile;
import dev.indelible.server.disk.FileLockedException;
import dev.indelible.server.disk.SimulatedDisk;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The rows of {@link Recovery}'s table, each by its number. */
class RecoveryTest {

  private static final Path DIRECTORY = SimulatedDisk.ROOT.resolve("journal");

  private static final int BATCHES_TO_A_SEGMENT = 11;

  private final SettableClock clock = new SettableClock(1_000);
  private final SimulatedDisk disk = new SimulatedDisk();

  private FileJournal open() throws IOException {
    return FileJournal.open(
        disk,
        DIRECTORY,
        FileJournal.Options.of(clock, new Random(3))
            .withSegmentBytes(FileJournal.MIN_SEGMENT_BYTES));
  }

  /**
   * A closed journal with such batches of about 1,000 bytes, and the segment after them, which
   * another thread prepares: it would be missing if the journal were closed before.
   */
  private List<String> fill(int batches) throws IOException {
    List<String> sent = new ArrayList<>();
    try (FileJournal journal = open()) {
      for (int i = 0; i < batches; i++) {
        sent.add("batch " + i + " " + "x".repeat(990));
        journal.append(bytes(sent.getLast())).join();
      }
      Path next = segment(2 + (batches - 1) / BATCHES_TO_A_SEGMENT);
      Eventually.holds(next + " is prepared", () -> disk.exists(next));
    }
    return sent;
  }

  private static Path segment(long number) {
    return SegmentHeader.file(DIRECTORY, number);
  }

  private Recovery.Scan scan(long number) throws IOException {
    try (DiskFile file = disk.open(segment(number))) {
      return Recovery.Scan.of(file, number);
    }
  }

  private void flip(long number, int offset) throws IOException {
    byte[] content = disk.bytesOf(segment(number));
    content[offset] ^= 1;
    disk.damage(segment(number), content);
  }

  /** Puts a frame at an offset as the committer would have. */
  private void put(long number, int offset, String text, int groupOffset) throws IOException {
    Recovery.Scan scan = scan(number);
    byte[] payload = bytes(text);
    long position = scan.base + offset - SegmentHeader.BYTES;
    byte[] content = disk.bytesOf(segment(number));
    ByteBuffer target = ByteBuffer.wrap(content).position(offset);
    new Frame(payload.length, Frame.checksum(payload), position, 2_000, groupOffset)
        .encode(target, scan.segment.id(), offset);
    target.put(payload);
    disk.damage(segment(number), content);
  }

  private List<String> reopenAndRead() throws Exception {
    try (FileJournal journal = open()) {
      return texts(readAll(journal, journal.begin()));
    }
  }

  private JournalCorruptException corrupt() {
    JournalCorruptException e =
        catchThrowableOfType(JournalCorruptException.class, () -> open().close());
    assertThat(e).isNotNull();
    assertThat(e).hasMessageContaining(e.file().toString()).hasMessageContaining("offset");
    return e;
  }

  @Test
  void row1NoSegmentIsANewJournalAtPosition0() throws Exception {
    try (FileJournal journal = open()) {
      assertThat(journal.begin()).isEqualTo(Position.START);
      assertThat(journal.end()).isEqualTo(Position.START);
    }
  }

  @Test
  void row2TemporaryFilesAreDeleted() throws Exception {
    List<String> sent = fill(3);
    Path left = DIRECTORY.resolve("recycled-7.tmp");
    disk.create(left).close();
    assertThat(reopenAndRead()).isEqualTo(sent);
    assertThat(disk.exists(left)).isFalse();
  }

  @Test
  void row3AnotherMagicIsNoSegment() throws Exception {
    fill(3);
    flip(1, 0);
    assertThatThrownBy(this::open)
        .isInstanceOf(JournalFormatException.class)
        .hasMessageContaining(segment(1).toString())
        .hasMessageContaining("not a journal segment");
  }

  @Test
  void row3AnUnknownVersionIsNamed() throws Exception {
    fill(3);
    byte[] content = disk.bytesOf(segment(1));
    ByteBuffer header = ByteBuffer.wrap(content).putInt(8, 2);
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(content, 0, 60);
    header.putInt(60, (int) crc.getValue());
    disk.damage(segment(1), content);
    assertThatThrownBy(this::open)
        .isInstanceOf(JournalFormatException.class)
        .hasMessageContaining("version 2, this program knows 1");
  }

  @Test
  void row4ADamagedHeaderIsCorrupt() throws Exception {
    fill(3);
    flip(1, 30);
    assertThat(corrupt().file()).isEqualTo(segment(1));
  }

  @Test
  void row4AShortHeaderIsCorrupt() throws Exception {
    fill(3);
    disk.damage(segment(1), new byte[100]);
    assertThat(corrupt().offset()).isEqualTo(100);
  }

  @Test
  void row4AnotherSegmentsContentIsCorrupt() throws Exception {
    fill(30);
    disk.damage(segment(1), disk.bytesOf(segment(2)));
    assertThat(corrupt()).hasMessageContaining("segment number 2");
  }

  @Test
  void row5AMissingSegmentIsCorrupt() throws Exception {
    fill(30);
    disk.delete(segment(2));
    assertThat(corrupt().file()).isEqualTo(segment(2));
  }

  @Test
  void row6FramesAfterAnEmptySegmentAreCorrupt() throws Exception {
    fill(30);
    byte[] content = disk.bytesOf(segment(2));
    java.util.Arrays.fill(content, SegmentHeader.BYTES, content.length, (byte) 0);
    disk.damage(segment(2), content);
    assertThat(corrupt().file()).isEqualTo(segment(2));
  }

  @Test
  void row7NoFrameAndNoFirstSegmentIsCorrupt() throws Exception {
    fill(3);
    disk.delete(segment(1));
    assertThat(corrupt().file()).isEqualTo(segment(2));
  }

  @Test
  void row8ASegmentCutShortBeforeTheNextIsCorrupt() throws Exception {
    fill(30);
    Recovery.Scan scan = scan(1);
    int lastFrame = (int) scan.endOffset - Frame.sizeBytes(bytes("batch 10 ").length + 990);
    flip(1, lastFrame + Frame.HEAD_BYTES);
    JournalCorruptException e = corrupt();
    assertThat(e.file()).isEqualTo(segment(1));
    assertThat(e.offset()).isEqualTo(lastFrame);
  }

  @Test
  void row9ABadFrameBeforeALaterGroupIsCorrupt() throws Exception {
    fill(3);
    flip(1, SegmentHeader.BYTES + Frame.HEAD_BYTES + 5);
    JournalCorruptException e = corrupt();
    assertThat(e.file()).isEqualTo(segment(1));
    assertThat(e.offset()).isEqualTo(SegmentHeader.BYTES);
  }

  @Test
  void row9TheLastBatchIsProtectedOnceTheJournalIsClosed() throws Exception {
    fill(3);
    Recovery.Scan scan = scan(1);
    flip(1, (int) scan.endOffset - Frame.HEAD_BYTES - 3);
    assertThat(corrupt().file()).isEqualTo(segment(1));
  }

  @Test
  void row10ATornGroupIsCutAndDoesNotComeBack() throws Exception {
    List<String> sent = fill(3);
    int end = (int) scan(1).endOffset;
    int size = Frame.sizeBytes(100);
    put(1, end, "torn".repeat(25), end);
    put(1, end + size, "whole".repeat(20), end);
    flip(1, end + Frame.HEAD_BYTES);
    assertThat(reopenAndRead()).isEqualTo(sent);
    SimulatedDisk killed;
    try (FileJournal journal = open()) {
      assertThat(journal.end().value()).isEqualTo(end - SegmentHeader.BYTES);
      // As long as the torn one: the whole one of its group would follow it, were it still there.
      journal.append(bytes("n".repeat(100))).join();
      sent.add("n".repeat(100));
      killed = disk.afterKill();
    }
    assertThat(reopenAndRead()).isEqualTo(sent);
    try (FileJournal journal = openOn(killed)) {
      assertThat(texts(readAll(journal, Position.START))).isEqualTo(sent);
    }
  }

  @Test
  void row10WholeFramesOfATornGroupAreKept() throws Exception {
    List<String> sent = fill(3);
    int end = (int) scan(1).endOffset;
    put(1, end, "whole".repeat(20), end);
    put(1, end + Frame.sizeBytes(100), "torn".repeat(25), end);
    flip(1, end + Frame.sizeBytes(100) + Frame.HEAD_BYTES);
    sent.add("whole".repeat(20));
    assertThat(reopenAndRead()).isEqualTo(sent);
    assertThat(reopenAndRead()).isEqualTo(sent);
  }

  @Test
  void row11GarbageAfterTheEndIsTheEnd() throws Exception {
    List<String> sent = fill(3);
    int end = (int) scan(1).endOffset;
    byte[] content = disk.bytesOf(segment(1));
    byte[] garbage = new byte[content.length - end];
    new Random(11).nextBytes(garbage);
    System.arraycopy(garbage, 0, content, end, garbage.length);
    disk.damage(segment(1), content);
    assertThat(reopenAndRead()).isEqualTo(sent);
  }

  @Test
  void row11FramesOfTheFilesFormerSegmentAreNotReadAsNew() throws Exception {
    try (FileJournal journal = open()) {
      for (int i = 0; i < 200; i++) {
        journal.append(bytes("batch " + i + " " + "x".repeat(990))).join();
        journal.forget(journal.end());
        if (i % 20 == 0) {
          journal.awaitGone(journal.begin()); // Lets the files be recycled.
        }
      }
    }
    try (FileJournal journal = open()) {
      List<Batch> left = readAll(journal, journal.begin());
      assertThat(texts(left).getLast()).startsWith("batch 199 ");
      for (int i = 1; i < left.size(); i++) {
        assertThat(left.get(i).position()).isGreaterThan(left.get(i - 1).position());
      }
    }
  }

  @Test
  void row12PreparedSegmentsAreUsedNext() throws Exception {
    fill(3);
    assertThat(disk.exists(segment(2))).isTrue();
    byte[] header = java.util.Arrays.copyOf(disk.bytesOf(segment(2)), SegmentHeader.BYTES);
    fill(15);
    assertThat(disk.bytesOf(segment(2))).startsWith(header);
    assertThat(reopenAndRead()).hasSize(18);
  }

  @Test
  void everyFlippedBitIsFoundOrWithoutEffect() throws Exception {
    flipBits(250);
  }

  @Test
  @Tag("long")
  void thousandsOfFlippedBitsAreFoundOrWithoutEffect() throws Exception {
    flipBits(2_000);
  }

  private void flipBits(int rounds) throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    List<String> sent = fill(14);
    byte[][] intact = {disk.bytesOf(segment(1)), disk.bytesOf(segment(2))};
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < rounds; i++) {
      int which = random.nextInt(2);
      byte[] content = intact[which].clone();
      int bit = random.nextInt(content.length * 8);
      content[bit / 8] ^= (byte) (1 << (bit % 8));
      SimulatedDisk damaged = disk.afterKill();
      damaged.damage(segment(which + 1), content);
      try {
        try (FileJournal journal = openOn(damaged)) {
          assertThat(texts(readAll(journal, Position.START))).as("bit %s", bit).isEqualTo(sent);
        }
      } catch (JournalCorruptException | JournalFormatException e) {
        refused++;
      }
    }
    assertThat(refused).as("seed %d", seed).isGreaterThan(rounds / 8);
  }

  private FileJournal openOn(SimulatedDisk other) throws IOException {
    return FileJournal.open(
        other,
        DIRECTORY,
        FileJournal.Options.of(clock, new Random(3))
            .withSegmentBytes(FileJournal.MIN_SEGMENT_BYTES));
  }

  @Test
  void twoProcessesCannotOpenOneDirectory() throws Exception {
    try (FileJournal journal = open()) {
      assertThat(journal.end()).isEqualTo(Position.START);
      assertThatThrownBy(this::open)
          .isInstanceOf(FileLockedException.class)
          .hasMessageContaining("another process");
    }
    open().close();
  }
}
