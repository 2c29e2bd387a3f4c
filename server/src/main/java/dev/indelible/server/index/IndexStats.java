package dev.indelible.server.index;

/**
 * Size of an index.
 *
 * @param entries visible entries
 * @param removedEntries removed or replaced ones whose traces are still in the files
 * @param bytes on disk
 * @param segments how many parts it consists of
 */
public record IndexStats(long entries, long removedEntries, long bytes, int segments) {}
