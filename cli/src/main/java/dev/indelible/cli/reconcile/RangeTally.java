package dev.indelible.cli.reconcile;

import dev.indelible.cli.reconcile.Report.Finding;
import dev.indelible.cli.reconcile.Report.Kind;
import dev.indelible.cli.reconcile.Report.Span;
import dev.indelible.cli.reconcile.Report.Verdict;
import dev.indelible.cli.reconcile.StreamLedger.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Count of one range of the log, as its entries pass by. Not thread-safe. */
final class RangeTally {

  /** The batch of ranges where there is no ledger at all: everything is expected, once. */
  static final Batch NO_LEDGER = new Batch(0, 0, Long.MAX_VALUE, 0, 0, 0, 1);

  private final long fromSeq;
  private final long toSeq;
  private final @Nullable Batch batch;

  /** The batch of what the stream has dealt with behind its last record: it matched nothing. */
  static final Batch NOTHING_MATCHED = new Batch(0, -1, Long.MAX_VALUE, 0, 0, 0, 1);

  private final List<Absent> absent = new ArrayList<>();
  private long absences;
  private long wanted;
  private long present;
  private long purged;
  private long others;
  private long duplicated;
  private long altered;

  private record Absent(long seq, String id) {}

  /**
   * Begins a range.
   *
   * @param batch the ledger's record of it, or null where the ledger says nothing
   */
  RangeTally(long fromSeq, long toSeq, @Nullable Batch batch) {
    this.fromSeq = fromSeq;
    this.toSeq = toSeq;
    this.batch = batch;
  }

  long fromSeq() {
    return fromSeq;
  }

  long toSeq() {
    return toSeq;
  }

  /** How often an entry of the range may be there. */
  int copies() {
    return batch == null ? 1 : batch.copies();
  }

  void wanted(long seq, String id, boolean isPresent) {
    wanted++;
    if (isPresent) {
      present++;
      return;
    }
    absences++;
    // A batch is of some thousands; a range without a ledger may be of any size.
    if (absent.size() < StreamLedger.MAX_RECORDS) {
      absent.add(new Absent(seq, id));
    }
  }

  /** Takes note of an entry that was purged, and whether the receiver has it all the same. */
  void purged(boolean isPresent) {
    purged++;
    others += isPresent ? 1 : 0;
  }

  /** Takes note of an entry that the receiver has and the query does not match, or no longer. */
  void unwanted() {
    others++;
  }

  void duplicated() {
    duplicated++;
  }

  void altered() {
    altered++;
  }

  void finish(Report report, StreamLedger ledger) {
    finishAt(toSeq, report, ledger);
  }

  /** Ends the range at {@code last}, at the latest where it ends itself. */
  void finishAt(long last, Report report, StreamLedger ledger) {
    long end = Math.min(last, toSeq);
    if (batch == null) {
      report.count("present", present);
      report.count("not_in_ledger", wanted);
      report.span(new Span(fromSeq, end, Verdict.UNKNOWN, wanted, absences));
      return;
    }
    List<Absent> missing = new ArrayList<>();
    long excused = 0;
    for (Absent one : absent) {
      Optional<String> why = ledger.whyUndelivered(one.seq);
      if (why.isPresent()) {
        excused++;
        report.count("undelivered_" + why.get(), 1);
      } else {
        missing.add(one);
      }
    }
    boolean isWhole = end == toSeq && fromSeq == batch.firstSeq();
    if (!missing.isEmpty() && !ledger.knowsUndelivered() && missing.size() <= batch.dead()) {
      excused += missing.size();
      report.count("undelivered", missing.size());
      missing.clear();
    }
    boolean isCounted = isWhole && !batch.equals(NO_LEDGER);
    if (isCounted && wanted + purged < batch.matched()) {
      report.count("no_longer_matched", batch.matched() - wanted - purged);
    }
    String uncounted = isCounted && batch.matched() < wanted ? "the ledger counts fewer" : "";
    for (Absent one : missing) {
      report.found(Kind.MISSING, new Finding(one.seq, one.id, "", uncounted, List.of()));
    }
    long unnamed = isCounted ? batch.sent() - present - others - missing.size() : 0;
    if (unnamed > 0) {
      // The log no longer has them, or they match no longer: their names are gone, not their
      // number.
      String detail =
          "%,d that were sent from %,d to %,d, and that the log cannot name any more"
              .formatted(unnamed, fromSeq, end);
      report.found(Kind.MISSING, new Finding(-1, "", "", detail, List.of()));
      report.count(Kind.MISSING.jsonName(), unnamed - 1);
    }
    long beyond = absences - absent.size() + Math.max(0, unnamed);
    report.count(Kind.MISSING.jsonName(), absences - absent.size());
    report.count("expected", wanted - excused);
    report.count("present", present);
    long lost = missing.size() + beyond;
    report.span(new Span(fromSeq, end, verdict(lost), wanted - excused, lost));
  }

  private Verdict verdict(long missing) {
    if (missing > 0) {
      return Verdict.MISSING;
    }
    if (altered > 0) {
      return Verdict.ALTERED;
    }
    return duplicated > 0 ? Verdict.DUPLICATED : Verdict.COMPLETE;
  }
}
