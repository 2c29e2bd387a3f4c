package dev.indelible.server.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.indelible.server.disk.DiskFile;
import dev.indelible.server.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Bytes of any kind in a segment give frames or a documented exception, and what recovery keeps is
 * kept again. A segment's frames, without its header, are the input.
 */
class JournalReaderFuzzTest {

  private static final Path DIRECTORY = SimulatedDisk.ROOT.resolve("journal");

  private static final SegmentHeader HEADER = new SegmentHeader(1, 0x1d1d1d1d1d1d1d1dL);

  @FuzzTest(maxDuration = "60s")
  void framesOfAnyKind(byte[] frames) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    disk.createDirectories(DIRECTORY);
    try (DiskFile file = disk.create(SegmentHeader.file(DIRECTORY, 1))) {
      file.write(HEADER.encode(), 0);
      file.write(ByteBuffer.wrap(frames), SegmentHeader.BYTES);
      file.force();
    }
    disk.forceDirectory(DIRECTORY);
    try {
      Recovery.Recovered first = Recovery.run(disk, DIRECTORY);
      Recovery.Recovered second = Recovery.run(disk, DIRECTORY);
      assertThat(second.end()).isEqualTo(first.end());
      assertThat(second.lastAppendedAtMillis()).isEqualTo(first.lastAppendedAtMillis());
    } catch (JournalCorruptException e) {
      assertThat(e.offset()).isGreaterThanOrEqualTo(SegmentHeader.BYTES);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void headersOfAnyKind(byte[] segment) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    disk.createDirectories(DIRECTORY);
    try (DiskFile file = disk.create(SegmentHeader.file(DIRECTORY, 1))) {
      file.write(ByteBuffer.wrap(segment), 0);
    }
    try {
      Recovery.run(disk, DIRECTORY);
    } catch (JournalCorruptException | JournalFormatException e) {
      assertThat(e).hasMessageContaining("000000000001.segment");
    }
  }

  /** The inputs hold frames that are read, so that fuzzing begins behind the checksums. */
  @Test
  void aSeedWithFramesIsRead() throws IOException {
    byte[] frames = seed(new Random(1), 5);
    SimulatedDisk disk = new SimulatedDisk();
    disk.createDirectories(DIRECTORY);
    try (DiskFile file = disk.create(SegmentHeader.file(DIRECTORY, 1))) {
      file.write(HEADER.encode(), 0);
      file.write(ByteBuffer.wrap(frames), SegmentHeader.BYTES);
      assertThat(Recovery.Scan.of(file, 1).endOffset)
          .isEqualTo(SegmentHeader.BYTES + frames.length);
    }
  }

  /** Frames of a segment with {@link #HEADER}. */
  static byte[] seed(Random random, int count) {
    ByteBuffer target = ByteBuffer.allocate(4096);
    for (int i = 0; i < count; i++) {
      byte[] payload = new byte[random.nextInt(200)];
      random.nextBytes(payload);
      int start = target.position();
      int offset = SegmentHeader.BYTES + start;
      new Frame(payload.length, Frame.checksum(payload), start, 1_000 + i, offset)
          .encode(target, HEADER.id(), offset);
      target.put(payload);
      target.position(start + Frame.sizeBytes(payload.length));
    }
    byte[] frames = new byte[target.position()];
    target.flip().get(frames);
    return frames;
  }
}
