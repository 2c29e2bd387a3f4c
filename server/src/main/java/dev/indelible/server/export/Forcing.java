package dev.indelible.server.export;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Files that are made durable on a thread of its own while their writer goes on. Used by one thread
 * at a time, its writer's.
 */
final class Forcing {

  private @Nullable FutureTask<Boolean> under;

  /** Makes files durable. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  /** Begins; the one before has to be awaited first. */
  void begin(Action action) {
    if (under != null) {
      throw new IllegalStateException("the one before was not awaited");
    }
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              action.run();
              return true;
            });
    under = task;
    Thread.ofPlatform().daemon().name("export-force").start(task);
  }

  /** Whether one was begun that nobody awaited. */
  boolean isBegun() {
    return under != null;
  }

  /** Whether one was begun, and is over. */
  boolean isOver() {
    return under != null && under.isDone();
  }

  /** Waits for the one that was begun, if any. */
  void await() throws IOException {
    FutureTask<Boolean> task = under;
    under = null;
    boolean interrupted = false;
    try {
      while (task != null) {
        try {
          boolean _ = task.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw new IOException("a file cannot be made durable", e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
