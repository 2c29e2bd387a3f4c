package dev.indelible.verify;

/**
 * A range of leaves that has a place of its own in every tree that holds it: {@code start} is a
 * multiple of the smallest power of two that is not smaller than the range.
 *
 * <p>Any {@code [0, n)} is one, the whole tree of size n. Source:
 * draft-ietf-plants-merkle-tree-certs, "Subtrees".
 *
 * @param start index of the first leaf
 * @param end index after the last leaf
 */
public record Subtree(long start, long end) {

  /** Whether the range is one of those that this type describes; the empty range is. */
  public boolean isValid() {
    if (start < 0 || end < start) {
      return false;
    }
    long width = end - start;
    if (width <= 1) {
      return true;
    }
    int height = Long.SIZE - Long.numberOfLeadingZeros(width - 1);
    // No positive long but 0 is a multiple of 2^63.
    return height >= Long.SIZE - 1 ? start == 0 : (start & ((1L << height) - 1)) == 0;
  }

  @Override
  public String toString() {
    return "[" + start + ", " + end + ")";
  }
}
