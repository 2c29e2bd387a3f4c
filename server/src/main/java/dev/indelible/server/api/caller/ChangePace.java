package dev.indelible.server.api.caller;

import dev.indelible.server.control.TenantQuota;
import dev.indelible.server.http.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often somebody may change what the control log keeps for good, by the hour: it is never
 * truncated, so that who may do little must not make it grow. Thread-safe.
 */
public final class ChangePace {

  /** The most changes of one person in an hour. */
  static final int MAX_PER_HOUR = TenantQuota.VIEW_CHANGES.most();

  /** The most people that are counted; the one who came first is forgotten. */
  static final int MAX_PEOPLE = 10_000;

  private static final Duration HOUR = Duration.ofHours(1);

  private record Count(Instant since, int changes) {}

  private final Map<String, Count> counts = new LinkedHashMap<>(); // guarded by this

  /**
   * Counts one change.
   *
   * @throws ProblemException 429 when it is one too many
   */
  public synchronized void count(String who, Instant now) {
    Count before = counts.get(who);
    Count count =
        before == null || !now.isBefore(before.since().plus(HOUR))
            ? new Count(now, 1)
            : new Count(before.since(), before.changes() + 1);
    if (count.changes() > MAX_PER_HOUR) {
      long wait = Math.max(1, Duration.between(now, count.since().plus(HOUR)).toSeconds());
      throw new ProblemException(
              429,
              "too_many_changes",
              "You made " + MAX_PER_HOUR + " such changes within an hour; wait a while.")
          .withHeader("Retry-After", Long.toString(wait));
    }
    counts.put(who, count);
    if (counts.size() > MAX_PEOPLE) {
      counts.remove(counts.keySet().iterator().next());
    }
  }
}
