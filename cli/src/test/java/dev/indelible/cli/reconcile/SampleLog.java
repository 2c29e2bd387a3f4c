package dev.indelible.cli.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.indelible.verify.Hash;
import dev.indelible.verify.Leaf;
import dev.indelible.verify.audit.EntryAudit;
import dev.indelible.verify.audit.ExportText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A log of some entries, as a verifiable export has it and as the API gives them. */
public final class SampleLog {

  static final long FIRST_MILLIS = 1_795_168_800_000L;
  private static final byte[] SALT = new byte[Leaf.SALT_BYTES];

  private final int size;
  private final Set<Long> purged = new HashSet<>();
  private final Set<Long> erased = new HashSet<>();

  public SampleLog(int size) {
    this.size = size;
  }

  SampleLog purge(long seq) {
    purged.add(seq);
    return this;
  }

  SampleLog erase(long seq) {
    erased.add(seq);
    return this;
  }

  /** Entries with odd numbers are sign-ins, the others changes of settings. */
  static String action(long seq) {
    return seq % 2 == 0 ? "settings.changed" : "user.login";
  }

  private static ExportText.Part part(String json) {
    return new ExportText.Part(json.getBytes(UTF_8), SALT);
  }

  private ExportText.Entry entry(long seq) {
    ExportText.Part facts =
        part(
            "{\"id\":\"e%d\",\"tenant\":\"acme\",\"action\":\"%s\",\"category\":\"other\",\"verb\":\"other\",\"security_relevant\":false,\"actor\":{\"type\":\"user\",\"id\":\"u_1\"},\"outcome\":\"success\",\"details\":{\"n\":%d,\"share\":0.10}}"
                .formatted(seq, action(seq), seq));
    ExportText.Part personal = part("{\"actor\":{\"name\":\"Ana %d\"}}".formatted(seq));
    Leaf leaf = new Leaf(FIRST_MILLIS + seq, digest(facts), digest(personal));
    boolean isPurged = purged.contains(seq);
    boolean isErased = erased.contains(seq);
    return new ExportText.Entry(
        seq,
        FIRST_MILLIS + seq,
        isPurged
            ? EntryAudit.Content.PURGED
            : isErased ? EntryAudit.Content.PERSONAL_ERASED : EntryAudit.Content.WHOLE,
        leaf.encode(),
        isPurged ? null : facts,
        isPurged || isErased ? null : personal);
  }

  private static Hash digest(ExportText.Part part) {
    return Leaf.digest(part.salt(), part.bytes());
  }

  public InputStream export() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (long seq = 0; seq < size; seq++) {
      ExportText.write(out, entry(seq), null);
    }
    ExportText.writeEnd(out, size);
    return new ByteArrayInputStream(out.toByteArray());
  }

  /** The entries as they were when they were sent, each as JSON. */
  public static List<String> sent(int size) throws IOException {
    List<String> lines = new ArrayList<>();
    try (LogEntries entries = new LogEntries(new SampleLog(size).export())) {
      for (int i = 0; i < size; i++) {
        lines.add(requireNonNull(entries.next()).json().toString());
      }
    }
    return lines;
  }

  /** The line of an export with an entry. */
  static String exported(long seq) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExportText.write(out, new SampleLog(0).entry(seq), null);
    return out.toString(UTF_8).strip();
  }
}
