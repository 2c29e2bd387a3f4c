package dev.indelible.server.deliver;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A way to one destination. Thread-safe. */
public interface Delivery {

  /**
   * Delivers a file; a repeat overwrites or is recognized, so that an attempt of unknown outcome
   * can be made again.
   *
   * @return how it arrived
   * @throws InterruptedException when the server stops
   */
  Outcome deliver(Parcel parcel) throws InterruptedException;

  /** Sends something small that shows whether it would work. */
  Outcome probe() throws InterruptedException;

  /** The end of an attempt. */
  sealed interface Outcome {

    /**
     * A file that arrived.
     *
     * @param where in words for people, without credentials
     */
    record Arrived(String where) implements Outcome {}

    /**
     * A fault that may pass: no connection, a time-out, 429, 5xx.
     *
     * @param problem in words for people, without credentials
     * @param retryAfter how long the receiver wants to be left alone, at most a day; null when it
     *     did not say
     */
    record Failed(String problem, @Nullable Duration retryAfter) implements Outcome {

      /** A fault of which the receiver did not say when to come again. */
      public Failed(String problem) {
        this(problem, null);
      }
    }

    /**
     * A fault that lasts until somebody changes something: refused credentials, no such bucket, an
     * address that is not allowed.
     *
     * @param problem in words for people, without credentials
     */
    record Refused(String problem) implements Outcome {}

    /** The outcome of a fault of the network or the disk. */
    static Outcome of(IOException fault) {
      String message = fault.getMessage();
      return new Failed(message == null ? fault.getClass().getSimpleName() : message);
    }
  }
}
