package dev.indelible.verify.audit;

import dev.indelible.verify.Checkpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects findings in bounded memory. Not thread-safe. */
public final class Findings implements Consumer<Finding> {

  /** Number of findings of a kind that are kept; the others are counted. */
  public static final int MAX_KEPT = 1_000;

  private final List<Finding> kept = new ArrayList<>();
  private final Map<Class<?>, Integer> perKind = new HashMap<>();
  private long further;
  private boolean broken;

  @Override
  public void accept(Finding finding) {
    broken |= finding.breaks();
    if (perKind.merge(finding.getClass(), 1, Integer::sum) <= MAX_KEPT) {
      kept.add(finding);
    } else {
      further++;
    }
  }

  /** Whether anything does not hold. */
  public boolean broken() {
    return broken;
  }

  /** All of it. */
  public AuditReport report(@Nullable Checkpoint checkpoint, long entries) {
    return new AuditReport(checkpoint, entries, kept, further, broken);
  }
}
