package dev.indelible.cli.source;

import tools.jackson.databind.JsonNode;

/** One record as it was found, or why there was none at its place. */
public sealed interface SourceRecord {

  /** Position of the record in its file. */
  Place place();

  /**
   * Position of a record in its file.
   *
   * @param file the file's name, {@code -} for standard input
   * @param line the line it starts on, from 1; for git, the commit's number
   * @param ordinal its number among the records of the file, from 1
   */
  record Place(String file, long line, long ordinal) {
    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  /** JSON. */
  record Parsed(Place place, JsonNode tree) implements SourceRecord {}

  /** Record that is not JSON, or too long to be read. */
  record Unreadable(Place place, String why) implements SourceRecord {}
}
