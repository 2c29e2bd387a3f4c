package dev.indelible.server.run;

import java.util.Arrays;
import java.util.Optional;

/**
 * Location of one part of the id filter: pages of filter blocks, then pages of the hashes
 * themselves.
 *
 * @param offset in the file, in bytes
 * @param blocks filter blocks
 * @param ids how many ids it was made of
 * @param kept how the hashes follow
 */
record FilterPart(long offset, int blocks, int ids, Kept kept) {

  /** Blocks (u32), ids (u32), how hashes follow (u8). */
  static final int TABLE_BYTES = 9;

  /**
   * Form in which a part's hashes follow it, by the number in the table. Version 1 knew the first
   * two.
   */
  enum Kept {
    NONE(0),
    IN_ANY_ORDER(1),
    ASCENDING(2);

    final int number;

    Kept(int number) {
      this.number = number;
    }

    static Optional<Kept> of(int number) {
      return Arrays.stream(values()).filter(kept -> kept.number == number).findFirst();
    }
  }

  boolean keepsHashes() {
    return kept != Kept.NONE;
  }

  /** Whether a merge joins its ids with those of others; it is copied as it is otherwise. */
  boolean isJoined() {
    return keepsHashes() && ids < RunFormat.FILTER_JOINED_BELOW;
  }

  long blocksBytes() {
    long pages =
        (blocks + RunFormat.FILTER_BLOCKS_PER_PAGE - 1L) / RunFormat.FILTER_BLOCKS_PER_PAGE;
    return (long) blocks * RunFormat.FILTER_BLOCK_BYTES + pages * RunFormat.CRC_BYTES;
  }

  long hashesBytes() {
    if (!keepsHashes()) {
      return 0;
    }
    long pages = (ids + RunFormat.ID_HASHES_PER_PAGE - 1L) / RunFormat.ID_HASHES_PER_PAGE;
    return (long) ids * Long.BYTES + pages * RunFormat.CRC_BYTES;
  }

  long bytes() {
    return blocksBytes() + hashesBytes();
  }

  /** Offset of the page that holds a block. */
  long pageOffset(int block) {
    long page = block / RunFormat.FILTER_BLOCKS_PER_PAGE;
    return offset
        + page
            * (RunFormat.FILTER_BLOCKS_PER_PAGE * (long) RunFormat.FILTER_BLOCK_BYTES
                + RunFormat.CRC_BYTES);
  }

  /** The length of the page that holds a block, with its checksum. */
  int pageBytes(int block) {
    int first = block - block % RunFormat.FILTER_BLOCKS_PER_PAGE;
    int on = Math.min(RunFormat.FILTER_BLOCKS_PER_PAGE, blocks - first);
    return on * RunFormat.FILTER_BLOCK_BYTES + RunFormat.CRC_BYTES;
  }

  /** Offset of the page that holds the hash of that number. */
  long hashPageOffset(int hash) {
    long page = hash / RunFormat.ID_HASHES_PER_PAGE;
    return offset
        + blocksBytes()
        + page * (RunFormat.ID_HASHES_PER_PAGE * (long) Long.BYTES + RunFormat.CRC_BYTES);
  }

  /** The length of the page that holds the hash of that number, with its checksum. */
  int hashPageBytes(int hash) {
    int first = hash - hash % RunFormat.ID_HASHES_PER_PAGE;
    return Math.min(RunFormat.ID_HASHES_PER_PAGE, ids - first) * Long.BYTES + RunFormat.CRC_BYTES;
  }
}
