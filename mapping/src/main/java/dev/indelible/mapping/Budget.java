package dev.indelible.mapping;

/**
 * Work that the rules of a map may do on one record. A pattern whose search explodes on some text,
 * or a text that grows with every replacement, ends in a refusal of that record and not in a
 * program that hangs. Not thread-safe; one per record.
 *
 * <p>Steps are looks at a character by a regular expression, so the same record is refused on every
 * machine, however fast.
 */
final class Budget {

  /** The most looks at a character that the patterns of a map may take on one record. */
  static final int MAX_STEPS = 4_000_000;

  /** The longest text that a rule may make, in UTF-16 units. */
  static final int MAX_MADE_LENGTH = 1024 * 1024;

  /** The most elements of lists that the parts of one document are written for. */
  static final int MAX_ELEMENTS = 100_000;

  private int left = MAX_STEPS;
  private int elementsLeft = MAX_ELEMENTS;

  /** The work was too much; the message is a clause about the map. */
  static final class ExceededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ExceededException(String message) {
      super(message, null, false, false);
    }
  }

  /** Counts an element of a list that a part of a document is written for. */
  void element() {
    if (--elementsLeft < 0) {
      throw new ExceededException(
          "its lists have more than %,d elements of this record".formatted(MAX_ELEMENTS));
    }
  }

  /** The text as patterns see it: each look at a character is counted. */
  CharSequence counted(String text) {
    return new Counted(text);
  }

  /** Steps that were taken. */
  int spent() {
    return MAX_STEPS - left;
  }

  /** Takes steps that a result needed when it was found. */
  void spend(int steps) {
    left -= steps;
    if (left < 0) {
      throw exceeded();
    }
  }

  private static ExceededException exceeded() {
    return new ExceededException(
        "its patterns need more than %,d steps on this record".formatted(MAX_STEPS));
  }

  private final class Counted implements CharSequence {
    private final String text;

    Counted(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (--left < 0) {
        throw exceeded();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
