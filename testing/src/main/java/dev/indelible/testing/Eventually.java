package dev.indelible.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;
import org.awaitility.pollinterval.IterativePollInterval;

/**
 * Waits of tests, each for a condition and none for a time. What does not come within {@link
 * #LIMIT} fails with what was waited for and what was seen last.
 *
 * <p>Conditions are looked at in the thread that waits; what they throw ends the wait. Thread-safe.
 */
public final class Eventually {

  /**
   * The longest wait for anything. Nothing is expected to take as long: it only has to be more than
   * a machine that is busy with other work ever needs, since a test that holds never waits for it.
   */
  public static final Duration LIMIT = Duration.ofMinutes(2);

  private static final Duration FIRST_LOOK_AGAIN = Duration.ofMillis(2);
  private static final Duration LAST_LOOK_AGAIN = Duration.ofMillis(50);

  private Eventually() {}

  /** Polls a value until it satisfies the predicate, and returns it. */
  public static <T> T see(String what, Callable<T> look, Predicate<? super T> wanted) {
    return await(what).until(look, wanted);
  }

  /** Polls until the condition holds. */
  public static void holds(String what, Callable<Boolean> condition) {
    await(what).until(condition);
  }

  /** Repeats assertions until all of them pass; the last failure is the test's. */
  public static void passes(String what, ThrowingRunnable assertions) {
    await(what).untilAsserted(assertions);
  }

  /** Waits for a result. */
  public static <T> T done(String what, Future<T> future) throws InterruptedException {
    try {
      return future.get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("%s: not done within %s, %s".formatted(what, LIMIT, future), e);
    } catch (ExecutionException e) {
      throw new AssertionError(what + " failed: " + e.getCause(), e.getCause());
    }
  }

  /** Waits until a latch is counted down. */
  public static void reached(String what, CountDownLatch latch) throws InterruptedException {
    if (!latch.await(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError("%s: %d to come after %s".formatted(what, latch.getCount(), LIMIT));
    }
  }

  /** Waits until a thread has ended. */
  public static void ended(String what, Thread thread) throws InterruptedException {
    if (!thread.join(LIMIT)) {
      throw new AssertionError(
          "%s: after %s the thread is %s".formatted(what, LIMIT, thread.getState()));
    }
  }

  /** Waits until a process has ended; returns its exit code. */
  public static int ended(String what, Process process) throws InterruptedException {
    if (!process.waitFor(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError("%s: after %s it still runs".formatted(what, LIMIT));
    }
    return process.exitValue();
  }

  private static ConditionFactory await(String what) {
    return await(what, LIMIT);
  }

  /** The wait itself, with a limit that only its own tests choose. */
  static ConditionFactory await(String what, Duration limit) {
    return Awaitility.await(what)
        .atMost(limit)
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(
            IterativePollInterval.iterative(
                last ->
                    last.compareTo(LAST_LOOK_AGAIN) < 0 ? last.multipliedBy(2) : LAST_LOOK_AGAIN,
                FIRST_LOOK_AGAIN));
  }
}
