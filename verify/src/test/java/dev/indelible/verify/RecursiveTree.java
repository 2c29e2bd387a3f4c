package dev.indelible.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * The definitions of RFC 6962, section 2.1, word for word and slowly, to hold the real code
 * against: it shares none of it but the hash functions.
 */
final class RecursiveTree {

  private RecursiveTree() {}

  /** MTH(D). */
  static Hash root(List<Hash> d) {
    int n = d.size();
    if (n == 0) {
      return Rfc6962.EMPTY_ROOT;
    }
    if (n == 1) {
      return d.get(0);
    }
    int k = split(n);
    return Rfc6962.nodeHash(root(d.subList(0, k)), root(d.subList(k, n)));
  }

  /** PATH(m, D). */
  static List<Hash> path(int m, List<Hash> d) {
    int n = d.size();
    if (n == 1) {
      return new ArrayList<>();
    }
    int k = split(n);
    List<Hash> path = m < k ? path(m, d.subList(0, k)) : path(m - k, d.subList(k, n));
    path.add(m < k ? root(d.subList(k, n)) : root(d.subList(0, k)));
    return path;
  }

  /** PROOF(m, D). */
  static List<Hash> proof(int m, List<Hash> d) {
    return subproof(m, d, true);
  }

  private static List<Hash> subproof(int m, List<Hash> d, boolean whole) {
    int n = d.size();
    if (m == n) {
      List<Hash> proof = new ArrayList<>();
      if (!whole) {
        proof.add(root(d));
      }
      return proof;
    }
    int k = split(n);
    List<Hash> proof =
        m <= k ? subproof(m, d.subList(0, k), whole) : subproof(m - k, d.subList(k, n), false);
    proof.add(m <= k ? root(d.subList(k, n)) : root(d.subList(0, k)));
    return proof;
  }

  /** The largest power of two smaller than n. */
  private static int split(int n) {
    return Integer.highestOneBit(n - 1);
  }
}
