package dev.indelible.server.sink;

import dev.indelible.server.deliver.AddressRefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Bound on how long an attempt takes, however slowly a receiver answers. The work is done on a
 * virtual thread, whose sockets an interruption closes.
 */
final class TimeLimit {

  private TimeLimit() {}

  /**
   * Does the work, for at most that long; a fault of the network is an answer.
   *
   * @throws InterruptedException when the caller is interrupted; the work is, too
   */
  static Sink.Answer within(Duration atMost, Callable<Sink.Answer> work)
      throws InterruptedException {
    FutureTask<Sink.Answer> task = new FutureTask<>(work);
    Thread _ = Thread.ofVirtual().name("stream attempt").start(task);
    try {
      return task.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return new Sink.Answer.Failed("it took longer than %,d s".formatted(atMost.toSeconds()));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      return answer(cause == null ? e : cause);
    } finally {
      task.cancel(true);
    }
  }

  private static Sink.Answer answer(Throwable fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof AddressRefusedException refused) {
        return new Sink.Answer.Refused(String.valueOf(refused.getMessage()));
      }
    }
    return switch (fault) {
      case IOException e -> {
        String message = e.getMessage();
        yield new Sink.Answer.Failed(message == null ? e.getClass().getSimpleName() : message);
      }
      case Error e -> throw e;
      case RuntimeException e -> throw e;
      default -> throw new IllegalStateException(fault);
    };
  }
}
