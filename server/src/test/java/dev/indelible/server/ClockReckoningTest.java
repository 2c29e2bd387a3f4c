package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests which clocks are doubted. */
class ClockReckoningTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration YEAR = Duration.ofDays(365);

  private Instant wall = START;
  private long nanos = 1_000;

  private ClockReckoning from(@Nullable Instant seen, @Nullable Instant newest) {
    return new ClockReckoning(seen, newest, () -> wall, () -> nanos);
  }

  /** Time goes by, on both clocks. */
  private void pass(Duration time) {
    wall = wall.plus(time);
    nanos += time.toNanos();
  }

  @Test
  void aNewServerHasNothingToDoubtItsClockBy() {
    assertThat(from(null, null).isDoubted()).isFalse();
  }

  @Test
  void aStartIsDoubtedAboveADayBehindTheLastStopAndTheNewestEntry() {
    assertThat(from(START.minus(DAY), null).isDoubted()).isFalse();
    assertThat(from(START.minus(DAY).minusSeconds(1), null).isDoubted()).isTrue();
    assertThat(from(null, START.minus(YEAR)).isDoubted()).as("a folder of before").isTrue();
    assertThat(from(START.minus(DAY).minusSeconds(9), START.minus(DAY)).isDoubted())
        .as("an entry was recorded after what was stored last")
        .isFalse();
    assertThat(from(START.minusSeconds(1), START.minus(YEAR)).isDoubted())
        .as("nothing was recorded for a year, and the server ran")
        .isFalse();
  }

  @Test
  void entriesOfAClockThatHadJumpedSpeakForNobody() {
    // It jumped, an entry was recorded with it, and the server was killed before it was noticed.
    assertThat(from(START.minus(YEAR), START.minusSeconds(1)).isDoubted()).isTrue();
  }

  @Test
  void aJumpWhileRunningIsDoubtedAtOnceUntilItIsPutRight() {
    ClockReckoning clock = from(START, null);
    pass(Duration.ofHours(3));
    wall = wall.plus(DAY);
    assertThat(clock.isDoubted()).as("a day").isFalse();
    wall = wall.plusSeconds(1);
    assertThat(clock.isDoubted()).as("more than a day").isTrue();
    assertThat(clock.believed()).isEqualTo(START.plus(Duration.ofHours(3)));
    clock.follow();
    assertThat(clock.isDoubted()).as("nor is it followed").isTrue();
    wall = wall.minus(DAY);
    assertThat(clock.isDoubted()).isFalse();
  }

  @Test
  void whoVouchesForAClockHasItBelievedFromThere() {
    ClockReckoning clock = from(START.minus(YEAR), null);
    assertThat(clock.isDoubted()).isTrue();
    assertThat(clock.ahead()).isEqualTo(YEAR);
    assertThat(clock.accept()).isEqualTo(START);
    assertThat(clock.isDoubted()).isFalse();
    wall = wall.plus(YEAR);
    assertThat(clock.isDoubted()).as("the next jump").isTrue();
  }

  @Test
  void aMachineThatSleepsEveryNightIsNotDoubtedAndSmallJumpsDoNotComeToALargeOne() {
    ClockReckoning sleeping = from(START, null);
    for (int night = 0; night < 30; night++) {
      for (int hour = 0; hour < 14; hour++) {
        pass(Duration.ofHours(1));
        sleeping.follow();
      }
      wall = wall.plus(Duration.ofHours(10));
      assertThat(sleeping.isDoubted()).isFalse();
    }
    ClockReckoning nudged = from(wall, null);
    for (int i = 0; i < 3; i++) {
      pass(Duration.ofSeconds(10));
      wall = wall.plus(Duration.ofHours(20));
      nudged.follow();
    }
    assertThat(nudged.isDoubted()).isTrue();
  }

  @Test
  void aClockThatIsBehindDeletesNothingEarlyAndIsNotDoubted() {
    ClockReckoning clock = from(START.plus(YEAR), null);
    assertThat(clock.isDoubted()).isFalse();
    wall = START.plus(YEAR);
    assertThat(clock.isDoubted()).as("it was put right").isFalse();
    assertThat(clock.ahead()).isZero();
  }

  @Test
  void timesAreSaidInDaysOrHours() {
    assertThat(ClockReckoning.words(Duration.ofHours(47))).isEqualTo("47 hours");
    assertThat(ClockReckoning.words(Duration.ofDays(400))).isEqualTo("400 days");
  }
}
