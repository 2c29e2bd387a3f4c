package dev.indelible.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A wait ends when its condition holds, and says what it waited for and what it saw when not. */
class EventuallyTest {

  private static final Duration SHORT = Duration.ofMillis(30);

  @Test
  void looksUntilWhatIsSeenIsWanted() {
    AtomicInteger looks = new AtomicInteger();
    assertThat(Eventually.see("three looks", looks::incrementAndGet, n -> n == 3)).isEqualTo(3);
    assertThat(looks).hasValue(3);
  }

  @Test
  void repeatsAssertionsUntilTheyPass() {
    AtomicInteger looks = new AtomicInteger();
    Eventually.passes("three looks", () -> assertThat(looks.incrementAndGet()).isEqualTo(3));
    assertThat(looks).hasValue(3);
  }

  @Test
  void saysWhatItWaitedForAndWhatItSaw() {
    assertThatThrownBy(() -> Eventually.await("the answer", SHORT).until(() -> 41, n -> n == 42))
        .hasMessageContaining("the answer")
        .hasMessageContaining("41");
    assertThatThrownBy(
            () ->
                Eventually.await("the answer", SHORT)
                    .untilAsserted(() -> assertThat(41).isEqualTo(42)))
        .hasMessageContaining("the answer")
        .hasMessageContaining("41");
  }

  @Test
  void whatFailsWhileItLooksEndsTheWait() {
    assertThatThrownBy(
            () ->
                Eventually.holds(
                    "nothing",
                    () -> {
                      throw new IllegalStateException("broken");
                    }))
        .hasStackTraceContaining("broken");
  }

  @Test
  void waitsForResultsLatchesThreadsAndProcesses() throws Exception {
    assertThat(Eventually.done("a result", CompletableFuture.completedFuture(7))).isEqualTo(7);
    assertThatThrownBy(
            () ->
                Eventually.done(
                    "a result", CompletableFuture.failedFuture(new IllegalStateException("no"))))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("a result failed")
        .hasRootCauseMessage("no");
    CountDownLatch latch = new CountDownLatch(1);
    Thread thread = Thread.ofVirtual().start(latch::countDown);
    Eventually.reached("the latch", latch);
    Eventually.ended("the thread", thread);
    assertThat(Eventually.ended("the process", new ProcessBuilder("true").start())).isZero();
  }
}
