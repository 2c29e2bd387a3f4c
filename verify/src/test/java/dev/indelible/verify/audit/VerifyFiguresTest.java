package dev.indelible.verify.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Hash;
import dev.indelible.verify.Leaf;
import dev.indelible.verify.Rfc6962;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.TreeFrontier;
import dev.indelible.verify.TreeHasher;
import dev.indelible.verify.VerifierKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How fast logs of ten million entries are verified, by one thread in a JVM of its own with a heap
 * of 256 MiB. The export is made as it is read, so that no disk is measured; making it counts.
 */
@Tag("long")
class VerifyFiguresTest {

  private static final int ENTRIES = Integer.getInteger("indelible.verify.entries", 10_000_000);

  /** Lowest rate that the slowest machine that runs this has to reach; the figures are printed. */
  private static final int MIN_LEAVES_PER_SECOND = 1_000_000;

  private static final int MIN_ENTRIES_PER_SECOND = 150_000;

  @Test
  void tenMillionLeavesAreCheckedInASmallHeap() throws Exception {
    assertThat(perSecond("leaves")).isGreaterThan(MIN_LEAVES_PER_SECOND);
  }

  @Test
  void anExportOfTenMillionEntriesIsCheckedInASmallHeap() throws Exception {
    assertThat(perSecond("export")).isGreaterThan(MIN_ENTRIES_PER_SECOND);
  }

  /** Runs {@link #main} in another JVM. */
  private static double perSecond(String what) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                VerifyFiguresTest.class.getName(),
                what,
                Integer.toString(ENTRIES))
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(out).isZero(); // it has closed its output
    System.out.print(out);
    return Double.parseDouble(out.strip().replaceAll(".*=", ""));
  }

  public static void main(String[] arguments) throws IOException {
    int entries = Integer.parseInt(arguments[1]);
    System.out.println(arguments[0].equals("leaves") ? leaves(entries) : export(entries));
  }

  private static String leaves(int count) {
    byte[][] samples = new byte[64][];
    for (int i = 0; i < samples.length; i++) {
      byte[] salt = new byte[Leaf.SALT_BYTES];
      salt[0] = (byte) i;
      samples[i] =
          new Leaf(1_795_168_800_000L + i, Leaf.digest(salt, salt), Leaf.NO_PERSONAL).encode();
    }
    TreeHasher hasher = new TreeHasher();
    Findings findings = new Findings();
    TreeAudit tree = new TreeAudit(findings);
    long begun = System.nanoTime();
    for (int i = 0; i < count; i++) {
      Hash leaf = hasher.leaf(samples[i % samples.length]);
      tree.append(leaf);
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    return "leaves: %,d, root %s, %.1f s, per second=%.0f"
        .formatted(count, tree.root(), seconds, count / seconds);
  }

  private static String export(int count) throws IOException {
    SampleExport log = new SampleExport(1);
    List<ExportText.Entry> samples = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      samples.add(
          log.entry(
              0,
              1_795_168_800_000L,
              facts(i),
              "{\"actor\":{\"name\":\"Ana\",\"email\":\"ana@acme.test\"},\"context\":{\"ip\":\"203.0.113.9\"}}"));
    }
    TreeFrontier tree = TreeFrontier.empty();
    TreeHasher hasher = new TreeHasher();
    List<Hash> hashes = samples.stream().map(one -> Rfc6962.leafHash(one.leaf())).toList();
    for (int seq = 0; seq < count; seq++) {
      tree.append(hashes.get(seq % 64), hasher);
    }
    SignedCheckpoint checkpoint =
        new Checkpoint(SampleExport.ORIGIN, count, tree.root(hasher)).sign(log.signer);
    List<VerifierKey> keys = List.of(log.key());
    Lines lines = new Lines(new ExportHeader("acme", keys, checkpoint, null, true), samples, count);
    long begun = System.nanoTime();
    AuditReport report = ExportVerifier.verify(lines, new Trust(keys, checkpoint), seen -> {});
    double seconds = (System.nanoTime() - begun) / 1e9;
    if (report.broken() || report.entries() != count) {
      throw new IllegalStateException(report.toString());
    }
    return "export: %,d entries, %,d bytes each, %.1f s, per second=%.0f"
        .formatted(count, lines.bytes / count, seconds, count / seconds);
  }

  private static String facts(int i) {
    return ("{\"id\":\"0190f2c4-0000-7000-8000-0000000000%02d\",\"tenant\":\"acme\",\"action\":\"user.role_changed\","
            + "\"category\":\"authorization\",\"verb\":\"update\",\"actor\":{\"type\":\"user\",\"id\":\"u_%d\","
            + "\"roles\":[\"tenant_admin\"]},\"targets\":[{\"type\":\"user\",\"id\":\"u_9\",\"href\":"
            + "\"https://app.acme.test/users/u_9\"}],\"outcome\":\"success\",\"changes\":[{\"field\":\"role\","
            + "\"before\":\"agent\",\"after\":\"admin\"}],\"context\":{\"session_id\":\"s1\",\"request_id\":\"r1\"}}")
        .formatted(i % 100, i);
  }

  /** An export that is made line by line, of entries that are alike but for their numbers. */
  private static final class Lines extends InputStream {
    private static final String SEQ = "\"seq\":";

    private final List<byte[]> before = new ArrayList<>();
    private final List<byte[]> after = new ArrayList<>();
    private final int count;
    private byte[] line;
    private int at;
    private int next;
    private boolean ended;
    private long bytes;

    Lines(ExportHeader header, List<ExportText.Entry> samples, int count) throws IOException {
      this.line = header.encode();
      this.count = count;
      for (ExportText.Entry sample : samples) {
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        ExportText.write(one, sample, null);
        String text = one.toString(UTF_8);
        int digit = text.indexOf(SEQ) + SEQ.length();
        before.add(text.substring(0, digit).getBytes(UTF_8));
        after.add(text.substring(digit + 1).getBytes(UTF_8));
      }
    }

    private boolean advance() throws IOException {
      if (next < count) {
        byte[] head = before.get(next % before.size());
        byte[] number = Integer.toString(next).getBytes(UTF_8);
        byte[] tail = after.get(next % after.size());
        line = new byte[head.length + number.length + tail.length];
        System.arraycopy(head, 0, line, 0, head.length);
        System.arraycopy(number, 0, line, head.length, number.length);
        System.arraycopy(tail, 0, line, head.length + number.length, tail.length);
        next++;
      } else if (!ended) {
        ByteArrayOutputStream last = new ByteArrayOutputStream();
        ExportText.writeEnd(last, count);
        line = last.toByteArray();
        ended = true;
      } else {
        return false;
      }
      at = 0;
      return true;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("read by the buffer");
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int done = 0;
      while (done < length) {
        if (at == line.length && !advance()) {
          break;
        }
        int part = Math.min(length - done, line.length - at);
        System.arraycopy(line, at, target, offset + done, part);
        at += part;
        done += part;
      }
      bytes += done;
      return done == 0 ? -1 : done;
    }
  }
}
