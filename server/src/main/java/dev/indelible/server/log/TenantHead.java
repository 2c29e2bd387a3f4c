package dev.indelible.server.log;

import dev.indelible.verify.TreeFrontier;

/**
 * End of a tenant's log.
 *
 * @param frontier its tree; the receiver's own copy
 * @param lastRecordedAtMillis when its newest entry was recorded; 0 when it has none
 */
public record TenantHead(TreeFrontier frontier, long lastRecordedAtMillis) {}
