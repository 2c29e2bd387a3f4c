package dev.indelible.server.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.blob.DirectoryBlobStore;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.RunWriter;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.testing.Eventually;
import dev.indelible.verify.Hash;
import dev.indelible.verify.TreeFrontier;
import dev.indelible.verify.TreeHasher;
import dev.indelible.verify.audit.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast a data directory of ten million entries of one tenant is verified, in a JVM of its own
 * with a heap of 256 MiB.
 */
@Tag("long")
final class DirectoryFiguresTest {

  private static final int RUNS = 4;
  private static final int PER_RUN =
      Integer.getInteger("indelible.verify.entries", 10_000_000) / RUNS;

  /** Lowest rate that the slowest machine that runs this has to reach; the figure is printed. */
  private static final int MIN_PER_SECOND = 300_000;

  private static final TenantId ACME = new TenantId("acme");
  private static final int SUBTREE = 256;

  @TempDir private Path folder = Path.of(".");

  @Test
  void aDirectoryOfTenMillionEntriesIsCheckedInASmallHeap() throws Exception {
    write();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                DirectoryFiguresTest.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(Eventually.ended("the check", process)).as(out).isZero();
    String last = out.strip().lines().reduce((_, line) -> line).orElse("");
    System.out.println(last);
    assertThat(Double.parseDouble(last.replaceAll(".*=", ""))).isGreaterThan(MIN_PER_SECOND);
  }

  public static void main(String[] arguments) throws InterruptedException {
    Path root = Path.of(arguments[0]);
    long begun = System.nanoTime();
    DataDirectoryAudit.Result result =
        DataDirectoryAudit.run(
            new DataDirectoryAudit.Places(
                root.resolve("events"),
                root.resolve("control"),
                root.resolve("heads"),
                root.resolve("blobs")),
            new DataDirectoryAudit.Question(null, Trust.NOTHING, _ -> {}));
    double seconds = (System.nanoTime() - begun) / 1e9;
    if (result.broken() || result.entries() != (long) RUNS * PER_RUN) {
      throw new IllegalStateException(result.toString());
    }
    System.out.printf(
        "%ndirectory: %,d entries, %.1f s, per second=%.0f%n",
        result.entries(), seconds, result.entries() / seconds);
  }

  private void write() throws IOException {
    for (String journal : List.of("events", "control", "heads")) {
      Files.createDirectories(folder.resolve(journal));
    }
    try (BlobStore blobs = DirectoryBlobStore.open(new SystemDisk(), folder.resolve("blobs"))) {
      TreeFrontier tree = TreeFrontier.empty();
      StringBuilder names = new StringBuilder();
      for (int run = 0; run < RUNS; run++) {
        String name = "run/%012d.run".formatted(run);
        names.append(run == 0 ? "" : ",").append('"').append(name).append('"');
        long first = (long) run * PER_RUN;
        RunWriter.write(blobs, name, 0, writer -> fill(writer, first, tree));
      }
      String manifest =
          "{\"v\":1,\"sealed_through\":0,\"next_run\":%d,\"runs\":[%s]}".formatted(RUNS, names);
      assertThat(blobs.compareAndSetState("log/manifest", 0, manifest.getBytes(UTF_8))).isTrue();
    }
  }

  private static void fill(RunWriter writer, long first, TreeFrontier tree) throws IOException {
    EntryLeaves leaves = new EntryLeaves();
    TreeHasher hasher = new TreeHasher();
    List<Hash> subtrees = new ArrayList<>();
    writer.startTenant(ACME);
    for (long seq = first; seq < first + PER_RUN; seq++) {
      StoredEntry entry = entry(seq);
      Hash leaf = leaves.hash(entry);
      writer.add(entry, leaf);
      writer.addIdHash(seq * 0x9e3779b97f4a7c15L);
      int _ = tree.append(leaf, hasher);
      if ((seq + 1) % SUBTREE == 0) {
        // A run's check does not compute it again, and no tile is read here.
        subtrees.add(tree.hashes().getLast());
      }
    }
    writer.endTenant(subtrees, tree.hashes());
  }

  private static StoredEntry entry(long seq) {
    byte[] salt = new byte[EntryParts.SALT_BYTES];
    salt[0] = (byte) seq;
    salt[1] = (byte) (seq >>> 8);
    byte[] facts =
        "{\"id\":\"e%d\",\"tenant\":\"acme\",\"action\":\"user.role_changed\",\"category\":\"authorization\",\"actor\":{\"type\":\"user\",\"id\":\"u_%d\"},\"outcome\":\"success\",\"context\":{\"session_id\":\"s_%d\"}}"
            .formatted(seq, seq % 997, seq % 31)
            .getBytes(UTF_8);
    byte[] personal = "{\"actor\":{\"name\":\"Ana\"}}".getBytes(UTF_8);
    return new StoredEntry(
        seq,
        1_795_168_800_000L + seq / 100,
        new StoredEntry.Whole(new EntryParts(facts, salt, personal, salt)));
  }
}
