package dev.indelible.verify.access;

import dev.indelible.verify.access.AccessReview.Grant;
import dev.indelible.verify.access.AccessReview.Leaver;
import dev.indelible.verify.access.AccessReview.Person;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A review of access as a table, RFC 4180: a row for each grant, one for somebody who has open
 * sessions alone, and those who left behind them. Equal reviews give equal bytes.
 *
 * <p>Format: {@code docs/formats/access-review.md}.
 */
public final class AccessReviewCsv {

  /** Headings, in their order. */
  public static final List<String> COLUMNS =
      List.of(
          "list",
          "realm",
          "type",
          "id",
          "name",
          "open_sessions",
          "kind",
          "what",
          "account",
          "granted_at",
          "entry",
          "seq",
          "granted_by",
          "self_granted",
          "until",
          "left_at",
          "left_entry",
          "left_by",
          "last_access_gone_at",
          "hours");

  /** Beginnings that spreadsheets take for a formula; such a cell gets an apostrophe in front. */
  private static final String DANGEROUS = "=+-@\t\r\n＝＋－＠'";

  private static final int GRANT_CELLS = 9;
  private static final int LEAVER_CELLS = 5;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
  private final StringBuilder row = new StringBuilder();
  private boolean isBegun;

  private AccessReviewCsv() {}

  /** The table of a review, UTF-8. */
  public static byte[] of(AccessReview review) {
    AccessReviewCsv csv = new AccessReviewCsv();
    COLUMNS.forEach(csv::cell);
    csv.end();
    review.people().forEach(person -> csv.rows("person", person, null));
    review.leavers().forEach(leaver -> csv.rows("leaver", leaver.person(), leaver));
    return csv.out.toByteArray();
  }

  private void rows(String list, Person person, @Nullable Leaver leaver) {
    if (person.grants().isEmpty()) {
      row(list, person, null, leaver);
    }
    person.grants().forEach(grant -> row(list, person, grant, leaver));
  }

  private void row(String list, Person person, @Nullable Grant grant, @Nullable Leaver leaver) {
    cell(list);
    cell(person.realm());
    cell(person.type());
    cell(person.id());
    cell(person.name());
    cell(Long.toString(person.openSessions()));
    if (grant == null) {
      empty(GRANT_CELLS);
    } else {
      grant(grant);
    }
    if (leaver == null) {
      empty(LEAVER_CELLS);
    } else {
      leaver(leaver);
    }
    end();
  }

  private void grant(Grant grant) {
    Long until = grant.untilMillis();
    cell(grant.kind().jsonName());
    cell(grant.what());
    cell(grant.account());
    cell(AccessReview.time(grant.grantedAtMillis()));
    cell(grant.entryId());
    cell(Long.toString(grant.seq()));
    cell(grant.grantedBy());
    cell(Boolean.toString(grant.selfGranted()));
    cell(until == null ? null : AccessReview.time(until));
  }

  private void leaver(Leaver leaver) {
    Long gone = leaver.lastAccessGoneAtMillis();
    Double hours = leaver.hours();
    cell(AccessReview.time(leaver.leftAtMillis()));
    cell(leaver.entryId());
    cell(leaver.leftBy());
    cell(gone == null ? null : AccessReview.time(gone));
    cell(hours == null ? null : Double.toString(Math.round(hours * 100) / 100.0));
  }

  private void empty(int cells) {
    for (int i = 0; i < cells; i++) {
      cell(null);
    }
  }

  private void cell(@Nullable String text) {
    if (isBegun) {
      row.append(',');
    }
    isBegun = true;
    if (text == null || text.isEmpty()) {
      return;
    }
    boolean isGuarded = DANGEROUS.indexOf(text.charAt(0)) >= 0;
    if (isGuarded || text.chars().anyMatch(c -> c < ' ' || c == ',' || c == '"')) {
      row.append('"').append(isGuarded ? "'" : "");
      row.append(text.replace("\"", "\"\"")).append('"');
    } else {
      row.append(text);
    }
  }

  private void end() {
    out.writeBytes(row.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    row.setLength(0);
    isBegun = false;
  }
}
