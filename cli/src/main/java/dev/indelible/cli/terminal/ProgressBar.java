package dev.indelible.cli.terminal;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * One line on a terminal that says how far something has come; nothing at all when nobody looks.
 * Not thread-safe.
 */
public final class ProgressBar {

  /** Shortest time between two drawings of the line. */
  static final Duration INTERVAL = Duration.ofMillis(100);

  private static final int WIDTH = 24;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter out;
  private final boolean shown;
  private final InstantSource clock;
  private final Instant started;
  private Instant drawn = Instant.MIN;

  public ProgressBar(Terminal terminal, InstantSource clock) {
    this.out = terminal.err();
    this.shown = terminal.errIsTerminal();
    this.clock = clock;
    this.started = clock.instant();
  }

  /**
   * Draws, unless it has just been drawn.
   *
   * @param done how much of {@code total} is done, in any unit
   * @param total the whole, or 0 when unknown
   * @param text the text behind the bar
   */
  public void show(long done, long total, String text) {
    Instant now = clock.instant();
    if (!shown
        || (!drawn.equals(Instant.MIN) && Duration.between(drawn, now).compareTo(INTERVAL) < 0)) {
      return;
    }
    drawn = now;
    String bar = "";
    if (total > 0) {
      int filled = (int) Math.min(WIDTH, done * WIDTH / total);
      bar =
          "█".repeat(filled)
              + "░".repeat(WIDTH - filled)
              + " "
              + Math.min(100, done * 100 / total)
              + " %  ";
    }
    out.print(CLEAR_LINE + bar + text);
    out.flush();
  }

  /** Takes the line away, so that something else can be written. */
  public void clear() {
    if (shown && !drawn.equals(Instant.MIN)) {
      out.print(CLEAR_LINE);
      out.flush();
      drawn = Instant.MIN;
    }
  }

  /** Since the bar was made. */
  public Duration elapsed() {
    return Duration.between(started, clock.instant());
  }
}
