package dev.indelible.server.takeout.file;

import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.Found;
import java.util.Map;

/**
 * An entry on its way into a file.
 *
 * @param stored its parts, salts and times as they are in the log
 * @param found the same, read: as whoever takes it may see it
 * @param holds names of the legal holds that keep it, by their ids
 */
public record TakenEntry(StoredEntry stored, Found found, Map<String, String> holds) {}
