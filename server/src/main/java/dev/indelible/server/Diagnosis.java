package dev.indelible.server;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.audit.DataDirectoryAudit;
import dev.indelible.server.blob.DirectoryBlobStore;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.deliver.DeliveryChecks;
import dev.indelible.server.deliver.MailTerms;
import dev.indelible.server.disk.FileLockedException;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.index.IndexHome;
import dev.indelible.server.index.IndexOpening;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.server.log.RunChecks;
import dev.indelible.verify.audit.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Diagnosis of a data directory while no server runs: permissions, room, and whether every file can
 * be read to its last byte.
 *
 * <p>It changes nothing but what opening changes: a torn tail of a journal is cut.
 */
public final class Diagnosis {

  /** Less room than this is a finding, in bytes. */
  public static final long LEAST_FREE_BYTES = 1L << 30;

  /** The most findings of logs that are told. */
  static final int MAX_TOLD = 20;

  /** How serious a finding is. */
  public enum Severity {
    OK,
    WARNING,
    FAILURE
  }

  /**
   * Result of one check.
   *
   * @param severity how serious it is
   * @param subject the thing that was checked
   * @param detail the observation, and how to mend it
   */
  public record Finding(Severity severity, String subject, String detail) {}

  private final InstantSource clock;
  private final ServerConfig config;
  private final DataDirectory data;
  private final List<Finding> findings = new ArrayList<>();

  private Diagnosis(ServerConfig config, InstantSource clock) {
    this.clock = clock;
    this.config = config;
    this.data = new DataDirectory(config.data());
  }

  /** Checks everything. */
  public static List<Finding> of(ServerConfig config) throws InterruptedException {
    return of(config, InstantSource.system());
  }

  /** Checks everything on a machine with that clock. */
  static List<Finding> of(ServerConfig config, InstantSource clock) throws InterruptedException {
    Diagnosis diagnosis = new Diagnosis(config, clock);
    diagnosis.run();
    return List.copyOf(diagnosis.findings);
  }

  private void run() throws InterruptedException {
    boolean opened = false;
    if (!Files.isDirectory(data.root())) {
      failure(
          "data directory", data.root() + " is not there; the first `indelible serve` makes it");
      return;
    }
    checkSecret(
        "operator's key",
        data.operatorKey(),
        Severity.WARNING,
        "is not here; it still works for who has it, and if it is lost, `indelible operator-key`"
            + " makes another");
    checkSecret(
        "installation's key",
        data.installationKey(),
        Severity.FAILURE,
        "is missing; restore it from a backup");
    checkRoom();
    checkDeliveries();
    try (FileJournal events = open(data.eventsJournal())) {
      checkJournal("events journal", events);
      checkControlLog();
      try (BlobStore blobs = DirectoryBlobStore.open(new SystemDisk(), data.blobs())) {
        checkRuns(blobs);
        checkClock(blobs, events.newestAtStart());
      }
      checkIndex();
      opened = true;
    } catch (FileLockedException e) {
      warning("server", "it is running; stop it to have the files checked. " + e.getMessage());
    } catch (IOException e) {
      failure("files", String.valueOf(e.getMessage()));
    }
    // Behind the locks: whoever opens a locked file and closes it gives the lock away.
    if (opened && findings.stream().noneMatch(one -> one.severity() == Severity.FAILURE)) {
      checkLogs();
    }
  }

  /** Whether the entries, what was signed of them and the configuration belong together. */
  private void checkLogs() throws InterruptedException {
    DataDirectoryAudit.Result result =
        DataDirectoryAudit.run(
            new DataDirectoryAudit.Places(
                data.eventsJournal(), data.controlJournal(), data.headsJournal(), data.blobs()),
            new DataDirectoryAudit.Question(null, Trust.NOTHING, _ -> {}));
    List<String> broken = result.faults();
    broken.stream().limit(MAX_TOLD).forEach(sentence -> failure("logs", sentence));
    if (broken.size() > MAX_TOLD) {
      failure("logs", "and %,d more; see `indelible verify`".formatted(broken.size() - MAX_TOLD));
    }
    if (broken.isEmpty()) {
      ok(
          "logs",
          "%,d, each as it was signed, and the configuration is theirs"
              .formatted(result.tenants().size()));
    }
  }

  private FileJournal open(Path directory) throws IOException {
    return FileJournal.open(
        new SystemDisk(),
        directory,
        FileJournal.Options.of(InstantSource.system(), new SecureRandom())
            .withSegmentBytes(config.segmentBytes()));
  }

  private void checkSecret(String subject, Path file, Severity whenMissing, String missing) {
    try {
      if (!Files.exists(file)) {
        findings.add(new Finding(whenMissing, subject, file + " " + missing));
        return;
      }
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      permissions.removeAll(
          Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
      if (permissions.isEmpty()) {
        ok(subject, file + ", for its owner alone");
      } else {
        warning(
            subject,
            "others can read " + file + "; chmod 600 it, and replace the key if they may have");
      }
    } catch (IOException | UnsupportedOperationException e) {
      failure(subject, file + " cannot be looked at: " + e.getMessage());
    }
  }

  private void checkRoom() {
    try {
      long free = Files.getFileStore(data.root()).getUsableSpace();
      String detail = "%,d MiB free where the data is".formatted(free >> 20);
      if (free < LEAST_FREE_BYTES) {
        warning("room", detail + "; events are refused when there is none");
      } else {
        ok("room", detail);
      }
    } catch (IOException e) {
      failure("room", String.valueOf(e.getMessage()));
    }
  }

  private void checkDeliveries() throws InterruptedException {
    Path root = config.delivery().root();
    if (root != null) {
      told("folder of deliveries", DeliveryChecks.root(root), root.toString());
    }
    MailTerms mail = config.delivery().mail();
    if (mail == null) {
      return;
    }
    told("mail server", DeliveryChecks.mail(mail), "%s takes mail".formatted(mail.host()));
    if (config.delivery().publicUrl() == null) {
      warning("mail", "http.public_url is not set; there is nothing that a mail could link to");
    }
  }

  private void told(String subject, Optional<String> fault, String good) {
    fault.ifPresentOrElse(why -> warning(subject, why), () -> ok(subject, good));
  }

  private void checkJournal(String subject, FileJournal journal) throws InterruptedException {
    long batches = 0;
    try (Journal.Cursor cursor = journal.read(journal.begin())) {
      Position end = journal.end();
      Position reached = journal.begin();
      Journal.Batch batch;
      while (reached.compareTo(end) < 0 && (batch = cursor.next(Duration.ZERO)) != null) {
        batches++;
        reached = batch.next();
      }
      ok(subject, "%,d batches, each with its checksum".formatted(batches));
    } catch (IOException e) {
      failure(subject, String.valueOf(e.getMessage()));
    }
  }

  private void checkControlLog() throws IOException, InterruptedException {
    try (FileJournal journal = open(data.controlJournal())) {
      checkJournal("control log", journal);
      try (ControlLog control = new ControlLog(journal, 0)) {
        control.start(journal.end(), change -> {});
        ok(
            "configuration",
            "%,d tenants, %,d operator's keys"
                .formatted(
                    control.configuration().tenantCount(),
                    control.configuration().operatorKeys().size()));
      } catch (IllegalStateException e) {
        failure("configuration", String.valueOf(e.getMessage()));
      }
    }
  }

  private void checkRuns(BlobStore blobs) {
    try {
      RunChecks.Result result = RunChecks.verifyAll(blobs);
      ok(
          "runs",
          "%,d with %,d entries, every byte and every leaf hash checked"
              .formatted(result.runs(), result.entries()));
    } catch (IOException | IllegalStateException e) {
      failure("runs", String.valueOf(e.getMessage()));
    }
  }

  private void checkClock(BlobStore blobs, Optional<Instant> newest) throws IOException {
    ClockReckoning reckoning = reckoning(blobs, newest);
    if (reckoning.isDoubted()) {
      warning("clock", doubt(reckoning) + "; see `indelible doctor --accept-clock`");
    } else {
      ok("clock", "not ahead of when a server last ran by more than a day");
    }
  }

  private ClockReckoning reckoning(BlobStore blobs, Optional<Instant> newest) throws IOException {
    return new ClockReckoning(
        ClockRecord.read(blobs).record().map(ClockRecord::seenAt).orElse(null),
        newest.orElse(null),
        clock,
        System::nanoTime);
  }

  private static String doubt(ClockReckoning reckoning) {
    return "%s ahead of when a server last ran, %s: it was set, or no server ran"
        .formatted(ClockReckoning.words(reckoning.ahead()), reckoning.believed());
  }

  /**
   * Vouches for this machine's clock, so that the next server deletes by schedule what is due by
   * it. While no server runs; the next start records it in every tenant's log.
   */
  public static Finding acceptClock(ServerConfig config) {
    return acceptClock(config, InstantSource.system());
  }

  /** Vouches for another clock. */
  static Finding acceptClock(ServerConfig config, InstantSource clock) {
    return new Diagnosis(config, clock).acceptClock();
  }

  private Finding acceptClock() {
    if (!Files.isDirectory(data.blobs())) {
      return new Finding(Severity.FAILURE, "clock", data.root() + " holds no server's data");
    }
    try (FileJournal events = open(data.eventsJournal());
        BlobStore blobs = DirectoryBlobStore.open(new SystemDisk(), data.blobs())) {
      ClockReckoning reckoning = reckoning(blobs, events.newestAtStart());
      if (!reckoning.isDoubted()) {
        return new Finding(Severity.OK, "clock", "it is not doubted; nothing was changed");
      }
      String doubt = doubt(reckoning);
      Instant believed = reckoning.believed();
      Instant now = reckoning.accept();
      ChangedBy by = new ChangedBy("operator", null);
      long _ =
          new ClockRecord(now, new ClockRecord.Acceptance(now, believed, by))
              .write(blobs, ClockRecord.read(blobs).version());
      return new Finding(
          Severity.OK,
          "clock",
          doubt + "; it is believed now, %s, and the next start records that".formatted(now));
    } catch (FileLockedException e) {
      return new Finding(
          Severity.FAILURE,
          "clock",
          "a server runs: vouch for its clock on the console's page System. " + e.getMessage());
    } catch (IOException e) {
      return new Finding(Severity.FAILURE, "clock", String.valueOf(e.getMessage()));
    }
  }

  private void checkIndex() {
    try {
      switch (new IndexHome(data.index()).open(true)) {
        case IndexOpening.Opened opened -> {
          try (var index = opened.index()) {
            ok("search index", "%,d entries".formatted(index.stats().entries()));
          }
        }
        case IndexOpening.Unusable(IndexOpening.Reason reason, String detail) ->
            warning(
                "search index",
                "%s (%s); the next start builds it again, or `indelible reindex` now"
                    .formatted(reason, detail));
      }
    } catch (IOException e) {
      warning("search index", e.getMessage() + "; `indelible reindex` builds it again");
    }
  }

  private void ok(String subject, String detail) {
    findings.add(new Finding(Severity.OK, subject, detail));
  }

  private void warning(String subject, String detail) {
    findings.add(new Finding(Severity.WARNING, subject, detail));
  }

  private void failure(String subject, String detail) {
    findings.add(new Finding(Severity.FAILURE, subject, detail));
  }
}
