package dev.indelible.server.event;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;

/** Collects the problems of one event, at most {@link EventLimits#MAX_PROBLEMS} of them. */
final class Problems {

  /** The longest pointer, name or value repeated to the caller, in UTF-16 units. */
  static final int MAX_QUOTED_LENGTH = 256;

  private final String pointerPrefix;
  private final List<Problem> list = new ArrayList<>(0);
  private int unreported;

  Problems(String pointerPrefix) {
    this.pointerPrefix = pointerPrefix;
  }

  boolean isEmpty() {
    return list.isEmpty();
  }

  /** Whether another problem would only be counted, so that its sentence need not be made. */
  boolean isFull() {
    return list.size() >= EventLimits.MAX_PROBLEMS;
  }

  void add(String pointer, Problem.Code code, String detail) {
    if (isFull()) {
      unreported++;
    } else {
      list.add(new Problem(quotable(pointerPrefix + pointer), code, detail));
    }
  }

  /** Adds a problem at the parser's current token. */
  void addHere(JsonParser parser, Problem.Code code, String detail) {
    add(pointer(parser), code, detail);
  }

  /** Adds a problem at a member of the object that the parser is at the end of. */
  void addMember(JsonParser parser, String member, Problem.Code code, String detail) {
    add(pointer(parser) + "/" + member, code, detail);
  }

  Decoding.Invalid toInvalid() {
    return new Decoding.Invalid(list, unreported);
  }

  static Decoding.Invalid one(String pointer, Problem.Code code, String detail) {
    return new Decoding.Invalid(List.of(new Problem(pointer, code, detail)), 0);
  }

  /** The text, cut when it is too long, and without a half surrogate pair or control character. */
  static String quotable(String text) {
    int length = Math.min(text.length(), MAX_QUOTED_LENGTH);
    StringBuilder quoted = new StringBuilder(length + 1);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        quoted.append(c).append(text.charAt(++i));
      } else {
        quoted.append(Character.isSurrogate(c) || Character.isISOControl(c) ? '?' : c);
      }
    }
    return length < text.length() ? quoted.append('…').toString() : quoted.toString();
  }

  private static String pointer(JsonParser parser) {
    return parser.streamReadContext().pathAsPointer().toString();
  }
}
