package dev.indelible.mapping.text;

import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Rows of CSV as objects whose members are texts. */
public final class CsvRow {

  private CsvRow() {}

  /**
   * The object of a row: an empty cell is no member, a cell beyond the last column is called by its
   * number, from 1: {@code column_27}.
   */
  public static ObjectNode object(List<String> columns, List<String> cells) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      if (!cell.isEmpty()) {
        row.put(i < columns.size() ? columns.get(i) : "column_" + (i + 1), cell);
      }
    }
    return row;
  }
}
