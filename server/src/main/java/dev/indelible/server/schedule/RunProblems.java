package dev.indelible.server.schedule;

/** Problems of runs, in words for people. */
final class RunProblems {

  static final String NOT_ALLOWED =
      "Whoever made the schedule, or changed it last, may not export any more.";
  static final String FILE_GONE = "The file was deleted before it was delivered.";
  static final String PAUSED = "The schedule was paused.";
  static final String CHANGED = "The schedule was changed.";

  private RunProblems() {}
}
