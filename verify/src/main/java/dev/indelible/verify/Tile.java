package dev.indelible.verify;

import java.util.Optional;

/**
 * The coordinates of a tile: 256 consecutive hashes of the tree at height {@code 8 * level}, or the
 * first of them while the tree has no more.
 *
 * <p>Tile n of level l holds, for i from 0, the roots over leaves {@code [(256n + i) * 256^l, (256n
 * + i + 1) * 256^l)}. The nodes between two levels are computed from it. Source:
 * c2sp.org/tlog-tiles. Format: {@code docs/formats/tile.md}.
 *
 * @param level from 0, whose hashes are those of the leaves, to {@value #MAX_LEVEL}
 * @param index place within the level, from 0
 * @param width number of hashes, from 1 to 256
 */
public record Tile(int level, long index, int width) implements LogResource {

  /** Number of levels of the tree in a tile. */
  public static final int HEIGHT = 8;

  /** The highest level in a tree of less than 2^63 leaves. */
  public static final int MAX_LEVEL = 7;

  public Tile {
    if (!isPlace(level, index, width)) {
      throw new IllegalArgumentException(
          "no tree has a tile of level " + level + ", index " + index + ", width " + width);
    }
  }

  /** The tile of a tree of this size, or empty if it has no such tile. */
  public static Optional<Tile> in(long treeSize, int level, long index) {
    int width = widthIn(treeSize, level, index);
    return width == 0 ? Optional.empty() : Optional.of(new Tile(level, index, width));
  }

  /** The width that a tile has in a tree of this size; 0 if it has no such tile. */
  public static int widthIn(long treeSize, int level, long index) {
    if (treeSize < 0 || level < 0 || level > MAX_LEVEL || index < 0) {
      throw new IllegalArgumentException(
          "size " + treeSize + ", level " + level + ", index " + index);
    }
    long hashes = treeSize >>> (HEIGHT * level);
    long full = hashes / FULL_WIDTH;
    if (index == full) {
      return (int) (hashes % FULL_WIDTH);
    }
    return index < full ? FULL_WIDTH : 0;
  }

  /** Length in bytes: its hashes, one after the other. */
  public int lengthBytes() {
    return width * Hash.BYTES;
  }

  @Override
  public String path() {
    return LogPaths.path(Integer.toString(level), index, width);
  }

  /** Whether all leaves under the tile have an index below 2^63. */
  static boolean isPlace(int level, long index, int width) {
    if (level < 0 || level > MAX_LEVEL || index < 0 || width < 1 || width > FULL_WIDTH) {
      return false;
    }
    long hashes = Long.MAX_VALUE >>> (HEIGHT * level);
    return index <= hashes / FULL_WIDTH
        && (index < hashes / FULL_WIDTH || width <= hashes % FULL_WIDTH);
  }
}
