package dev.indelible.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThrottleTest {

  @Test
  void whatIsReadTakesAsLongAsItMust() {
    Throttle throttle = new Throttle(1_000_000, () -> false);
    long start = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      throttle.spend(10_000);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(400));
    assertThat(throttle.totalBytes()).isEqualTo(500_000);
  }

  @Test
  void whileOthersAreBusyItTakesSeveralTimesAsLong() {
    Throttle throttle = new Throttle(8_000_000, () -> true);
    long start = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      throttle.spend(10_000);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(400));
    assertThat(throttle.totalBytes()).isEqualTo(500_000);
  }

  @Test
  void aReaderThatIsSlowerThanTheRateEndsTooWhenItIsTold() {
    Throttle throttle = new Throttle(Long.MAX_VALUE, () -> false);
    throttle.spend(1);
    throttle.stop();
    assertThatThrownBy(() -> throttle.spend(1)).isInstanceOf(Throttle.StoppedException.class);
    assertThat(throttle.totalBytes()).isEqualTo(1);
  }

  @Test
  void aWaitEndsWhenItIsTold() throws InterruptedException {
    Throttle throttle = new Throttle(1, () -> false);
    Thread stopping = Thread.ofPlatform().start(throttle::stop);
    assertThatThrownBy(() -> throttle.await(Duration.ofMinutes(5).toNanos()))
        .isInstanceOf(Throttle.StoppedException.class);
    stopping.join();
  }
}
