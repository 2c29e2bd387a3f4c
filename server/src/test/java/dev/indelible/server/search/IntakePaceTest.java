package dev.indelible.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IntakePaceTest {

  private static final int NANOS_PER_ENTRY = 20_000;

  @Test
  void nothingWaitsBeforeItIsKnownHowFastTheIndexerIs() {
    assertThat(new IntakePace().waitNanos(100, IndexFold.MAX_QUEUED_ENTRIES)).isZero();
  }

  @Test
  void nothingWaitsWhileTheIndexerKeepsUp() {
    assertThat(pace().waitNanos(100, 0)).isZero();
    assertThat(pace().waitNanos(100, IntakePace.FREE_ENTRIES)).isZero();
  }

  @Test
  void theIntakeIsAsFastAsTheIndexerAtTheLevelAndSlowerAbove() {
    assertThat(pace().waitNanos(100, IntakePace.LEVEL_ENTRIES)).isEqualTo(100 * NANOS_PER_ENTRY);
    assertThat(pace().waitNanos(100, IntakePace.LEVEL_ENTRIES + 10_000))
        .isGreaterThan(100 * NANOS_PER_ENTRY);
    int between = (IntakePace.FREE_ENTRIES + IntakePace.LEVEL_ENTRIES) / 2;
    assertThat(pace().waitNanos(100, between)).isEqualTo(50 * NANOS_PER_ENTRY);
  }

  @Test
  void noWaitIsLongerThanItsLimit() {
    assertThat(pace().waitNanos(1_000_000, IndexFold.MAX_QUEUED_ENTRIES))
        .isEqualTo(IntakePace.MAX_WAIT.toNanos());
  }

  private static IntakePace pace() {
    IntakePace pace = new IntakePace();
    pace.indexed(1_000, 1_000L * NANOS_PER_ENTRY);
    pace.indexed(0, 1_000_000);
    return pace;
  }
}
