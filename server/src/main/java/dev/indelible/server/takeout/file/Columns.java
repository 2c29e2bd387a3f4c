package dev.indelible.server.takeout.file;

import dev.indelible.server.event.EntryCsv;
import java.util.List;

/** Columns that a table of entries can have. */
public final class Columns {

  /** All of them, in their order: every member of an entry is in one. */
  public static final List<String> ALL = EntryCsv.COLUMNS;

  private Columns() {}
}
