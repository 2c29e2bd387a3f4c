package dev.indelible.ports.testing;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that shows what a test sets. Thread-safe. */
public final class SettableClock implements InstantSource {

  private final AtomicLong nowMillis;

  /** A clock that shows {@code nowMillis} until it is set. */
  public SettableClock(long nowMillis) {
    this.nowMillis = new AtomicLong(nowMillis);
  }

  /** Sets the time, in milliseconds since the epoch. */
  public void setMillis(long millis) {
    nowMillis.set(millis);
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(nowMillis.get());
  }
}
