package dev.indelible.verify;

/**
 * A file of a published log: some of the tree's hashes ({@link Tile}) or some of its leaves ({@link
 * EntryBundle}), named by a path relative to the log's prefix.
 *
 * <pre>
 * tile/&lt;L&gt;/&lt;N&gt;[.p/&lt;W&gt;]            L: level in decimal, or "entries"
 * tile/0/x001/x234/067            N: index in groups of three digits, all but the last with an x
 * tile/0/x001/x234/067.p/8        W: width in decimal, only when it is less than 256
 * </pre>
 *
 * <p>Source: c2sp.org/tlog-tiles. Format: {@code docs/formats/tile.md}.
 */
public sealed interface LogResource permits Tile, EntryBundle {

  /** Number of hashes or leaves of a full one. */
  int FULL_WIDTH = 256;

  /** The longest path that is looked at; the longest that means anything is shorter. */
  int MAX_PATH_CHARS = 64;

  /** Place among its kind, from 0. */
  long index();

  /** Number of its hashes or leaves, from 1 to {@value #FULL_WIDTH}. */
  int width();

  /** Whether the tree has to grow before it is full. */
  default boolean isPartial() {
    return width() < FULL_WIDTH;
  }

  /** The path under the log's prefix, without a leading slash. */
  String path();

  /** Reads a path, exactly as {@link #path} writes it. */
  static Parsed<LogResource> parse(String path) {
    return LogPaths.parse(path);
  }
}
