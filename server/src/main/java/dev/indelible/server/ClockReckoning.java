package dev.indelible.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Estimate of the time, reckoned from the last one that was believed and from the monotonic clock,
 * which nobody sets.
 *
 * <p>A clock is doubted while it is more than {@link #LIMIT} ahead of that: because it was set, or
 * because the server was off for as long, which from here look alike. One that is put right is
 * believed again. A clock that is behind is believed: nothing is deleted early by it.
 *
 * <p>The reckoning follows a believed clock no faster than twice real time, so that a machine that
 * sleeps every night is not doubted, and many small jumps do not come to a large one. Thread-safe.
 */
final class ClockReckoning {

  /** How far ahead a clock may be. */
  static final Duration LIMIT = Duration.ofHours(24);

  private final InstantSource clock;
  private final LongSupplier nanos;
  private Instant anchor; // guarded by this
  private long anchorNanos; // guarded by this

  /**
   * A reckoning that begins now.
   *
   * @param seen the time that was believed when a server last ran, or null
   * @param newest the newest time in the journals, or null when there is none
   * @param clock the clock that may be wrong
   * @param nanos the monotonic clock
   */
  ClockReckoning(
      @Nullable Instant seen, @Nullable Instant newest, InstantSource clock, LongSupplier nanos) {
    this.clock = clock;
    this.nanos = nanos;
    Instant now = clock.instant();
    Instant last = last(seen, newest);
    this.anchor = last == null ? now : last;
    this.anchorNanos = nanos.getAsLong();
    if (!isDoubted() && now.isAfter(anchor)) {
      anchor = now;
    }
  }

  /** Entries from far after the last time that was believed are of a clock that had jumped. */
  private static @Nullable Instant last(@Nullable Instant seen, @Nullable Instant newest) {
    if (seen == null || newest == null) {
      return seen == null ? newest : seen;
    }
    return newest.isAfter(seen) && !newest.isAfter(seen.plus(LIMIT)) ? newest : seen;
  }

  /** The time that is believed now. */
  synchronized Instant believed() {
    Instant reckoned = reckoned();
    Instant now = clock.instant();
    return now.isAfter(reckoned) && !isAhead(now, reckoned) ? now : reckoned;
  }

  /** How far the clock is ahead of what it can be; not below zero. */
  synchronized Duration ahead() {
    Duration ahead = Duration.between(reckoned(), clock.instant());
    return ahead.isNegative() ? Duration.ZERO : ahead;
  }

  /** Whether the clock says what it cannot. */
  synchronized boolean isDoubted() {
    return isAhead(clock.instant(), reckoned());
  }

  private static boolean isAhead(Instant now, Instant reckoned) {
    return now.isAfter(reckoned.plus(LIMIT));
  }

  private Instant reckoned() {
    return anchor.plusNanos(nanos.getAsLong() - anchorNanos);
  }

  /** Follows a believed clock; to be called now and then. */
  synchronized void follow() {
    long nowNanos = nanos.getAsLong();
    Duration elapsed = Duration.ofNanos(nowNanos - anchorNanos);
    anchor = anchor.plus(elapsed);
    anchorNanos = nowNanos;
    Duration ahead = Duration.between(anchor, clock.instant());
    if (ahead.isPositive() && ahead.compareTo(LIMIT) <= 0) {
      anchor = anchor.plus(ahead.compareTo(elapsed) < 0 ? ahead : elapsed);
    }
  }

  /**
   * Believes the clock as it is.
   *
   * @return what it says
   */
  synchronized Instant accept() {
    anchor = clock.instant();
    anchorNanos = nanos.getAsLong();
    return anchor;
  }

  /** A time for people: the whole days, or hours below two days. */
  static String words(Duration time) {
    long hours = TimeUnit.SECONDS.toHours(time.toSeconds());
    return hours < 48 ? hours + " hours" : TimeUnit.HOURS.toDays(hours) + " days";
  }
}
