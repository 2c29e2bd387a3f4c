package dev.indelible.server.log;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of runs: the number of the owner that makes the run, and which of its runs it is. An
 * owner's number is taken once, so that no two runs ever have the same name.
 */
final class RunNames {

  /** Prefix of the runs' names in the blob store. */
  static final String PREFIX = "run/";

  private static final Pattern NAME = Pattern.compile("run/([0-9]{1,18})-[0-9]{1,18}\\.run");

  private final long owner;
  private long made;

  RunNames(long owner) {
    this.owner = owner;
  }

  /** A name that no run has had. */
  String next() {
    return "%s%08d-%06d.run".formatted(PREFIX, owner, made++);
  }

  /** The number of the owner that made a run; 0 when there were no owners yet. */
  static long ownerOf(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
  }
}
