package dev.indelible.server.log;

import java.util.List;

/**
 * Choice of the runs to merge.
 *
 * <p>Only neighbours are merged, so that a tenant's entries stay in order. The newest runs are
 * merged, from the oldest one on that is no larger than all newer ones together, when they are at
 * least {@code mergeFactor}. Sizes then at least double from one kept run to the next older: there
 * are about {@code mergeFactor + log2(total / smallest)} runs, and an entry is rewritten that often
 * at most.
 */
final class MergePolicy {

  private MergePolicy() {}

  /**
   * How many of the newest runs to merge into one; 0 when none.
   *
   * @param sizes sizes of the runs in bytes, oldest first
   */
  static int runsToMerge(List<Long> sizes, int mergeFactor, long maxMergedBytes) {
    long newer = 0;
    int best = 0;
    for (int i = sizes.size() - 1; i >= 0; i--) {
      long size = sizes.get(i);
      int count = sizes.size() - i;
      if (newer + size > maxMergedBytes) {
        break;
      }
      if (count >= mergeFactor && size <= newer) {
        best = count;
      }
      newer += size;
    }
    return best;
  }
}
