package dev.indelible.verify.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Rfc6962;
import dev.indelible.verify.TreeFrontier;
import dev.indelible.verify.TreeHasher;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How fast a large export is checked, and in how much memory. */
@Tag("long")
class ExportSpeedTest {

  private static final int ENTRIES = Integer.getInteger("indelible.export.entries", 2_000_000);

  /** Lowest rate that the slowest machine that runs this has to reach; the figure is printed. */
  private static final int MIN_PER_SECOND = 100_000;

  @TempDir private Path folder;

  @Test
  void aLargeExportStreamsByFastAndInBoundedMemory() throws IOException {
    SampleExport log = new SampleExport(1);
    List<ExportText.Entry> samples = new java.util.ArrayList<>();
    for (int i = 0; i < 64; i++) {
      samples.add(
          log.entry(
              0,
              1_795_168_800_000L,
              facts(i),
              "{\"actor\":{\"name\":\"Ana\",\"email\":\"ana@acme.test\"},\"context\":{\"ip\":\"203.0.113.9\"}}"));
    }
    Path file = folder.resolve("export.ndjson");
    TreeFrontier tree = TreeFrontier.empty();
    TreeHasher hasher = new TreeHasher();
    for (int seq = 0; seq < ENTRIES; seq++) {
      tree.append(Rfc6962.leafHash(samples.get(seq % 64).leaf()), hasher);
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      out.write(
          new ExportHeader(
                  "acme",
                  List.of(log.key()),
                  new Checkpoint(SampleExport.ORIGIN, ENTRIES, tree.root(hasher)).sign(log.signer),
                  null,
                  true)
              .encode());
      for (int seq = 0; seq < ENTRIES; seq++) {
        ExportText.Entry sample = samples.get(seq % 64);
        ExportText.write(
            out,
            new ExportText.Entry(
                seq,
                sample.recordedAtMillis(),
                sample.content(),
                sample.leaf(),
                sample.facts(),
                sample.personal()),
            null);
      }
      ExportText.writeEnd(out, ENTRIES);
    }
    double best = 0;
    for (int round = 0; round < 3; round++) {
      long start = System.nanoTime();
      AuditReport report;
      try (InputStream in = Files.newInputStream(file)) {
        report = ExportVerifier.verify(in, new Trust(List.of(log.key()), null), seen -> {});
      }
      double perSecond = ENTRIES / ((System.nanoTime() - start) / 1e9);
      best = Math.max(best, perSecond);
      assertThat(report.broken()).isFalse();
      assertThat(report.entries()).isEqualTo(ENTRIES);
    }
    System.out.printf(
        "verified %,d entries of %,d bytes a line: %,.0f entries/s%n",
        ENTRIES, Files.size(file) / ENTRIES, best);
    assertThat(best).isGreaterThan(MIN_PER_SECOND);
  }

  private static String facts(int i) {
    return ("{\"id\":\"0190f2c4-0000-7000-8000-0000000000%02d\",\"tenant\":\"acme\",\"action\":\"user.role_changed\","
            + "\"category\":\"authorization\",\"verb\":\"update\",\"actor\":{\"type\":\"user\",\"id\":\"u_%d\","
            + "\"roles\":[\"tenant_admin\"]},\"targets\":[{\"type\":\"user\",\"id\":\"u_9\",\"href\":"
            + "\"https://app.acme.test/users/u_9\"}],\"outcome\":\"success\",\"changes\":[{\"field\":\"role\","
            + "\"before\":\"agent\",\"after\":\"admin\"}],\"context\":{\"session_id\":\"s1\",\"request_id\":\"r1\"}}")
        .formatted(i % 100, i);
  }
}
