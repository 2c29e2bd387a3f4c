package dev.indelible.cli;

import dev.indelible.cli.reconcile.Report;
import dev.indelible.cli.reconcile.Report.Finding;
import dev.indelible.cli.reconcile.Report.Kind;
import dev.indelible.cli.reconcile.Report.Span;
import dev.indelible.cli.terminal.Printable;
import dev.indelible.cli.terminal.Terminal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Outcome of a comparison as sentences, or as JSON. */
record ReconcilePrinter(Terminal terminal) {

  /** Findings of each kind, and ranges, that are printed; JSON has more. */
  private static final int MAX_PRINTED = 100;

  /** Words for the counts beside the findings, in the order in which they are printed. */
  private static final Map<String, String> REMARKS = new LinkedHashMap<>();

  static {
    REMARKS.put("duplicates_declared", "%,d are there once more, as the ledger says they may be.");
    REMARKS.put("undelivered_dead_letter", "%,d are dead letters of the stream: never delivered.");
    REMARKS.put("undelivered_not_yet", "%,d are not delivered yet.");
    REMARKS.put("undelivered_withdrawn", "%,d were withdrawn from the stream.");
    REMARKS.put("undelivered", "%,d were not delivered, as the ledger counts them.");
    REMARKS.put("not_in_ledger", "%,d are in ranges of which the ledger says nothing.");
    REMARKS.put("no_longer_matched", "%,d that were sent are purged, or match no longer.");
    REMARKS.put("purged_since", "%,d entries of the log were purged: nothing to compare with.");
    REMARKS.put("not_compared", "%,d of the receiver's entries could not be compared.");
    REMARKS.put(
        "compared_in_part", "%,d were compared as far as the log still has them, or shows them.");
    REMARKS.put("present_by_name", "%,d lines name an entry only: their contents are not known.");
    REMARKS.put("not_asked_for", "%,d are there that the stream's query does not match.");
    REMARKS.put("outside", "%,d lines are of entries outside the range.");
    REMARKS.put("other_tenants", "%,d lines are of other tenants, and were passed over.");
  }

  void print(Report report, boolean json) {
    if (json) {
      terminal.out().println(report.toJson());
      return;
    }
    for (Span span : report.spans().stream().limit(MAX_PRINTED).toList()) {
      terminal
          .out()
          .println(
              "%,d–%,d  %s: %,d expected%s"
                  .formatted(
                      span.fromSeq(),
                      span.toSeq(),
                      span.verdict().name().toLowerCase(Locale.ROOT),
                      span.expected(),
                      span.missing() == 0 ? "" : ", %,d missing".formatted(span.missing())));
    }
    long more = report.moreSpans() + Math.max(0, report.spans().size() - MAX_PRINTED);
    if (more > 0) {
      terminal.out().println("… and %,d ranges more; --json has more of them.".formatted(more));
    }
    for (Kind kind : Kind.values()) {
      findings(report, kind);
    }
    REMARKS.forEach(
        (total, words) -> {
          if (report.total(total) > 0) {
            terminal.out().println(words.formatted(report.total(total)));
          }
        });
    terminal
        .out()
        .println(
            report.isComplete()
                ? "Complete: %,d expected, %,d there; %,d compared with the log."
                    .formatted(
                        report.total("expected"), report.total("present"), report.total("compared"))
                : "Not complete: %,d missing, %,d altered, %,d there too often, %,d unreadable."
                    .formatted(
                        report.total("missing"),
                        report.total("altered"),
                        report.total("duplicated"),
                        report.total("unreadable")));
  }

  private void findings(Report report, Kind kind) {
    report.listed(kind).stream().limit(MAX_PRINTED).forEach(each -> finding(kind, each));
    long more = report.total(kind.jsonName()) - Math.min(MAX_PRINTED, report.listed(kind).size());
    if (more > 0) {
      terminal.out().println("%s: and %,d more".formatted(kind.jsonName(), more));
    }
  }

  private void finding(Kind kind, Finding finding) {
    StringBuilder line = new StringBuilder(kind.jsonName()).append(':');
    if (finding.seq() >= 0) {
      line.append(' ').append(finding.seq());
    }
    if (!finding.id().isEmpty()) {
      line.append(" (").append(Printable.of(finding.id())).append(')');
    }
    if (!finding.fields().isEmpty()) {
      line.append(" in ").append(Printable.of(String.join(", ", finding.fields())));
    }
    if (!finding.detail().isEmpty()) {
      line.append(' ').append(finding.detail());
    }
    if (!finding.place().isEmpty()) {
      line.append(" at ").append(Printable.of(finding.place()));
    }
    terminal.out().println(line);
  }
}
