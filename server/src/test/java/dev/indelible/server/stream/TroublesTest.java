package dev.indelible.server.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.sink.Sink;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The search for the entry that a receiver can't take, and the waits in between. */
class TroublesTest {

  private static final Sink.Answer.Failed DOWN = new Sink.Answer.Failed("down");

  @Test
  void aBatchIsHalvedUntilOneEntryIsLeftThatIsGivenUpAfterFailingAlone() {
    Troubles troubles = new Troubles();
    Random random = new Random(1);
    int size = 500;
    int rounds = 0;
    while (true) {
      Duration _ = troubles.failed(DOWN, 7, size, random);
      rounds++;
      if (troubles.isStuck()) {
        if (troubles.blames(size, rounds)) {
          break;
        }
        size = troubles.cap(size);
      }
    }
    assertThat(size).isEqualTo(1);
    assertThat(rounds).isBetween(18, 30);
    troubles.passed(500);
    assertThat(troubles.cap(500)).isEqualTo(2);
    for (int i = 0; i < 9; i++) {
      troubles.passed(500);
    }
    assertThat(troubles.cap(500)).isEqualTo(500);
    assertThat(troubles.lastError()).isNull();
  }

  @Test
  void whereTheReceiverSaysWhichEntryItWasThatOneIsTriedAloneAtOnce() {
    Troubles troubles = new Troubles();
    Random random = new Random(1);
    Duration _ = troubles.failed(new Sink.Answer.Failed("ended", 3, null), 10, 20, random);
    assertThat(troubles.isStuck()).isFalse();
    Duration _ = troubles.failed(DOWN, 10, 20, random);
    assertThat(troubles.isStuck()).isTrue();
    assertThat(troubles.blames(20, 4)).isFalse();
    assertThat(troubles.cap(500)).isEqualTo(1);
    assertThat(troubles.wantsSmaller(4)).isTrue();
    assertThat(troubles.wantsSmaller(5)).isFalse();
  }

  @Test
  void waitsDoubleUpToFiveMinutesWithAPartLeftToChanceAndAWishIsGrantedForADay() {
    Random random = new Random(3);
    for (int failures = 1; failures < 40; failures++) {
      Duration most =
          Duration.ofSeconds(1L << Math.min(failures - 1, 20)).compareTo(SendBackoff.LONGEST) > 0
              ? SendBackoff.LONGEST
              : Duration.ofSeconds(1L << (failures - 1));
      assertThat(SendBackoff.after(failures, null, random))
          .isBetween(most.multipliedBy(3).dividedBy(4).minusMillis(1), most);
    }
    assertThat(SendBackoff.after(1, Duration.ofHours(2), random)).isEqualTo(Duration.ofHours(2));
    assertThat(SendBackoff.after(1, Duration.ofDays(9), random)).isEqualTo(Duration.ofDays(1));
    assertThat(SendBackoff.after(9, Duration.ofMillis(1), random))
        .isGreaterThan(Duration.ofMinutes(3));
  }
}
