package dev.indelible.server.export;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.retention.Copies;
import dev.indelible.server.takeout.file.Columns;
import dev.indelible.verify.SignedCheckpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An export that was begun, as it is now. Immutable; every change of one is a new record.
 *
 * @param order what was asked for
 * @param state how far it is
 * @param reach the part of the log that it was made of
 * @param position size of the log when it began, which its times count from, and its estimate
 * @param progress how much of its file is durable
 * @param file the complete file, or null
 * @param counts how many entries the file has, or null before it is complete
 * @param problem why it failed, or null
 * @param times when what happened
 * @param checkpoint the signed checkpoint that covers it, or null where there is none
 * @param withdrawal the deletion that took it down, or null
 */
public record ExportJob(
    ExportOrder order,
    State state,
    Reach reach,
    Position position,
    Progress progress,
    @Nullable FileOf file,
    @Nullable Counts counts,
    @Nullable Problem problem,
    Times times,
    @Nullable String checkpoint,
    @Nullable Withdrawal withdrawal) {

  /** How far an export is. */
  public enum State {
    WAITING,
    RUNNING,
    DONE,
    FAILED,
    CANCELED,
    /** The file was kept for as long as the setting says. */
    EXPIRED,
    /** A purge or an erasure touched what its file held. */
    WITHDRAWN;

    /** The name in the API. */
    public String jsonName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is still to be made. */
    public boolean isUnderWay() {
      return this == WAITING || this == RUNNING;
    }
  }

  /**
   * Part of a log that a maker may see.
   *
   * @param accounts the accounts, or null for the whole tenant
   * @param fixed the filter that restricts everything they read, as a query
   * @param personal whether they may see what is personal
   */
  public record Reach(@Nullable Set<String> accounts, String fixed, boolean personal) {
    public Reach {
      accounts = accounts == null ? null : Set.copyOf(accounts);
    }

    /** The reach of a scope. */
    public static Reach of(TenantScope scope) {
      return new Reach(
          scope.accounts().orElse(null), scope.fixed().toQuery(), scope.seesPersonal());
    }

    /** Whether whoever has it may see all that is in a file of another reach. */
    boolean covers(Reach other, boolean personalInside) {
      boolean everywhere =
          accounts == null || (other.accounts != null && accounts.containsAll(other.accounts));
      return everywhere
          && (fixed.equals(Filter.all().toQuery()) || fixed.equals(other.fixed))
          && (personal || !personalInside);
    }

    /** Whether a filter of their own restricts them. */
    public boolean isRestricted() {
      return !fixed.equals(Filter.all().toQuery());
    }

    /** The accounts in order; empty for the whole tenant. */
    public List<String> sortedAccounts() {
      return accounts == null ? List.of() : List.copyOf(new TreeSet<>(accounts));
    }
  }

  /**
   * Place and time that it speaks of.
   *
   * @param size the log's size then
   * @param asOf when that was
   * @param fromSeq sequence number of the first entry that can be in it
   * @param toSeq sequence number behind the last
   * @param estimate how many entries the index found
   */
  public record Position(long size, Instant asOf, long fromSeq, long toSeq, long estimate) {}

  /**
   * Durable part of a file that is being made.
   *
   * @param nextSeq the entry that is read next
   * @param bytes length of the file
   * @param heldBytes length of the list of what it holds
   * @param entries entries in it
   * @param purged entries that the query would have found and that were purged meanwhile
   * @param erased entries likewise whose personal part was erased
   * @param counted records of the deletions in these counts, the last ones: a crash may have one
   *     announced again
   */
  public record Progress(
      long nextSeq,
      long bytes,
      long heldBytes,
      long entries,
      long purged,
      long erased,
      List<String> counted) {

    /** The most deletions that are remembered; few are under way at once. */
    static final int MAX_COUNTED = 100;

    public Progress {
      counted = List.copyOf(counted);
    }

    /** The beginning. */
    static Progress at(long seq) {
      return new Progress(seq, 0, 0, 0, 0, 0, List.of());
    }

    /** A file that is begun anew; what was deleted meanwhile stays counted. */
    Progress again(long seq) {
      return written(seq, 0, 0, 0);
    }

    /** More of a file. */
    Progress written(long next, long fileBytes, long held, long of) {
      return new Progress(next, fileBytes, held, of, purged, erased, counted);
    }

    /** Counts entries that a deletion takes, once for each deletion. */
    Progress lost(Copies.Deleted deleted, long count) {
      if (counted.contains(deleted.record())) {
        return this;
      }
      List<String> records = new ArrayList<>(counted);
      records.add(deleted.record());
      return new Progress(
          nextSeq,
          bytes,
          heldBytes,
          entries,
          deleted.purge() ? purged + count : purged,
          deleted.purge() ? erased : erased + count,
          records.subList(Math.max(0, records.size() - MAX_COUNTED), records.size()));
    }
  }

  /**
   * A complete file.
   *
   * @param name its name for people
   * @param bytes its length
   * @param sha256 its hash, in hex
   * @param expiresAt when it goes
   */
  public record FileOf(String name, long bytes, String sha256, Instant expiresAt) {}

  /** Entries of a complete file, and what is missing in it. */
  public record Counts(long entries, long purged, long erased) {}

  /**
   * Reason why there is no file.
   *
   * @param code stable, of docs/errors.md
   * @param detail for people
   */
  public record Problem(String code, String detail) {}

  /**
   * Times of a job.
   *
   * @param created when it was asked for
   * @param started when it was first worked on, or null
   * @param ended when it came to its end, or null
   * @param left when its file first left the house, or null
   */
  public record Times(
      Instant created,
      @Nullable Instant started,
      @Nullable Instant ended,
      @Nullable Instant left) {}

  /**
   * Deletion that touched what a file held.
   *
   * @param record id of the entry that says what was deleted
   * @param basis the retention period, or the request for erasure
   * @param at when the file was taken down
   */
  public record Withdrawal(String record, String basis, Instant at) {}

  /** The job's id. */
  public String id() {
    return order.id();
  }

  /** Tenant whose log it is of. */
  public TenantId tenant() {
    return order.tenant();
  }

  /** Whether what is personal is in the file. */
  public boolean hasPersonal() {
    return reach.personal() && !order.withhold();
  }

  /** Whether somebody who may see this may see all that the file holds. */
  public boolean isVisibleTo(TenantScope scope) {
    return Reach.of(scope).covers(reach, hasPersonal());
  }

  /** Columns of the file's table; of a format without one, all members of entries. */
  public List<String> columns() {
    return order.format().isTable() ? Columns.chosen(order.columns()) : Columns.ALL;
  }

  /** Columns that the file does not have. */
  public List<String> leftOut() {
    List<String> there = columns();
    return Columns.ALL.stream().filter(column -> !there.contains(column)).toList();
  }

  /** The complete file, if it is there. */
  public Optional<FileOf> available() {
    return state == State.DONE ? Optional.ofNullable(file) : Optional.empty();
  }

  ExportJob with(State next, Times nextTimes) {
    return new ExportJob(
        order,
        next,
        reach,
        position,
        progress,
        file,
        counts,
        problem,
        nextTimes,
        checkpoint,
        withdrawal);
  }

  ExportJob with(Progress next) {
    return new ExportJob(
        order, state, reach, position, next, file, counts, problem, times, checkpoint, withdrawal);
  }

  ExportJob provenBy(@Nullable String next) {
    return new ExportJob(
        order, state, reach, position, progress, file, counts, problem, times, next, withdrawal);
  }

  /** The job at the position of a checkpoint, whose cosignatures stay with it. */
  ExportJob at(SignedCheckpoint next) {
    long size = next.checkpoint().size();
    return new ExportJob(
        order,
        state,
        reach,
        new Position(size, position.asOf(), 0, size, Math.min(size, position.estimate())),
        Progress.at(0),
        file,
        counts,
        problem,
        times,
        next.note().toString(),
        withdrawal);
  }

  ExportJob done(FileOf complete, Counts of, Instant now) {
    return new ExportJob(
        order,
        State.DONE,
        reach,
        position,
        progress,
        complete,
        of,
        null,
        ended(now),
        checkpoint,
        null);
  }

  ExportJob failed(Problem why, Instant now) {
    return new ExportJob(
        order,
        State.FAILED,
        reach,
        position,
        progress,
        null,
        null,
        why,
        ended(now),
        checkpoint,
        withdrawal);
  }

  ExportJob withdrawn(Withdrawal by) {
    return new ExportJob(
        order,
        State.WITHDRAWN,
        reach,
        position,
        progress,
        file,
        counts,
        null,
        times,
        checkpoint,
        by);
  }

  ExportJob left(Instant now) {
    return with(state, new Times(times.created(), times.started(), times.ended(), now));
  }

  Times ended(Instant now) {
    return new Times(times.created(), times.started(), now, times.left());
  }
}
