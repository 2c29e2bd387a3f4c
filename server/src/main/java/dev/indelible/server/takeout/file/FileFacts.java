package dev.indelible.server.takeout.file;

import dev.indelible.server.json.Rfc3339;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Facts that a file for people states about itself. */
final class FileFacts {

  private final FileHead head;
  private final FileWords words;

  FileFacts(FileHead head, FileWords words) {
    this.head = head;
    this.words = words;
  }

  /**
   * A fact.
   *
   * @param name for people
   * @param value for people
   */
  record Fact(String name, String value) {}

  /** The document's title. */
  String title() {
    return words.of("title", head.tenantName());
  }

  /** Facts about what is in the file. */
  List<Fact> scope() {
    List<Fact> facts = new ArrayList<>();
    add(facts, "tenant", head.tenantName() + " (" + head.tenant() + ")");
    add(
        facts,
        "scope",
        head.accounts().isEmpty()
            ? words.of("scope.all")
            : words.of("scope.accounts", String.join(", ", head.accounts())));
    String typed = head.filter();
    add(facts, "filter", typed.isBlank() ? words.of("filter.all") : typed);
    if (!typed.isBlank()) {
      add(facts, "in_words", new FilterWords(words, head.zone()).of(typed, head.made().at()));
    }
    add(facts, "period", period());
    add(facts, "zone", head.zone().getId());
    add(facts, "range", range());
    add(facts, "personal", words.of(head.personal() ? "personal.included" : "personal.withheld"));
    return facts;
  }

  private String period() {
    Instant from = head.from();
    Instant to = head.to();
    if (from == null) {
      return to == null ? words.of("period.all") : words.of("period.to", time(to, head.zone()));
    }
    return to == null
        ? words.of("period.from", time(from, head.zone()))
        : words.of("period.both", time(from, head.zone()), time(to, head.zone()));
  }

  /** A time with its distance from UTC, such as {@code 2026-11-20T11:00:00+01:00}. */
  static String time(Instant time, ZoneId zone) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time.atZone(zone));
  }

  private String range() {
    return head.fromSeq() >= head.toSeq()
        ? words.of("range.none")
        : words.of("range.both", Long.toString(head.fromSeq()), Long.toString(head.toSeq() - 1));
  }

  /** The chosen columns, and those that are left out. */
  List<Fact> columns() {
    List<String> chosen = Columns.chosen(head.columns());
    List<String> leftOut = Columns.ALL.stream().filter(column -> !chosen.contains(column)).toList();
    List<Fact> facts = new ArrayList<>();
    add(facts, "columns", String.join(", ", chosen));
    add(facts, "left_out", leftOut.isEmpty() ? words.of("none") : String.join(", ", leftOut));
    return facts;
  }

  /** Counts of entries, and of those that were purged or erased meanwhile. */
  List<Fact> counts(FileTotals totals) {
    List<Fact> facts = new ArrayList<>();
    add(facts, "count", words.number(totals.entries()));
    add(facts, "purged", words.number(totals.purged()));
    add(facts, "erased", words.number(totals.erased()));
    return facts;
  }

  /** Facts about its maker: who, when and why. */
  List<Fact> maker() {
    FileHead.Made made = head.made();
    List<Fact> facts = new ArrayList<>();
    add(facts, "made_by", made.by());
    add(facts, "made_at", time(made.at(), head.zone()) + " = " + Rfc3339.format(made.at()));
    add(facts, "reason", made.reason());
    add(facts, "export", made.id());
    return facts;
  }

  /** The checkpoint that covers the entries. */
  Fact checkpoint() {
    String checkpoint = head.checkpoint();
    return new Fact(
        words.of("checkpoint"), checkpoint == null ? words.of("checkpoint.none") : checkpoint);
  }

  private void add(List<Fact> facts, String name, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      facts.add(new Fact(words.of(name), value));
    }
  }
}
