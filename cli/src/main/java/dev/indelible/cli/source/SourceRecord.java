package dev.indelible.cli.source;

import tools.jackson.databind.JsonNode;

/** One record as it was found, or why there was none at its place. */
public sealed interface SourceRecord {

  /** Where it stands. */
  Place place();

  /**
   * Where a record stands in its file.
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

  /** Not JSON, or too long to be looked at. */
  record Unreadable(Place place, String why) implements SourceRecord {}
}
