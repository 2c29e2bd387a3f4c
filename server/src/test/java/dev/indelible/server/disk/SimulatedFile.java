package dev.indelible.server.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A simulated file's bytes: as the process sees them, as the disk has them for sure, and what was
 * done in between. Not thread-safe: the disk's monitor guards it.
 */
final class SimulatedFile {

  /** Unit that a disk writes in one go. */
  static final int SECTOR_BYTES = 512;

  /** Fate of writes that were not forced when power is lost. */
  enum Fate {
    /** None of them arrived. */
    DROPPED,
    /** All of them arrived. */
    ARRIVED,
    /** The first ones arrived, and a part of the next. */
    TORN,
    /** Each sector has any state that it ever had. */
    REORDERED
  }

  /** A write, or a truncation to {@code offset}. */
  @SuppressWarnings("ArrayRecordComponent") // internal carrier; identity is never compared
  private record Change(long offset, byte[] bytes, boolean truncation) {}

  private byte[] seen = new byte[0];
  private int seenSize;
  private byte[] forced = new byte[0];
  private final List<Change> changes = new ArrayList<>();

  SimulatedFile() {}

  private SimulatedFile(byte[] content) {
    seen = content;
    seenSize = content.length;
    forced = content.clone();
  }

  /** A file with the same bytes, the same of them forced. */
  SimulatedFile copy() {
    SimulatedFile copy = new SimulatedFile(content());
    copy.forced = forced.clone();
    copy.changes.addAll(changes);
    return copy;
  }

  int size() {
    return seenSize;
  }

  int read(ByteBuffer target, long offset) {
    int count = (int) Math.max(0, Math.min(target.remaining(), seenSize - offset));
    if (count > 0) {
      target.put(seen, (int) offset, count);
    }
    return count;
  }

  void write(byte[] bytes, long offset) {
    apply(bytes, Math.toIntExact(offset));
    changes.add(new Change(offset, bytes, false));
  }

  void truncate(long size) {
    if (size < seenSize) {
      Arrays.fill(seen, (int) size, seenSize, (byte) 0);
      seenSize = (int) size;
    }
    changes.add(new Change(size, new byte[0], true));
  }

  private void apply(byte[] bytes, int offset) {
    int end = offset + bytes.length;
    if (end > seen.length) {
      seen = Arrays.copyOf(seen, Math.max(end, seen.length * 2));
    }
    System.arraycopy(bytes, 0, seen, offset, bytes.length);
    seenSize = Math.max(seenSize, end);
  }

  void force() {
    forced = Arrays.copyOf(seen, seenSize);
    changes.clear();
  }

  byte[] content() {
    return Arrays.copyOf(seen, seenSize);
  }

  /** The file after power loss. */
  SimulatedFile afterPowerLoss(Fate fate, RandomGenerator random) {
    return switch (fate) {
      case DROPPED -> new SimulatedFile(forced.clone());
      case ARRIVED -> new SimulatedFile(content());
      case TORN -> torn(random);
      case REORDERED -> reordered(random);
    };
  }

  private SimulatedFile torn(RandomGenerator random) {
    SimulatedFile result = new SimulatedFile(forced.clone());
    int arrived = random.nextInt(changes.size() + 1);
    for (int i = 0; i < arrived; i++) {
      result.replay(changes.get(i));
    }
    if (arrived < changes.size() && !changes.get(arrived).truncation) {
      Change last = changes.get(arrived);
      int sectors = random.nextInt(last.bytes.length / SECTOR_BYTES + 2);
      long end = last.offset / SECTOR_BYTES * SECTOR_BYTES + (long) sectors * SECTOR_BYTES;
      int count = (int) Math.max(0, Math.min(last.bytes.length, end - last.offset));
      result.write(Arrays.copyOf(last.bytes, count), last.offset);
    }
    result.force();
    return result;
  }

  private SimulatedFile reordered(RandomGenerator random) {
    // For each sector, how many of the changes reached it; and how many reached the size.
    SimulatedFile result = new SimulatedFile(forced.clone());
    int largest = Math.max(forced.length, seenSize);
    for (Change change : changes) {
      largest = Math.max(largest, (int) change.offset + change.bytes.length);
    }
    byte[] content = Arrays.copyOf(forced, largest);
    int[] reached = new int[largest / SECTOR_BYTES + 1];
    for (int sector = 0; sector < reached.length; sector++) {
      reached[sector] = random.nextInt(changes.size() + 1);
    }
    int sizeReached = random.nextInt(changes.size() + 1);
    int size = forced.length;
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      int offset = (int) change.offset;
      int end = change.truncation ? largest : offset + change.bytes.length;
      for (int at = offset; at < end; ) {
        int sector = at / SECTOR_BYTES;
        int pieceEnd = Math.min(end, (sector + 1) * SECTOR_BYTES);
        if (i < reached[sector]) {
          if (change.truncation) {
            Arrays.fill(content, at, pieceEnd, (byte) 0);
          } else {
            System.arraycopy(change.bytes, at - offset, content, at, pieceEnd - at);
          }
        }
        at = pieceEnd;
      }
      if (i < sizeReached) {
        size = change.truncation ? Math.min(size, offset) : Math.max(size, end);
      }
    }
    result.seen = Arrays.copyOf(content, size);
    result.seenSize = size;
    result.force();
    return result;
  }

  private void replay(Change change) {
    if (change.truncation) {
      truncate(change.offset);
    } else {
      write(change.bytes, change.offset);
    }
  }
}
