package dev.indelible.server.takeout;

import dev.indelible.server.access.Caller;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.share.ReadPool;
import dev.indelible.server.trail.Look;
import java.io.IOException;

/**
 * A person or program that takes entries out of a log.
 *
 * @param caller who it is
 * @param tenant whose log
 * @param scope the part of the log that they may see
 * @param origin where they are
 * @param turns when they may read, and whether they still may
 */
public record Taker(
    Caller caller, Tenant tenant, TenantScope scope, Look.Origin origin, Turns turns) {

  /** The turns in which somebody reads, and their permission while it lasts. */
  public interface Turns {

    /**
     * Reads when it is their turn.
     *
     * @throws dev.indelible.server.share.BusyException when they, or all, have too much under way
     */
    <T> T read(ReadPool.Reading<T> reading) throws IOException;

    /** Whether they may still read what they could when they began. */
    boolean stillMay();
  }
}
