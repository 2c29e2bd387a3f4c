package dev.indelible.server.run;

import dev.indelible.server.event.EntryParts;
import dev.indelible.verify.Hash;

/** The constants of the run format; {@code docs/formats/run.md} draws it. All big-endian. */
final class RunFormat {

  /** First bytes of the file: "indelrun". */
  static final long MAGIC = 0x696e64656c72756eL;

  /** First bytes of the footer: "runfootr". */
  static final long FOOTER_MAGIC = 0x72756e666f6f7472L;

  /**
   * Version that is written. Version 3 differs from 2 in the parts that it may hold, those of
   * version 2 of their form, which an older program would take for damage.
   */
  static final int VERSION = 3;

  static final int OLDEST_VERSION = 1;
  static final int VERSION_OFFSET = 8;

  /** Length of the CRC32C that ends every section. */
  static final int CRC_BYTES = 4;

  /** The most entries of a block. */
  static final int BLOCK_ENTRIES = 64;

  /** A block takes no further entry when its parts would exceed this. */
  static final int BLOCK_TARGET_BYTES = 256 * 1024;

  /** The longest columns of a block: a lone entry with two parts of the greatest length. */
  static final int MAX_COLUMNS_BYTES = 2 * StoredEntry.MAX_PART_BYTES + 4096;

  /** The longest block as stored: columns that do not shrink, salts, digests, its head. */
  static final int MAX_BLOCK_BYTES =
      MAX_COLUMNS_BYTES + BLOCK_ENTRIES * 2 * Hash.BYTES + 64 + CRC_BYTES;

  /** Leaves under one subtree hash: a full tile, height 8. */
  static final int SUBTREE_LEAVES = 256;

  /** Subtree hashes under one checksum. */
  static final int HASHES_PER_CHUNK = 256;

  /** Blocks listed on one page of a slice's block list. */
  static final int BLOCKS_PER_PAGE = 128;

  /** Row (u32), unit length (u32), offset from the slice's start (u64). */
  static final int BLOCK_REFERENCE_BYTES = 16;

  /** The most entries that one tenant has in a run. */
  static final long MAX_SLICE_ENTRIES = Integer.MAX_VALUE;

  /** The longest record of a slice: a name, six numbers, 64 frontier hashes, a checksum. */
  static final int MAX_RECORD_BYTES = 1 + 64 + 6 * 10 + 64 * Hash.BYTES + CRC_BYTES;

  /** A directory page takes no further tenant when it is this long. */
  static final int DIRECTORY_PAGE_BYTES = 4096;

  /** The longest directory page: the target and one more tenant. */
  static final int MAX_DIRECTORY_PAGE_BYTES = DIRECTORY_PAGE_BYTES + 256;

  /** The longest sparse index, in bytes: about a billion tenants. */
  static final int MAX_SPARSE_INDEX_BYTES = 512 * 1024 * 1024;

  /** Bits of the id filter per id. */
  static final int FILTER_BITS_PER_ID = 16;

  /** One block of the id filter: a cache line. */
  static final int FILTER_BLOCK_BYTES = 64;

  /** Filter blocks under one checksum. */
  static final int FILTER_BLOCKS_PER_PAGE = 64;

  /** Bits set and tested per id. */
  static final int FILTER_PROBES = 7;

  /** The most ids in one part of the filter. */
  static final int MAX_FILTER_PART_IDS = 4 * 1024 * 1024;

  /** Size, in ids, below which a merge joins parts into one; larger ones it copies. */
  static final int FILTER_JOINED_BELOW = 256 * 1024;

  /** The most parts of an id filter. */
  static final int MAX_FILTER_PARTS = 256;

  /** Kept id hashes under one checksum. */
  static final int ID_HASHES_PER_PAGE = 512;

  static final int SALT_BYTES = EntryParts.SALT_BYTES;

  private RunFormat() {}

  /** The length of {@code count} hashes in checksummed chunks. */
  static long hashChunksBytes(long count) {
    long chunks = (count + HASHES_PER_CHUNK - 1) / HASHES_PER_CHUNK;
    return count * Hash.BYTES + chunks * CRC_BYTES;
  }

  /** The length of a block list. */
  static long blockListBytes(long blocks) {
    long pages = (blocks + BLOCKS_PER_PAGE - 1) / BLOCKS_PER_PAGE;
    return blocks * BLOCK_REFERENCE_BYTES + pages * CRC_BYTES;
  }
}
