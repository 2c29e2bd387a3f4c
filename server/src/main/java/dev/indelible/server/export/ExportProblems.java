package dev.indelible.server.export;

import dev.indelible.server.journal.FullDisk;
import dev.indelible.server.proof.DamagedEntryException;
import dev.indelible.server.proof.LogStoppedException;
import dev.indelible.server.proof.NotPublishedException;
import dev.indelible.server.search.BadQueryException;
import dev.indelible.server.takeout.file.FormatLimitException;

/** Reasons why an export failed, from what was thrown. */
final class ExportProblems {

  private ExportProblems() {}

  static ExportJob.Problem of(Throwable thrown) {
    String message = String.valueOf(thrown.getMessage());
    return switch (thrown) {
      case FormatLimitException _ -> new ExportJob.Problem("format_limit", message);
      case DamagedEntryException _ ->
          new ExportJob.Problem(
              "entry_damaged",
              "What is stored of an entry is not what was recorded: it was altered, or is"
                  + " damaged.");
      case LogStoppedException _ ->
          new ExportJob.Problem(
              "log_stopped",
              "This log is stopped: it disagrees with what was signed of it. See the server's"
                  + " log.");
      case NotPublishedException _ ->
          new ExportJob.Problem("not_published", "No checkpoint covers this yet; try again.");
      case BadQueryException _ ->
          new ExportJob.Problem("invalid_query", "The query is none any more.");
      case Throwable full when FullDisk.isCauseOf(full) ->
          new ExportJob.Problem("disk_full", "There is no room on the server's disk.");
      default ->
          new ExportJob.Problem("export_failed", "It could not be made; see the server's log.");
    };
  }
}
