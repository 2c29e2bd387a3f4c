package dev.indelible.verify;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A log of any size whose tiles are made up as they are read, every one different from every other.
 *
 * <p>Sound because nobody looks everywhere: the value of a node at a height that is a multiple of 8
 * is drawn from its coordinates alone where none of the chosen leaves is below it, as if leaves
 * with that root were known; everywhere else it is computed from its children. So the path to a
 * chosen leaf, all that lies beside it, and the edge of a tree that ends at one are those of a true
 * tree.
 */
final class SyntheticLog implements TileSource {

  private final TreeSet<Long> chosen;
  private final Map<Node, Hash> nodes = new HashMap<>();
  private final TreeHasher hasher = new TreeHasher();

  private record Node(int height, long index) {}

  SyntheticLog(Set<Long> chosenLeaves) {
    this.chosen = new TreeSet<>(chosenLeaves);
  }

  Hash node(int height, long index) {
    Node node = new Node(height, index);
    Hash known = nodes.get(node);
    if (known == null) {
      known = compute(height, index);
      nodes.put(node, known);
    }
    return known;
  }

  private Hash compute(int height, long index) {
    Long inside = chosen.ceiling(index << height);
    boolean expanded = inside != null && inside >>> height == index;
    if (height == 0 || (height % Tile.HEIGHT == 0 && !expanded)) {
      return hasher.leaf(ByteBuffer.allocate(16).putLong(height).putLong(index).array());
    }
    return hasher.node(node(height - 1, 2 * index), node(height - 1, 2 * index + 1));
  }

  @Override
  public byte[] read(Tile tile) {
    byte[] bytes = new byte[tile.lengthBytes()];
    for (int i = 0; i < tile.width(); i++) {
      Hash hash = node(Tile.HEIGHT * tile.level(), tile.index() * LogResource.FULL_WIDTH + i);
      hash.copyTo(bytes, i * Hash.BYTES);
    }
    return bytes;
  }
}
