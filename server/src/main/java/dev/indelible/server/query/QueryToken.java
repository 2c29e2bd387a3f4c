package dev.indelible.server.query;

import java.util.List;

/** A lexical element of a query, with its place: column from 1 and length, in code points. */
sealed interface QueryToken {

  int column();

  int length();

  /** An operator or a parenthesis. */
  record Mark(Kind kind, int column, int length) implements QueryToken {}

  /** Kind of a mark. */
  enum Kind {
    OPEN,
    CLOSE,
    MINUS,
    AND,
    OR,
    NOT,
    EVERYTHING
  }

  /** A word or phrase of free text. */
  record Word(Literal literal) implements QueryToken {
    @Override
    public int column() {
      return literal.column();
    }

    @Override
    public int length() {
      return literal.length();
    }
  }

  /** A name, a colon, and values; column and length are those of the name. */
  record Qualifier(String name, List<Literal> values, int column, int length)
      implements QueryToken {}

  /**
   * A value.
   *
   * @param text without quotes, escapes and asterisk
   * @param prefix whether an asterisk followed
   */
  record Literal(String text, boolean prefix, int column, int length) {}
}
