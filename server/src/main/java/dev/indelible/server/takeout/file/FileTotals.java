package dev.indelible.server.takeout.file;

/**
 * Counts of a file that is complete.
 *
 * @param entries entries in it
 * @param purged entries that the query found at the log's position and that were purged before they
 *     were read
 * @param erased entries whose personal part was erased before they were read
 */
public record FileTotals(long entries, long purged, long erased) {}
