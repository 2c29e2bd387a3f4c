package dev.indelible.server.proof;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.verify.EntryBundle;
import dev.indelible.verify.Hash;
import dev.indelible.verify.LogResource;
import dev.indelible.verify.Tile;
import dev.indelible.verify.TileSource;
import dev.indelible.verify.TreeFrontier;
import dev.indelible.verify.TreeHasher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The tiles and entry bundles of every log, cut from what is stored.
 *
 * <p>Level 0 is the leaf hashes, level 1 the stored roots over 256 of them; above, each hash is the
 * root over a full tile below it. Full tiles never change and are kept, within bounds. Thread-safe.
 */
final class LogTiles {

  /** Full tiles kept in memory, in bytes. */
  static final long CACHE_BYTES = 32L << 20;

  /** Roots over full tiles kept in memory. */
  static final long CACHED_ROOTS = 100_000;

  private static final int ENTRY_OVERHEAD_BYTES = 128;

  private record Key(TenantId tenant, int level, long index) {}

  private final EventLog log;
  private final Cache<Key, byte[]> full =
      Caffeine.newBuilder()
          .maximumWeight(CACHE_BYTES)
          .<Key, byte[]>weigher((key, tile) -> tile.length + ENTRY_OVERHEAD_BYTES)
          .build();
  private final Cache<Key, Hash> roots = Caffeine.newBuilder().maximumSize(CACHED_ROOTS).build();

  LogTiles(EventLog log) {
    this.log = log;
  }

  /** The tenant's tiles. */
  TileSource of(TenantId tenant) {
    return tile -> read(tenant, tile);
  }

  /**
   * The bytes of a tile.
   *
   * @throws IllegalArgumentException when the log is too small for it
   */
  byte[] read(TenantId tenant, Tile tile) throws IOException {
    if (tile.isPartial()) {
      return cut(tenant, tile);
    }
    Key key = new Key(tenant, tile.level(), tile.index());
    byte[] known = full.getIfPresent(key);
    if (known == null) {
      known = cut(tenant, tile);
      full.put(key, known);
    }
    return known.clone();
  }

  private byte[] cut(TenantId tenant, Tile tile) throws IOException {
    long from = tile.index() * LogResource.FULL_WIDTH;
    long to = from + tile.width();
    return switch (tile.level()) {
      case 0 -> joined(log.leafHashes(tenant, from, to));
      case 1 -> joined(log.subtrees(tenant, from, to));
      default -> {
        List<Hash> hashes = new ArrayList<>(tile.width());
        for (long below = from; below < to; below++) {
          hashes.add(root(tenant, tile.level() - 1, below));
        }
        yield joined(hashes);
      }
    };
  }

  /** The root over a full tile. */
  private Hash root(TenantId tenant, int level, long index) throws IOException {
    Key key = new Key(tenant, level, index);
    Hash known = roots.getIfPresent(key);
    if (known == null) {
      byte[] tile = read(tenant, new Tile(level, index, LogResource.FULL_WIDTH));
      TreeHasher hasher = new TreeHasher();
      TreeFrontier frontier = TreeFrontier.empty();
      for (int i = 0; i < LogResource.FULL_WIDTH; i++) {
        frontier.append(Hash.of(tile, i * Hash.BYTES), hasher);
      }
      known = frontier.root(hasher);
      roots.put(key, known);
    }
    return known;
  }

  /** The bytes of a bundle: the leaves that the entries' bytes give, purged ones as they are. */
  byte[] read(TenantId tenant, EntryBundle bundle) throws IOException {
    long from = bundle.index() * LogResource.FULL_WIDTH;
    List<byte[]> leaves = new ArrayList<>(bundle.width());
    log.forEach(
        tenant,
        from,
        from + bundle.width(),
        entry -> {
          leaves.add(Leaves.of(entry).encode());
          return leaves.size() < bundle.width();
        });
    if (leaves.size() != bundle.width()) {
      throw new IllegalArgumentException(tenant + " has not got " + bundle.path());
    }
    return EntryBundle.encode(leaves);
  }

  private static byte[] joined(List<Hash> hashes) {
    byte[] tile = new byte[hashes.size() * Hash.BYTES];
    for (int i = 0; i < hashes.size(); i++) {
      hashes.get(i).copyTo(tile, i * Hash.BYTES);
    }
    return tile;
  }
}
