package dev.indelible.server.log;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.StoredEntry;

/**
 * An entry as read back from memory or from a run.
 *
 * @param tenant the tenant whose log holds it
 * @param stored its place, its time and what is left of its parts
 */
public record RecordedEntry(TenantId tenant, StoredEntry stored) {}
