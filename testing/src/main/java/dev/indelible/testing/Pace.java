package dev.indelible.testing;

import java.time.Duration;

/**
 * Pauses that are part of what is tested: a client that sends slowly, a peer that answers late, a
 * load with a rate. Whoever waits for something uses {@link Eventually}.
 */
public final class Pace {

  private Pace() {}

  /** Suspends the current thread for a duration. */
  public static void pause(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }
}
