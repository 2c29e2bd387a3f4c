package dev.indelible.server.export;

import dev.indelible.ports.journal.Journal;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.evidence.pack.PackFile;
import dev.indelible.server.export.ExportCodec.Step;
import dev.indelible.server.journal.KeyedJournal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs and their files. A change is durable when it returns. Thread-safe.
 *
 * <p>Files of a job are in {@code TENANT/JOB}: {@code file}, and {@code held}, the sequence numbers
 * of the entries in it. A crash may leave files of a job that has none any more, which the next
 * start deletes; it never leaves a job that is done without its file.
 */
final class ExportStore {

  /** Limits of the journal's compaction. */
  static final KeyedJournal.Bounds BOUNDS = new KeyedJournal.Bounds(1L << 20, 4, 100);

  private static final Logger LOG = LoggerFactory.getLogger(ExportStore.class);
  private static final String FILE = "file";
  private static final String HELD = "held";

  private final Path root;
  private final KeyedJournal<Step> journal; // guarded by this
  // guarded by this; each tenant's in the order in which they were begun
  private final Map<TenantId, LinkedHashMap<String, ExportJob>> jobs = new HashMap<>();

  private ExportStore(Path root, Journal journal) throws IOException, InterruptedException {
    this.root = root;
    this.journal = KeyedJournal.open(journal, ExportCodec.FORM, BOUNDS, this::fold);
  }

  /** Folds the journal, which it does not close, and deletes files that no job has. */
  static ExportStore open(Path root, Journal journal) throws IOException, InterruptedException {
    ExportStore store = new ExportStore(root, journal);
    store.sweep();
    return store;
  }

  private synchronized void fold(Step step) {
    switch (step) {
      case Step.Changed(ExportJob job) ->
          jobs.computeIfAbsent(job.tenant(), _ -> new LinkedHashMap<>()).put(job.id(), job);
      case Step.Removed(TenantId tenant, String id) -> {
        Map<String, ExportJob> own = jobs.get(tenant);
        if (own != null && own.remove(id) != null && own.isEmpty()) {
          jobs.remove(tenant);
        }
      }
    }
  }

  synchronized Optional<ExportJob> find(TenantId tenant, String id) {
    LinkedHashMap<String, ExportJob> own = jobs.get(tenant);
    return own == null ? Optional.empty() : Optional.ofNullable(own.get(id));
  }

  /** The tenant's jobs, newest first. */
  synchronized List<ExportJob> of(TenantId tenant) {
    LinkedHashMap<String, ExportJob> own = jobs.get(tenant);
    return own == null ? List.of() : List.copyOf(own.sequencedValues().reversed());
  }

  /** Every job. */
  synchronized List<ExportJob> all() {
    return jobs.values().stream().flatMap(own -> own.values().stream()).toList();
  }

  /** Bytes of all complete files. */
  synchronized long fileBytes() {
    long bytes = 0;
    for (LinkedHashMap<String, ExportJob> own : jobs.values()) {
      for (ExportJob job : own.values()) {
        bytes += job.available().map(ExportJob.FileOf::bytes).orElse(0L);
      }
    }
    return bytes;
  }

  /**
   * Adds a job, durably.
   *
   * @return the job of that id: another one when there was one before
   */
  synchronized ExportJob add(ExportJob job) {
    Optional<ExportJob> before = find(job.tenant(), job.id());
    if (before.isPresent()) {
      return before.get();
    }
    record(new Step.Changed(job));
    return job;
  }

  /** Changes a job, durably; empty when it is not there, or the change leaves it as it is. */
  synchronized Optional<ExportJob> change(TenantId tenant, String id, UnaryOperator<ExportJob> to) {
    Optional<ExportJob> before = find(tenant, id);
    if (before.isEmpty()) {
      return before;
    }
    ExportJob after = to.apply(before.get());
    if (after.equals(before.get())) {
      return Optional.empty();
    }
    record(new Step.Changed(after));
    return Optional.of(after);
  }

  /** Forgets a job and deletes its files. */
  synchronized void remove(TenantId tenant, String id) throws IOException {
    if (find(tenant, id).isPresent()) {
      record(new Step.Removed(tenant, id));
      deleteFiles(tenant, id);
    }
  }

  private synchronized void record(Step step) {
    KeyedJournal.await(journal.append(List.of(step)));
    fold(step);
    if (journal.hasGrown(0)) {
      try {
        List<Step> state = new ArrayList<>();
        all().forEach(job -> state.add(new Step.Changed(job)));
        journal.compact(state);
      } catch (IOException e) {
        LOG.warn("the journal of exports cannot be compacted; trying again later", e);
      }
    }
  }

  private Path folder(TenantId tenant, String id) {
    return root.resolve(tenant.value()).resolve(id);
  }

  /** The folder of a job's files, whether it is there or not. */
  Path folder(ExportJob job) {
    return folder(job.tenant(), job.id());
  }

  /** The file of a job, whether it is there or not. */
  Path file(ExportJob job) {
    return folder(job.tenant(), job.id()).resolve(FILE);
  }

  /** The list of what a job's file holds. */
  Path held(ExportJob job) {
    return folder(job.tenant(), job.id()).resolve(HELD);
  }

  /** Makes the folder of a job, for its owner alone. */
  void makeFolder(ExportJob job) throws IOException {
    Files.createDirectories(
        folder(job.tenant(), job.id()),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    force(root);
    force(root.resolve(job.tenant().value()));
    force(folder(job.tenant(), job.id()));
  }

  /** Deletes the files of a job; they are gone durably when this returns. */
  void deleteFiles(TenantId tenant, String id) throws IOException {
    Path folder = folder(tenant, id);
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    force(folder);
    Files.deleteIfExists(folder);
    force(root.resolve(tenant.value()));
  }

  private void sweep() throws IOException {
    if (!Files.isDirectory(root)) {
      return;
    }
    try (Stream<Path> tenants = Files.list(root)) {
      for (Path tenant : tenants.filter(Files::isDirectory).toList()) {
        sweep(new TenantId(String.valueOf(tenant.getFileName())), tenant);
      }
    }
  }

  private void sweep(TenantId tenant, Path folder) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      for (Path job : found.toList()) {
        String id = String.valueOf(job.getFileName());
        boolean wanted =
            find(tenant, id)
                .filter(
                    known -> known.state().isUnderWay() || known.state() == ExportJob.State.DONE)
                .isPresent();
        if (wanted) {
          PackFile.deleteSpools(job); // of a pack, which is begun anew
        } else {
          deleteFiles(tenant, id);
        }
      }
    }
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
