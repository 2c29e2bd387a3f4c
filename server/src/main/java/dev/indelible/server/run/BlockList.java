package dev.indelible.server.run;

import java.io.IOException;

/**
 * Finds the blocks of a slice in the pages of its block list; remembers the page last read. Not
 * thread-safe: one for each operation.
 */
final class BlockList {

  private static final int PAGE_BYTES =
      RunFormat.BLOCKS_PER_PAGE * RunFormat.BLOCK_REFERENCE_BYTES + RunFormat.CRC_BYTES;

  private final RunFile file;
  private final RunCache cache;
  private final Slice slice;
  private int page = -1;
  private byte[] pageBytes = new byte[0];

  BlockList(RunFile file, RunCache cache, Slice slice) {
    this.file = file;
    this.cache = cache;
    this.slice = slice;
  }

  BlockReference get(int index) throws IOException {
    if (index < 0 || index >= slice.blocks()) {
      throw file.corrupt(slice.blockListOffset(), "no block " + index + " in " + slice);
    }
    int wanted = index / RunFormat.BLOCKS_PER_PAGE;
    long pageOffset = slice.blockListOffset() + (long) wanted * PAGE_BYTES;
    if (wanted != page) {
      int onPage =
          Math.min(RunFormat.BLOCKS_PER_PAGE, slice.blocks() - wanted * RunFormat.BLOCKS_PER_PAGE);
      pageBytes =
          cache.page(
              file,
              pageOffset,
              onPage * RunFormat.BLOCK_REFERENCE_BYTES + RunFormat.CRC_BYTES,
              true);
      page = wanted;
    }
    Section section = new Section(file.name(), pageOffset, pageBytes, 0, pageBytes.length);
    section.take(index % RunFormat.BLOCKS_PER_PAGE * RunFormat.BLOCK_REFERENCE_BYTES);
    return BlockReference.read(section, slice);
  }

  /** The index of the block that holds the row. */
  int indexOf(int row) throws IOException {
    int high = slice.blocks() - 1;
    // Nearly all blocks are full, so the row says nearly where to look; never before that place,
    // because no block holds more than the full number.
    int low = Math.min(high, row / RunFormat.BLOCK_ENTRIES);
    BlockReference guess = get(low);
    if (row >= guess.row() && row < guess.row() + guess.rows()) {
      return low;
    }
    while (low <= high) {
      int middle = (low + high) >>> 1;
      BlockReference reference = get(middle);
      if (row < reference.row()) {
        high = middle - 1;
      } else if (row >= reference.row() + reference.rows()) {
        low = middle + 1;
      } else {
        return middle;
      }
    }
    throw file.corrupt(slice.blockListOffset(), "no block holds row " + row + " of " + slice);
  }
}
