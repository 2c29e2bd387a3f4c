package dev.indelible.server.log;

import dev.indelible.ports.journal.Position;
import java.util.List;

/**
 * Is given every entry in the order of the journal, once per process, and may slow down what is
 * accepted: right for the index, which searches are to be close behind. Whoever may be slow or gone
 * pulls instead (package {@code follow}).
 */
public interface LogFollower {

  /**
   * Takes entries. Called by the sequencer: to be slow here is to slow down the acknowledgement of
   * events, which is how a slow follower makes back-pressure.
   *
   * @param entries the sequenced entries, possibly none
   * @param through where the journal was read to
   */
  void sequenced(List<FreshEntry> entries, Position through) throws InterruptedException;

  /**
   * Returns when this follower's work on everything before {@code through} is durable, so that the
   * journal may be cut there.
   *
   * @throws java.io.IOException when it cannot become durable
   */
  void awaitDurable(Position through) throws java.io.IOException, InterruptedException;
}
