package dev.indelible.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What checkpoints may cost. */
final class SigningBudgetTest {

  private static boolean busy(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    boolean on = true;
    while (System.nanoTime() < end) {
      on = !on;
    }
    return on;
  }

  @Test
  void manyThreadsTogetherTakeTheShareAndWhatWasSavedUpAndNoMore() throws Exception {
    SigningBudget budget = new SigningBudget();
    AtomicInteger done = new AtomicInteger();
    CountDownLatch ended = new CountDownLatch(8);
    long begun = System.nanoTime();
    for (int i = 0; i < 8; i++) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  while (System.nanoTime() - begun < 1_500_000_000L) {
                    budget.spend(() -> busy(2));
                    done.incrementAndGet();
                  }
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                } finally {
                  ended.countDown();
                }
              });
    }
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    double seconds = (System.nanoTime() - begun) / 1e9;
    double share = (budget.spentNanos() / 1e9 - SigningBudget.BURST_MILLIS / 1e3) / seconds;
    assertThat(share).isLessThan(SigningBudget.SHARE + 0.05);
    assertThat(done.get()).isGreaterThan(20);
  }

  @Test
  void aQuietTimeSavesUpABurstAndNothingBeyondIt() throws Exception {
    SigningBudget budget = new SigningBudget();
    TimeUnit.MILLISECONDS.sleep(600);
    long begun = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      budget.spend(() -> busy(2));
    }
    assertThat(System.nanoTime() - begun).as("20 ms of work at once").isLessThan(200_000_000L);
    for (int i = 0; i < 45; i++) {
      budget.spend(() -> busy(2));
    }
    // 110 ms of work, of which 50 ms were free: the rest takes at least 5 times as long.
    assertThat(System.nanoTime() - begun).isGreaterThan(280_000_000L);
  }
}
