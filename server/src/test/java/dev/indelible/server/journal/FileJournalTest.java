package dev.indelible.server.journal;

import static dev.indelible.ports.testing.JournalContractTest.bytes;
import static dev.indelible.ports.testing.JournalContractTest.causeOf;
import static dev.indelible.ports.testing.JournalContractTest.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.Journal.Appended;
import dev.indelible.ports.journal.Journal.Cursor;
import dev.indelible.ports.journal.JournalUnavailableException.Cause;
import dev.indelible.ports.journal.Position;
import dev.indelible.ports.testing.SettableClock;
import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.SimulatedDisk;
import dev.indelible.server.disk.SimulatedDisk.HeldForces;
import dev.indelible.server.disk.SimulatedDisk.Operation;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Tests of a file journal beyond the contract. */
class FileJournalTest {

  private static final Path DIRECTORY = SimulatedDisk.ROOT.resolve("journal");

  private final SimulatedDisk disk = new SimulatedDisk();
  private final FileJournal.Options options =
      FileJournal.Options.of(new SettableClock(1_000), new Random(5))
          .withSegmentBytes(FileJournal.MIN_SEGMENT_BYTES);

  private FileJournal open() throws IOException {
    return FileJournal.open(disk, DIRECTORY, options);
  }

  private static byte[] batch(int index) {
    return bytes("batch " + index + " " + "x".repeat(990));
  }

  private void awaitReadySegments() {
    long files = 1 + SegmentSupply.READY_SEGMENTS;
    Eventually.see("segments made ahead of need", this::segmentFiles, found -> found == files);
  }

  /** Whether the first segment has a marker behind everything that is durable. */
  private boolean isMarked(FileJournal journal) {
    ByteBuffer content;
    try {
      content = ByteBuffer.wrap(disk.bytesOf(SegmentHeader.file(DIRECTORY, 1)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    int offset = SegmentHeader.BYTES + (int) journal.end().value();
    long segmentId = content.getLong(24);
    Frame frame = Frame.decode(content, offset, segmentId, offset, content.capacity());
    return frame != null && frame.isMarker();
  }

  private long segmentFiles() {
    try {
      return disk.list(DIRECTORY).stream()
          .map(Disk.Item::name)
          .filter(name -> SegmentHeader.numberIn(name) != null)
          .count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void batchesThatArriveDuringAForceShareTheNext() throws Exception {
    try (FileJournal journal = open()) {
      journal.append(bytes("first")).join();
      awaitReadySegments();
      long forces = disk.count(Operation.FORCE);
      List<CompletableFuture<Appended>> appends = new ArrayList<>();
      try (HeldForces held = disk.holdForces()) {
        for (int i = 0; i < 100; i++) {
          appends.add(journal.append(bytes("b" + i)));
        }
        Eventually.reached("a force that is held up", held.reached());
        assertThat(appends).noneMatch(CompletableFuture::isDone);
        assertThat(readAll(journal, Position.START)).hasSize(1);
      }
      appends.forEach(CompletableFuture::join);
      assertThat(disk.count(Operation.FORCE) - forces).isBetween(1L, 3L);
    }
  }

  @Test
  void aQueueFullOfBytesRefusesAtOnceAndAcceptsAgain() throws Exception {
    byte[] large = new byte[Journal.MAX_BATCH_BYTES];
    try (FileJournal journal = open()) {
      journal.append(bytes("first")).join();
      List<CompletableFuture<Appended>> appends = new ArrayList<>();
      try (HeldForces _ = disk.holdForces()) {
        CompletableFuture<Appended> next = journal.append(large);
        while (!next.isCompletedExceptionally()) {
          appends.add(next);
          next = journal.append(large);
        }
        assertThat(causeOf(next)).isEqualTo(Cause.QUEUE_FULL);
        // The first's bytes are given back just after its future completes.
        assertThat(appends).hasSizeBetween(3, 4);
      }
      appends.forEach(CompletableFuture::join);
      Eventually.holds(
          "room in the queue", () -> !journal.append(bytes("again")).isCompletedExceptionally());
    }
  }

  @Test
  void aQueueFullOfBatchesRefusesAtOnce() throws Exception {
    try (FileJournal journal = open()) {
      journal.append(bytes("first")).join();
      awaitReadySegments();
      byte[] small = bytes("x");
      List<CompletableFuture<Appended>> appends = new ArrayList<>();
      try (HeldForces _ = disk.holdForces()) {
        // The first's slot is given back just after its future completes.
        for (int i = 0; i < AppendQueue.MAX_BATCHES - 1; i++) {
          appends.add(journal.append(small));
        }
        assertThat(appends).noneMatch(CompletableFuture::isCompletedExceptionally);
        Eventually.holds("a full queue", () -> journal.append(small).isCompletedExceptionally());
        assertThat(causeOf(journal.append(small))).isEqualTo(Cause.QUEUE_FULL);
      }
      appends.forEach(CompletableFuture::join);
    }
  }

  @Test
  void aFullDiskRefusesAndRecoversWhenThereIsRoom() throws Exception {
    try (FileJournal journal = open()) {
      List<Position> accepted = new ArrayList<>();
      accepted.add(journal.append(batch(0)).join().position());
      awaitReadySegments();
      disk.setCapacityBytes(disk.usedBytes());
      Cause refused = null;
      for (int i = 1; refused == null; i++) {
        assertThat(i).isLessThan(100);
        CompletableFuture<Appended> append = journal.append(batch(i));
        if (append.handle((appended, e) -> e == null).join()) {
          accepted.add(append.join().position());
        } else {
          refused = causeOf(append);
        }
      }
      assertThat(refused).isEqualTo(Cause.DISK_FULL);
      assertThat(causeOf(journal.append(batch(0)))).isEqualTo(Cause.DISK_FULL);
      assertThat(readAll(journal, Position.START)).hasSameSizeAs(accepted);
      disk.setCapacityBytes(Long.MAX_VALUE);
      AtomicReference<Appended> after = new AtomicReference<>();
      Eventually.holds(
          "an append to a disk with room",
          () -> {
            CompletableFuture<Appended> append = journal.append(batch(1));
            append.exceptionally(e -> null).join();
            if (!append.isCompletedExceptionally()) {
              after.set(append.join());
            }
            return after.get() != null;
          });
      accepted.add(after.get().position());
      assertThat(readAll(journal, Position.START))
          .extracting(Journal.Batch::position)
          .isEqualTo(accepted);
    }
    try (FileJournal journal = open()) {
      assertThat(readAll(journal, Position.START)).hasSizeGreaterThan(10);
    }
  }

  @Test
  void forgettingMakesRoomOnAFullDisk() throws Exception {
    try (FileJournal journal = open()) {
      journal.append(batch(0)).join();
      awaitReadySegments();
      disk.setCapacityBytes(disk.usedBytes());
      while (!journal.append(batch(1)).handle((ok, e) -> e != null).join()) {
        // Until the disk is full.
      }
      journal.forget(journal.end());
      Eventually.holds(
          "an append to the room that was made",
          () -> journal.append(batch(2)).handle((ok, e) -> e == null).join());
      assertThat(disk.usedBytes()).isLessThanOrEqualTo(3L * FileJournal.MIN_SEGMENT_BYTES);
    }
  }

  @Test
  void aFailedWriteStopsTheJournalAndNothingIsForcedAfterwards() throws Exception {
    FileJournal journal = open();
    journal.append(bytes("good")).join();
    awaitReadySegments();
    disk.failNext(Operation.WRITE, file -> file.toString().endsWith(".segment"));
    assertThat(causeOf(journal.append(bytes("bad")))).isEqualTo(Cause.FAILED);
    long forces = disk.count(Operation.FORCE);
    assertThat(causeOf(journal.append(bytes("later")))).isEqualTo(Cause.FAILED);
    assertThat(journal.impairment()).contains(Cause.FAILED);
    journal.close();
    assertThat(disk.count(Operation.FORCE)).isEqualTo(forces);
  }

  @Test
  void aSegmentThatCannotBeMadeStopsTheJournal() throws Exception {
    disk.failNext(Operation.FORCE, file -> file.toString().endsWith(".tmp"));
    try (FileJournal journal = open()) {
      assertThat(causeOf(journal.append(bytes("bad")))).isEqualTo(Cause.FAILED);
    }
    try (FileJournal journal = open()) {
      journal.append(bytes("good")).join();
    }
  }

  @Test
  void segmentsAreRecycledAndTheDirectoryStaysSmall() throws Exception {
    try (FileJournal journal = open()) {
      for (int i = 0; i < 500; i++) {
        journal.append(batch(i)).join();
        journal.forget(journal.end());
      }
      long fewBytes =
          (1 + SegmentSupply.READY_SEGMENTS + SegmentSupply.MAX_RECYCLABLE_SEGMENTS)
              * (long) FileJournal.MIN_SEGMENT_BYTES;
      Eventually.see("the journal's size", journal::sizeBytes, size -> size <= fewBytes);
      assertThat(journal.begin()).isGreaterThan(Position.START);
      // 46 segments were used, far fewer files were made.
      assertThat(disk.count(Operation.CREATE)).isLessThan(25);
      Eventually.holds(
          "the size is what the disk holds", () -> journal.sizeBytes() == disk.usedBytes());
    }
  }

  @Test
  void afterARotationNoFileHoldsWhatWasForgottenRecycledOnesIncluded() throws Exception {
    byte[] secret = "the secret of all of them".getBytes(StandardCharsets.US_ASCII);
    try (FileJournal journal = open()) {
      for (int i = 0; i < 300; i++) {
        byte[] payload = new byte[1_000];
        System.arraycopy(secret, 0, payload, i, secret.length);
        journal.append(payload).join();
        journal.forget(journal.end());
      }
      assertThat(filesHolding(secret)).as("recycled files and the current one").isPositive();
      Position before = journal.end();
      journal.rotate();
      journal.append(bytes("harmless")).join();
      journal.forget(journal.end());
      journal.awaitGone(before);
      assertThat(filesHolding(secret)).isZero();
      for (int i = 0; i < 100; i++) {
        journal.append(batch(i)).join();
      }
    }
    try (FileJournal journal = open()) {
      assertThat(readAll(journal, journal.begin())).hasSize(101);
    }
  }

  /** How many do; looked at again when one of them got another name meanwhile. */
  private int filesHolding(byte[] needle) {
    return Eventually.see(
            "a look at all files, none of which is renamed meanwhile",
            () -> filesHoldingNow(needle),
            OptionalInt::isPresent)
        .orElseThrow();
  }

  private OptionalInt filesHoldingNow(byte[] needle) throws IOException {
    int found = 0;
    for (Disk.Item item : disk.list(DIRECTORY)) {
      byte[] bytes;
      try {
        bytes = disk.bytesOf(item.path());
      } catch (NoSuchFileException e) {
        return OptionalInt.empty();
      }
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      if (text.contains(new String(needle, StandardCharsets.ISO_8859_1))) {
        found++;
      }
    }
    return OptionalInt.of(found);
  }

  @Test
  void aDependantThatBlocksHoldsUpNoCommit() throws Exception {
    try (FileJournal journal = open()) {
      journal.append(bytes("first")).join();
      CountDownLatch release = new CountDownLatch(1);
      CountDownLatch blocked = new CountDownLatch(1);
      CompletableFuture<?> dependant;
      try (HeldForces _ = disk.holdForces()) {
        dependant =
            journal
                .append(bytes("second"))
                .thenAccept(
                    appended -> {
                      blocked.countDown();
                      try {
                        release.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                    });
      }
      Eventually.reached("the dependant", blocked);
      Position before = journal.end();
      CompletableFuture<Appended> third = journal.append(bytes("third"));
      Eventually.see("the end", journal::end, end -> end.compareTo(before) > 0);
      assertThat(third.isDone()).isFalse();
      release.countDown();
      third.join();
      dependant.join();
    }
  }

  @Test
  void anIdleJournalsMarkerIsDurableBeforeTheNextSegmentIsWritten() throws Exception {
    FileJournal journal = open();
    for (int i = 0; i < 11; i++) {
      journal.append(batch(i)).join();
    }
    Eventually.holds("a marker at the end", () -> isMarked(journal));
    journal.append(batch(11)).join();
    assertThat(journal.end().value())
        .as("the last one is in the next segment")
        .isGreaterThan(FileJournal.MIN_SEGMENT_BYTES - SegmentHeader.BYTES);
    SimulatedDisk after = disk.afterPowerLoss(0);
    journal.close();
    try (FileJournal recovered = FileJournal.open(after, DIRECTORY, options)) {
      assertThat(readAll(recovered, Position.START)).hasSize(12);
    }
  }

  @Test
  void anIdleJournalProtectsItsLastBatchWithoutBeingClosed() throws Exception {
    FileJournal journal = open();
    Position last = journal.append(batch(0)).join().position();
    awaitReadySegments();
    long forces = disk.count(Operation.FORCE);
    Eventually.holds("a marker at the end", () -> isMarked(journal));
    SimulatedDisk after = disk.afterKill();
    journal.close();
    assertThat(disk.count(Operation.FORCE)).as("a marker is not forced").isEqualTo(forces);
    Path file = SegmentHeader.file(DIRECTORY, 1);
    byte[] content = after.bytesOf(file);
    int offset = (int) last.value() + SegmentHeader.BYTES;
    content[offset + 50] ^= 1;
    after.damage(file, content);
    assertThatThrownBy(() -> FileJournal.open(after, DIRECTORY, options))
        .isInstanceOf(JournalCorruptException.class);
  }

  @Test
  void theLastSegmentWithADurableBatchIsNeverForgotten() throws Exception {
    FileJournal journal = open();
    for (int i = 0; i < 11; i++) {
      journal.append(batch(i)).join();
    }
    Position end = journal.end();
    Path second = SegmentHeader.file(DIRECTORY, 2);
    Eventually.holds("the second segment", () -> disk.exists(second));
    disk.failNext(Operation.FORCE, second::equals);
    assertThat(causeOf(journal.append(batch(11)))).isEqualTo(Cause.FAILED);
    journal.forget(journal.end());
    assertThat(journal.begin()).isEqualTo(Position.START);
    SimulatedDisk after = disk.afterPowerLoss(0);
    journal.close();
    try (FileJournal recovered = FileJournal.open(after, DIRECTORY, options)) {
      assertThat(recovered.end()).isGreaterThanOrEqualTo(end);
      assertThat(readAll(recovered, Position.START)).hasSize(11);
    }
  }

  @Test
  void theListenerHearsOfGroupsAndSegments() throws Exception {
    AtomicInteger batches = new AtomicInteger();
    AtomicLong written = new AtomicLong();
    AtomicInteger segments = new AtomicInteger();
    JournalListener listener =
        new JournalListener() {
          @Override
          public void groupCommitted(int count, long bytes, long forceNanos) {
            batches.addAndGet(count);
            written.addAndGet(bytes);
            assertThat(forceNanos).isPositive();
          }

          @Override
          public void segmentStarted(long waitNanos) {
            segments.incrementAndGet();
          }
        };
    try (FileJournal journal = FileJournal.open(disk, DIRECTORY, options.withListener(listener))) {
      for (int i = 0; i < 30; i++) {
        journal.append(batch(i)).join();
      }
      assertThat(batches).hasValue(30);
      assertThat(segments).hasValue(3);
      assertThat(written.get()).isEqualTo(journal.end().value());
    }
  }

  @Test
  void damageThatACursorMeetsNamesFileAndOffset() throws Exception {
    try (FileJournal journal = open()) {
      journal.append(batch(0)).join();
      Position second = journal.append(batch(1)).join().position();
      Path file = SegmentHeader.file(DIRECTORY, 1);
      byte[] content = disk.bytesOf(file);
      int offset = (int) second.value() + SegmentHeader.BYTES;
      content[offset + 40] ^= 4;
      disk.damage(file, content);
      try (Cursor cursor = journal.read(Position.START)) {
        assertThat(cursor.next(Duration.ZERO)).isNotNull();
        assertThatThrownBy(() -> cursor.next(Duration.ZERO))
            .isInstanceOfSatisfying(
                JournalCorruptException.class,
                e -> {
                  assertThat(e.file()).isEqualTo(file);
                  assertThat(e.offset()).isEqualTo(offset);
                });
      }
    }
  }

  @Test
  void segmentSizesAreChecked() {
    assertThatThrownBy(() -> options.withSegmentBytes(4096))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(FileJournal.DEFAULT_SEGMENT_BYTES).isEqualTo(64 * 1024 * 1024);
    assertThat(Journal.MAX_BATCH_BYTES).isEqualTo(32 * 1024 * 1024);
    assertThat(AppendQueue.MAX_BATCHES).isEqualTo(65_536);
    assertThat(AppendQueue.MAX_BYTES).isEqualTo(128L * 1024 * 1024);
  }
}
