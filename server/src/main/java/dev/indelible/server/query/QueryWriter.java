package dev.indelible.server.query;

import java.util.List;
import java.util.stream.Collectors;

/** Writes a filter in the query language. */
final class QueryWriter {

  private QueryWriter() {}

  static String write(Filter filter) {
    return filter instanceof Filter.All ? "" : part(filter, Precedence.OR);
  }

  /**
   * Precedence of operators that may stand in a place without parentheses; later ones bind tighter.
   */
  private enum Precedence {
    OR,
    AND,
    UNARY
  }

  private static String part(Filter filter, Precedence place) {
    return switch (filter) {
      case Filter.All() -> "*";
      case Filter.And(List<Filter> filters) ->
          enclosed(join(filters, Precedence.UNARY, " "), place.compareTo(Precedence.AND) > 0);
      case Filter.Or(List<Filter> filters) ->
          enclosed(join(filters, Precedence.AND, " OR "), place != Precedence.OR);
      case Filter.Not(Filter inner) -> "-" + part(inner, Precedence.UNARY);
      case Filter.Term(Field field, List<Filter.Value> values) ->
          field.queryName()
              + ":"
              + values.stream()
                  .map(v -> value(v.text(), v.prefix(), true))
                  .collect(Collectors.joining(","));
      case Filter.Ip(List<IpNetwork> networks) ->
          QueryParser.IP
              + ":"
              + networks.stream().map(IpNetwork::toString).collect(Collectors.joining(","));
      case Filter.Time time -> time.bound().queryName() + ":" + time.at();
      case Filter.Text(String text, boolean prefix) -> value(text, prefix, false);
    };
  }

  private static String join(List<Filter> filters, Precedence place, String separator) {
    return filters.stream().map(f -> part(f, place)).collect(Collectors.joining(separator));
  }

  private static String enclosed(String text, boolean parentheses) {
    return parentheses ? "(" + text + ")" : text;
  }

  private static String value(String text, boolean prefix, boolean qualified) {
    boolean bare =
        text.codePoints().noneMatch(QueryLexer::endsBareValue)
            && text.indexOf('*') < 0
            && (qualified ? text.indexOf(',') < 0 : isBareWord(text));
    String written = bare ? text : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    return prefix ? written + "*" : written;
  }

  private static boolean isBareWord(String text) {
    return text.indexOf(':') < 0 && !text.startsWith("-") && !QueryLexer.isOperator(text);
  }
}
