package dev.indelible.server.control;

import dev.indelible.server.journal.Position;

/** What became of a change. */
public sealed interface ChangeOutcome {

  /**
   * It is durable and in force.
   *
   * @param position where it is in the control log
   * @param version the object's version now
   */
  record Applied(Position position, long version) implements ChangeOutcome {}

  /**
   * Somebody else changed the object in between; nothing happened.
   *
   * @param currentVersion the version that a change must replace now
   */
  record VersionMoved(long currentVersion) implements ChangeOutcome {}
}
