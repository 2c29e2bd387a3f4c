package dev.indelible.server.audit;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.Journal;
import dev.indelible.server.journal.Position;
import dev.indelible.server.proof.Head;
import dev.indelible.server.proof.PublishedHeads;
import dev.indelible.server.run.EntryCursor;
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
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads everything once while the server works on it: every frame of the journals, every state,
 * every byte of every run, and then log by log every entry from the first to the newest, against
 * its leaf, the tree, and what was signed of it.
 *
 * <p>Files change meanwhile: runs are merged, journals cut, entries purged. Files are read as they
 * are named at that moment; what does not hold is looked at a second time, and told only when it
 * still does not. Memory: that of one log's tree. One thread.
 */
final class ScrubPass {

  /** Entries that are read between two looks at which runs there are. */
  static final int CHUNK_ENTRIES = 4_096;

  /** What it costs to look for a tenant in a run, in bytes. */
  private static final int LOOKUP_BYTES = 4 << 10;

  private static final int ENTRY_OVERHEAD_BYTES = 100;

  private final Scrubber.Sources sources;
  private final Pace pace;
  private final Consumer<Violation> violations;
  private final Consumer<Double> progress;
  private final EntryLeaves leaves = new EntryLeaves();
  private final long totalEntries;
  private long entries;

  /**
   * A pass.
   *
   * @param violations is told of what does not hold, of the same thing perhaps twice
   * @param progress is told now and then how much is done, from 0 to 1
   */
  ScrubPass(
      Scrubber.Sources sources,
      Pace pace,
      Consumer<Violation> violations,
      Consumer<Double> progress) {
    this.sources = sources;
    this.pace = pace;
    this.violations = violations;
    this.progress = progress;
    var statistics = sources.log().statistics();
    totalEntries = 2 * statistics.sealedEntries() + statistics.freshEntries();
  }

  void run() throws InterruptedException {
    for (Scrubber.NamedJournal journal : sources.journals()) {
      readJournal(journal);
    }
    readHeads();
    readStates();
    for (String name : sources.log().runNames()) {
      readRun(name);
    }
    try (FreshRuns runs = new FreshRuns(sources.blobs(), sources.log()::runNames)) {
      for (TenantId tenant : sources.logs().publishedTenants()) {
        readLog(tenant, runs);
      }
    }
    progress.accept(1.0);
  }

  private void readJournal(Scrubber.NamedJournal named) throws InterruptedException {
    Journal journal = named.journal();
    Position reached = journal.begin();
    boolean secondLook = false;
    while (true) {
      try (Journal.Cursor cursor = journal.read(reached)) {
        Position end = journal.end();
        Journal.Batch batch;
        while (reached.compareTo(end) < 0 && (batch = cursor.next(Duration.ZERO)) != null) {
          pace.spend(batch.payload().length);
          reached = batch.next();
        }
        return;
      } catch (IOException e) {
        if (journal.begin().compareTo(reached) > 0) {
          reached = journal.begin(); // cut meanwhile
        } else if (secondLook) {
          violations.accept(
              Violation.of(null, new Finding.Damaged("the " + named.name() + " journal", text(e))));
          return;
        } else {
          secondLook = true;
        }
      }
    }
  }

  /** What the heads journal says was signed is what the server remembers, or older. */
  private void readHeads() throws InterruptedException {
    try {
      PublishedHeads.read(
          sources.heads(),
          (tenant, size, root) -> {
            Head known = sources.logs().published(tenant).orElse(Head.EMPTY);
            if (size > known.size() || (size == known.size() && !root.equals(known.root()))) {
              violations.accept(
                  Violation.of(
                      tenant,
                      new Finding.Damaged(
                          "the heads journal",
                          "it says that size "
                              + size
                              + " was signed with root "
                              + root
                              + ", which is not so")));
            }
          });
    } catch (IllegalStateException e) {
      violations.accept(Violation.of(null, new Finding.Damaged("the heads journal", text(e))));
    } catch (IOException e) {
      // A frame that cannot be read was told of before; or the journal was cut meanwhile.
    }
  }

  /** Every state has a checksum. */
  private void readStates() {
    Path states = sources.states();
    try (Stream<Path> files = Files.walk(states)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = states.relativize(file).toString().replace('\\', '/');
        if (!file.getFileName().toString().startsWith(".")) {
          readState(name);
        }
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      violations.accept(Violation.of(null, new Finding.Damaged(states.toString(), text(e))));
    }
  }

  private void readState(String name) {
    try {
      pace.spend(sources.blobs().state(name).map(state -> state.bytes().length).orElse(0));
    } catch (IOException e) {
      violations.accept(Violation.of(null, new Finding.Damaged("state " + name, text(e))));
    }
  }

  private void readRun(String name) {
    if (!sources.log().runNames().contains(name)) {
      return; // merged or rewritten; what it held is read as part of the log
    }
    try (var cache = new dev.indelible.server.run.RunCache(1 << 20);
        RunReader reader = RunReader.open(sources.blobs(), name, cache)) {
      reader.verify(
          new RunInspector() {
            @Override
            public Hash leafHash(TenantId tenant, StoredEntry entry) {
              paid(entry);
              return leaves.hash(entry);
            }

            @Override
            public void altered(TenantId tenant, StoredEntry entry, Hash stored, Hash computed) {
              violations.accept(Violation.of(tenant, new Finding.Altered(entry.seq(), "content")));
            }
          });
    } catch (Pace.StoppedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      if (sources.log().runNames().contains(name)) {
        String problem = e instanceof NoSuchFileException ? "is missing" : text(e);
        violations.accept(Violation.of(null, new Finding.Damaged(name, problem)));
      }
    }
  }

  private void paid(StoredEntry entry) {
    entries++;
    if (entries % CHUNK_ENTRIES == 0 && totalEntries > 0) {
      progress.accept(Math.min(0.99, (double) entries / totalEntries));
    }
    pace.spend(EntryLeaves.facts(entry).length + ENTRY_OVERHEAD_BYTES);
  }

  private void readLog(TenantId tenant, FreshRuns runs) {
    List<Finding> first = audit(tenant, runs);
    if (first.isEmpty()) {
      return;
    }
    // A purge may have overtaken the first look: its record is behind where that look ended.
    List<Finding> second = audit(tenant, runs);
    for (Finding finding : first) {
      if (second.contains(finding)) {
        violations.accept(Violation.of(tenant, finding));
      }
    }
  }

  private List<Finding> audit(TenantId tenant, FreshRuns runs) {
    Findings findings = new Findings();
    EntryAudit audit = new EntryAudit(findings);
    Optional<Head> signed = sources.logs().published(tenant);
    signed.ifPresent(head -> audit.tree().expect(head.size(), head.root(), Known.BEFORE));
    try {
      long size = sources.log().size(tenant);
      long next = 0;
      while (next < size) {
        next = chunk(tenant, next, Math.min(size, next + CHUNK_ENTRIES), runs, audit, findings);
      }
      audit.finish(-1);
    } catch (Pace.StoppedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      findings.accept(new Finding.Damaged("the log", text(e)));
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
    pace.spend(LOOKUP_BYTES);
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
