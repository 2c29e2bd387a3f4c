/**
 * Fair shares of what all tenants use together: turns at reading and recording, bytes in memory.
 *
 * <p>Whoever asks is an {@link dev.indelible.server.share.Asker}: a group, mostly a tenant, and a
 * member of it, mostly a key or a session. Groups share alike, and so do the members of a group.
 */
@NullMarked
package dev.indelible.server.share;

import org.jspecify.annotations.NullMarked;
