package dev.indelible.verify.audit;

import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Hash;
import dev.indelible.verify.InclusionProof;
import dev.indelible.verify.TreeHasher;
import dev.indelible.verify.Verdict;
import dev.indelible.verify.audit.Json.MalformedJsonException;
import dev.indelible.verify.audit.TreeAudit.Known;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks an export, entry by entry, as it streams by: every part against its leaf, every leaf
 * against the tree that the log signed, and the tree against a checkpoint that the reader holds.
 *
 * <p>Format: {@code docs/formats/export.md}. Memory: one line, and what {@link EntryAudit} holds.
 */
public final class ExportVerifier {

  /** The longest line: two parts of 1 MiB of which every byte is escaped, and the rest. */
  public static final int MAX_LINE_BYTES = 16 << 20;

  private final LongConsumer progress;
  private final Findings findings = new Findings();
  private final EntryAudit audit = new EntryAudit(findings);
  private final ExportLine line = new ExportLine();
  private final PartCheck parts = new PartCheck();
  private final TreeHasher hasher = new TreeHasher();

  /** Number of entries between two reports of progress. */
  private static final int PROGRESS_ENTRIES = 1 << 14;

  private final @Nullable RequestCheck request;
  private @Nullable EntrySink sink;
  private long proven;
  private long lastSeq = -1;

  private ExportVerifier(@Nullable ErasureReceipt receipt, LongConsumer progress) {
    this.request = receipt == null ? null : new RequestCheck(receipt);
    this.progress = progress;
  }

  /**
   * Checks an export to its end.
   *
   * @param progress is told of the number of entries now and then
   * @throws ExportFormatException when it is none, or of an unknown version
   * @throws AuditLimitException when it is beyond a limit
   */
  public static AuditReport verify(InputStream export, Trust trust, LongConsumer progress)
      throws IOException {
    return verify(export, trust, null, progress);
  }

  /** Checks an export, and that it holds the request that a receipt, unless it is null, is of. */
  public static AuditReport verify(
      InputStream export, Trust trust, @Nullable ErasureReceipt receipt, LongConsumer progress)
      throws IOException {
    return verify(export, trust, receipt, null, progress);
  }

  /** Checks an export and gives its entries to {@code sink}, unless it is null. */
  static AuditReport verify(
      InputStream export,
      Trust trust,
      @Nullable ErasureReceipt receipt,
      @Nullable EntrySink sink,
      LongConsumer progress)
      throws IOException {
    LineSource lines = new LineSource(export, MAX_LINE_BYTES);
    if (!lines.next()) {
      throw new ExportFormatException("the file is empty");
    }
    ExportHeader header = ExportHeader.read(lines.bytes(), lines.from(), lines.end());
    ExportVerifier verifier = new ExportVerifier(receipt, progress);
    verifier.sink = sink;
    verifier.tellUnproven(header);
    Checkpoint held =
        trust.checkFile(header.checkpoint(), header.verifierKeys(), verifier.findings);
    return verifier.run(header, held, lines);
  }

  /**
   * Checks an export of a whole log and gives its entries to somebody who makes something of them.
   *
   * @param must a checkpoint that the log has to have come by, such as that of a report
   * @throws ExportFormatException when it is none, or of a part of a log, or ends before {@code
   *     must}
   */
  public static AuditReport verify(
      InputStream export, Trust trust, Checkpoint must, EntrySink sink, LongConsumer progress)
      throws IOException {
    LineSource lines = new LineSource(export, MAX_LINE_BYTES);
    if (!lines.next()) {
      throw new ExportFormatException("the file is empty");
    }
    ExportHeader header = ExportHeader.read(lines.bytes(), lines.from(), lines.end());
    Checkpoint shown = header.checkpoint().checkpoint();
    if (!header.complete()) {
      throw new ExportFormatException("the export is of a part of the log: this needs all of it");
    }
    if (!shown.origin().equals(must.origin())) {
      throw new ExportFormatException(
          "the export is of the log " + shown.origin() + ", not of " + must.origin());
    }
    if (shown.size() < must.size()) {
      throw new ExportFormatException(
          "the export has "
              + shown.size()
              + " entries and would need "
              + must.size()
              + ": take a newer one");
    }
    ExportVerifier verifier = new ExportVerifier(null, progress);
    verifier.sink = sink;
    verifier.tellUnproven(header);
    verifier.audit.tree().expect(must.size(), must.root(), Known.BEFORE);
    Checkpoint held =
        trust.checkFile(header.checkpoint(), header.verifierKeys(), verifier.findings);
    return verifier.run(header, held, lines);
  }

  /** The signature covers the log's name, its size and its root: not these words of the header. */
  private void tellUnproven(ExportHeader header) {
    String filter = header.filter();
    findings.accept(
        new Finding.NotShown(
            "The tenant's name in the file, "
                + header.tenant()
                + ", is not proven: the log's name, "
                + header.checkpoint().checkpoint().origin()
                + ", is what was signed."));
    if (filter != null) {
      findings.accept(
          new Finding.NotShown(
              "The file's filter, "
                  + filter
                  + ", is not proven: every entry is one of the log, and nothing shows that all that"
                  + " match are here."));
    }
  }

  /** Checks an export whose header came by another way, such as a server's checkpoint. */
  public static AuditReport verify(
      ExportHeader header, InputStream entries, Trust trust, LongConsumer progress)
      throws IOException {
    ExportVerifier verifier = new ExportVerifier(null, progress);
    Checkpoint held = trust.check(header.checkpoint(), header.verifierKeys(), verifier.findings);
    return verifier.run(header, held, new LineSource(entries, MAX_LINE_BYTES));
  }

  private AuditReport run(ExportHeader header, @Nullable Checkpoint held, LineSource lines)
      throws IOException {
    Checkpoint shown = header.checkpoint().checkpoint();
    if (header.complete()) {
      audit.tree().expect(shown.size(), shown.root(), Known.SHOWN);
      if (held != null) {
        audit.tree().expect(held.size(), held.root(), Known.BEFORE);
      }
    } else if (held != null && held.size() != shown.size()) {
      findings.accept(
          new Finding.NotShown(
              "A part of a log cannot show that it grew from the checkpoint that you hold."));
    }
    readEntries(lines, header.complete(), shown);
    if (request != null) {
      request.finish(findings);
    }
    return findings.report(shown, header.complete() ? audit.entries() : proven);
  }

  private void readEntries(LineSource lines, boolean complete, Checkpoint shown)
      throws IOException {
    boolean ended = false;
    @Nullable Finding malformed = null;
    while (malformed == null && lines.next()) {
      try {
        if (ended) {
          malformed = new Finding.Malformed("line " + lines.line(), "the export had ended");
        } else if (line.read(lines.bytes(), lines.from(), lines.end())) {
          entry(complete, shown);
        } else {
          ended = true;
        }
      } catch (MalformedJsonException e) {
        malformed = new Finding.Malformed("line " + lines.line(), String.valueOf(e.getMessage()));
      }
    }
    if (malformed != null) {
      findings.accept(malformed);
      return;
    }
    long entries = complete ? audit.entries() : proven;
    if (!ended) {
      findings.accept(
          new Finding.Malformed("the end", "the last line is missing: the file was cut"));
    } else if (line.trailerEntries != entries) {
      findings.accept(
          new Finding.Malformed(
              "the end",
              entries + " entries are there, " + line.trailerEntries + " are announced"));
    }
    if (complete) {
      if (audit.entries() > shown.size()) {
        findings.accept(new Finding.Surplus(audit.entries(), shown.size()));
      }
      audit.finish(shown.size());
    }
  }

  private void give(EntrySink taker) throws MalformedJsonException {
    if (line.content == EntryAudit.Content.PURGED) {
      taker.purged(line.seq);
    } else {
      taker.entry(
          line.seq,
          line.recordedAtMillis,
          line.facts.bytes,
          line.facts.length,
          line.has(ExportLine.PERSONAL) ? line.personal.copy() : null);
    }
  }

  private void entry(boolean complete, Checkpoint shown) throws MalformedJsonException {
    parts.check(line, findings);
    EntrySink taker = sink;
    if (taker != null) {
      give(taker);
    }
    Hash leafHash = hasher.leaf(line.leaf);
    if (request != null && line.content != EntryAudit.Content.PURGED) {
      request.entry(line.seq, line.facts.bytes, line.facts.length);
    }
    if (complete) {
      audit.entry(
          line.seq,
          line.recordedAtMillis,
          line.content,
          leafHash,
          line.facts.bytes,
          line.facts.length);
      if (audit.entries() % PROGRESS_ENTRIES == 0) {
        progress.accept(audit.entries());
      }
      return;
    }
    proven++;
    if (line.seq <= lastSeq) {
      findings.accept(new Finding.Reordered(line.seq, lastSeq + 1));
    }
    lastSeq = line.seq;
    if (line.has(ExportLine.PROOF)) {
      Verdict verdict =
          InclusionProof.inTree(line.seq, shown.size(), line.proof).check(leafHash, shown.root());
      if (verdict instanceof Verdict.Fails fails) {
        findings.accept(new Finding.NotInTree(line.seq, fails.detail()));
      }
    } else {
      findings.accept(new Finding.NotInTree(line.seq, "it comes without a proof"));
    }
    if (proven % PROGRESS_ENTRIES == 0) {
      progress.accept(proven);
    }
  }
}
