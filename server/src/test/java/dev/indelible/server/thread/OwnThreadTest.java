package dev.indelible.server.thread;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Threads that rest, are woken, and are waited for. */
class OwnThreadTest {

  private static final Duration LONG = Duration.ofDays(1);

  private final AtomicInteger rounds = new AtomicInteger();
  private final OwnThread thread =
      new OwnThread(
          "test",
          self -> {
            do {
              rounds.incrementAndGet();
            } while (self.rest(LONG));
          });

  @Test
  void aRestEndsWhenItIsWokenAndTheWorkWhenItIsStopped() {
    thread.start();
    for (int round = 1; round < 20; round++) {
      int reached = round;
      Eventually.see("round " + round, rounds::get, seen -> seen == reached);
      thread.wake();
    }
    thread.stop();
    assertThat(rounds.get()).isBetween(19, 20);
    assertThat(thread.isStopping()).isTrue();
  }

  @Test
  void aWakeUpThatComesBeforeTheRestCounts() {
    thread.wake();
    thread.start();
    Eventually.see("the second round", rounds::get, seen -> seen == 2);
    thread.stop();
  }

  @Test
  void whoWaitsForTheEndDoesSoAlthoughInterrupted() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    OwnThread slow =
        new OwnThread(
            "slow",
            _ -> {
              goOn.await();
              ended.countDown();
            });
    slow.start();
    assertThat(slow.join(Duration.ofMillis(1))).isFalse();
    Thread stopping =
        Thread.ofPlatform()
            .start(
                () -> {
                  Thread.currentThread().interrupt();
                  slow.stop();
                  assertThat(Thread.interrupted()).isTrue();
                });
    Eventually.see("it is asked to stop", slow::isStopping, asked -> asked);
    goOn.countDown();
    stopping.join();
    assertThat(ended.getCount()).isZero();
    assertThat(slow.join(LONG)).isTrue();
  }

  @Test
  void oneThatWasNeverStartedIsNotWaitedFor() {
    thread.stop();
    assertThat(thread.join(LONG)).isTrue();
    assertThat(rounds.get()).isZero();
  }
}
