package dev.indelible.server.audit;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.proof.Head;
import dev.indelible.server.proof.PublishedHeads;
import dev.indelible.server.run.EntryCursor;
import dev.indelible.server.run.RunCache;
import dev.indelible.server.run.RunInspector;
import dev.indelible.server.run.RunReader;
import dev.indelible.server.run.Slice;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.Hash;
import dev.indelible.verify.audit.EntryAudit;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Findings;
import dev.indelible.verify.audit.TreeAudit.Known;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads everything once while the server works on it: every frame of the journals, every state,
 * every file of the search index, every byte of every run, and then log by log every entry from the
 * first to the newest, against its leaf, the tree, and what was signed of it.
 *
 * <p>Files change meanwhile: runs are merged, journals cut, entries purged. Files are read as they
 * are named at that moment; what does not hold is looked at a second time, and told only when it
 * still does not. Memory: that of one log's tree. One thread.
 */
final class ScrubPass {

  /** Entries that are read between two looks at which runs there are. */
  static final int CHUNK_ENTRIES = 4_096;

  /** Cost of looking for a tenant in a run, in bytes. */
  private static final int LOOKUP_BYTES = 4 << 10;

  private static final int ENTRY_OVERHEAD_BYTES = 100;

  private final Scrubber.Sources sources;
  private final Throttle throttle;
  private final Scrubber.Alarm alarm;
  private final Consumer<Double> progress;
  private final EntryLeaves leaves = new EntryLeaves();
  private final long totalEntries;
  private final Set<TenantId> alteredLogs = new HashSet<>();
  private long entries;

  /**
   * A pass.
   *
   * @param alarm is told of what does not hold, of the same thing perhaps twice
   * @param progress is told now and then how much is done, from 0 to 1
   */
  ScrubPass(
      Scrubber.Sources sources,
      Throttle throttle,
      Scrubber.Alarm alarm,
      Consumer<Double> progress) {
    this.sources = sources;
    this.throttle = throttle;
    this.alarm = alarm;
    this.progress = progress;
    var statistics = sources.log().statistics();
    totalEntries = 2 * statistics.sealedEntries() + statistics.freshEntries();
  }

  void run() {
    try {
      for (Map.Entry<String, Journal> journal : sources.journals().entrySet()) {
        readJournal(journal.getKey(), journal.getValue());
      }
      readHeads(sources.journals().get(Scrubber.Sources.HEADS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Throttle.StoppedException();
    }
    readStates();
    readIndex();
    for (String name : sources.log().runNames()) {
      readRun(name);
    }
    try (FreshRuns runs = new FreshRuns(sources.blobs(), sources.log()::runNames)) {
      for (TenantId tenant : sources.logs().published()) {
        readLog(tenant, runs);
      }
    }
    progress.accept(1.0);
  }

  private void tell(@Nullable TenantId tenant, Finding finding) {
    alarm.raise(tenant, finding.sentence());
  }

  private void readJournal(String name, Journal journal) throws InterruptedException {
    Position reached = journal.begin();
    boolean secondLook = false;
    while (true) {
      try (Journal.Cursor cursor = journal.read(reached)) {
        Position end = journal.end();
        Journal.Batch batch;
        while (reached.compareTo(end) < 0 && (batch = cursor.next(Duration.ZERO)) != null) {
          throttle.spend(batch.payload().length);
          reached = batch.next();
        }
        return;
      } catch (IOException e) {
        if (journal.begin().compareTo(reached) > 0) {
          reached = journal.begin(); // cut meanwhile
        } else if (secondLook) {
          tell(null, new Finding.Damaged("the " + name + " journal", text(e)));
          return;
        } else {
          secondLook = true;
        }
      }
    }
  }

  /**
   * Checks that each state that the heads journal says was signed is the one that the server
   * remembers, or older.
   */
  private void readHeads(@Nullable Journal journal) throws InterruptedException {
    if (journal == null) {
      return;
    }
    try {
      SignedHeads heads = new SignedHeads(sources.logs()::head, this::tell);
      PublishedHeads.read(journal, heads::take);
      heads.settle(
          (tenant, size, timeout) -> sources.logs().awaitPublished(tenant, size - 1, timeout));
    } catch (IllegalStateException e) {
      tell(null, new Finding.Damaged("the heads journal", text(e)));
    } catch (IOException e) {
      // A frame that cannot be read was told of before; or the journal was cut meanwhile.
    }
  }

  /** Every state has a checksum. */
  private void readStates() {
    Path states = sources.states();
    try {
      for (String name : StateNames.of(states)) {
        readState(name);
      }
    } catch (IOException e) {
      tell(null, new Finding.Damaged(states.toString(), text(e)));
    }
  }

  private void readState(String name) {
    try {
      throttle.spend(sources.blobs().state(name).map(state -> state.bytes().length).orElse(0));
    } catch (IOException e) {
      tell(null, new Finding.Damaged("state " + name, text(e)));
    }
  }

  private void readIndex() {
    try {
      sources.index().read(throttle::spend);
    } catch (IOException e) {
      tell(null, new Finding.Damaged("the search index", text(e)));
    }
  }

  private void readRun(String name) {
    if (!sources.log().runNames().contains(name)) {
      return; // merged or rewritten; what it held is read as part of the log
    }
    // Opened anew, with a cache of its own: what counts is what is on the disk now.
    try (RunCache cache = new RunCache(0);
        RunReader reader = RunReader.open(sources.blobs(), name, cache)) {
      reader.verify(new Inspector(name));
    } catch (Throttle.StoppedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      if (sources.log().runNames().contains(name)) {
        String problem = e instanceof NoSuchFileException ? "is missing" : text(e);
        tell(null, new Finding.Damaged(name, problem));
      }
    }
  }

  /**
   * Checks every entry against its leaf, and the leaf against the one that the log works with: a
   * file that was put in the place of a run may agree with itself.
   */
  private final class Inspector implements RunInspector {
    private final String run;
    private @Nullable TenantId tenant;
    private long knownFrom;
    private List<Hash> known = List.of();

    Inspector(String run) {
      this.run = run;
    }

    @Override
    public Hash leafHash(TenantId owner, StoredEntry entry) {
      paid(entry);
      Hash computed = leaves.hash(entry);
      Hash expected = known(owner, entry.seq());
      if (expected != null && !expected.equals(computed)) {
        alteredLogs.add(owner);
        alarm.raise(
            owner,
            "Entry %d, as it is in %s on the disk now, is not the one that was recorded."
                .formatted(entry.seq(), run));
      }
      return computed;
    }

    private @Nullable Hash known(TenantId owner, long seq) {
      if (!owner.equals(tenant) || seq < knownFrom || seq >= knownFrom + known.size()) {
        tenant = owner;
        knownFrom = seq;
        try {
          long end = Math.min(sources.log().size(owner), seq + CHUNK_ENTRIES);
          known = seq < end ? sources.log().leafHashes(owner, seq, end) : List.of();
        } catch (IOException e) {
          known = List.of(); // reading the log tells it
        }
      }
      return known.isEmpty() ? null : known.get(Math.toIntExact(seq - knownFrom));
    }

    @Override
    public void altered(TenantId owner, StoredEntry entry, Hash stored, Hash computed) {
      tell(owner, new Finding.Altered(entry.seq(), "content"));
    }
  }

  private void paid(StoredEntry entry) {
    entries++;
    if (entries % CHUNK_ENTRIES == 0 && totalEntries > 0) {
      progress.accept(Math.min(0.99, (double) entries / totalEntries));
    }
    throttle.spend(EntryLeaves.facts(entry).length + ENTRY_OVERHEAD_BYTES);
  }

  private void readLog(TenantId tenant, FreshRuns runs) {
    List<Finding> first = audit(tenant, runs);
    if (first.isEmpty()) {
      return;
    }
    // A purge may have overtaken the first look: its record is behind where that look ended.
    List<Finding> second = audit(tenant, runs);
    for (Finding finding : first) {
      // Of which entries it is so was said already, when it is known.
      boolean said = finding instanceof Finding.ForkedHistory && alteredLogs.contains(tenant);
      if (second.contains(finding) && !said) {
        tell(tenant, finding);
      }
    }
  }

  private List<Finding> audit(TenantId tenant, FreshRuns runs) {
    Findings findings = new Findings();
    EntryAudit audit = new EntryAudit(findings);
    Head signed = sources.logs().head(tenant);
    audit.tree().expect(signed.size(), signed.root(), Known.BEFORE);
    long next = 0;
    try {
      long size = sources.log().size(tenant);
      while (next < size) {
        next = chunk(tenant, next, Math.min(size, next + CHUNK_ENTRIES), runs, audit, findings);
      }
      audit.finish(-1);
    } catch (Throttle.StoppedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      findings.accept(new Finding.Damaged("entries from " + next + " on cannot be read", text(e)));
    }
    List<Finding> broken = new ArrayList<>();
    for (Finding finding : findings.report(null, audit.entries()).findings()) {
      if (finding.breaks()) {
        broken.add(finding);
      }
    }
    return broken;
  }

  /** Reads on; returns where to go on from. */
  private long chunk(
      TenantId tenant, long from, long to, FreshRuns runs, EntryAudit audit, Findings findings)
      throws IOException {
    throttle.spend(LOOKUP_BYTES);
    for (RunReader run : runs.now()) {
      @Nullable Slice slice = run.slice(tenant).orElse(null);
      if (slice != null && slice.firstSeq() <= from && from < slice.endSeq()) {
        long end = Math.min(to, slice.endSeq());
        List<Hash> stored = run.leafHashes(slice, from, end);
        EntryCursor cursor = run.entries(slice, from, end);
        StoredEntry entry;
        while ((entry = cursor.next()) != null) {
          take(entry, stored.get((int) (entry.seq() - from)), audit, findings);
        }
        return end;
      }
    }
    List<Hash> stored = sources.log().leafHashes(tenant, from, to);
    sources
        .log()
        .forEach(
            tenant,
            from,
            to,
            entry -> {
              take(entry, stored.get((int) (entry.seq() - from)), audit, findings);
              return true;
            });
    return to;
  }

  /** An altered entry is one finding; the stored hash goes into the tree. */
  private void take(StoredEntry entry, Hash stored, EntryAudit audit, Findings findings) {
    paid(entry);
    if (!leaves.hash(entry).equals(stored)) {
      findings.accept(new Finding.Altered(entry.seq(), "content"));
    }
    byte[] facts = EntryLeaves.facts(entry);
    audit.entry(
        entry.seq(),
        entry.recordedAtMillis(),
        EntryLeaves.content(entry),
        stored,
        facts,
        facts.length);
  }

  private static String text(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
