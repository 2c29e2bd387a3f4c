package dev.indelible.server.journal;

/** Waiting for threads that end by themselves. */
final class Threads {

  private Threads() {}

  /** Waits until a thread has ended; an interruption is kept for afterwards. */
  static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
