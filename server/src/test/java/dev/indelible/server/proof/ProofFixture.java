package dev.indelible.server.proof;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.blob.DirectoryBlobStore;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.follow.PendingTenants;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.EventLogBuilder;
import dev.indelible.server.log.LogConfig;
import dev.indelible.server.log.NewEntry;
import dev.indelible.testing.Eventually;
import dev.indelible.verify.TrustPolicy;
import dev.indelible.verify.VerifierKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Published logs on real files, that can be closed, copied, replaced and opened again. */
final class ProofFixture implements AutoCloseable {

  /** Small, so that tests seal and merge often. */
  private static final LogConfig SMALL =
      new LogConfig(4L << 20, Duration.ofHours(1), 64L << 20, 3, 1L << 30, 1L << 20);

  final Path directory;
  final LogConfig config;
  private final Disk disk = new SystemDisk();
  private final Random random = new Random(11);
  private final InstantSource clock = InstantSource.system();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final @Nullable Journal givenHeads;
  EventLog log;
  TenantLogs logs;
  ControlLog control;

  ProofFixture(Path directory) throws Exception {
    this(directory, null);
  }

  ProofFixture(Path directory, @Nullable Journal heads) throws Exception {
    this.directory = directory;
    this.givenHeads = heads;
    this.config = SMALL;
    open();
  }

  void open() throws Exception {
    Journal events = kept(journal("events"));
    BlobStore blobs = kept(DirectoryBlobStore.open(disk, directory.resolve("blobs")));
    Journal heads = givenHeads != null ? givenHeads : kept(journal("heads"));
    control = kept(new ControlLog(kept(journal("control")), random.nextLong()));
    control.start(Position.START, change -> {});
    PendingTenants pending = new PendingTenants();
    EventLog[] opened = new EventLog[1];
    log =
        new EventLogBuilder(
                events,
                blobs,
                config,
                clock,
                random.nextLong(),
                entry -> Optional.empty(),
                (event, entry) -> false)
            .open((tenant, id) -> OptionalLong.empty(), List.of(pending));
    opened[0] = kept(log);
    log.start();
    LogKeys keys =
        new LogKeys(control, new SeedCipher(ProofFixture::secret, random), "log.test", clock);
    logs =
        kept(
            TenantLogs.open(
                new TenantLogs.Parts(
                    log, keys, heads, pending, control.configuration(), WitnessQuorum.NONE)));
    logs.start();
  }

  private <T extends AutoCloseable> T kept(T part) {
    open.add(part);
    return part;
  }

  private FileJournal journal(String name) throws IOException {
    return FileJournal.open(
        disk,
        directory.resolve("journal").resolve(name),
        FileJournal.Options.of(clock, random).withSegmentBytes(1 << 20));
  }

  private static byte[] secret(TenantId tenant) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(tenant.value().getBytes(StandardCharsets.US_ASCII));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Appends so many entries, and returns when they are durable and sequenced. */
  void append(TenantId tenant, int count) throws Exception {
    List<NewEntry> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] salt = new byte[EntryParts.SALT_BYTES];
      random.nextBytes(salt);
      byte[] facts = ("{\"n\":" + random.nextInt() + "}").getBytes(StandardCharsets.UTF_8);
      EntryParts parts =
          i % 3 == 0
              ? new EntryParts(facts, salt, "{\"p\":1}".getBytes(StandardCharsets.UTF_8), salt)
              : EntryParts.ofFacts(facts, salt);
      batch.add(new NewEntry(tenant, "e" + random.nextLong(), false, parts));
      if (batch.size() == 2_000) {
        Eventually.done("append", log.append(batch));
        batch = new ArrayList<>();
      }
    }
    if (!batch.isEmpty()) {
      Eventually.done("append", log.append(batch));
    }
  }

  /** Trust policy of a verifier of the log. */
  TrustPolicy policy(TenantId tenant) {
    List<VerifierKey> keys = logs.verifierKeys(tenant);
    return new TrustPolicy(keys.getFirst().name(), keys, List.of(), 0);
  }

  void awaitAll(TenantId tenant) throws Exception {
    if (!logs.awaitPublished(tenant, log.size(tenant) - 1, Eventually.LIMIT)) {
      throw new IllegalStateException("no checkpoint of " + tenant);
    }
  }

  void restart() throws Exception {
    shut();
    open();
  }

  /** Replaces everything of this name by a copy of another directory's. */
  static void copy(Path from, Path to) throws IOException {
    delete(to);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      files
          .sorted(java.util.Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }

  @Override
  public void close() throws IOException {
    shut();
  }

  /** Closes in order; can be opened again. */
  void shut() throws IOException {
    for (AutoCloseable part : open.reversed()) {
      try {
        part.close();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    open.clear();
  }
}
