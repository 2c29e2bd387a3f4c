package dev.indelible.server.query;

import java.util.ArrayList;
import java.util.List;

/** Cuts a query into tokens. */
final class QueryLexer {

  private static final String QUOTE_HINT = "put the text in quotes to search for it as it is";

  private final int[] text;
  private int at;

  private QueryLexer(String query) {
    text = query.codePoints().toArray();
  }

  static List<QueryToken> tokens(String query) throws QuerySyntaxException {
    QueryLexer lexer = new QueryLexer(query);
    List<QueryToken> tokens = new ArrayList<>();
    while (lexer.skipSpace()) {
      tokens.add(lexer.next());
    }
    return tokens;
  }

  /** Whether a code point cannot be part of a value without quotes. */
  static boolean endsBareValue(int c) {
    return isSpace(c) || c == '(' || c == ')' || c == '"';
  }

  /** Whether a bare word is an operator. */
  static boolean isOperator(String word) {
    return word.equals("AND") || word.equals("OR") || word.equals("NOT");
  }

  private static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private boolean skipSpace() {
    while (at < text.length && isSpace(text[at])) {
      at++;
    }
    return at < text.length;
  }

  private QueryToken next() throws QuerySyntaxException {
    int column = at + 1;
    return switch (text[at]) {
      case '(' -> mark(QueryToken.Kind.OPEN, column);
      case ')' -> mark(QueryToken.Kind.CLOSE, column);
      case '-' -> {
        QueryToken minus = mark(QueryToken.Kind.MINUS, column);
        if (at == text.length || isSpace(text[at])) {
          throw new QuerySyntaxException(
              column, 1, "nothing follows the minus", "write it directly before what to exclude");
        }
        yield minus;
      }
      case '"' -> new QueryToken.Word(quoted());
      default -> bareWord();
    };
  }

  private QueryToken mark(QueryToken.Kind kind, int column) {
    at++;
    return new QueryToken.Mark(kind, column, 1);
  }

  private QueryToken bareWord() throws QuerySyntaxException {
    int start = at;
    while (at < text.length && !endsBareValue(text[at])) {
      if (text[at] == ':' && isName(start, at)) {
        String name = new String(text, start, at - start);
        int length = at - start;
        at++;
        return new QueryToken.Qualifier(name, values(name, start, length), start + 1, length);
      }
      at++;
    }
    String word = new String(text, start, at - start);
    int length = at - start;
    return switch (word) {
      case "AND" -> new QueryToken.Mark(QueryToken.Kind.AND, start + 1, length);
      case "OR" -> new QueryToken.Mark(QueryToken.Kind.OR, start + 1, length);
      case "NOT" -> new QueryToken.Mark(QueryToken.Kind.NOT, start + 1, length);
      case "*" -> new QueryToken.Mark(QueryToken.Kind.EVERYTHING, start + 1, length);
      default -> new QueryToken.Word(literal(start, at));
    };
  }

  private boolean isName(int from, int to) {
    if (from == to || (text[from] >= '0' && text[from] <= '9')) {
      return false;
    }
    for (int i = from; i < to; i++) {
      int c = text[i];
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && c != '_' && !(c >= '0' && c <= '9')) {
        return false;
      }
    }
    return true;
  }

  private List<QueryToken.Literal> values(String name, int nameStart, int nameLength)
      throws QuerySyntaxException {
    List<QueryToken.Literal> values = new ArrayList<>();
    boolean more = true;
    while (more) {
      if (at < text.length && text[at] == '"') {
        values.add(quoted());
        if (at < text.length && text[at] != ',' && !isSpace(text[at]) && text[at] != ')') {
          throw new QuerySyntaxException(
              at + 1, 1, "unexpected text after the closing quote", "separate values by a comma");
        }
      } else {
        int start = at;
        while (at < text.length && !endsBareValue(text[at]) && text[at] != ',') {
          at++;
        }
        if (at == start) {
          throw new QuerySyntaxException(
              values.isEmpty() ? nameStart + 1 : at,
              values.isEmpty() ? nameLength + 1 : 1,
              values.isEmpty() ? name + ": needs a value" : "a value is missing after the comma",
              "write it without a space, in quotes if it has spaces: " + name + ":\"two words\"");
        }
        values.add(literal(start, at));
      }
      more = at < text.length && text[at] == ',';
      if (more) {
        at++;
      }
    }
    return values;
  }

  private QueryToken.Literal literal(int from, int to) throws QuerySyntaxException {
    boolean prefix = text[to - 1] == '*';
    int end = prefix ? to - 1 : to;
    for (int i = from; i < end; i++) {
      if (text[i] == '*') {
        throw new QuerySyntaxException(
            i + 1, 1, "an asterisk can only be the last character", QUOTE_HINT);
      }
    }
    if (end == from) {
      throw new QuerySyntaxException(
          from + 1, 1, "nothing before the asterisk", "use has: to ask whether a part is there");
    }
    return new QueryToken.Literal(new String(text, from, end - from), prefix, from + 1, to - from);
  }

  private QueryToken.Literal quoted() throws QuerySyntaxException {
    int start = at;
    at++;
    StringBuilder value = new StringBuilder();
    while (at < text.length && text[at] != '"') {
      if (text[at] == '\\') {
        at++;
        if (at == text.length || (text[at] != '"' && text[at] != '\\')) {
          throw new QuerySyntaxException(
              at, 1, "a lone backslash in quotes", "write \\\\ for \\ and \\\" for \"");
        }
      }
      value.appendCodePoint(text[at]);
      at++;
    }
    if (at == text.length) {
      throw new QuerySyntaxException(
          start + 1, text.length - start, "the closing quote is missing", "");
    }
    at++;
    boolean prefix = at < text.length && text[at] == '*';
    if (prefix) {
      at++;
    }
    if (value.isEmpty()) {
      throw new QuerySyntaxException(start + 1, at - start, "nothing between the quotes", "");
    }
    return new QueryToken.Literal(value.toString(), prefix, start + 1, at - start);
  }
}
