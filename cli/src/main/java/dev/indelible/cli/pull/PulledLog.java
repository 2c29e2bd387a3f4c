package dev.indelible.cli.pull;

import dev.indelible.cli.source.RecordSource;
import java.io.IOException;
import tools.jackson.databind.node.ObjectNode;

/**
 * One log behind an API. It is read in rounds: from its cursor to where the log ends for now, page
 * by page. Not thread-safe.
 *
 * <p>A cursor is a JSON object that only the log itself understands. That of a page says where to
 * go on when the page, and all before it, are recorded; a log that begins again at an older cursor
 * gives what it gave before, and what has appeared since.
 */
public interface PulledLog extends AutoCloseable {

  /** The name under which the state keeps its cursor. */
  String name();

  /**
   * The next page of the round.
   *
   * @param cursor the cursor of the page before; empty at the very beginning
   * @throws PullException when it cannot be read any further
   */
  Page next(ObjectNode cursor) throws IOException, InterruptedException;

  @Override
  default void close() {}

  /**
   * A part of a log.
   *
   * @param records its records; closed by whoever reads them
   * @param cursor where to go on when they are recorded
   * @param last whether the round ends with it
   */
  record Page(RecordSource records, ObjectNode cursor, boolean last) {}
}
