package dev.indelible.server.run;

import dev.indelible.verify.Hash;

/**
 * Location of a unit (a block and its leaf hashes) in its slice.
 *
 * @param row of its first entry, from the slice's first
 * @param rows how many entries it holds, 1 to 64
 * @param offset of the unit, from the slice's start
 * @param length of the unit with its two checksums
 */
record BlockReference(int row, int rows, long offset, int length) {

  private static final int ROWS_SHIFT = 56;
  private static final long OFFSET_MASK = (1L << ROWS_SHIFT) - 1;

  void putTo(ByteColumn out) {
    out.putInt(row).putInt(length).putLong((long) rows << ROWS_SHIFT | offset);
  }

  static BlockReference read(Section page, Slice slice) throws RunException.Corrupt {
    int row = page.takeInt();
    int length = page.takeInt();
    long packed = page.takeLong();
    int rows = (int) (packed >>> ROWS_SHIFT);
    long offset = packed & OFFSET_MASK;
    if (row < 0
        || rows < 1
        || rows > RunFormat.BLOCK_ENTRIES
        || row > slice.count() - rows
        || length < leafHashesBytes(rows)
        || length > leafHashesBytes(rows) + RunFormat.MAX_BLOCK_BYTES
        || offset > slice.unitsBytes() - length) {
      throw page.corrupt("no block of " + slice + " at row " + row);
    }
    return new BlockReference(row, rows, offset, length);
  }

  static int leafHashesBytes(int rows) {
    return rows * Hash.BYTES + RunFormat.CRC_BYTES;
  }

  int leafHashesBytes() {
    return leafHashesBytes(rows);
  }

  int blockBytes() {
    return length - leafHashesBytes();
  }
}
