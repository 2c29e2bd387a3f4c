package dev.indelible.server.evidence.pack;

import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.query.SearchableEntry;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.takeout.file.EntryFile;
import dev.indelible.server.takeout.file.FileTotals;
import dev.indelible.server.takeout.file.NdjsonFile;
import dev.indelible.server.takeout.file.Proofs;
import dev.indelible.server.takeout.file.TakenEntry;
import dev.indelible.verify.access.AccessReview;
import dev.indelible.verify.audit.PackVerifier;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
  private final List<PackSection> sections = new ArrayList<>();
  private final SpoolFile proofsSpool;
  private final NdjsonFile lines;
  private final Proofs proofs;
  private long entries;
  private int spools;

  /**
   * Parts of the program that a pack is made with.
   *
   * @param header the first line of the file with the proofs
   * @param proofs by the checkpoint in it
   * @param filters the queries of the template's sections that have one, with the pack's period, in
   *     their order
   * @param review what its access review is made from, or null when it has none
   * @param folder for files that are being compressed; nobody else's
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once; identity is never compared
  public record Making(
      byte[] header,
      Proofs proofs,
      List<FilterEvaluator> filters,
      AccessReview.@Nullable Basis review,
      Path folder) {}

  /**
   * Begins a pack.
   *
   * @param out the file, not closed here
   */
  public PackFile(OutputStream out, PackHead head, Making making) throws IOException {
    this.out = out;
    this.head = head;
    this.folder = making.folder();
    Iterator<FilterEvaluator> filters = making.filters().iterator();
    for (PackTemplate.Section section : head.template().sections()) {
      String spool = "spool-" + sections.size();
      sections.add(
          section.isAccessReview()
              ? new AccessFiles(
                  section, Objects.requireNonNull(making.review()), head.personal(), folder, spool)
              : new SectionFiles(section, filters.next(), folder, spool));
    }
    if (filters.hasNext()) {
      throw new IllegalArgumentException("not one filter for each section with a query");
    }
    proofsSpool = new SpoolFile(PackVerifier.ENTRIES, folder.resolve("spool-proofs"));
    proofs = making.proofs();
    lines = new NdjsonFile(proofsSpool, making.header(), proofs, !head.personal());
  }

  @Override
  public void add(TakenEntry entry) throws IOException {
    boolean _ = offer(entry);
  }

  /** Takes the next entry if the pack has it; returns whether. */
  public boolean offer(TakenEntry entry) throws IOException {
    SearchableEntry searchable = new SearchableEntry(entry.found().stored());
    boolean isOfSection = false;
    boolean isOfAccess = false;
    for (PackSection section : sections) {
      switch (section) {
        case SectionFiles files -> isOfSection |= files.offer(searchable, entry);
        case AccessFiles access -> isOfAccess |= access.offer(entry);
      }
    }
    entries += isOfSection ? 1 : 0;
    boolean isNamed = isOfSection || isOfAccess;
    if (isNamed || head.hasWholeLog()) {
      // Nobody asked for what is personal in the others: they show that nothing else is there.
      lines.add(entry.stored(), !head.personal() || !isNamed);
      return true;
    }
    return false;
  }

  /** Takes the next entry, of which the leaf alone is left, if the pack has it. */
  public void purged(StoredEntry entry) throws IOException {
    for (PackSection section : sections) {
      if (section instanceof AccessFiles access) {
        access.purged(entry.seq());
      }
    }
    if (head.hasWholeLog()) {
      lines.add(entry);
    }
  }

  /** Bytes that its files have on disk by now. */
  public long spooledBytes() {
    long bytes = proofsSpool.packedBytes();
    for (PackSection section : sections) {
      bytes += section.packedBytes();
    }
    return bytes;
  }

  @Override
  public void end(FileTotals totals) throws IOException {
    proofs.finish();
    lines.end(new FileTotals(lines.entries(), totals.purged(), totals.erased()));
    PackWords words = new PackWords(head.language());
    List<SpoolFile.Complete> files = new ArrayList<>();
    List<SpoolFile.Complete> ofSections = new ArrayList<>();
    for (PackSection section : sections) {
      ofSections.addAll(section.complete());
    }
    files.add(file("README.txt", new PackReadme(head, words, sections, entries).toBytes()));
    files.add(file("summary.pdf", PackSummary.toBytes(head, words, sections, entries)));
    files.add(file("pack.json", PackJson.toBytes(head, sections, entries)));
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
    for (PackSection section : sections) {
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
