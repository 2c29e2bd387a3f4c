package dev.indelible.server.schedule;

/** A cron expression that is none; the message says to whoever wrote it what is wrong. */
public final class CronException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Part of a cron expression, in the order in which it is written. */
  public enum Part {
    /** The minute. */
    MINUTE("minute", "0 to 59"),
    /** The hour. */
    HOUR("hour", "0 to 23"),
    /** The day of the month. */
    DAY_OF_MONTH("day of the month", "1 to 31, L, L-3, 15W or LW"),
    /** The month. */
    MONTH("month", "1 to 12, or JAN to DEC"),
    /** The day of the week. */
    DAY_OF_WEEK("day of the week", "0 to 7, or MON to SUN, 5L or 1#2"),
    /** All of it. */
    WHOLE("expression", "");

    private final String inWords;
    private final String values;

    Part(String inWords, String values) {
      this.inWords = inWords;
      this.values = values;
    }
  }

  private final Part part;

  private CronException(Part part, String message) {
    super(message);
    this.part = part;
  }

  /** A fault of all of an expression. */
  static CronException of(String message) {
    return new CronException(Part.WHOLE, message);
  }

  /** A fault of one part of an expression. */
  static CronException of(Part part, String written) {
    return new CronException(
        part,
        "The %s cannot be \"%s\": it is *, or %s, with lists (1,2), ranges (1-5) and steps (*/2)."
            .formatted(part.inWords, written, part.values));
  }

  /** The part that cannot be read. */
  public Part part() {
    return part;
  }
}
