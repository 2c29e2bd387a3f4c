package dev.indelible.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A place in a record: a JSON pointer (RFC 6901), and what it starts at. Immutable.
 *
 * @param start what it starts at
 * @param outward number of steps outward; 0 unless it starts at an outer part
 * @param name the name of a step's result; empty unless it starts at one
 * @param segments the names and numbers on the way
 * @param slot its number in the {@link Places} of its map; -1 where it has none
 * @param written the pointer as the map writes it
 */
record Pointer(
    Start start, int outward, String name, List<Segment> segments, int slot, String written) {

  /** The most segments of a pointer. */
  static final int MAX_SEGMENTS = 32;

  /** Form of a pointer of a map of version 2 that is not empty. */
  static final String FORM = "(\\^+|\\$|@[a-z][A-Za-z0-9_]*)?((?:/.*)?)";

  private static final Pattern WRITTEN = Pattern.compile(FORM, Pattern.DOTALL);

  Pointer {
    segments = List.copyOf(segments);
  }

  /** Starting point of a pointer. */
  enum Start {
    /** The record, or the element that the rule is about. */
    HERE,
    /** The part that the list of the element is in. */
    OUTER,
    /** The record. */
    RECORD,
    /** The result of a step. */
    MADE
  }

  /**
   * One step of a pointer.
   *
   * @param name the member of an object
   * @param number the element of an array; -1 when it can be none
   */
  record Segment(String name, int number) {

    /** Stands for every member or element; compared by identity. */
    static final Segment ALL = new Segment("*", -1);
  }

  /** Whether a text of a map is a pointer. */
  static boolean isOne(String text, boolean isVersion2) {
    return text.isEmpty()
        || text.startsWith("/")
        || (isVersion2 && WRITTEN.matcher(text).matches());
  }

  /**
   * The pointer written as {@code text}, which {@link #isOne}.
   *
   * @param allowsAll whether a segment {@code *} stands for all
   * @throws IllegalArgumentException when it is none after all
   */
  static Pointer of(String text, boolean allowsAll) {
    Matcher parts = WRITTEN.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("is not a JSON pointer: " + text);
    }
    String start = parts.group(1) == null ? "" : parts.group(1);
    List<Segment> segments = new ArrayList<>();
    for (JsonPointer rest = JsonPointer.compile(parts.group(2));
        !rest.matches();
        rest = rest.tail()) {
      if (segments.size() == MAX_SEGMENTS) {
        throw new IllegalArgumentException("has more than " + MAX_SEGMENTS + " segments");
      }
      String name = rest.getMatchingProperty();
      segments.add(
          allowsAll && name.equals("*") ? Segment.ALL : new Segment(name, rest.getMatchingIndex()));
    }
    return switch (start.isEmpty() ? ' ' : start.charAt(0)) {
      case '^' -> new Pointer(Start.OUTER, start.length(), "", segments, -1, text);
      case '$' -> new Pointer(Start.RECORD, 0, "", segments, -1, text);
      case '@' -> new Pointer(Start.MADE, 0, start.substring(1), segments, -1, text);
      default -> new Pointer(Start.HERE, 0, "", segments, -1, text);
    };
  }

  /** This pointer with its number, if it leads from a record to a single place in it. */
  Pointer in(Places places) {
    boolean isPlace =
        (start == Start.HERE || start == Start.RECORD)
            && !segments.isEmpty()
            && !segments.contains(Segment.ALL);
    return isPlace
        ? new Pointer(start, outward, name, segments, places.slot(segments), written)
        : this;
  }

  /** Whether it leads, from {@code scope}, into the result of a step. */
  boolean leadsIntoMade(Scope scope) {
    Scope from = start == Start.MADE ? null : from(scope);
    return from == null ? start == Start.MADE : from.isMade();
  }

  /** The value at this place, JSON null included; absent when there is none. */
  Value find(Scope scope) {
    if (slot >= 0 && (start == Start.RECORD || scope.outer() == null)) {
      Value found = scope.record().found().values()[slot];
      return found == null ? Value.ABSENT : found;
    }
    if (start == Start.MADE) {
      JsonNode made = scope.record().made().get(name);
      return made == null ? Value.ABSENT : walk(Value.made(made), true);
    }
    Scope from = from(scope);
    return from == null ? Value.ABSENT : walk(from.value(), from.isMade());
  }

  private @Nullable Scope from(Scope scope) {
    Scope from = scope;
    if (start == Start.OUTER) {
      for (int i = 0; i < outward && from != null; i++) {
        from = from.outer();
      }
    } else if (start == Start.RECORD) {
      while (from.outer() != null) {
        from = from.outer();
      }
    }
    return from;
  }

  private Value walk(Value from, boolean isMade) {
    if (segments.isEmpty()) {
      return from;
    }
    JsonNode container = null;
    JsonNode node = from.node();
    Object key = null;
    for (int i = 0; i < segments.size() && node != null; i++) {
      Segment segment = segments.get(i);
      container = node;
      if (container instanceof ObjectNode object) {
        key = segment.name();
        node = object.get(segment.name());
      } else if (container instanceof ArrayNode array && segment.number() >= 0) {
        key = segment.number();
        node = array.get(segment.number());
      } else {
        node = null;
      }
    }
    if (node == null) {
      return Value.ABSENT;
    }
    return isMade ? Value.made(node) : new Value(node, container, key);
  }

  @Override
  public String toString() {
    return written;
  }
}
