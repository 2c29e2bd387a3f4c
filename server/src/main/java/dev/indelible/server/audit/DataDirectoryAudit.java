package dev.indelible.server.audit;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.blob.DirectoryBlobStore;
import dev.indelible.server.disk.ReadOnlyDisk;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.ingest.MirroredChanges;
import dev.indelible.server.journal.JournalCorruptException;
import dev.indelible.server.journal.ReadOnlyJournal;
import dev.indelible.server.log.FreshEntry;
import dev.indelible.server.log.OfflineLog;
import dev.indelible.server.proof.PublishedHeads;
import dev.indelible.server.retention.DeletionsUnderWay;
import dev.indelible.server.run.RunReader;
import dev.indelible.server.run.Slice;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.EntryReader;
import dev.indelible.server.search.StoredComparison;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Hash;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.TrustPolicy;
import dev.indelible.verify.Verdict;
import dev.indelible.verify.VerifierKey;
import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Trust;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks everything in a data directory that says what the logs hold: every byte of every run and
 * journal, every entry against its leaf, every tree against what was published of it. Changes
 * nothing, and takes no lock.
 *
 * <p>The index is not looked at: it is not the authority, and is made again when it is damaged.
 *
 * <p>After damage in a run or in the events journal the logs' trees are not judged, because nobody
 * can tell an entry that cannot be read from one that was never there.
 */
public final class DataDirectoryAudit {

  /**
   * Folders of a data directory.
   *
   * @param events the events journal
   * @param control the control log
   * @param heads the published heads of every log; need not exist
   * @param blobs runs and states
   */
  public record Places(Path events, Path control, Path heads, Path blobs) {}

  /**
   * Scope of an audit.
   *
   * @param tenant the tenant whose log is judged; all of them when null
   * @param trust the reader's keys and checkpoint; without keys, those in the control log are used
   * @param progress is told of the number of entries now and then
   */
  public record Question(@Nullable TenantId tenant, Trust trust, LongConsumer progress) {}

  /**
   * Result for one log.
   *
   * @param tenant the tenant of the log
   * @param root the root of the tree over its entries
   * @param report the findings
   */
  public record TenantReport(String tenant, Hash root, AuditReport report) {}

  /**
   * Result of an audit.
   *
   * @param tenants of each log, in the order of their names; empty after damage
   * @param directory of the directory as a whole
   * @param running whether a server had it open: what looks like damage may be its work
   * @param entries how many entries were read
   */
  public record Result(
      List<TenantReport> tenants, List<Finding> directory, boolean running, long entries) {

    public Result {
      tenants = List.copyOf(tenants);
      directory = List.copyOf(directory);
    }

    /** Whether anything does not hold. */
    public boolean broken() {
      return directory.stream().anyMatch(Finding::breaks)
          || tenants.stream().anyMatch(tenant -> tenant.report().broken());
    }

    /** Violations in sentences: of the directory first, then of one log after the other. */
    public List<String> faults() {
      return Stream.concat(
              directory.stream(),
              tenants.stream().flatMap(tenant -> tenant.report().findings().stream()))
          .filter(Finding::breaks)
          .map(Finding::sentence)
          .toList();
    }
  }

  private final Places places;
  private final Question question;
  private final List<Finding> directory = new ArrayList<>();
  private final LogHistory history = new LogHistory();
  private final ControlEvidence evidence = new ControlEvidence();
  private @Nullable Position controlEnd;
  private long entries;
  private boolean damaged;

  private DataDirectoryAudit(Places places, Question question) {
    this.places = places;
    this.question = question;
  }

  /** Checks a data directory. */
  public static Result run(Places places, Question question) throws InterruptedException {
    return new DataDirectoryAudit(places, question).run();
  }

  private Result run() throws InterruptedException {
    if (!question.trust().witnesses().isEmpty()) {
      directory.add(
          new Finding.NotShown(
              "Cosignatures of witnesses were not checked: an export or a server shows them."));
    }
    boolean running = isHeld(places.blobs().resolve("LOCK"));
    readControl();
    checkKeys();
    readHeads();
    List<TenantReport> reports = List.of();
    try (ReadOnlyJournal events = ReadOnlyJournal.open(places.events());
        BlobStore blobs = DirectoryBlobStore.open(new ReadOnlyDisk(), places.blobs())) {
      tellRemnant("events", events);
      readStates(blobs);
      checkMirrored(blobs);
      reports = readLog(events, blobs);
    } catch (IOException | RuntimeException e) {
      damage(e);
    }
    if (damaged) {
      reports = List.of();
    }
    return new Result(reports, directory, running, entries);
  }

  private void readControl() throws InterruptedException {
    try (ReadOnlyJournal control = ReadOnlyJournal.open(places.control())) {
      tellRemnant("control", control);
      controlEnd = control.end();
      ControlHistory.read(control, history, evidence);
    } catch (IOException | RuntimeException e) {
      damage(e);
    }
  }

  /** The keys that the reader holds are those that the tenant's log is signed with. */
  private void checkKeys() {
    TenantId tenant = question.tenant();
    List<VerifierKey> given = question.trust().keys();
    if (tenant == null || given.isEmpty() || damaged) {
      return;
    }
    List<VerifierKey> named = history.keysOf(tenant);
    if (!named.isEmpty() && named.stream().noneMatch(given::contains)) {
      directory.add(
          new Finding.SignatureBad(
              "that this directory would show",
              "its log is signed with " + named.getLast() + ", which is no key that you gave"));
    }
  }

  private void readHeads() throws InterruptedException {
    if (!Files.exists(places.heads())) {
      directory.add(
          new Finding.NotShown(
              "There is no record of what was published of these logs: " + places.heads() + "."));
      return;
    }
    try (ReadOnlyJournal heads = ReadOnlyJournal.open(places.heads())) {
      tellRemnant("heads", heads);
      PublishedHeads.read(heads, history::publish);
    } catch (IOException | RuntimeException e) {
      damage(e);
    }
  }

  /** The reader's checkpoint, when it is one that a known key signed. */
  private @Nullable Checkpoint held() {
    SignedCheckpoint held = question.trust().held();
    if (held == null) {
      directory.add(
          new Finding.NotShown(
              "You gave no earlier checkpoint: whoever can write to this directory can have"
                  + " rewritten all of it, or put an old copy in its place."));
      return null;
    }
    String origin = held.checkpoint().origin();
    List<VerifierKey> given = question.trust().keys();
    List<VerifierKey> keys =
        (given.isEmpty() ? history.keys(origin) : given)
            .stream().filter(key -> key.name().equals(origin)).toList();
    Verdict verdict =
        keys.isEmpty()
            ? Verdict.fails(Verdict.Problem.UNSIGNED, "no key of " + origin + " is at hand")
            : held.check(new TrustPolicy(origin, keys, List.of(), 0));
    if (verdict instanceof Verdict.Fails fails) {
      directory.add(new Finding.SignatureBad("that you hold", fails.detail()));
      return null;
    }
    if (history.keys(origin).isEmpty() && question.tenant() == null) {
      directory.add(new Finding.SignatureBad("that you hold", "no log here is " + origin));
      return null;
    }
    return held.checkpoint();
  }

  private List<TenantReport> readLog(ReadOnlyJournal events, BlobStore blobs)
      throws IOException, InterruptedException {
    EntryReader reader = new EntryReader();
    TenantAudits audits =
        new TenantAudits(
            history,
            question.tenant(),
            held(),
            seen -> {
              entries = seen;
              question.progress().accept(seen);
            },
            evidence);
    try (OfflineLog log =
        OfflineLog.open(
            blobs, events, reader, new StoredComparison(reader), DeletionsUnderWay.purges(blobs))) {
      for (RunReader run : log.runs()) {
        readRun(run, audits);
      }
      entries = log.runs().stream().mapToLong(run -> run.info().entries()).sum();
      if (!damaged) {
        readRest(log.rest(), audits);
      }
    }
    if (damaged) {
      return List.of();
    }
    evidence.tell(question.tenant(), directory::add);
    return audits.finish();
  }

  /** Every state has a checksum; that of the log is used as well, the others are read alone. */
  private void readStates(BlobStore blobs) throws IOException {
    Path states = places.blobs().resolve("states");
    for (String name : StateNames.of(states)) {
      if (blobs.state(name).isEmpty()) {
        throw new NoSuchFileException(states.resolve(name).toString());
      }
    }
  }

  /** Changes that have their entries in the tenants' logs are still in the control log. */
  private void checkMirrored(BlobStore blobs) throws IOException {
    Position end = controlEnd;
    MirroredChanges changes = MirroredChanges.of(blobs);
    Position mirrored = changes.position();
    if (!evidence.isMirrored(changes)) {
      directory.add(
          new Finding.ForeignControlLog("the record of how far its changes have entries"));
    }
    if (end != null && mirrored.compareTo(end) > 0) {
      directory.add(
          new Finding.Damaged(
              places.control().toString(),
              "it ends at position "
                  + end.value()
                  + ", and changes up to "
                  + mirrored.value()
                  + " have entries in the tenants' logs: the newest changes were cut"));
    }
  }

  private void readRun(RunReader run, TenantAudits audits) {
    try {
      run.verify(audits);
      audits.settle();
      RunReader.SliceCursor slices = run.slices();
      Slice slice;
      while ((slice = slices.next()) != null) {
        List<Hash> frontier = audits.frontier(slice.tenant());
        if (!damaged && frontier != null && !frontier.equals(slice.frontier())) {
          directory.add(
              new Finding.Damaged(
                  "run " + run.info().name(),
                  "its tree of " + slice + " is not that of the entries"));
        }
      }
    } catch (IOException | RuntimeException e) {
      damage(e);
    }
  }

  private void readRest(Map<TenantId, List<FreshEntry>> rest, TenantAudits audits) {
    for (Map.Entry<TenantId, List<FreshEntry>> tenant : rest.entrySet()) {
      for (FreshEntry fresh : tenant.getValue()) {
        StoredEntry entry =
            new StoredEntry(
                fresh.seq(), fresh.recordedAtMillis(), new StoredEntry.Whole(fresh.parts()));
        Hash _ = audits.leafHash(tenant.getKey(), entry);
        entries++;
      }
    }
    audits.settle();
  }

  private void tellRemnant(String journal, ReadOnlyJournal opened) {
    ReadOnlyJournal.Remnant remnant = opened.remnant();
    if (remnant != null) {
      directory.add(
          new Finding.NotShown(
              "The "
                  + journal
                  + " journal ends at offset "
                  + remnant.offset()
                  + " of "
                  + remnant.file()
                  + ", and bytes follow: left by a crash or by an earlier use of the file, or"
                  + " something that was recorded and damaged since. A checkpoint tells which."));
    }
  }

  private void damage(Exception e) {
    damaged = true;
    String where = e instanceof JournalCorruptException corrupt ? corrupt.file().toString() : "";
    directory.add(
        e instanceof NoSuchFileException missing
            ? new Finding.Damaged(String.valueOf(missing.getFile()), "is missing")
            : new Finding.Damaged(
                where.isEmpty() ? places.blobs().toString() : where,
                e.getMessage() == null ? e.toString() : e.getMessage()));
  }

  /** Whether another process, a server, has the directory open. */
  private static boolean isHeld(Path lockFile) {
    if (!Files.exists(lockFile)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null;
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (IOException e) {
      return false; // not writable for this user: nobody can tell
    }
  }
}
