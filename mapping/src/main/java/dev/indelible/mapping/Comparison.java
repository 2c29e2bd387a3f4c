package dev.indelible.mapping;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression that only asks for certain characters in a row, as most conditions of maps
 * do ({@code ^User$}, {@code ^[45]}, {@code secret|token}, {@code ^[^@]+$}), as comparisons of
 * characters. Immutable.
 *
 * <p>Read are: alternatives, {@code ^} and {@code $} at the ends of each, one group of alternatives
 * in each, characters, escaped signs, {@code \d}, and sets of ASCII characters; and the set that
 * makes up all of a text. Every other expression is left to {@link java.util.regex.Pattern}.
 */
final class Comparison {

  /** The most alternatives that groups are multiplied out to. */
  static final int MAX_ALTERNATIVES = 32;

  private static final int ASCII = 0x80;
  private static final String SIGNS = "\\.[]{}()*+?^$|";

  /** Ends of lines, before the last of which {@code $} also matches. */
  private static final String LINE_ENDS = "\n\r\u0085\u2028\u2029";

  private final List<Row> rows;

  private Comparison(List<Row> rows) {
    this.rows = List.copyOf(rows);
  }

  /** The comparison that {@code regex} means; null when it is more than that. */
  static @Nullable Comparison of(String regex) {
    Row whole = wholeOfSet(regex);
    if (whole != null) {
      return new Comparison(List.of(whole));
    }
    List<Row> rows = new ArrayList<>();
    for (String alternative : alternatives(regex)) {
      if (rows.size() == MAX_ALTERNATIVES) {
        return null;
      }
      Row row = row(alternative);
      if (row == null) {
        return null;
      }
      rows.add(row);
    }
    return new Comparison(rows);
  }

  /** Whether {@code text} is none of the few whose last line end {@code $} does not see. */
  boolean isExactFor(String text) {
    return text.isEmpty() || LINE_ENDS.indexOf(text.charAt(text.length() - 1)) < 0;
  }

  /** Whether the expression finds a match in {@code text}. */
  boolean holds(String text) {
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).isIn(text)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Characters in a row.
   *
   * @param atStart whether they are the first of the text
   * @param atEnd whether they are the last
   */
  private record Row(boolean atStart, boolean atEnd, List<Item> items, @Nullable String literal) {

    private static Row of(boolean atStart, boolean atEnd, List<Item> items) {
      StringBuilder literal = new StringBuilder();
      for (Item item : items) {
        if (item.set != null) {
          return new Row(atStart, atEnd, List.copyOf(items), null);
        }
        literal.append(item.literal);
      }
      return new Row(atStart, atEnd, List.copyOf(items), literal.toString());
    }

    private boolean isIn(String text) {
      if (literal != null) {
        return atStart
            ? atEnd ? text.equals(literal) : text.startsWith(literal)
            : atEnd ? text.endsWith(literal) : text.contains(literal);
      }
      if (items.size() == 1 && items.getFirst().isRepeated) {
        return isAllOf(text, items.getFirst());
      }
      int last = text.length() - items.size();
      if (atEnd || atStart) {
        return last >= 0 && (last == 0 || !(atStart && atEnd)) && isAt(text, atStart ? 0 : last);
      }
      for (int at = 0; at <= last; at++) {
        if (isAt(text, at)) {
          return true;
        }
      }
      return false;
    }

    private static boolean isAllOf(String text, Item set) {
      for (int i = 0; i < text.length(); i++) {
        if (!set.takes(text.charAt(i))) {
          return false;
        }
      }
      return !text.isEmpty();
    }

    private boolean isAt(String text, int at) {
      for (int i = 0; i < items.size(); i++) {
        if (!items.get(i).takes(text.charAt(at + i))) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * One character, or one of a set.
   *
   * @param set null for the one character
   * @param isOther whether those are meant that are not in the set
   */
  private record Item(char literal, @Nullable BitSet set, boolean isOther, boolean isRepeated) {
    private boolean takes(char c) {
      return set == null ? c == literal : (c < ASCII && set.get(c)) != isOther;
    }
  }

  /** {@code ^[…]+$}, in which the set may be negated; else null. */
  private static @Nullable Row wholeOfSet(String regex) {
    if (!regex.startsWith("^[") || !regex.endsWith("]+$")) {
      return null;
    }
    boolean isOther = regex.startsWith("[^", 1);
    BitSet set = set(regex.substring(isOther ? 3 : 2, regex.length() - 3));
    return set == null
        ? null
        : new Row(true, true, List.of(new Item(' ', set, isOther, true)), null);
  }

  /** The alternatives of the expression, its groups multiplied out; itself where there is none. */
  private static List<String> alternatives(String regex) {
    List<String> all = new ArrayList<>();
    for (String one : split(regex)) {
      int open = one.indexOf('(');
      int close = one.lastIndexOf(')');
      boolean isGroup =
          open >= 0
              && close > open
              && isSign(one, open)
              && isSign(one, close)
              && one.indexOf('(', open + 1) < 0;
      if (!isGroup) {
        all.add(one);
        continue;
      }
      for (String inner : split(one.substring(open + 1, close))) {
        boolean hasEdge = inner.startsWith("^") || inner.endsWith("$");
        all.add(hasEdge ? "(" : one.substring(0, open) + inner + one.substring(close + 1));
      }
    }
    return all;
  }

  /** Parts between the bars that stand in no group and no set. */
  private static List<String> split(String regex) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    boolean inSet = false;
    int from = 0;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      if (c == '\\') {
        i++;
      } else if (inSet) {
        inSet = c != ']';
      } else if (c == '[') {
        inSet = true;
      } else if (c == '(' || c == ')') {
        depth += c == '(' ? 1 : -1;
      } else if (c == '|' && depth == 0) {
        parts.add(regex.substring(from, i));
        from = i + 1;
      }
    }
    parts.add(regex.substring(from));
    return parts;
  }

  private static boolean isSign(String text, int at) {
    return at == 0 || text.charAt(at - 1) != '\\';
  }

  private static @Nullable Row row(String text) {
    boolean atStart = text.startsWith("^");
    boolean atEnd = text.endsWith("$") && isSign(text, text.length() - 1);
    int end = text.length() - (atEnd ? 1 : 0);
    List<Item> items = new ArrayList<>();
    for (int at = atStart ? 1 : 0; at < end; ) {
      char c = text.charAt(at);
      if (c == '[') {
        int close = text.indexOf(']', at + 2);
        BitSet set = close < 0 || close > end ? null : set(text.substring(at + 1, close));
        if (set == null || text.charAt(at + 1) == '^') {
          return null;
        }
        items.add(new Item(' ', set, false, false));
        at = close + 1;
      } else if (c == '\\') {
        Item item = at + 1 < end ? escaped(text.charAt(at + 1)) : null;
        if (item == null) {
          return null;
        }
        items.add(item);
        at += 2;
      } else if (SIGNS.indexOf(c) >= 0 || Character.isSurrogate(c)) {
        return null;
      } else {
        items.add(new Item(c, null, false, false));
        at++;
      }
    }
    return items.isEmpty() ? null : Row.of(atStart, atEnd, items);
  }

  private static @Nullable Item escaped(char c) {
    if (c == 'd') {
      BitSet digits = new BitSet(ASCII);
      digits.set('0', '9' + 1);
      return new Item(' ', digits, false, false);
    }
    return isPunctuation(c) ? new Item(c, null, false, false) : null;
  }

  private static boolean isPunctuation(char c) {
    return c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c);
  }

  /** The characters of a set of ASCII; null when it is written in more ways than these. */
  private static @Nullable BitSet set(String inner) {
    BitSet set = new BitSet(ASCII);
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      if (c == '\\') {
        i++;
        if (i == inner.length()) {
          return null;
        }
        c = inner.charAt(i);
        if (c == 's') {
          " \t\n\u000b\f\r".chars().forEach(set::set);
          continue;
        }
        if (!isPunctuation(c)) {
          return null;
        }
      } else if (c == '[' || c == ']' || c == '&' || c == '^' || c >= ASCII || c < ' ') {
        return null;
      }
      boolean isRange =
          i + 2 < inner.length()
              && inner.charAt(i + 1) == '-'
              && Character.isLetterOrDigit(c)
              && Character.isLetterOrDigit(inner.charAt(i + 2))
              && inner.charAt(i + 2) < ASCII
              && inner.charAt(i + 2) >= c;
      if (isRange) {
        set.set(c, inner.charAt(i + 2) + 1);
        i += 2;
      } else if (c == '-' && i > 0 && i + 1 < inner.length()) {
        return null;
      } else {
        set.set(c);
      }
    }
    return set.isEmpty() ? null : set;
  }
}
