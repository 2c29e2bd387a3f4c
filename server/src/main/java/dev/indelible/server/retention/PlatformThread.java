package dev.indelible.server.retention;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs long work on a platform thread. Requests run on virtual threads, of which as many work at
 * once as there are processors: one that reads and writes for minutes would hold a carrier that the
 * others need.
 */
final class PlatformThread {

  private static final String NAME = "deletion";

  private PlatformThread() {}

  /** Work to run. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException, InterruptedException;
  }

  /**
   * Runs {@code work} on a platform thread and returns when it has ended, also where the caller is
   * interrupted meanwhile: then the work is interrupted, and the caller stays so.
   */
  static <T> T call(Work<T> work) throws IOException, InterruptedException {
    if (!Thread.currentThread().isVirtual()) {
      return work.run();
    }
    FutureTask<T> task = new FutureTask<>(work::run);
    Thread thread = Thread.ofPlatform().name(NAME).daemon().start(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
          thread.interrupt();
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case InterruptedException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
