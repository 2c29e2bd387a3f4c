package dev.indelible.verify;

/**
 * Result of a parser: the value, or the error and its position.
 *
 * @param <T> what the input stands for
 */
public sealed interface Parsed<T> {

  /** The input is well-formed and stands for {@code value}. */
  record Ok<T>(T value) implements Parsed<T> {}

  /**
   * The input is not well-formed.
   *
   * @param format which format it breaks, in words: "checkpoint"
   * @param where the place in the input: "line 3", "byte 40"
   * @param problem the problem there
   */
  record Malformed<T>(String format, String where, String problem) implements Parsed<T> {

    /** One line for a person: format, place and problem. */
    public String message() {
      return format + ", " + where + ": " + problem;
    }

    /** Casts this failure to the result type of another value. */
    public <U> Malformed<U> as() {
      return new Malformed<>(format, where, problem);
    }
  }

  /**
   * The value of an input that the caller knows to be well-formed.
   *
   * @throws IllegalArgumentException if it is not
   */
  default T orThrow() {
    if (this instanceof Ok<T> ok) {
      return ok.value();
    }
    throw new IllegalArgumentException(((Malformed<T>) this).message());
  }

  /** A finding. */
  static <T> Parsed<T> malformed(String format, String where, String problem) {
    return new Malformed<>(format, where, problem);
  }
}
