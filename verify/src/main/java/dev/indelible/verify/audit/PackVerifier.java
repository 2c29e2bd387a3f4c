package dev.indelible.verify.audit;

import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Parsed;
import dev.indelible.verify.Sha256;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.SignedNote;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Checks an evidence pack without the server: every byte of its ZIP, every file against the
 * manifest, and its entries against the checkpoint that the log signed.
 *
 * <p>Format: {@code docs/formats/pack.md}. Memory: a few buffers, and that of {@link
 * ExportVerifier}. Not thread-safe.
 */
public final class PackVerifier {

  /** Path of the entries with their proofs. */
  public static final String ENTRIES = "proofs/entries.ndjson";

  /** Path of the checkpoint, signed by the log alone. */
  public static final String CHECKPOINT = "proofs/checkpoint";

  private static final int BUFFER_BYTES = 1 << 16;

  private final FileChannel channel;
  private final Findings findings = new Findings();
  private final Set<String> broken = new HashSet<>();

  private final @Nullable PackReadings readings;

  private PackVerifier(FileChannel channel, @Nullable PackReadings readings) {
    this.channel = channel;
    this.readings = readings;
  }

  /** Whether a file is meant to be a pack: it ends as a ZIP does, or is named so. */
  public static boolean looksLikeOne(Path file) throws IOException {
    if (String.valueOf(file.getFileName()).endsWith(".zip")) {
      return true;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return PackZip.endsLikeOne(channel);
    }
  }

  /**
   * Checks a pack to its end.
   *
   * @param receipt a request for erasure whose entry is looked for, or null
   * @param progress is told of the number of entries now and then
   * @throws AuditLimitException when it is beyond a limit
   */
  public static AuditReport verify(
      Path file, Trust trust, @Nullable ErasureReceipt receipt, LongConsumer progress)
      throws IOException {
    return verify(file, trust, receipt, null, progress);
  }

  /**
   * Checks a pack to its end, and those of its files that can be made again from its entries.
   *
   * @param readings makes them, or null
   */
  public static AuditReport verify(
      Path file,
      Trust trust,
      @Nullable ErasureReceipt receipt,
      @Nullable PackReadings readings,
      LongConsumer progress)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new PackVerifier(channel, readings).run(trust, receipt, progress);
    }
  }

  /** Checks the pack; a header that points behind its end is a finding, and the last one. */
  private AuditReport run(Trust trust, @Nullable ErasureReceipt receipt, LongConsumer progress)
      throws IOException {
    try {
      return check(trust, receipt, progress);
    } catch (EOFException e) {
      damaged("the ZIP's directory", String.valueOf(e.getMessage()));
      return findings.report(null, 0);
    }
  }

  private AuditReport check(Trust trust, @Nullable ErasureReceipt receipt, LongConsumer progress)
      throws IOException {
    List<PackZip.Member> members = PackZip.read(channel, findings);
    Optional<PackManifest> manifest = manifest(members);
    if (manifest.isEmpty()) {
      return findings.report(null, 0);
    }
    files(members, manifest.get());
    give(members);
    @Nullable AuditReport entries = entries(members, trust, receipt, progress);
    if (!findings.broken()) {
      findings.accept(new Finding.PackIntact(manifest.get().files().size(), sha256()));
      findings.accept(
          new Finding.NotShown(
              "The tables, the summary and the OSCAL file are readings of the entries, held by the"
                  + " manifest alone; what the log's signature proves is "
                  + ENTRIES
                  + "."));
    }
    return entries == null
        ? findings.report(null, 0)
        : findings.report(entries.checkpoint(), entries.entries());
  }

  private String sha256() throws IOException {
    MessageDigest whole = Sha256.create();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = PackZip.data(channel, 0, channel.size())) {
      int count;
      while ((count = in.read(buffer)) > 0) {
        whole.update(buffer, 0, count);
      }
    }
    return PackManifest.hex(whole.digest());
  }

  private Optional<PackManifest> manifest(List<PackZip.Member> members) throws IOException {
    if (members.isEmpty()) {
      if (!findings.broken()) {
        damaged("the ZIP", "there is no file in it");
      }
      return Optional.empty();
    }
    PackZip.Member last = members.get(members.size() - 1);
    if (!last.name().equals(PackManifest.PATH)
        || last.method() != PackZip.STORED
        || last.bytes() != last.packed()
        || last.bytes() > PackManifest.MAX_BYTES) {
      damaged(PackManifest.PATH, "it is not the last file, as it is of a pack");
      return Optional.empty();
    }
    byte[] bytes = bytes(last);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    Optional<PackManifest> manifest = PackManifest.parse(bytes);
    if ((int) crc.getValue() != last.crc() || manifest.isEmpty()) {
      damaged(PackManifest.PATH, "it was changed");
      return Optional.empty();
    }
    return manifest;
  }

  private byte[] bytes(PackZip.Member member) throws IOException {
    try (InputStream in = PackZip.data(channel, member.offset(), member.packed())) {
      return in.readNBytes((int) member.packed());
    }
  }

  private void damaged(String file, String problem) {
    broken.add(file);
    findings.accept(new Finding.Damaged(file, problem));
  }

  private void files(List<PackZip.Member> members, PackManifest manifest) throws IOException {
    List<PackManifest.PackedFile> files = manifest.files();
    Set<String> known = new HashSet<>();
    files.forEach(file -> known.add(file.path()));
    Set<String> there = new HashSet<>();
    for (PackZip.Member member : members.subList(0, members.size() - 1)) {
      if (!known.contains(member.name())) {
        damaged(member.name(), "the manifest does not name this file");
      } else if (!there.add(member.name())) {
        damaged(member.name(), "there are two files of this name");
      }
    }
    for (int i = 0; i < files.size(); i++) {
      PackManifest.PackedFile file = files.get(i);
      if (i < members.size() - 1 && members.get(i).name().equals(file.path())) {
        file(members.get(i), file);
      } else if (!there.contains(file.path())) {
        damaged(file.path(), "it is missing");
      } else {
        damaged(file.path(), "it does not stand where the manifest has it");
      }
    }
  }

  private void file(PackZip.Member member, PackManifest.PackedFile file) throws IOException {
    if (member.method() != PackZip.DEFLATED || member.bytes() != file.bytes()) {
      damaged(file.path(), "its length or its compression is not the manifest's");
      return;
    }
    MessageDigest packed = Sha256.create();
    MessageDigest plain = Sha256.create();
    CRC32 crc = new CRC32();
    try {
      boolean isWhole = inflate(member, packed, plain, crc);
      if (!isWhole
          || (int) crc.getValue() != member.crc()
          || !PackManifest.hex(plain.digest()).equals(file.sha256())) {
        damaged(file.path(), "its content is not what the manifest names: it was changed");
      } else if (!PackManifest.hex(packed.digest()).equals(file.packedSha256())) {
        damaged(file.path(), "its compressed bytes are not those that the manifest names");
      }
    } catch (DataFormatException e) {
      damaged(file.path(), "its compressed bytes were changed and cannot be read");
    }
  }

  /** Whether the data are one deflated stream of the right length and nothing behind it. */
  private boolean inflate(
      PackZip.Member member, MessageDigest packed, MessageDigest plain, CRC32 crc)
      throws IOException, DataFormatException {
    byte[] in = new byte[BUFFER_BYTES];
    byte[] out = new byte[BUFFER_BYTES];
    long bytes = 0;
    Inflater inflater = new Inflater(true);
    try (InputStream data = PackZip.data(channel, member.offset(), member.packed())) {
      int count;
      while ((count = data.read(in)) > 0) {
        packed.update(in, 0, count);
        inflater.setInput(in, 0, count);
        int made;
        while ((made = inflater.inflate(out)) > 0) {
          bytes += made;
          if (bytes > member.bytes()) {
            return false;
          }
          plain.update(out, 0, made);
          crc.update(out, 0, made);
        }
        if (inflater.needsDictionary()) {
          return false;
        }
      }
      return inflater.finished()
          && inflater.getRemaining() == 0
          && inflater.getBytesRead() == member.packed()
          && bytes == member.bytes();
    } finally {
      inflater.end();
    }
  }

  private @Nullable AuditReport entries(
      List<PackZip.Member> members,
      Trust trust,
      @Nullable ErasureReceipt receipt,
      LongConsumer progress)
      throws IOException {
    Optional<PackZip.Member> entries = named(members, ENTRIES);
    Optional<PackZip.Member> checkpoint = named(members, CHECKPOINT);
    if (entries.isEmpty() || checkpoint.isEmpty()) {
      damaged(
          entries.isEmpty() ? ENTRIES : CHECKPOINT, "every pack has this file, this one does not");
      return null;
    }
    if (broken.contains(ENTRIES)) {
      return null;
    }
    AuditReport report;
    try (InputStream in = open(entries.get())) {
      report =
          ExportVerifier.verify(
              in, trust, receipt, readings == null ? null : readings.sink(), progress);
    } catch (ExportFormatException | ZipException e) {
      damaged(ENTRIES, String.valueOf(e.getMessage()));
      return null;
    }
    report.findings().forEach(findings);
    Checkpoint shown = report.checkpoint();
    if (readings != null && shown != null && !report.broken()) {
      readings.compare(shown, findings);
    }
    if (!broken.contains(CHECKPOINT)) {
      compare(checkpoint.get(), report.checkpoint());
    }
    return report;
  }

  /** Gives the files that are made again to whoever makes them. */
  private void give(List<PackZip.Member> members) throws IOException {
    PackReadings taker = readings;
    if (taker == null) {
      return;
    }
    for (PackZip.Member member : members) {
      if (!taker.reads(member.name()) || broken.contains(member.name())) {
        continue;
      }
      if (member.bytes() > PackReadings.MAX_BYTES) {
        throw new AuditLimitException(
            member.name() + " has more than " + PackReadings.MAX_BYTES + " bytes");
      }
      try (InputStream in = open(member)) {
        taker.file(member.name(), in.readNBytes((int) member.bytes()));
      } catch (IOException e) {
        damaged(member.name(), String.valueOf(e.getMessage()));
      }
    }
  }

  private static Optional<PackZip.Member> named(List<PackZip.Member> members, String name) {
    return members.stream().filter(member -> member.name().equals(name)).findFirst();
  }

  private InputStream open(PackZip.Member member) {
    return new BufferedInputStream(
        new InflaterInputStream(
            PackZip.data(channel, member.offset(), member.packed()),
            new Inflater(true),
            BUFFER_BYTES) {
          @Override
          public void close() throws IOException {
            super.close();
            inf.end();
          }
        },
        BUFFER_BYTES);
  }

  private void compare(PackZip.Member member, @Nullable Checkpoint shown) throws IOException {
    byte[] note;
    try (InputStream in = open(member)) {
      note = in.readNBytes(SignedNote.MAX_BYTES);
    }
    boolean isSame =
        SignedCheckpoint.parse(note) instanceof Parsed.Ok<SignedCheckpoint> ok
            && ok.value().checkpoint().equals(shown)
            && Arrays.equals(ok.value().encode(), note);
    if (!isSame) {
      damaged(CHECKPOINT, "it is not the checkpoint that the entries are proven by");
    }
  }
}
