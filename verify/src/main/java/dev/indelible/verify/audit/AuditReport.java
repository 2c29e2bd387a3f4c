package dev.indelible.verify.audit;

import dev.indelible.verify.Checkpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Result of the check of a log.
 *
 * @param checkpoint the log's statement about itself, or null when it shows none
 * @param entries how many entries were checked
 * @param findings the findings, at most {@link Findings#MAX_KEPT} of each kind
 * @param further how many more findings there were
 * @param broken whether anything does not hold
 */
public record AuditReport(
    @Nullable Checkpoint checkpoint,
    long entries,
    List<Finding> findings,
    long further,
    boolean broken) {

  public AuditReport {
    findings = List.copyOf(findings);
  }
}
