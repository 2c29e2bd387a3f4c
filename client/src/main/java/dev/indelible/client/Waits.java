package dev.indelible.client;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The clock, the chance and the patience of a client, given so that its tests need not wait.
 *
 * @param clock the time, for {@code Retry-After} dates and for giving up
 * @param random the random part of a wait; thread-safe
 * @param pause waits
 * @param remarks is told, in words, why and how long it waits
 */
record Waits(InstantSource clock, RandomGenerator random, Pause pause, Consumer<String> remarks) {

  /** Waits. */
  @FunctionalInterface
  interface Pause {
    void pause(Duration duration) throws InterruptedException;
  }
}
