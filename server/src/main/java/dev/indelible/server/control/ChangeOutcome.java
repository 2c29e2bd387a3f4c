package dev.indelible.server.control;

import dev.indelible.ports.journal.Position;

/** Result of a change. */
public sealed interface ChangeOutcome {

  /**
   * The change is durable and in force.
   *
   * @param position where it is in the control log
   * @param version the object's version now; of several, the last one's
   */
  record Applied(Position position, long version) implements ChangeOutcome {}

  /**
   * The object was changed by somebody else in between; nothing happened.
   *
   * @param currentVersion the version that a change must replace now; of several, that of the first
   *     one whose object was changed
   */
  record VersionMoved(long currentVersion) implements ChangeOutcome {}
}
