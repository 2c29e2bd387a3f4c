package dev.indelible.verify;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The coordinates of an entry bundle, and its format: the leaves whose hashes are in the tile of
 * level 0 with the same index and width.
 *
 * <pre>
 * +--------------+----------------+--------------+----------------+ ...
 * | length (u16) | leaf           | length (u16) | leaf           |
 * +--------------+----------------+--------------+----------------+ ...
 * </pre>
 *
 * Lengths are big-endian. Source: c2sp.org/tlog-tiles. Format: {@code docs/formats/tile.md}.
 *
 * @param index place, from 0: the first leaf has index {@code 256 * index}
 * @param width number of leaves, from 1 to 256
 */
public record EntryBundle(long index, int width) implements LogResource {

  /** The longest leaf that a bundle can hold, in bytes. */
  public static final int MAX_LEAF_BYTES = 0xffff;

  /** The longest bundle, in bytes. */
  public static final int MAX_BYTES = FULL_WIDTH * (2 + MAX_LEAF_BYTES);

  static final String KIND = "entries";

  private static final String FORMAT = "entry bundle";

  public EntryBundle {
    if (!Tile.isPlace(0, index, width)) {
      throw new IllegalArgumentException(
          "no tree has a bundle of index " + index + ", width " + width);
    }
  }

  /** The bundle of a tree of this size, or empty if it has no such bundle. */
  public static Optional<EntryBundle> in(long treeSize, long index) {
    return Tile.in(treeSize, 0, index).map(tile -> new EntryBundle(tile.index(), tile.width()));
  }

  @Override
  public String path() {
    return LogPaths.path(KIND, index, width);
  }

  /**
   * The bytes of a bundle of these leaves.
   *
   * @throws IllegalArgumentException unless there are 1 to 256, none of them longer than {@value
   *     #MAX_LEAF_BYTES} bytes
   */
  public static byte[] encode(List<byte[]> leaves) {
    if (leaves.isEmpty() || leaves.size() > FULL_WIDTH) {
      throw new IllegalArgumentException("a bundle of " + leaves.size() + " leaves");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] leaf : leaves) {
      if (leaf.length > MAX_LEAF_BYTES) {
        throw new IllegalArgumentException("a leaf of " + leaf.length + " bytes");
      }
      out.write(leaf.length >>> 8);
      out.write(leaf.length);
      out.writeBytes(leaf);
    }
    return out.toByteArray();
  }

  /** Reads the bytes of this bundle: exactly {@link #width} leaves and nothing after them. */
  public Parsed<List<byte[]>> decode(byte[] bundle) {
    List<byte[]> leaves = new ArrayList<>(width);
    int at = 0;
    for (int i = 0; i < width; i++) {
      if (bundle.length - at < 2) {
        return malformed(at, "ends before the length of leaf " + i + " of " + width);
      }
      int length = (bundle[at] & 0xff) << 8 | (bundle[at + 1] & 0xff);
      if (bundle.length - at - 2 < length) {
        return malformed(at, "ends within leaf " + i + ", which has " + length + " bytes");
      }
      leaves.add(Arrays.copyOfRange(bundle, at + 2, at + 2 + length));
      at += 2 + length;
    }
    if (at != bundle.length) {
      return malformed(at, (bundle.length - at) + " bytes after the last of " + width + " leaves");
    }
    return new Parsed.Ok<>(leaves);
  }

  private static Parsed<List<byte[]>> malformed(int at, String problem) {
    return Parsed.malformed(FORMAT, "byte " + at, problem);
  }
}
