package dev.indelible.server.evidence.access;

import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.profile.AccessMarks;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.EntryReader;
import dev.indelible.server.takeout.Taker.Turns;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.access.AccessReview;
import dev.indelible.verify.access.ReviewFold;
import dev.indelible.verify.audit.Json.MalformedJsonException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes reviews of access from a log, up to a signed position of it. The log is read once, in
 * order, a part in each turn; memory is bounded by the people and grants of the review.
 * Thread-safe.
 */
public final class AccessReviews {

  /** Entries that are read in one turn. */
  static final int CHUNK = 16_384;

  private final EventLog log;
  private final TenantLogs logs;
  private final TenantProfiles profiles;
  private final EntryReader reader;

  /** Reviews of the entries of {@code log}, at positions that {@code logs} signs. */
  public AccessReviews(EventLog log, TenantLogs logs, TenantProfiles profiles, EntryReader reader) {
    this.log = log;
    this.logs = logs;
    this.profiles = profiles;
    this.reader = reader;
  }

  /**
   * A review to make.
   *
   * @param tenant whose log
   * @param scope the entries that may be read for it
   * @param asOf what happened later is left out; null: everything up to the position
   * @param since an earlier date to compare with, or null
   * @param position where to stop reading; null: the newest signed position
   */
  public record Wanted(
      Tenant tenant,
      TenantScope scope,
      @Nullable Instant asOf,
      @Nullable Instant since,
      @Nullable SignedCheckpoint position) {}

  /**
   * A review, and what else can be asked of the entries that it was made from.
   *
   * @param basis source
   * @param fold has read all of it
   */
  public record Made(AccessReview.Basis basis, ReviewFold fold) {}

  /** Makes a review; what people are called is in it when the scope may see what is personal. */
  public AccessReview make(Wanted wanted, Turns turns) throws IOException, InterruptedException {
    return read(wanted, turns).fold().review();
  }

  /**
   * Reads the log for a review.
   *
   * @throws dev.indelible.verify.access.AccessLimitException when it has too many people or grants
   * @throws IOException when the reader may not read any more
   */
  public Made read(Wanted wanted, Turns turns) throws IOException, InterruptedException {
    TenantId tenant = wanted.tenant().tenant();
    SignedCheckpoint given = wanted.position();
    SignedCheckpoint position = given == null ? logs.checkpointOfExport(tenant) : given;
    long size = position.checkpoint().size();
    Instant asOf = wanted.asOf();
    Instant since = wanted.since();
    TenantScope scope = wanted.scope();
    AccessReview.Basis basis =
        new AccessReview.Basis(
            tenant.value(),
            position.note().toString(),
            size,
            asOf == null ? turns.read(() -> newest(tenant, size)) : asOf.toEpochMilli(),
            since == null ? null : since.toEpochMilli(),
            scope.accounts().map(accounts -> accounts.stream().sorted().toList()).orElse(null),
            !scope.fixed().equals(Filter.all()),
            AccessMarks.rules(profiles.of(tenant, wanted.tenant().profile())));
    ReviewFold fold = new ReviewFold(basis);
    Reading reading = new Reading(scope, fold);
    for (long at = 0; at < size; at += CHUNK) {
      if (at > 0 && !turns.stillMay()) {
        throw new IOException("the caller may not read any more; the review is cut off");
      }
      long from = at;
      boolean _ =
          turns.read(
              () -> {
                log.forEach(tenant, from, Math.min(size, from + CHUNK), reading::take);
                return true;
              });
    }
    return new Made(basis, fold);
  }

  /** Time at which the newest entry before a position was recorded. */
  private long newest(TenantId tenant, long size) throws IOException {
    if (size == 0) {
      return 0;
    }
    List<StoredEntry> last = log.get(tenant, new long[] {size - 1});
    return last.getFirst().recordedAtMillis();
  }

  /** Gives entries of one scope to a fold. */
  private final class Reading {
    private final ReviewFold fold;
    private final boolean personal;
    private final @Nullable FilterEvaluator fixed;

    Reading(TenantScope scope, ReviewFold fold) {
      this.fold = fold;
      this.personal = scope.seesPersonal();
      this.fixed = scope.fixed().equals(Filter.all()) ? null : new FilterEvaluator(scope.fixed());
    }

    boolean take(StoredEntry entry) throws IOException {
      switch (entry.body()) {
        case StoredEntry.Whole(EntryParts parts) ->
            take(entry, parts.facts(), personal ? parts.personal() : null);
        case StoredEntry.PersonalErased erased -> take(entry, erased.facts(), null);
        case StoredEntry.Purged _ -> fold.purged(entry.seq());
      }
      return true;
    }

    private void take(StoredEntry entry, byte[] facts, byte @Nullable [] names) throws IOException {
      if (!fold.reads(facts) || !isVisible(entry)) {
        return;
      }
      try {
        fold.entry(entry.seq(), entry.recordedAtMillis(), facts, facts.length, names);
      } catch (MalformedJsonException e) {
        throw new IOException("entry " + entry.seq() + " cannot be read", e);
      }
    }

    private boolean isVisible(StoredEntry entry) {
      FilterEvaluator filter = fixed;
      if (filter == null) {
        return true;
      }
      Optional<Entry> read = reader.read(entry);
      return read.isPresent() && filter.matches(read.get());
    }
  }
}
