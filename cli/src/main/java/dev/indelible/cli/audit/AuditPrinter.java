package dev.indelible.cli.audit;

import dev.indelible.cli.terminal.Printable;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.Finding;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Says what a check came to, for a person or for a program. */
public final class AuditPrinter {

  /** The most findings that a person is shown of one log. */
  static final int MAX_SHOWN = 50;

  private final Terminal terminal;
  private final boolean json;

  public AuditPrinter(Terminal terminal, boolean json) {
    this.terminal = terminal;
    this.json = json;
  }

  /**
   * Result of a check.
   *
   * @param target the target that the reader named
   * @param reports the report on each log, by the name of its tenant
   * @param general findings that are of no single log
   */
  public record Checked(String target, Map<String, AuditReport> reports, List<Finding> general) {

    /** Whether anything does not hold. */
    public boolean broken() {
      return general.stream().anyMatch(Finding::breaks)
          || reports.values().stream().anyMatch(AuditReport::broken);
    }
  }

  /** Prints the outcome of a check that could be made. */
  public void print(Checked checked) {
    if (json) {
      printJson(checked);
    } else {
      printText(checked);
    }
    terminal.out().flush();
  }

  private void printText(Checked checked) {
    PrintWriter out = terminal.out();
    checked
        .reports()
        .forEach(
            (tenant, report) -> {
              out.println(head(tenant, report));
              show(out, report.findings(), report.further());
            });
    show(out, checked.general(), 0);
    out.println(
        checked.broken()
            ? Printable.of(checked.target()) + " does NOT hold."
            : Printable.of(checked.target()) + " holds.");
  }

  private static String head(String tenant, AuditReport report) {
    Checkpoint checkpoint = report.checkpoint();
    return "%s: %,d %s%s"
        .formatted(
            Printable.of(tenant),
            report.entries(),
            report.entries() == 1 ? "entry" : "entries",
            checkpoint == null
                ? ""
                : ", checkpoint of %s at size %,d"
                    .formatted(Printable.of(checkpoint.origin()), checkpoint.size()));
  }

  private static void show(PrintWriter out, List<Finding> findings, long further) {
    findings.stream()
        .sorted(java.util.Comparator.comparing(Finding::breaks).reversed())
        .limit(MAX_SHOWN)
        .forEach(
            finding ->
                out.println(
                    (finding.breaks() ? "  ✗ " : "  · ") + Printable.of(finding.sentence())));
    long hidden = further + Math.max(0, findings.size() - MAX_SHOWN);
    if (hidden > 0) {
      out.println("  and " + hidden + " more; --json shows them.");
    }
  }

  private void printJson(Checked checked) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("target", checked.target());
    result.put("verdict", checked.broken() ? "does_not_hold" : "holds");
    ArrayNode logs = result.putArray("logs");
    checked
        .reports()
        .forEach(
            (tenant, report) -> {
              ObjectNode log = logs.addObject();
              log.put("tenant", tenant);
              log.put("entries", report.entries());
              Checkpoint checkpoint = report.checkpoint();
              if (checkpoint != null) {
                log.put("origin", checkpoint.origin());
                log.put("size", checkpoint.size());
                log.put("root", checkpoint.root().toBase64());
              }
              put(log.putArray("findings"), report.findings());
              log.put("further_findings", report.further());
            });
    put(result.putArray("findings"), checked.general());
    terminal.out().println(JsonMapper.shared().writeValueAsString(result));
  }

  private static void put(ArrayNode array, List<Finding> findings) {
    for (Finding finding : findings) {
      ObjectNode json = array.addObject();
      json.put("code", finding.code());
      json.put("breaks", finding.breaks());
      json.put("sentence", finding.sentence());
    }
  }
}
