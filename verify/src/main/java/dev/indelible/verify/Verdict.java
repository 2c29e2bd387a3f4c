package dev.indelible.verify;

/** Result of a check of evidence. */
public sealed interface Verdict {

  /** The evidence proves what was claimed. */
  record Holds() implements Verdict {}

  /**
   * The evidence does not prove what was claimed.
   *
   * @param problem the kind of failure, for programs
   * @param detail the expected and the found value, for people
   */
  record Fails(Problem problem, String detail) implements Verdict {}

  /** The kinds of failure. */
  enum Problem {
    /** The indexes and sizes of the claim make no sense, whatever the proof. */
    OUT_OF_RANGE,
    /** The proof has another number of hashes than the claim needs. */
    WRONG_LENGTH,
    /** The proof does not lead to the older root, or the subtree's. */
    WRONG_OLD_ROOT,
    /** The proof does not lead to the root. */
    WRONG_ROOT,
    /** No signature by a known key. */
    UNSIGNED,
    /** A signature that a known key did not make. */
    BAD_SIGNATURE,
    /** A checkpoint of another log. */
    WRONG_ORIGIN
  }

  /** Whether the evidence proves what was claimed. */
  default boolean holds() {
    return this instanceof Holds;
  }

  /** The failure of this kind, in words. */
  static Verdict fails(Problem problem, String detail) {
    return new Fails(problem, detail);
  }
}
