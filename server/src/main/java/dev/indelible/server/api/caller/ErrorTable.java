package dev.indelible.server.api.caller;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.access.Sessions;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.ProblemException.Fault;
import dev.indelible.server.http.ProblemTable;
import dev.indelible.server.index.QueryStoppedException;
import dev.indelible.server.journal.FullDisk;
import dev.indelible.server.proof.DamagedEntryException;
import dev.indelible.server.proof.LogStoppedException;
import dev.indelible.server.proof.NotPublishedException;
import dev.indelible.server.query.FactsOnly;
import dev.indelible.server.query.QueryProblem;
import dev.indelible.server.retention.Erasures;
import dev.indelible.server.search.BadCursorException;
import dev.indelible.server.search.BadQueryException;
import dev.indelible.server.share.BusyException;
import dev.indelible.server.takeout.TakeoutException;
import dev.indelible.verify.access.AccessLimitException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one table of answers to the program's exceptions, the same on every route: status, code and
 * delay of {@code docs/errors.md}.
 */
public final class ErrorTable implements ProblemTable {

  private static final Logger LOG = LoggerFactory.getLogger(ErrorTable.class);

  private static final Duration AT_ONCE = Duration.ofSeconds(1);
  private static final Duration AFTER_A_QUERY = Duration.ofSeconds(5);
  private static final Duration WHEN_THERE_IS_ROOM = Duration.ofSeconds(10);
  private static final Duration AFTER_A_RESTART = Duration.ofSeconds(30);
  private static final Duration AFTER_A_LOOK = Duration.ofMinutes(1);

  @Override
  public @Nullable ProblemException of(Throwable thrown) {
    ProblemException problem = row(thrown);
    return problem == null || problem.getCause() != null ? problem : problem.withCause(thrown);
  }

  private static @Nullable ProblemException row(Throwable thrown) {
    return switch (thrown) {
      case JournalUnavailableException unavailable -> ofJournal(unavailable, "");
      case BusyException busy -> ofBusy(busy);
      case BadQueryException query -> ofQuery(query.problem());
      case BadCursorException cursor -> ofCursor(String.valueOf(cursor.getMessage()));
      case FactsOnly.PersonalException personal ->
          new ProblemException(
              403,
              "personal_withheld",
              "You may not see personal data, and so not search by it: "
                  + personal.getMessage()
                  + ".");
      case QueryStoppedException _ ->
          ProblemException.unavailable(
              "query_timeout",
              "The query took too long; narrow its time or its words and try again.",
              AFTER_A_QUERY);
      case LogStoppedException _ ->
          ProblemException.unavailable(
              "log_stopped",
              "This log is stopped: it disagrees with what was signed of it. See the server's"
                  + " log.",
              AFTER_A_LOOK);
      case NotPublishedException _ ->
          ProblemException.unavailable(
              "not_published", "No checkpoint covers this yet; try again in a moment.", AT_ONCE);
      case DamagedEntryException damaged -> ofDamage(damaged);
      case Sessions.TooManyException _ ->
          ProblemException.unavailable(
              "too_many_sessions", "Too many are signed in; try later.", AFTER_A_LOOK);
      case Erasures.ChangedMeanwhileException _ ->
          new ProblemException(
              409, "version_moved", "The request was changed meanwhile; look again.");
      case TakeoutException refused -> ofTakeout(refused);
      case AccessLimitException large ->
          new ProblemException(
              422,
              "review_too_large",
              "The log has " + large.getMessage() + ", which is more than one review holds.");
      case Throwable full when FullDisk.isCauseOf(full) -> fullDisk("");
      default -> null;
    };
  }

  /**
   * The answer to a journal that does not accept a batch, the same wherever one is appended.
   *
   * @param suffix more of the detail, beginning with a space; or nothing
   */
  public static ProblemException ofJournal(JournalUnavailableException e, String suffix) {
    return switch (e.reason()) {
      case QUEUE_FULL ->
          ProblemException.unavailable(
                  "overloaded", "Too much is waiting to be recorded; try again." + suffix, AT_ONCE)
              .withCause(e);
      case DISK_FULL -> fullDisk(suffix).withCause(e);
      case FAILED ->
          ProblemException.unavailable(
                  "journal_failed",
                  "The server cannot record anything before it is restarted." + suffix,
                  AFTER_A_RESTART)
              .withCause(e);
      case CLOSED ->
          ProblemException.unavailable(
                  "stopping", "The server is stopping; try again." + suffix, AT_ONCE)
              .withCause(e);
    };
  }

  private static ProblemException fullDisk(String suffix) {
    return ProblemException.unavailable(
        "disk_full",
        "There is no room on the server's disk; try again when there is." + suffix,
        WHEN_THERE_IS_ROOM);
  }

  private static ProblemException ofBusy(BusyException busy) {
    String detail = String.valueOf(busy.getMessage());
    return busy.share() == BusyException.Share.ALL
        ? ProblemException.unavailable("overloaded", detail, AT_ONCE)
        : new ProblemException(429, "too_many_queries", detail)
            .withHeader("Retry-After", Long.toString(AT_ONCE.toSeconds()));
  }

  private static ProblemException ofTakeout(TakeoutException refused) {
    String detail = String.valueOf(refused.getMessage());
    return switch (refused.reason()) {
      case TOO_MANY_ENTRIES -> new ProblemException(422, "too_many_entries", detail);
      case REASON_REQUIRED -> new ProblemException(422, "reason_required", detail);
      case FORMAT_NOT_OFFERED -> new ProblemException(422, "format_not_offered", detail);
    };
  }

  private static ProblemException ofDamage(DamagedEntryException damaged) {
    LOG.error("a stored entry does not match its leaf", damaged);
    return new ProblemException(
        500,
        "entry_damaged",
        "What is stored of this entry is not what was recorded: it was altered, or is"
            + " damaged.");
  }

  private static ProblemException ofCursor(String why) {
    return new ProblemException(400, "invalid_cursor", "cursor: " + why)
        .withFaults(List.of(Fault.ofParameter("cursor", "invalid_cursor", why)));
  }

  private static ProblemException ofQuery(QueryProblem problem) {
    String hint = problem.hint().isEmpty() ? "" : "; " + problem.hint();
    return new ProblemException(
            400,
            "invalid_query",
            "q, column %d: %s%s".formatted(problem.column(), problem.message(), hint))
        .withMembers(
            json -> {
              json.writeNumberProperty("column", problem.column());
              json.writeNumberProperty("length", problem.length());
            })
        .withFaults(List.of(Fault.ofParameter("q", "invalid_query", problem.message() + hint)));
  }
}
