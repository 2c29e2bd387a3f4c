package dev.indelible.server.deliver;

import dev.indelible.server.deliver.Delivery.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Bound on how long one attempt takes, however slowly a receiver answers. The work is done on a
 * virtual thread, whose sockets an interruption closes.
 */
final class Attempt {

  private Attempt() {}

  /**
   * Does the work, for at most that long.
   *
   * @throws InterruptedException when the caller is interrupted; the work is, too
   */
  static Outcome within(Duration atMost, Callable<Outcome> work) throws InterruptedException {
    FutureTask<Outcome> task = new FutureTask<>(work);
    Thread _ = Thread.ofVirtual().name("delivery").start(task);
    try {
      return task.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return new Outcome.Failed("it took longer than %,d s".formatted(atMost.toSeconds()));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      return outcome(cause == null ? e : cause);
    } finally {
      task.cancel(true);
    }
  }

  private static Outcome outcome(Throwable fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof AddressRefusedException refused) {
        return new Outcome.Refused(String.valueOf(refused.getMessage()));
      }
    }
    return switch (fault) {
      case IOException e -> Outcome.of(e);
      case Error e -> throw e;
      case RuntimeException e -> throw e;
      default -> throw new IllegalStateException(fault);
    };
  }
}
