package dev.indelible.server.sink;

import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Open way to one receiver. One thread at a time; every call ends within the sink's own time
 * limits.
 */
public interface Sink extends AutoCloseable {

  /**
   * Sends a batch. A batch of unknown outcome may be sent again whole, or its rest: a receiver that
   * can know repeats is given what it needs for that ({@link Message#id}).
   *
   * @throws InterruptedException when the server stops
   */
  Answer send(Batch batch) throws InterruptedException;

  /**
   * Sends something small and marked as a test that shows whether it would work.
   *
   * @throws InterruptedException when the server stops
   */
  Answer probe() throws InterruptedException;

  @Override
  void close();

  /** The end of an attempt. Problems are in words for people, without credentials. */
  sealed interface Answer {

    /**
     * The receiver has what it could take.
     *
     * @param rejected messages that it will never take, by their index in the batch, each with why;
     *     all others have arrived
     */
    record Taken(SortedMap<Integer, String> rejected) implements Answer {

      /** All of the batch. */
      public Taken() {
        this(new TreeMap<>());
      }
    }

    /**
     * A fault that may pass: no connection, a time-out, 429, 5xx.
     *
     * @param arrived how many messages at the batch's beginning have arrived all the same; 0 when
     *     nobody knows
     * @param retryAfter how long the receiver wants to be left alone, at most a day; null when it
     *     did not say
     */
    record Failed(String problem, int arrived, @Nullable Duration retryAfter) implements Answer {

      /** A fault of which nothing more is known. */
      public Failed(String problem) {
        this(problem, 0, null);
      }
    }

    /**
     * A fault that lasts until somebody changes something: refused credentials, no such bucket, an
     * address that is not allowed.
     */
    record Refused(String problem) implements Answer {}
  }
}
