package dev.indelible.server.event;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategy;
import java.io.CharArrayWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Entries as lines of CSV (RFC 4180: commas, CRLF, quotes where needed), UTF-8, with one row of
 * headings.
 *
 * <p>A spreadsheet takes a cell that begins with {@code =}, {@code +}, {@code -} or {@code @} for a
 * formula, and what entries hold comes from whoever acted. Such a cell gets an apostrophe in front;
 * so does one that begins with an apostrophe, so that the rule can be undone. Who needs the exact
 * value without undoing it takes JSON.
 *
 * <p>Every member of an entry has a column. Columns are only ever added, behind the others; where
 * an older one says less than the entry ({@code targets}, {@code on_behalf_of}), a later one has it
 * as JSON.
 */
public final class EntryCsv {

  /** The columns, in order. */
  public static final List<String> COLUMNS =
      List.of(
          "id",
          "seq",
          "occurred_at",
          "recorded_at",
          "account",
          "action",
          "category",
          "security_relevant",
          "outcome",
          "outcome_reason",
          "actor_type",
          "actor_id",
          "actor_name",
          "actor_email",
          "actor_roles",
          "on_behalf_of",
          "targets",
          "changes",
          "reason",
          "ip",
          "country",
          "city",
          "user_agent",
          "session_id",
          "request_id",
          "flags",
          "details",
          "actor_model",
          "actor_version",
          "producer",
          "producer_seq",
          "recorded_by",
          "tenant",
          "verb",
          "actor_id_hash",
          "actor_permissions",
          "on_behalf_of_parties",
          "target_list",
          "region",
          "latitude",
          "longitude",
          "trace_id",
          "personal_erased",
          "holds");

  /**
   * Characters that a text cell must not begin with: the signs of a formula, also in their
   * full-width forms, and white space behind which spreadsheets still see one.
   */
  private static final String DANGEROUS = "=+-@\t\r\n＝＋－＠'";

  private static final List<EntryCells.Cell> CELLS = EntryCells.of(COLUMNS);

  private static final char GUARD = '\'';

  /** Quotes a cell that got an apostrophe, and one with a control character. */
  private static final QuoteStrategy QUOTES =
      new QuoteStrategy() {
        @Override
        public boolean quoteValue(int line, int column, String value) {
          if (value.charAt(0) == GUARD) {
            return true;
          }
          for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ') {
              return true;
            }
          }
          return false;
        }
      };

  private final CharArrayWriter line = new CharArrayWriter(1_024);
  private final CsvWriter csv =
      CsvWriter.builder()
          .lineDelimiter(LineDelimiter.CRLF)
          .quoteStrategy(QUOTES)
          // No cell is a comment: one that began with this would be quoted as it is.
          .commentCharacter('\0')
          .build(line);
  private final List<String> cells = new ArrayList<>(COLUMNS.size());

  /** The row of headings. */
  public static byte[] headings() {
    return (String.join(",", COLUMNS) + "\r\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * One entry's line; not thread-safe.
   *
   * @param holds names of the legal holds that keep it, by their ids
   */
  public byte[] line(Entry entry, Map<String, String> holds) {
    cells.clear();
    for (EntryCells.Cell cell : CELLS) {
      text(cell.of(entry, holds));
    }
    return written(cells).getBytes(StandardCharsets.UTF_8);
  }

  private String written(List<String> cells) {
    line.reset();
    csv.writeRecord(cells);
    try {
      csv.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toString();
  }

  private void text(@Nullable String value) {
    if (value == null || value.isEmpty()) {
      cells.add("");
    } else {
      cells.add(DANGEROUS.indexOf(value.charAt(0)) >= 0 ? GUARD + value : value);
    }
  }
}
