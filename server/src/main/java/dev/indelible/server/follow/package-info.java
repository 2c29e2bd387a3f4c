/**
 * Followers of logs: each reads by sequence number from a place of its own, is woken when there is
 * more, and is behind by no more than its own slowness.
 *
 * <p>Nothing here runs on the sequencer's thread, nor does anything that accepts events wait for
 * it.
 */
@NullMarked
package dev.indelible.server.follow;

import org.jspecify.annotations.NullMarked;
