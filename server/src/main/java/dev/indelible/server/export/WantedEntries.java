package dev.indelible.server.export;

import dev.indelible.server.event.Entry;
import dev.indelible.server.evidence.pack.PackFile;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.Found;
import dev.indelible.server.search.Search;
import dev.indelible.server.takeout.file.CsvFile;
import dev.indelible.server.takeout.file.EntryFile;
import dev.indelible.server.takeout.file.NdjsonFile;
import dev.indelible.server.takeout.file.TakenEntry;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Entries that an export is of: those that its query means, as far as its maker may see them. Used
 * by one thread at a time.
 */
final class WantedEntries {

  private final ExportSources sources;
  private final ExportJob job;
  private final TenantScope scope;
  private final Filter asked;
  private final FilterEvaluator filter;
  private final boolean isEverything;
  private final boolean isWithholding;
  private boolean isUnheld;

  private WantedEntries(ExportJob job, TenantScope scope, Filter asked, ExportSources sources) {
    this.sources = sources;
    this.job = job;
    this.scope = scope;
    this.asked = asked;
    Filter whole = scope.restrict(asked);
    this.filter = new FilterEvaluator(whole);
    this.isEverything = whole.equals(Filter.all());
    this.isWithholding = !job.hasPersonal();
  }

  /**
   * The entries that a job is of.
   *
   * @param scope the part of the log that its maker may see now
   */
  static WantedEntries of(ExportJob job, TenantScope scope, ExportSources sources)
      throws IOException {
    ExportOrder order = job.order();
    Filter asked =
        PackFiles.readsWholeLog(order)
            ? Filter.all()
            : sources
                .search()
                .filter(
                    scope,
                    new Search.Question(order.filter(), order.from(), order.to(), order.zone()),
                    job.position().asOf());
    return new WantedEntries(job, scope, asked, sources);
  }

  /** The part of the log that the job's maker may see. */
  TenantScope scope() {
    return scope;
  }

  /** The query alone. */
  Filter asked() {
    return asked;
  }

  /** Whether they are so few that the index is to be asked for them. */
  boolean areFew() {
    ExportJob.Position at = job.position();
    return !isEverything && at.estimate() * ExportRun.FEW < at.toSeq() - at.fromSeq();
  }

  /** Whether it is one of them, and something is left that a deletion could take. */
  boolean isLostBy(StoredEntry stored, boolean purge) {
    boolean is =
        purge
            ? !(stored.body() instanceof StoredEntry.Purged)
            : !isWithholding
                && stored.body() instanceof StoredEntry.Whole(var parts)
                && parts.personal() != null;
    return is
        && (isEverything || sources.reader().read(stored).filter(filter::matches).isPresent());
  }

  /** Notes whether there are legal holds, for the entries that are taken next. */
  void look() {
    isUnheld = sources.entries().holds().active(job.tenant()).isEmpty();
  }

  /** Puts an entry into the file when it is one of them; returns whether. */
  boolean take(StoredEntry stored, EntryFile into) throws IOException {
    if (stored.body() instanceof StoredEntry.Purged) {
      if (into instanceof PackFile pack) {
        pack.purged(stored);
      }
      return false;
    }
    return takeStored(stored, into) || read(stored, into);
  }

  /** Puts it as it is stored, where the file can have it so. */
  private boolean takeStored(StoredEntry stored, EntryFile into) throws IOException {
    if (!isEverything) {
      return false;
    }
    return switch (into) {
      case NdjsonFile parts -> {
        parts.add(stored);
        yield true;
      }
      case CsvFile table -> isUnheld && table.add(stored, !isWithholding);
      default -> false;
    };
  }

  @SuppressWarnings("ReferenceEquality") // the entry itself, unless somebody is shown otherwise
  private boolean read(StoredEntry stored, EntryFile into) throws IOException {
    Optional<Found> found = sources.reader().find(stored, !isWithholding);
    if (found.isEmpty() || !(isEverything || filter.matches(found.get().stored()))) {
      return false;
    }
    Found taken = found.get();
    Entry shown = sources.entries().shown(taken);
    Found visible =
        shown == taken.shown() ? taken : new Found(shown, taken.stored(), taken.personal());
    TakenEntry entry =
        new TakenEntry(stored, visible, isUnheld ? Map.of() : sources.entries().holdNames(taken));
    if (into instanceof PackFile pack) {
      return pack.offer(entry);
    }
    into.add(entry);
    return true;
  }
}
