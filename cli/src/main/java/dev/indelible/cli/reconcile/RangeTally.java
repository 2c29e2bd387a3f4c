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
  static final Batch NO_LEDGER = new Batch(0, 0, Long.MAX_VALUE, Long.MAX_VALUE, 0, 1);

  private final long fromSeq;
  private final long toSeq;
  private final @Nullable Batch batch;
  private final List<Absent> absent = new ArrayList<>();
  private long absences;
  private long wanted;
  private long present;
  private long purged;
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

  void purged() {
    purged++;
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
    if (!missing.isEmpty() && !ledger.knowsUndelivered() && missing.size() <= batch.left()) {
      excused += missing.size();
      report.count("undelivered", missing.size());
      missing.clear();
    }
    long unseen = isWhole ? wanted - batch.matched() : 0;
    if (!missing.isEmpty() && unseen >= missing.size()) {
      // The stream's maker may see less than whoever compares; the ledger counted what was seen.
      excused += missing.size();
      report.count("not_for_the_stream", missing.size());
      missing.clear();
    }
    if (isWhole && !batch.equals(NO_LEDGER) && wanted + purged < batch.matched()) {
      report.count("no_longer_matched", batch.matched() - wanted - purged);
    }
    for (Absent one : missing) {
      report.found(Kind.MISSING, new Finding(one.seq, one.id, "", "", List.of()));
    }
    long beyond = absences - absent.size();
    report.count(Kind.MISSING.jsonName(), beyond);
    report.count("expected", wanted - excused);
    report.count("present", present);
    report.span(new Span(fromSeq, end, verdict(missing.size() + beyond), wanted - excused, missing.size() + beyond));
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
