package dev.indelible.cli.reconcile;

import dev.indelible.cli.reconcile.Doubts.Doubt;
import dev.indelible.cli.reconcile.LogEntries.One;
import dev.indelible.cli.reconcile.Report.Finding;
import dev.indelible.cli.reconcile.Report.Kind;
import dev.indelible.cli.reconcile.StreamLedger.Batch;
import dev.indelible.mapping.out.EntryFormat;
import dev.indelible.server.event.Entry;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Comparison of a receiver's entries with a stream's ledger and the log, in one pass over all three
 * in the order of the log. Used once; not thread-safe.
 */
public final class Reconciliation {

  /**
   * The parts that are compared.
   *
   * @param files the receiver's
   * @param ledger the stream's
   * @param wanted whether the stream's query matches an entry
   * @param withheld whether the stream leaves out what is personal
   * @param format the stream's format; null where it is not known
   * @param fromSeq the first entry that is looked at
   * @param toSeq the last one
   */
  public record Parts(
      ReceiverFiles files,
      StreamLedger ledger,
      Predicate<Entry> wanted,
      boolean withheld,
      @Nullable EntryFormat format,
      long fromSeq,
      long toSeq) {}

  private final Parts parts;
  private final Report report;
  private final SortedReceipts receipts;
  private final Content content = new Content();
  private final Doubts doubts = new Doubts();
  private final Iterator<Batch> batches;
  private @Nullable Batch next;
  private @Nullable ReceiptLine receipt;
  private RangeTally range;

  private Reconciliation(Parts parts, Report report, SortedReceipts receipts) throws IOException {
    this.parts = parts;
    this.report = report;
    this.receipts = receipts;
    this.batches = parts.ledger.batches().iterator();
    this.next = batches.hasNext() ? batches.next() : null;
    this.receipt = receipts.next();
    this.range = rangeAt(parts.fromSeq);
  }

  /**
   * Compares.
   *
   * @param log the log's entries, from {@code fromSeq} on or before
   * @param progress is told now and then how many entries of the log were looked at
   */
  public static Report run(Parts parts, LogEntries log, LongConsumer progress) throws IOException {
    Report report = new Report();
    try (SortedReceipts receipts = new SortedReceipts()) {
      parts.files.readInto(receipts, report);
      Reconciliation running = new Reconciliation(parts, report, receipts);
      long end = running.pass(log, progress);
      running.finish(end);
      parts.files.settle(running.doubts, report);
    }
    return report;
  }

  /** Passes over the log; returns the number behind the last entry that was seen. */
  private long pass(LogEntries log, LongConsumer progress) throws IOException {
    long seen = 0;
    long end = parts.fromSeq;
    for (One one = log.next(); one != null && one.seq() <= parts.toSeq; one = log.next()) {
      if (one.seq() < parts.fromSeq) {
        continue;
      }
      if (one.seq() != end) {
        throw new IOException("the log's entries do not come one after the other: " + one.seq());
      }
      entry(one);
      end = one.seq() + 1;
      if (++seen % 4_096 == 0) {
        progress.accept(seen);
      }
    }
    report.count("looked_at", seen);
    return end;
  }

  private void entry(One one) throws IOException {
    long seq = one.seq();
    while (seq > range.toSeq()) {
      range.finish(report, parts.ledger);
      range = rangeAt(range.toSeq() + 1);
    }
    while (receipt != null && receipt.seq() < seq) {
      report.count("outside", 1);
      receipt = receipts.next();
    }
    Entry entry = one.entry();
    if (entry == null) {
      report.count("purged_since", 1);
    }
    long copies = 0;
    String second = "";
    for (; receipt != null && receipt.seq() == seq; receipt = receipts.next()) {
      ReceiptLine copy = receipt;
      if (++copies == 2) {
        second = parts.files.place(copy);
      }
      if (entry == null) {
        report.count("not_compared", 1);
      } else {
        compare(one, entry, copy);
      }
    }
    String id = entry == null ? "" : entry.id();
    if (copies > 1) {
      duplicates(seq, id, copies, second);
    }
    if (entry == null) {
      range.purged(copies > 0);
    } else if (parts.wanted.test(entry)) {
      range.wanted(seq, id, copies > 0);
    } else if (copies > 0) {
      range.unwanted();
      report.count("not_asked_for", 1);
    }
  }

  private void duplicates(long seq, String id, long copies, String second) {
    long allowed = (long) range.copies() + parts.ledger.replayedCopies(seq);
    if (copies <= allowed) {
      report.count("duplicates_declared", copies - 1);
      return;
    }
    range.duplicated();
    String detail = "%,d times; the ledger says at most %,d".formatted(copies, allowed);
    report.found(Kind.DUPLICATED, new Finding(seq, id, second, detail, List.of()));
  }

  private void compare(One one, Entry entry, ReceiptLine copy) {
    if (copy.idHash() != 0 && copy.idHash() != ReceiverFiles.idHash(entry.id())) {
      altered(one, entry, copy, List.of("id"));
      return;
    }
    switch (copy.form()) {
      case NAMED -> report.count("present_by_name", 1);
      case LEAF -> {
        if (ReceiverFiles.leafDigest(one.leaf()).equals(copy.digest())) {
          report.count("compared", 1);
        } else {
          altered(one, entry, copy, List.of("leaf"));
        }
      }
      case WHOLE -> compare(one, entry, copy, one.json());
      case FORMED -> {
        JsonNode formed = formed(one);
        if (formed == null) {
          report.count("present_by_name", 1);
        } else {
          compare(one, entry, copy, formed);
        }
      }
    }
  }

  /** The entry in the stream's format, if that is one of JSON. */
  private @Nullable JsonNode formed(One one) {
    EntryFormat format = parts.format;
    if (format == null) {
      return null;
    }
    byte[] bytes = format.format(one.json(), null);
    return bytes.length > 0 && bytes[0] == '{' ? LogEntries.JSON.readTree(bytes) : null;
  }

  private void compare(One one, Entry entry, ReceiptLine copy, JsonNode expected) {
    if (content.digest(expected).equals(copy.digest())) {
      report.count("compared", 1);
      return;
    }
    // What the log no longer has, or does not show, cannot make the receiver's copy wrong.
    boolean isPartial = one.partial() && !parts.withheld;
    if (!doubts.add(new Doubt(copy, entry.id(), expected, isPartial))) {
      if (isPartial) {
        report.count("not_compared", 1);
      } else {
        altered(one, entry, copy, List.of());
      }
    }
  }

  private void altered(One one, Entry entry, ReceiptLine copy, List<String> fields) {
    range.altered();
    report.found(
        Kind.ALTERED, new Finding(one.seq(), entry.id(), parts.files.place(copy), "", fields));
  }

  private void finish(long end) throws IOException {
    while (range.fromSeq() < end) {
      range.finishAt(end - 1, report, parts.ledger);
      range = rangeAt(range.toSeq() + 1);
    }
    while (receipt != null) {
      report.count("outside", 1);
      receipt = receipts.next();
    }
  }

  /** The range of the ledger that begins at {@code from}, or one that it says nothing of. */
  private RangeTally rangeAt(long from) {
    while (next != null && next.lastSeq() < from) {
      next = batches.hasNext() ? batches.next() : null;
    }
    if (parts.ledger.isEmpty()) {
      return new RangeTally(from, parts.toSeq, RangeTally.NO_LEDGER);
    }
    if (next == null) {
      long dealtWith = Math.min(parts.ledger.completeToSeq(), parts.toSeq);
      return from <= dealtWith
          ? new RangeTally(from, dealtWith, RangeTally.NOTHING_MATCHED)
          : new RangeTally(from, parts.toSeq, null);
    }
    return next.firstSeq() <= from
        ? new RangeTally(from, next.lastSeq(), next)
        : new RangeTally(from, next.firstSeq() - 1, null);
  }
}
