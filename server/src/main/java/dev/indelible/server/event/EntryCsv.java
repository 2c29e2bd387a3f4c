package dev.indelible.server.event;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

  private static final byte GUARD = '\'';
  private static final byte QUOTE = '"';
  private static final int CAPACITY_BYTES = 2_048;

  /** The most bytes of a character of a text, in UTF-8. */
  private static final int MAX_CHARACTER_BYTES = 3;

  private final List<String> columns;
  private final EntryCells.Cell[] cells;
  private byte[] line = new byte[CAPACITY_BYTES];
  private int length;

  /** Lines of all columns. */
  public EntryCsv() {
    this(List.of());
  }

  /**
   * Lines of some columns, in the order of {@link #COLUMNS}.
   *
   * @param columns their names; empty for all
   */
  public EntryCsv(List<String> columns) {
    this.columns =
        columns.isEmpty() ? COLUMNS : COLUMNS.stream().filter(columns::contains).toList();
    this.cells = EntryCells.of(this.columns).toArray(EntryCells.Cell[]::new);
  }

  /** The row of headings. */
  public byte[] headings() {
    return (String.join(",", columns) + "\r\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * One entry's line; not thread-safe.
   *
   * @param holds names of the legal holds that keep it, by their ids
   */
  public byte[] line(Entry entry, Map<String, String> holds) {
    fill(entry, holds);
    return Arrays.copyOf(line, length);
  }

  /** Writes one entry's line, as {@link #line} makes it; not thread-safe. */
  public void write(Entry entry, Map<String, String> holds, OutputStream out) throws IOException {
    fill(entry, holds);
    out.write(line, 0, length);
  }

  private void fill(Entry entry, Map<String, String> holds) {
    length = 0;
    for (int i = 0; i < cells.length; i++) {
      if (i > 0) {
        ensure(1);
        line[length++] = ',';
      }
      cell(cells[i].of(entry, holds));
    }
    ensure(2);
    line[length++] = '\r';
    line[length++] = '\n';
  }

  private void cell(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return;
    }
    boolean isGuarded = DANGEROUS.indexOf(text.charAt(0)) >= 0;
    ensure((long) text.length() * MAX_CHARACTER_BYTES * 2 + 3);
    if (isGuarded || !plain(text)) {
      quoted(text, isGuarded);
    }
  }

  /** Writes a text as it is; false, with nothing written, when it has to be quoted. */
  private boolean plain(String text) {
    byte[] into = line;
    int at = length;
    int count = text.length();
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return !hasToBeQuoted(text, i) && rest(text, i, at);
      }
      if (c < ' ' || c == ',' || c == QUOTE) {
        return false;
      }
      into[at++] = (byte) c;
    }
    length = at;
    return true;
  }

  private static boolean hasToBeQuoted(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == ',' || c == QUOTE) {
        return true;
      }
    }
    return false;
  }

  private boolean rest(String text, int from, int at) {
    byte[] bytes = text.substring(from).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, line, at, bytes.length);
    length = at + bytes.length;
    return true;
  }

  private void quoted(String text, boolean isGuarded) {
    byte[] into = line;
    int at = length;
    into[at++] = QUOTE;
    if (isGuarded) {
      into[at++] = GUARD;
    }
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b == QUOTE) {
        into[at++] = QUOTE;
      }
      into[at++] = b;
    }
    into[at++] = QUOTE;
    length = at;
  }

  private void ensure(long more) {
    if (length + more > line.length) {
      line = Arrays.copyOf(line, Math.toIntExact(Math.max(length + more, 2L * line.length)));
    }
  }
}
