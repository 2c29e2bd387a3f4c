package dev.indelible.stranger;

/** Signals that what was shown does not hold, or cannot be read. */
public final class Untrue extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Untrue(String why) {
    super(why);
  }
}
