package dev.indelible.stranger;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code docs/formats/tree.md} and {@code tile.md}. */
public final class StrangersTree {

  private StrangersTree() {}

  /** Fetches a file of a log by its path below the log's prefix. */
  @FunctionalInterface
  public interface Files {
    byte[] get(String path) throws Exception;
  }

  static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The hash of a leaf. */
  public static byte[] leafHash(byte[] leaf) {
    return sha256(new byte[] {0}, leaf);
  }

  private static byte[] node(byte[] left, byte[] right) {
    return sha256(new byte[] {1}, left, right);
  }

  /** MTH. */
  public static byte[] root(List<byte[]> leafHashes) {
    int n = leafHashes.size();
    if (n == 0) {
      return sha256();
    }
    if (n == 1) {
      return leafHashes.getFirst();
    }
    int k = (int) largestPowerBelow(n);
    return node(root(leafHashes.subList(0, k)), root(leafHashes.subList(k, n)));
  }

  private static long largestPowerBelow(long n) {
    return Long.highestOneBit(n - 1);
  }

  /** "Inclusion proof", to check. */
  public static void checkInclusion(
      byte[] leafHash, long m, long n, List<byte[]> proof, byte[] root) {
    if (m < 0 || m >= n) {
      throw new Untrue("index " + m + " of " + n);
    }
    long x = m ^ (n - 1);
    int i = Long.SIZE - Long.numberOfLeadingZeros(x);
    if (proof.size() != i + Long.bitCount(i == Long.SIZE ? 0 : m >> i)) {
      throw new Untrue("number of hashes");
    }
    byte[] h = leafHash;
    long f = m;
    long s = n - 1;
    for (byte[] p : proof) {
      if (f % 2 == 1 || f == s) {
        h = node(p, h);
        while (f % 2 == 0 && f != 0) {
          f >>= 1;
          s >>= 1;
        }
      } else {
        h = node(h, p);
      }
      f >>= 1;
      s >>= 1;
    }
    if (!Arrays.equals(h, root)) {
      throw new Untrue("the inclusion proof leads elsewhere");
    }
  }

  /** "Consistency proof", to check. */
  public static void checkConsistency(long m, byte[] a, long n, byte[] b, List<byte[]> proof) {
    if (m < 1 || m > n) {
      throw new Untrue("sizes " + m + " and " + n);
    }
    if (proof.size() != consistency(m, 0, n, true).size()) {
      throw new Untrue("number of hashes");
    }
    long f = 0;
    long s = m - 1;
    long t = n - 1;
    while (f != s && (s == t || s % 2 == 1)) {
      f >>= 1;
      s >>= 1;
      t >>= 1;
    }
    List<byte[]> rest = new ArrayList<>(proof);
    byte[] x = f == s ? a : rest.removeFirst();
    byte[] y = x;
    for (byte[] p : rest) {
      if (s % 2 == 1 || s == t) {
        if (f < s) {
          x = node(p, x);
        }
        y = node(p, y);
        while (s % 2 == 0 && s != 0) {
          f >>= 1;
          s >>= 1;
          t >>= 1;
        }
      } else {
        y = node(y, p);
      }
      f >>= 1;
      s >>= 1;
      t >>= 1;
    }
    if (!Arrays.equals(x, a) || !Arrays.equals(y, b)) {
      throw new Untrue("the consistency proof leads elsewhere");
    }
  }

  /** Leaves [start, end). */
  private record Range(long start, long end) {}

  /** SUB with numbers alone: of which ranges of leaves the hashes are. */
  private static List<Range> consistency(long m, long start, long end, boolean whole) {
    List<Range> hashes = new ArrayList<>();
    long n = end - start;
    if (m == n) {
      if (!whole) {
        hashes.add(new Range(start, end));
      }
      return hashes;
    }
    long k = largestPowerBelow(n);
    if (m <= k) {
      hashes.addAll(consistency(m, start, start + k, whole));
      hashes.add(new Range(start + k, end));
    } else {
      hashes.addAll(consistency(m - k, start + k, end, false));
      hashes.add(new Range(start, start + k));
    }
    return hashes;
  }

  /** A consistency proof from m to n, made of the log's tiles. */
  public static List<byte[]> consistencyFromTiles(long m, long n, Files log) throws Exception {
    List<byte[]> proof = new ArrayList<>();
    for (Range range : consistency(m, 0, n, true)) {
      proof.add(fromTiles(range.start(), range.end(), n, log));
    }
    return proof;
  }

  /** MTH(d[start:end]), from the roots of complete subtrees. */
  private static byte[] fromTiles(long start, long end, long size, Files log) throws Exception {
    long n = end - start;
    if (Long.bitCount(n) == 1) {
      int h = Long.numberOfTrailingZeros(n);
      return complete(h, start >> h, size, log);
    }
    long k = largestPowerBelow(n);
    return node(fromTiles(start, start + k, size, log), fromTiles(start + k, end, size, log));
  }

  /** "Nodes from tiles". */
  private static byte[] complete(int h, long i, long size, Files log) throws Exception {
    int level = h / 8;
    int r = h % 8;
    long first = i << r;
    long hashesOfLevel = size >> (8 * level);
    long tile = first / 256;
    int width = (int) Math.min(256, hashesOfLevel - tile * 256);
    byte[] bytes = log.get(path("tile/" + level + "/", tile, width));
    if (bytes.length != 32 * width) {
      throw new Untrue("a tile's length");
    }
    List<byte[]> hashes = new ArrayList<>();
    for (int j = (int) (first % 256); j < first % 256 + (1 << r); j++) {
      hashes.add(Arrays.copyOfRange(bytes, 32 * j, 32 * j + 32));
    }
    return root(hashes);
  }

  /** "Path". */
  static String path(String prefix, long index, int width) {
    StringBuilder path = new StringBuilder("%03d".formatted(index % 1000));
    for (long rest = index / 1000; rest > 0; rest /= 1000) {
      path.insert(0, "x%03d/".formatted(rest % 1000));
    }
    return prefix + path + (width == 256 ? "" : ".p/" + width);
  }

  /** All leaves, from the entry bundles. */
  public static List<byte[]> leaves(long size, Files log) throws Exception {
    List<byte[]> leaves = new ArrayList<>();
    for (long bundle = 0; bundle * 256 < size; bundle++) {
      int width = (int) Math.min(256, size - bundle * 256);
      byte[] bytes = log.get(path("tile/entries/", bundle, width));
      int at = 0;
      for (int i = 0; i < width; i++) {
        int length = ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
        leaves.add(Arrays.copyOfRange(bytes, at + 2, at + 2 + length));
        at += 2 + length;
      }
      if (at != bytes.length) {
        throw new Untrue("a bundle's length");
      }
    }
    return leaves;
  }
}
