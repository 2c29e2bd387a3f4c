package dev.indelible.server.query;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A qualifier of the query language that takes a point in time. */
public enum TimeBound {
  /** Occurred at the point or after it. */
  AFTER(true, false),
  /** Occurred before the point. */
  BEFORE(false, false),
  /** Recorded at the point or after it. */
  RECORDED_AFTER(true, true),
  /** Recorded before the point. */
  RECORDED_BEFORE(false, true);

  private final boolean lower;
  private final boolean recorded;

  TimeBound(boolean lower, boolean recorded) {
    this.lower = lower;
    this.recorded = recorded;
  }

  /** Whether entries at or after the point are meant, and not those before it. */
  public boolean isLower() {
    return lower;
  }

  /** Whether the time of recording is meant, and not that of occurrence. */
  public boolean isRecorded() {
    return recorded;
  }

  /** The name in queries: {@code recorded_after}. */
  public String queryName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<TimeBound> named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(bound -> bound.queryName().equals(lower)).findFirst();
  }
}
