package dev.indelible.server.run;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.run.StoredEntry.Body;
import dev.indelible.server.run.StoredEntry.PersonalErased;
import dev.indelible.server.run.StoredEntry.Purged;
import dev.indelible.server.run.StoredEntry.Whole;
import dev.indelible.verify.Hash;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A block's columns, decompressed; entries are cut from them when asked for. Immutable. */
final class DecodedBlock {

  private final long firstSeq;
  private final int count;
  private final byte[] kinds;
  private final long[] timesMillis;
  private final byte[] columns;
  private final int[] factsAt;
  private final int[] personalAt;
  private final byte[] incompressible;
  private final int[] incompressibleAt;

  /**
   * Decodes a block whose checksum has been checked.
   *
   * @param head a cursor at the start of the block, ending before its checksum
   * @param stored the array that the cursor runs over
   */
  static DecodedBlock decode(Section head, byte[] stored, DecompressorPool decompressors)
      throws RunException.Corrupt {
    long firstSeq = head.takeLong();
    int count = head.takeByte();
    if (firstSeq < 0
        || count < 1
        || count > RunFormat.BLOCK_ENTRIES
        || firstSeq > Long.MAX_VALUE - count) {
      throw head.corrupt("block of " + count + " entries from " + firstSeq);
    }
    int encoding = head.takeByte();
    int columnsLength = head.takeVarint(count, RunFormat.MAX_COLUMNS_BYTES);
    byte[] incompressible = head.takeBytes(head.takeVarint(0, head.remaining()));
    byte[] columns;
    switch (encoding) {
      case BlockEncoder.ENCODING_PLAIN -> columns = head.takeBytes(columnsLength);
      case BlockEncoder.ENCODING_ZSTD -> {
        columns = new byte[columnsLength];
        int length = head.remaining();
        int given = decompressors.decompress(stored, head.take(length), length, columns);
        if (given != columnsLength) {
          throw head.corrupt("columns give " + given + " bytes, not " + columnsLength);
        }
      }
      default -> throw head.corrupt("unknown encoding " + encoding);
    }
    head.expectEnd();
    return new DecodedBlock(firstSeq, count, columns, incompressible, head);
  }

  private DecodedBlock(
      long firstSeq, int count, byte[] columns, byte[] incompressible, Section block)
      throws RunException.Corrupt {
    this.firstSeq = firstSeq;
    this.count = count;
    this.columns = columns;
    this.incompressible = incompressible;
    Section cursor = block.over(columns);
    kinds = cursor.takeBytes(count);
    timesMillis = new long[count];
    long time = 0;
    for (int row = 0; row < count; row++) {
      time += cursor.takeVarint();
      if (time < 0) {
        throw cursor.corrupt("time out of range");
      }
      timesMillis[row] = time;
    }
    int[] factsLengths = new int[count];
    int[] personalLengths = new int[count];
    incompressibleAt = new int[count];
    int at = 0;
    for (int row = 0; row < count; row++) {
      incompressibleAt[row] = at;
      at += incompressibleBytes(row, cursor);
      if (kinds[row] != BlockEncoder.KIND_PURGED) {
        factsLengths[row] = cursor.takeVarint(0, StoredEntry.MAX_PART_BYTES);
      }
    }
    if (at != incompressible.length) {
      throw cursor.corrupt("salts of " + incompressible.length + " bytes, not " + at);
    }
    for (int row = 0; row < count; row++) {
      if (kinds[row] == BlockEncoder.KIND_WHOLE) {
        personalLengths[row] = cursor.takeVarint(0, StoredEntry.MAX_PART_BYTES);
      }
    }
    factsAt = bounds(cursor, factsLengths);
    personalAt = bounds(cursor, personalLengths);
    cursor.expectEnd();
  }

  private int incompressibleBytes(int row, Section cursor) throws RunException.Corrupt {
    return switch (kinds[row]) {
      case BlockEncoder.KIND_WHOLE -> 2 * RunFormat.SALT_BYTES;
      case BlockEncoder.KIND_WITHOUT_PERSONAL -> RunFormat.SALT_BYTES;
      case BlockEncoder.KIND_PERSONAL_ERASED -> RunFormat.SALT_BYTES + Hash.BYTES;
      case BlockEncoder.KIND_PURGED -> 2 * Hash.BYTES;
      default -> throw cursor.corrupt("unknown kind of entry " + kinds[row]);
    };
  }

  /** Offsets of the parts in the columns, and the end of the last one. */
  private static int[] bounds(Section cursor, int[] lengths) throws RunException.Corrupt {
    int[] bounds = new int[lengths.length + 1];
    for (int row = 0; row < lengths.length; row++) {
      bounds[row] = cursor.take(lengths[row]);
    }
    bounds[lengths.length] = cursor.position();
    return bounds;
  }

  long firstSeq() {
    return firstSeq;
  }

  int count() {
    return count;
  }

  /** Roughly the heap that it holds, in bytes. */
  int weightBytes() {
    return columns.length + incompressible.length + count * 24 + 256;
  }

  StoredEntry entry(int row) {
    return new StoredEntry(firstSeq + row, timesMillis[row], body(row));
  }

  private Body body(int row) {
    int salt = incompressibleAt[row];
    int next = salt + RunFormat.SALT_BYTES;
    return switch (kinds[row]) {
      case BlockEncoder.KIND_WHOLE ->
          new Whole(
              new EntryParts(
                  facts(row),
                  raw(salt, RunFormat.SALT_BYTES),
                  Arrays.copyOfRange(columns, personalAt[row], personalAt[row + 1]),
                  raw(next, RunFormat.SALT_BYTES)));
      case BlockEncoder.KIND_WITHOUT_PERSONAL ->
          new Whole(new EntryParts(facts(row), raw(salt, RunFormat.SALT_BYTES), null, null));
      case BlockEncoder.KIND_PERSONAL_ERASED ->
          new PersonalErased(facts(row), raw(salt, RunFormat.SALT_BYTES), raw(next, Hash.BYTES));
      case BlockEncoder.KIND_PURGED -> purged(row);
      default -> throw new IllegalStateException("kind " + kinds[row] + " after decoding");
    };
  }

  private Purged purged(int row) {
    ByteBuffer leaf = ByteBuffer.allocate(StoredEntry.LEAF_BYTES);
    leaf.put(StoredEntry.LEAF_TYPE)
        .putLong(timesMillis[row])
        .put(incompressible, incompressibleAt[row], 2 * Hash.BYTES);
    return new Purged(leaf.array());
  }

  private byte[] facts(int row) {
    return Arrays.copyOfRange(columns, factsAt[row], factsAt[row + 1]);
  }

  private byte[] raw(int from, int length) {
    return Arrays.copyOfRange(incompressible, from, from + length);
  }
}
