package dev.indelible.verify;

import dev.indelible.verify.Verdict.Problem;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The nodes of a tree of a fixed size, computed from its tiles.
 *
 * <p>Tiles are not trusted: {@link #check} compares the root that they give with that of a
 * checkpoint, and every proof made from them is checked by its own {@code check} before it is
 * believed or handed on. Keeps the last {@value #MAX_CACHED_TILES} tiles. Not thread-safe.
 */
public final class TileReader implements NodeSource {

  /** Number of tiles that are kept: the path to a leaf and both right edges, several times over. */
  public static final int MAX_CACHED_TILES = 64;

  private final long treeSize;
  private final TileSource source;
  private final TreeHasher hasher = new TreeHasher();
  private final Map<Tile, byte[]> cache =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Tile, byte[]> eldest) {
          return size() > MAX_CACHED_TILES;
        }
      };

  /**
   * @param treeSize the size of a checkpoint; only tiles that a tree of this size has are read
   */
  public TileReader(long treeSize, TileSource source) {
    if (treeSize < 0) {
      throw new IllegalArgumentException("a tree cannot have size " + treeSize);
    }
    this.treeSize = treeSize;
    this.source = source;
  }

  /** The tree over these nodes, for its roots and proofs. */
  public MerkleTree tree() {
    return new MerkleTree(treeSize, this);
  }

  /** Whether the tiles of the tree's right edge give this root. */
  public Verdict check(Hash root) throws IOException {
    Hash computed = tree().root();
    return computed.equals(root)
        ? new Verdict.Holds()
        : Verdict.fails(
            Problem.WRONG_ROOT,
            "the tiles of size " + treeSize + " lead to root " + computed + ", not " + root);
  }

  /** The hash of a leaf, from its tile. */
  public Hash leafHash(long leafIndex) throws IOException {
    return node(0, leafIndex);
  }

  @Override
  public Hash node(int height, long index) throws IOException {
    if (height < 0 || height >= Long.SIZE - 1 || index < 0 || index >= treeSize >>> height) {
      throw new IllegalArgumentException(
          "a tree of size " + treeSize + " has no node " + index + " of height " + height);
    }
    int within = height % Tile.HEIGHT;
    int level = height / Tile.HEIGHT;
    long firstHash = index << within;
    long tileIndex = firstHash / LogResource.FULL_WIDTH;
    int width = Tile.widthIn(treeSize, level, tileIndex);
    byte[] tile = read(new Tile(level, tileIndex, width));
    int offset = (int) (firstHash % LogResource.FULL_WIDTH) * Hash.BYTES;
    if (within == 0) {
      return Hash.of(tile, offset);
    }
    return root(tile, offset, 1 << within);
  }

  private Hash root(byte[] tile, int offset, int hashes) {
    byte[] row = new byte[hashes / 2 * Hash.BYTES];
    byte[] below = tile;
    int belowOffset = offset;
    for (int count = hashes / 2; count > 0; count /= 2) {
      for (int i = 0; i < count; i++) {
        hasher.pairInto(below, belowOffset + 2 * i * Hash.BYTES, row, i * Hash.BYTES);
      }
      below = row;
      belowOffset = 0;
    }
    return Hash.of(row, 0);
  }

  private byte[] read(Tile tile) throws IOException {
    byte[] cached = cache.get(tile);
    if (cached != null) {
      return cached;
    }
    byte[] read = source.read(tile);
    if (read.length != tile.lengthBytes()) {
      throw new MalformedTileException(tile, read.length);
    }
    cache.put(tile, read);
    return read;
  }
}
