package dev.indelible.server.stream;

import dev.indelible.server.sink.Sink;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Memory of what goes wrong with a stream's receiver, and the search for an entry that it can't
 * take: a batch that fails again and again while a test goes through is halved, until one entry is
 * left that fails alone. The turn's; what others are shown is volatile.
 */
final class Troubles {

  /** Failures at the same entry after which a test tells whether the receiver is there. */
  static final int STUCK = 2;

  /** Failures of one entry alone, each with a test that goes through, before it is given up. */
  static final int LONE_FAILURES = 5;

  private volatile int failures;
  private volatile @Nullable String lastError;
  private long attemptsOf;
  private int attempts;
  private boolean isNew; // whether the batch was begun by this process
  private long stuckAt = -1;
  private int stuck;
  private int lone;
  private boolean isExact; // whether the receiver said at which entry it failed
  private int cap = Integer.MAX_VALUE;
  private long smallerThan; // number of the batch that is to be put together anew

  int failures() {
    return failures;
  }

  @Nullable String lastError() {
    return lastError;
  }

  void note(String problem) {
    lastError = problem;
  }

  /** Notes that there is nothing to do, and nothing that fails. */
  void idle() {
    if (failures == 0) {
      lastError = null;
    }
  }

  /** Notes that a batch is new, so that nobody has sent it before. */
  void begun() {
    isNew = true;
  }

  /** Counts an attempt of a batch. */
  int attempt(long number) {
    if (number != attemptsOf) {
      attemptsOf = number;
      attempts = 0;
    }
    return ++attempts;
  }

  /** Whether the batch of the newest attempt may have been there before. */
  boolean isRepeated() {
    return attempts > 1 || !isNew;
  }

  /** The most entries of a batch now. */
  int cap(int limit) {
    return Math.min(limit, cap);
  }

  boolean wantsSmaller(long number) {
    return smallerThan == number;
  }

  /** Notes a success; batches grow again. */
  void passed(int limit) {
    failures = 0;
    lastError = null;
    stuck = 0;
    lone = 0;
    stuckAt = -1;
    isNew = false;
    cap = cap > limit / 2 ? Integer.MAX_VALUE : cap * 2;
  }

  /** Notes a failure; returns how long to wait. */
  Duration failed(Sink.Answer.Failed failed, long seq, int left, RandomGenerator random) {
    int before = failures;
    failures = before + 1; // by the turn alone
    lastError = failed.problem();
    if (seq == stuckAt) {
      stuck++;
    } else {
      stuckAt = seq;
      stuck = 1;
      lone = 0;
      isExact = failed.arrived() > 0;
    }
    return SendBackoff.after(failures, failed.retryAfter(), random);
  }

  /** Whether the same entry was the first one that failed twice or more. */
  boolean isStuck() {
    return stuck >= STUCK;
  }

  /** Notes that a test went through although the batch failed; returns whether to give it up. */
  boolean blames(int size, long number) {
    if (size > 1) {
      cap = isExact ? 1 : size / 2;
      smallerThan = number;
      stuck = 0;
      return false;
    }
    return ++lone >= LONE_FAILURES;
  }
}
