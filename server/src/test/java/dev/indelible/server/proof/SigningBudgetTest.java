package dev.indelible.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Tests the cost of checkpoints, by a clock that only work and waiting move. */
final class SigningBudgetTest {

  private static final long MILLI = 1_000_000;

  private final AtomicLong clock = new AtomicLong(-5_000 * MILLI);
  private final SigningBudget budget =
      new SigningBudget(SigningBudget.SHARE, clock::get, clock::addAndGet);

  /** Two milliseconds of work. */
  private long work() throws Exception {
    return budget.spend(() -> clock.addAndGet(2 * MILLI));
  }

  @Test
  void manyThreadsTogetherTakeTheShareAndWhatWasSavedUpAndNoMore() throws Exception {
    AtomicInteger done = new AtomicInteger();
    CountDownLatch ended = new CountDownLatch(8);
    long begun = clock.get();
    for (int i = 0; i < 8; i++) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  while (clock.get() - begun < 1_500 * MILLI) {
                    work();
                    done.incrementAndGet();
                  }
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                } finally {
                  ended.countDown();
                }
              });
    }
    Eventually.reached("all work", ended);
    assertThat(budget.spentNanos()).isEqualTo(2 * MILLI * done.get());
    double allowed =
        (clock.get() - begun) * SigningBudget.SHARE + SigningBudget.BURST_MILLIS * MILLI;
    assertThat(budget.spentNanos() / allowed).isBetween(0.95, 1.05);
  }

  @Test
  void aQuietTimeSavesUpABurstAndNothingBeyondIt() throws Exception {
    clock.addAndGet(60_000 * MILLI);
    long begun = clock.get();
    for (int i = 0; i < 25; i++) {
      work();
    }
    assertThat(clock.get() - begun)
        .as("what was saved up is done at once")
        .isEqualTo(SigningBudget.BURST_MILLIS * MILLI);
    for (int i = 0; i < 75; i++) {
      work();
    }
    // 200 ms of work, of which 50 ms were free: the rest takes five times as long.
    assertThat((clock.get() - begun) / MILLI).isBetween(700L, 800L);
  }

  @Test
  void theServersOwnBudgetWaitsInRealTime() throws Exception {
    SigningBudget real = new SigningBudget();
    long begun = System.nanoTime();
    for (int i = 0; i < 4; i++) {
      real.spend(
          () -> {
            long end = System.nanoTime() + 30 * MILLI;
            while (System.nanoTime() < end) {
              Thread.onSpinWait();
            }
            return end;
          });
    }
    // Before the last of them 90 ms were spent, 40 ms more than a burst: five times as long.
    assertThat(System.nanoTime() - begun).isGreaterThan(200 * MILLI);
  }
}
