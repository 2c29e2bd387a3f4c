package dev.indelible.server.evidence.pack;

import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.print.PrintedDocument;
import dev.indelible.verify.access.AccessReview;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The access review of a pack in its summary for people: counts, who has what, and who left. */
final class AccessSummary {

  /** The most grants, and the most people who left, that are printed; the table has all. */
  static final int MAX_ROWS = 500;

  private AccessSummary() {}

  static void write(PrintedDocument document, PackWords words, AccessFiles section) {
    AccessReview review = section.review();
    document.field(
        words.of("access.as_of"),
        Rfc3339.format(Instant.ofEpochMilli(review.basis().asOfMillis())));
    document.field(words.of("access.people"), words.number(review.people().size()));
    document.field(words.of("access.grants"), words.number(review.grants()));
    document.field(words.of("access.leavers"), words.number(review.leavers().size()));
    document.paragraph(review.completeness().words());
    List<List<List<String>>> rows = new ArrayList<>();
    for (AccessReview.Person person : review.people()) {
      for (AccessReview.Grant grant : person.grants()) {
        if (rows.size() < MAX_ROWS) {
          rows.add(row(person, grant));
        }
      }
    }
    document.table(
        List.of(
            new PrintedDocument.Column(words.of("access.who"), 32),
            new PrintedDocument.Column(words.of("access.what"), 30),
            new PrintedDocument.Column(words.of("access.given"), 38)),
        rows);
    leavers(document, words, review);
    if (review.grants() > MAX_ROWS || review.leavers().size() > MAX_ROWS) {
      document.paragraph(
          words.of(
              "access.first", words.number(MAX_ROWS), PackSection.path(section.section(), "csv")));
    }
  }

  private static List<List<String>> row(AccessReview.Person person, AccessReview.Grant grant) {
    String account = grant.account();
    return List.of(
        who(person),
        account == null
            ? List.of(grant.what(), grant.kind().jsonName())
            : List.of(grant.what(), grant.kind().jsonName(), account),
        List.of(
            Rfc3339.format(Instant.ofEpochMilli(grant.grantedAtMillis())),
            grant.grantedBy(),
            "#" + grant.seq()));
  }

  private static List<String> who(AccessReview.Person person) {
    String name = person.name();
    return name == null ? List.of(person.key()) : List.of(name, person.key());
  }

  private static void leavers(PrintedDocument document, PackWords words, AccessReview review) {
    List<List<List<String>>> rows = new ArrayList<>();
    for (AccessReview.Leaver leaver : review.leavers()) {
      if (rows.size() < MAX_ROWS) {
        Double hours = leaver.hours();
        rows.add(
            List.of(
                who(leaver.person()),
                List.of(
                    Rfc3339.format(Instant.ofEpochMilli(leaver.leftAtMillis())),
                    leaver.leftBy(),
                    "#" + leaver.seq()),
                List.of(
                    hours == null
                        ? words.of(
                            "access.remaining", words.number(leaver.person().grants().size()))
                        : words.of("access.hours", words.number(Math.round(hours))))));
      }
    }
    document.table(
        List.of(
            new PrintedDocument.Column(words.of("access.who"), 32),
            new PrintedDocument.Column(words.of("access.left"), 38),
            new PrintedDocument.Column(words.of("access.gone"), 30)),
        rows);
  }
}
