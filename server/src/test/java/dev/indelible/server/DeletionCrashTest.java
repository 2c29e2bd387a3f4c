package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.audit.DataDirectoryAudit;
import dev.indelible.server.blob.DirectoryBlobStore;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.testing.Eventually;
import dev.indelible.testing.LiveFolder;
import dev.indelible.verify.audit.Finding;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Power is lost at the writes of a purge, of an erasure and of a tenant's deletion, so that what
 * was not forced is lost, torn or reordered. The next start finishes the job, or it never began.
 *
 * <p>Journals, runs and states are on the simulated disk. The search index is not: it is as it was
 * at that moment.
 */
class DeletionCrashTest {

  /** Stride of the short test: power is lost at one in so many writes, of about a hundred. */
  private static final int STRIDE = 70;

  /** Stride of the random losses of the long test, which also loses power at every write. */
  private static final int LONG_STRIDE = 3;

  /** The long test takes every so many of these, where there is no time for all. */
  private static final int STRIDE_OF_LOSSES = Integer.getInteger("indelible.lossStride", 1);

  private static final long LOSES_ALL_THAT_WAS_NOT_FORCED = 0;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void aDeletionIsFinishedOrNotBegunWhereverPowerIsLost(DeletionJob job) throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Losses losses = lose(job, seed, STRIDE);
    for (Path folder : losses.folders()) {
      assertFinishedOrNotBegun(job, losses, folder);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("long")
  void aDeletionIsFinishedOrNotBegunAfterPowerLossAtEveryWrite(DeletionJob job) throws Exception {
    long random = System.nanoTime();
    System.out.println("seed " + random);
    int begun = 0;
    int all = 0;
    for (long seed : new long[] {LOSES_ALL_THAT_WAS_NOT_FORCED, random}) {
      Losses losses =
          lose(
              job,
              seed,
              STRIDE_OF_LOSSES * (seed == LOSES_ALL_THAT_WAS_NOT_FORCED ? 1 : LONG_STRIDE));
      for (Path folder : losses.folders()) {
        begun += assertFinishedOrNotBegun(job, losses, folder) ? 1 : 0;
        all++;
        delete(folder);
      }
    }
    System.out.printf("%s: %d power losses, %d after it had begun%n", job, all, begun);
    assertThat(begun).isBetween(all / 2, all);
  }

  /** Data folders left by power losses at each write of a job. */
  private record Losses(List<Path> folders, List<byte[]> needles, Instant now) {}

  private Losses lose(DeletionJob job, long seed, int stride) throws Exception {
    Path origin = Files.createDirectory(directory.resolve(job + "-" + seed));
    WatchedDisk disk = new WatchedDisk(origin.resolve("data"));
    List<Path> folders = new ArrayList<>();
    AtomicInteger writes = new AtomicInteger();
    int offset = (int) Long.remainderUnsigned(seed, stride);
    try (GovernedServer server = new GovernedServer(origin, GovernedServer.START, disk)) {
      job.prepare(server);
      List<byte[]> needles = job.needles(server);
      disk.watch(
          () -> {
            synchronized (folders) {
              int write = writes.getAndIncrement();
              if (write % stride != offset) {
                return;
              }
              Path folder = origin.resolve("loss-" + write);
              Path data = Files.createDirectories(folder.resolve("data"));
              disk.losePowerInto(data, seed, () -> copyUnchanging(server.data, data));
              folders.add(folder);
            }
          });
      job.run(server);
      disk.watch(() -> {});
      synchronized (folders) {
        return new Losses(List.copyOf(folders), needles, server.now().plusSeconds(7_200));
      }
    }
  }

  /** Copies the index and the keys as they are at one moment. */
  private static void copyUnchanging(Path from, Path to) throws IOException {
    Map<Path, Long> before;
    do {
      if (Files.exists(to.resolve("index"))) {
        delete(to.resolve("index"));
      }
      for (String key : List.of("operator.key", "installation.key")) {
        Files.deleteIfExists(to.resolve(key));
      }
      before = sizes(from);
      LiveFolder.copy(from, to);
    } while (!before.equals(sizes(from)));
  }

  private static Map<Path, Long> sizes(Path folder) throws IOException {
    Map<Path, Long> sizes = new TreeMap<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            sizes.put(file, attributes.size());
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
    return sizes;
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Returns whether it had begun. */
  private static boolean assertFinishedOrNotBegun(DeletionJob job, Losses losses, Path folder)
      throws Exception {
    Path data = folder.resolve("data");
    String where = job + ", " + folder.getFileName();
    DataDirectoryAudit.Result before = PurgeTest.audit(data);
    assertThat(before.broken()).as("%s: %s", where, before).isFalse();
    boolean decided = isDecided(data) || deletedRanges(before) > 0;
    boolean begun;
    try (GovernedServer again = new GovernedServer(folder, losses.now())) {
      begun = decided || job.isPromised(again);
      if (begun) {
        job.assertFinished(again, where);
        Eventually.see(
            where + ": files that hold it",
            () -> RawFiles.holding(data, losses.needles()),
            List::isEmpty);
      } else {
        job.assertUntouched(again, where);
      }
      job.assertOthersUntouched(again, where);
    }
    DataDirectoryAudit.Result after = PurgeTest.audit(data);
    assertThat(after.broken()).as("%s: %s", where, after).isFalse();
    assertThat(deletedRanges(after)).as(where).isEqualTo(begun ? 1 : 0);
    assertThat(RawFiles.holdingAtRest(data, losses.needles()).isEmpty())
        .as("%s: nothing left of it", where)
        .isEqualTo(begun);
    return begun;
  }

  /** Whether the directory says that a deletion is under way. */
  private static boolean isDecided(Path data) throws IOException {
    try (BlobStore blobs = DirectoryBlobStore.open(new SystemDisk(), data.resolve("blobs"))) {
      return blobs
          .state("retention/deletions")
          .map(state -> !JsonMapper.shared().readTree(state.bytes()).path("deletions").isEmpty())
          .orElse(false);
    }
  }

  private static long deletedRanges(DataDirectoryAudit.Result audit) {
    return audit.tenants().stream()
        .flatMap(tenant -> tenant.report().findings().stream())
        .filter(
            finding -> finding instanceof Finding.PurgedAt || finding instanceof Finding.ErasedAt)
        .count();
  }
}
