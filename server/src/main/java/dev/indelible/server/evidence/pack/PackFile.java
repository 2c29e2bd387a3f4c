package dev.indelible.server.evidence.pack;

import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.query.SearchableEntry;
import dev.indelible.server.takeout.file.EntryFile;
import dev.indelible.server.takeout.file.FileTotals;
import dev.indelible.server.takeout.file.NdjsonFile;
import dev.indelible.server.takeout.file.Proofs;
import dev.indelible.server.takeout.file.TakenEntry;
import dev.indelible.verify.audit.PackVerifier;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An evidence pack that is being written: {@code docs/formats/pack.md}. It reads the log once: each
 * entry goes to the sections whose queries mean it and, once, to the file with the proofs. Memory:
 * a few buffers for each section, a bounded number of names, and that of the PDF at the end. Equal
 * calls make equal bytes.
 */
public final class PackFile implements EntryFile {

  private final OutputStream out;
  private final PackHead head;
  private final Path folder;
  private final List<SectionFiles> sections = new ArrayList<>();
  private final SpoolFile proofsSpool;
  private final NdjsonFile proofs;
  private int spools;

  /**
   * Parts of the program that a pack is made with.
   *
   * @param header the first line of the file with the proofs
   * @param proofs by the checkpoint in it
   * @param filters the queries of the template's sections, in their order
   * @param folder for files that are being compressed; nobody else's
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once; identity is never compared
  public record Making(byte[] header, Proofs proofs, List<FilterEvaluator> filters, Path folder) {}

  /**
   * Begins a pack.
   *
   * @param out the file, not closed here
   */
  public PackFile(OutputStream out, PackHead head, Making making) throws IOException {
    this.out = out;
    this.head = head;
    this.folder = making.folder();
    List<PackTemplate.Section> wanted = head.template().sections();
    if (wanted.size() != making.filters().size()) {
      throw new IllegalArgumentException("not one filter for each section");
    }
    for (int i = 0; i < wanted.size(); i++) {
      sections.add(new SectionFiles(wanted.get(i), making.filters().get(i), folder, "spool-" + i));
    }
    proofsSpool = new SpoolFile(PackVerifier.ENTRIES, folder.resolve("spool-proofs"));
    proofs = new NdjsonFile(proofsSpool, making.header(), making.proofs(), !head.personal());
  }

  @Override
  public void add(TakenEntry entry) throws IOException {
    SearchableEntry searchable = new SearchableEntry(entry.found().stored());
    for (SectionFiles section : sections) {
      section.offer(searchable, entry);
    }
    proofs.add(entry);
  }

  /** Bytes that its files have on disk by now. */
  public long spooledBytes() {
    long bytes = proofsSpool.packedBytes();
    for (SectionFiles section : sections) {
      bytes += section.packedBytes();
    }
    return bytes;
  }

  @Override
  public void end(FileTotals totals) throws IOException {
    proofs.end(totals);
    PackWords words = new PackWords(head.language());
    List<SpoolFile.Complete> files = new ArrayList<>();
    List<SpoolFile.Complete> ofSections = new ArrayList<>();
    for (SectionFiles section : sections) {
      ofSections.addAll(section.complete());
    }
    files.add(
        file("README.txt", new PackReadme(head, words, sections, totals.entries()).toBytes()));
    files.add(file("summary.pdf", PackSummary.toBytes(head, words, sections, totals.entries())));
    files.add(file("pack.json", PackJson.toBytes(head, sections, totals.entries())));
    files.add(file("template.yaml", utf8(head.template().source())));
    files.addAll(ofSections);
    files.add(file("oscal/assessment-results.json", PackOscal.toBytes(head, words, sections)));
    files.add(file(PackVerifier.CHECKPOINT, utf8(head.checkpoint())));
    files.add(proofsSpool.complete());
    var _ = PackZipFile.write(files, head.asOf(), out);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private SpoolFile.Complete file(String path, byte[] bytes) throws IOException {
    try (SpoolFile file = new SpoolFile(path, folder.resolve("spool-whole-" + spools++))) {
      file.write(bytes);
      return file.complete();
    }
  }

  /** Deletes what it compressed. */
  @Override
  public void close() throws IOException {
    for (SectionFiles section : sections) {
      section.close();
    }
    proofsSpool.close();
    deleteSpools(folder);
  }

  /** Deletes what a pack that was not ended left in a folder. */
  public static void deleteSpools(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (var files = Files.newDirectoryStream(folder, "spool-*")) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }
}
