package dev.indelible.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergePolicyTest {

  @Test
  void fewRunsAreLeftAlone() {
    assertThat(MergePolicy.runsToMerge(Collections.nCopies(7, 10L), 8, 1_000)).isZero();
  }

  @Test
  void asManyAsTheFactorOfEqualRunsBecomeOne() {
    assertThat(MergePolicy.runsToMerge(Collections.nCopies(8, 10L), 8, 1_000)).isEqualTo(8);
  }

  @Test
  void aLargeOldRunIsLeftAloneUntilTheNewerOnesAreAsLargeTogether() {
    assertThat(MergePolicy.runsToMerge(List.of(1_000L, 10L, 10L, 10L), 3, 10_000)).isEqualTo(3);
    assertThat(MergePolicy.runsToMerge(List.of(30L, 10L, 10L, 10L), 3, 10_000)).isEqualTo(4);
  }

  @Test
  void nothingGrowsBeyondTheLargestMergedRun() {
    assertThat(MergePolicy.runsToMerge(Collections.nCopies(8, 10L), 3, 45)).isEqualTo(4);
    assertThat(MergePolicy.runsToMerge(Collections.nCopies(8, 10L), 3, 25)).isZero();
  }

  @Test
  void aThousandSealsLeaveFewRunsAndRewriteEachEntryAFewTimes() {
    List<Long> runs = new ArrayList<>();
    long rewritten = 0;
    for (int i = 0; i < 1_000; i++) {
      runs.add(1L);
      int count;
      while ((count = MergePolicy.runsToMerge(runs, 8, Long.MAX_VALUE / 2)) > 0) {
        List<Long> merged = runs.subList(runs.size() - count, runs.size());
        long size = merged.stream().mapToLong(Long::longValue).sum();
        rewritten += size;
        merged.clear();
        runs.add(size);
      }
    }
    assertThat(runs.size()).isLessThan(20);
    assertThat(rewritten / 1_000.0).isLessThan(12);
  }
}
