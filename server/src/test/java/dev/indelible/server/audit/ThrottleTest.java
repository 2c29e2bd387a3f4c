package dev.indelible.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.testing.Eventually;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

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
    FutureTask<Boolean> waiting =
        new FutureTask<>(
            () -> {
              throttle.await(Eventually.LIMIT.multipliedBy(5).toNanos());
              return true;
            });
    Thread.ofPlatform().start(waiting);
    throttle.stop();
    assertThatThrownBy(() -> Eventually.done("a wait that is stopped", waiting))
        .hasCauseInstanceOf(Throttle.StoppedException.class);
  }
}
