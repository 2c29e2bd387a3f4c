package dev.indelible.server.takeout.file;

import dev.indelible.server.event.EntryCsv;
import java.util.List;

/** Columns that a table of entries can have. */
public final class Columns {

  /** All of them, in their order: every member of an entry is in one. */
  public static final List<String> ALL = EntryCsv.COLUMNS;

  private Columns() {}

  /** The columns of a choice in their order; all of them for an empty one. */
  public static List<String> chosen(List<String> names) {
    return names.isEmpty() ? ALL : ALL.stream().filter(names::contains).toList();
  }
}
