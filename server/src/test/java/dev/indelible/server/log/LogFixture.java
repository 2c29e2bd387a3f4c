package dev.indelible.server.log;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.blob.DirectoryBlobStore;
import dev.indelible.server.disk.Disk;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.testing.Eventually;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A log on real files, or simulated ones, that can be closed, abandoned and opened again. */
final class LogFixture implements AutoCloseable {

  /** Small, so that tests seal and merge often. */
  static final LogConfig SMALL =
      new LogConfig(200_000, Duration.ofHours(1), 64L << 20, 3, 1L << 30, 1L << 20);

  final List<FreshEntry> followed = new ArrayList<>();
  private final Disk disk;
  private final Path directory;
  private final LogConfig config;
  private final Consumer<EventLog> beforeStart;
  private final Random random = new Random(7);
  FileJournal journal;
  BlobStore blobs;

  EventLog log;

  /** Finds sealed entries by id; reads them all unless a test replaces it. */
  volatile IdIndex index = (tenant, id) -> log.scanForId(tenant, id);

  /** How often the index was asked; the sequencer's. */
  final AtomicInteger indexAsked = new AtomicInteger();

  /** Contradictions in which the index was found wrong. */
  final List<String> contradictions = Collections.synchronizedList(new ArrayList<>());

  LogFixture(Disk disk, Path directory, LogConfig config) throws IOException {
    this(disk, directory, config, _ -> {});
  }

  /** A fixture that does something to the log before it starts to sequence. */
  LogFixture(Disk disk, Path directory, LogConfig config, Consumer<EventLog> beforeStart)
      throws IOException {
    this.beforeStart = beforeStart;
    this.disk = disk;
    this.directory = directory;
    this.config = config;
    open();
  }

  private void open() throws IOException {
    InstantSource clock = InstantSource.system();
    journal =
        FileJournal.open(
            disk,
            directory.resolve("journal"),
            FileJournal.Options.of(clock, random).withSegmentBytes(1 << 20));
    blobs = DirectoryBlobStore.open(disk, directory.resolve("blobs"));
    LogFollower follower =
        new LogFollower() {
          @Override
          public void sequenced(List<FreshEntry> entries, Position through) {
            synchronized (followed) {
              followed.addAll(entries);
            }
          }

          @Override
          public void awaitDurable(Position through) {}
        };
    log =
        new EventLogBuilder(
                journal, blobs, config, clock, random.nextLong(), IDS, LogFixture::sameFacts)
            .open(
                new IdIndex() {
                  @Override
                  public OptionalLong find(TenantId tenant, String id) throws IOException {
                    indexAsked.incrementAndGet();
                    return index.find(tenant, id);
                  }

                  @Override
                  public void contradicted(String how, @Nullable Throwable cause) {
                    contradictions.add(how);
                  }
                },
                List.of(follower));
    beforeStart.accept(log);
    try {
      log.start();
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  /** Ids of tests' entries, whose facts are the id, a bar, and the content. */
  static final EntryIds IDS =
      entry ->
          entry.body() instanceof StoredEntry.Whole(EntryParts parts)
              ? Optional.of(text(parts.facts()).split("\\|", 2)[0])
              : Optional.empty();

  private static boolean sameFacts(NewEntry event, StoredEntry entry) {
    return entry.body() instanceof StoredEntry.Whole(EntryParts parts)
        && Arrays.equals(parts.facts(), event.parts().facts());
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  NewEntry event(String tenant, String id, String content) {
    byte[] salt = new byte[EntryParts.SALT_BYTES];
    random.nextBytes(salt);
    byte[] facts = (id + "|" + content).getBytes(StandardCharsets.UTF_8);
    return new NewEntry(new TenantId(tenant), id, true, EntryParts.ofFacts(facts, salt));
  }

  List<Outcome> append(NewEntry... entries) throws Exception {
    return Eventually.done("append", log.append(List.of(entries)));
  }

  /** Every entry's content, in order. */
  List<String> contents(String tenant) throws IOException {
    List<String> result = new ArrayList<>();
    log.forEach(
        new TenantId(tenant),
        0,
        Long.MAX_VALUE,
        entry -> {
          result.add(
              entry.body() instanceof StoredEntry.Whole(EntryParts parts)
                  ? text(parts.facts())
                  : "gone");
          return true;
        });
    return result;
  }

  Hash root(String tenant) throws IOException {
    return log.root(new TenantId(tenant));
  }

  /** Closes in order and opens again. */
  void restart() throws IOException {
    close();
    open();
  }

  @Override
  public void close() throws IOException {
    log.close();
    journal.close();
    blobs.close();
  }
}
