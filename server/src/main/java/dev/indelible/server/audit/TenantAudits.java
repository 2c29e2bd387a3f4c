package dev.indelible.server.audit;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.RunInspector;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Hash;
import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.EntryAudit;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Findings;
import dev.indelible.verify.audit.TreeAudit.Known;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The checks of all tenants' logs, fed as a run is read. Not thread-safe.
 *
 * <p>An entry that does not give the leaf hash stored beside it is reported by its number, and the
 * stored hash goes into the tree: so that one altered entry is one finding, and the tree tells
 * whether the stored hashes themselves are those that were signed.
 */
final class TenantAudits implements RunInspector {

  private static final int PROGRESS_ENTRIES = 1 << 14;

  private record Audited(EntryAudit audit, Findings findings) {}

  private record Pending(Audited audited, StoredEntry entry, Hash leafHash) {}

  private final LogHistory history;
  private final @Nullable TenantId only;
  private final @Nullable Checkpoint held;
  private final LongConsumer progress;
  private final ControlEvidence evidence;
  private final EntryLeaves leaves = new EntryLeaves();
  private final TreeMap<TenantId, Audited> tenants = new TreeMap<>();
  private @Nullable Pending pending;
  private long entries;

  TenantAudits(
      LogHistory history,
      @Nullable TenantId only,
      @Nullable Checkpoint held,
      LongConsumer progress,
      ControlEvidence evidence) {
    this.evidence = evidence;
    this.history = history;
    this.only = only;
    this.held = held;
    this.progress = progress;
  }

  private @Nullable Audited of(TenantId tenant) {
    if (only != null && !only.equals(tenant)) {
      return null;
    }
    return tenants.computeIfAbsent(tenant, this::begin);
  }

  private Audited begin(TenantId tenant) {
    Findings findings = new Findings();
    EntryAudit audit = new EntryAudit(findings);
    for (LogHistory.Published published : history.of(tenant)) {
      audit.tree().expect(published.size(), published.root(), Known.BEFORE);
    }
    Checkpoint kept = held;
    if (kept != null && (history.isOf(kept, tenant) || tenant.equals(only))) {
      audit.tree().expect(kept.size(), kept.root(), Known.BEFORE);
    }
    return new Audited(audit, findings);
  }

  @Override
  public Hash leafHash(TenantId tenant, StoredEntry entry) {
    settle();
    Hash leafHash = leaves.hash(entry);
    Audited audited = of(tenant);
    if (audited != null) {
      pending = new Pending(audited, entry, leafHash);
      evidence.look(tenant, entry);
    }
    if (++entries % PROGRESS_ENTRIES == 0) {
      progress.accept(entries);
    }
    return leafHash;
  }

  @Override
  public void altered(TenantId tenant, StoredEntry entry, Hash stored, Hash computed) {
    Pending altered = pending;
    if (altered != null && altered.entry().seq() == entry.seq()) {
      altered.audited().findings().accept(new Finding.Altered(entry.seq(), "content"));
      pending = new Pending(altered.audited(), entry, stored);
    }
  }

  /** Takes the last entry in; to be called when a run is at its end. */
  void settle() {
    Pending last = pending;
    pending = null;
    if (last != null) {
      StoredEntry entry = last.entry();
      byte[] facts = EntryLeaves.facts(entry);
      last.audited()
          .audit()
          .entry(
              entry.seq(),
              entry.recordedAtMillis(),
              EntryLeaves.content(entry),
              last.leafHash(),
              facts,
              facts.length);
    }
  }

  /** The frontier of a tenant's tree so far, or null when it is not looked at. */
  @Nullable List<Hash> frontier(TenantId tenant) {
    Audited audited = tenants.get(tenant);
    return audited == null ? null : audited.audit().tree().frontier().hashes();
  }

  /** Ends every log; what was published and is not there counts as rolled back. */
  List<DataDirectoryAudit.TenantReport> finish() {
    settle();
    for (TenantId tenant : history.tenants()) {
      of(tenant);
    }
    if (only != null) {
      of(only);
    }
    List<DataDirectoryAudit.TenantReport> reports = new ArrayList<>();
    tenants.forEach(
        (tenant, audited) -> {
          audited.audit().finish(-1);
          AuditReport report = audited.findings().report(null, audited.audit().entries());
          reports.add(
              new DataDirectoryAudit.TenantReport(
                  tenant.value(), audited.audit().tree().root(), report));
        });
    return reports;
  }
}
