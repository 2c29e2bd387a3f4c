package dev.indelible.server.query;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Condition that selects entries. Always in normal form: no {@link And} directly in an {@code And},
 * no {@link Or} in an {@code Or}, no {@link Not} in a {@code Not}, no {@link All} beside others;
 * the constructors refuse anything else, and {@link #and}, {@link #or} and {@link #not} bring it
 * about.
 *
 * <p>{@link #toQuery} writes it in the query language; parsing that gives an equal filter.
 */
public sealed interface Filter {

  /** Every entry. */
  record All() implements Filter {}

  /** Entries that all of at least two filters mean. */
  record And(List<Filter> filters) implements Filter {
    public And {
      filters = List.copyOf(filters);
      requireNormal(filters, And.class);
    }
  }

  /** Entries that any of at least two filters means. */
  record Or(List<Filter> filters) implements Filter {
    public Or {
      filters = List.copyOf(filters);
      requireNormal(filters, Or.class);
    }
  }

  /** Entries that a filter does not mean. */
  record Not(Filter filter) implements Filter {
    public Not {
      if (filter instanceof Not) {
        throw new IllegalArgumentException("not not: use Filter.not");
      }
    }
  }

  /**
   * Entries that have one of the values in a field.
   *
   * @param field the field
   * @param values at least one
   */
  record Term(Field field, List<Value> values) implements Filter {
    public Term {
      values = List.copyOf(values);
      if (values.isEmpty()) {
        throw new IllegalArgumentException("no values");
      }
      for (Value value : values) {
        if (!field.choices().isEmpty()
            && (value.prefix() || !field.choices().contains(value.text()))) {
          throw new IllegalArgumentException("not a value of " + field + ": " + value);
        }
      }
    }

    /** The questions of which one at least must be answered by yes. */
    public List<Atom> anyOf() {
      List<Atom> atoms = new ArrayList<>();
      for (Value value : values) {
        for (TermKind kind : field.kinds()) {
          if (field == Field.ACTOR_NAME) {
            addName(kind, value, atoms);
          } else {
            addAtoms(kind, value, atoms);
          }
        }
      }
      return atoms;
    }
  }

  /**
   * A value as the user wrote it.
   *
   * @param text not empty
   * @param prefix whether what is looked for need only begin with it
   */
  record Value(String text, boolean prefix) {
    public Value {
      if (text.isEmpty()) {
        throw new IllegalArgumentException("empty value");
      }
    }

    /** The whole value. */
    public static Value exact(String text) {
      return new Value(text, false);
    }
  }

  /**
   * Entries whose free text has every token of a word or phrase, or whose id, actor, target,
   * session, request, trace or address is exactly that.
   *
   * @param text the word or phrase as the user wrote it, not empty
   * @param prefix whether the last token, or the identifier, need only begin so
   */
  record Text(String text, boolean prefix) implements Filter {
    private static final List<TermKind> IDENTIFIERS =
        List.of(
            TermKind.ID,
            TermKind.ACTOR_ID,
            TermKind.TARGET,
            TermKind.SESSION,
            TermKind.REQUEST,
            TermKind.TRACE);

    public Text {
      if (text.isEmpty()) {
        throw new IllegalArgumentException("empty text");
      }
    }

    /**
     * The questions, one list for each token; of each list one at least must be answered by yes.
     * Without any list nothing matches.
     */
    public List<List<Atom>> allOf() {
      return TextTokens.ofQuery(text, prefix).stream().distinct().map(Text::anyOf).toList();
    }

    /** A token is among those of the text, or is an id that was left out there. */
    private static List<Atom> anyOf(TextTokens.QueryToken token) {
      Filter.Value value = new Value(token.text(), token.prefix());
      List<Atom> atoms = new ArrayList<>();
      addAtoms(TermKind.TEXT, value, atoms);
      if (TextFolding.isAscii(token.text())) {
        addAtoms(TermKind.ACTOR_ID, value, atoms);
        addAtoms(TermKind.TARGET, value, atoms);
      }
      return atoms;
    }

    /** The questions of which a single yes is enough, whatever {@link #allOf} says. */
    public List<Atom> orAnyOf() {
      List<Atom> atoms = new ArrayList<>();
      for (TermKind kind : IDENTIFIERS) {
        addAtoms(kind, new Value(text, prefix), atoms);
      }
      if (!prefix) {
        IpNetwork.parse(text).ifPresent(network -> atoms.add(new Atom.Address(network)));
      }
      return atoms;
    }
  }

  /**
   * Entries that came from one of the networks.
   *
   * @param networks at least one
   */
  record Ip(List<IpNetwork> networks) implements Filter {
    public Ip {
      networks = List.copyOf(networks);
      if (networks.isEmpty()) {
        throw new IllegalArgumentException("no networks");
      }
    }
  }

  /**
   * Entries on one side of a point in time.
   *
   * @param bound which time, which side
   * @param at the point, rounded up to a millisecond as all times of entries are whole ones
   */
  record Time(TimeBound bound, Instant at) implements Filter {

    /** The earliest point that can be asked about. */
    public static final Instant MIN = Instant.parse("0000-01-01T00:00:00Z");

    /** The latest point that can be asked about. */
    public static final Instant MAX = Instant.parse("9999-12-31T23:59:59.999Z");

    public Time {
      if (at.isBefore(MIN) || at.isAfter(MAX)) {
        throw new DateTimeException("outside the years 0 to 9999: " + at);
      }
      at = Instant.ofEpochMilli(at.plusNanos(999_999).toEpochMilli());
    }

    /** The point in milliseconds since the epoch. */
    public long atMillis() {
      return at.toEpochMilli();
    }
  }

  /** The filter in the query language; {@link QueryParser} gives an equal filter back. */
  default String toQuery() {
    return QueryWriter.write(this);
  }

  /** Every entry. */
  static Filter all() {
    return new All();
  }

  /** No entry. */
  static Filter none() {
    return new Not(new All());
  }

  /** Entries that all of {@code filters} mean; every entry when there is none. */
  static Filter and(Filter... filters) {
    return and(Arrays.asList(filters));
  }

  /** Entries that all of {@code filters} mean; every entry when there is none. */
  static Filter and(List<Filter> filters) {
    List<Filter> parts = new ArrayList<>();
    for (Filter filter : filters) {
      if (filter instanceof And(List<Filter> inner)) {
        parts.addAll(inner);
      } else if (!(filter instanceof All)) {
        parts.add(filter);
      }
    }
    return switch (parts.size()) {
      case 0 -> all();
      case 1 -> parts.getFirst();
      default -> new And(parts);
    };
  }

  /** Entries that any of {@code filters} means; no entry when there is none. */
  static Filter or(List<Filter> filters) {
    List<Filter> parts = new ArrayList<>();
    for (Filter filter : filters) {
      if (filter instanceof All) {
        return all();
      } else if (filter instanceof Or(List<Filter> inner)) {
        parts.addAll(inner);
      } else {
        parts.add(filter);
      }
    }
    return switch (parts.size()) {
      case 0 -> none();
      case 1 -> parts.getFirst();
      default -> new Or(parts);
    };
  }

  /** Entries that {@code filter} does not mean. */
  static Filter not(Filter filter) {
    return filter instanceof Not(Filter inner) ? inner : new Not(filter);
  }

  /** Entries that have exactly {@code value} in {@code field}. */
  static Filter term(Field field, String value) {
    return new Term(field, List.of(Value.exact(value)));
  }

  private static void requireNormal(List<Filter> filters, Class<? extends Filter> around) {
    if (filters.size() < 2
        || filters.stream().anyMatch(f -> around.isInstance(f) || f instanceof All)) {
      throw new IllegalArgumentException("not in normal form: use Filter.and or Filter.or");
    }
  }

  private static void addName(TermKind kind, Value value, List<Atom> to) {
    String text = kind.spell(value.text());
    if (!text.isEmpty()) {
      to.add(new Atom.Name(kind, text, value.prefix()));
    }
  }

  private static void addAtoms(TermKind kind, Value value, List<Atom> to) {
    if (kind != TermKind.TARGET) {
      String text = kind.spell(value.text());
      if (!text.isEmpty()) {
        to.add(new Atom.Word(kind, text, value.prefix()));
      }
      return;
    }
    to.add(new Atom.Target(null, value.text(), value.prefix()));
    String text = value.text();
    for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', slash + 1)) {
      String id = text.substring(slash + 1);
      to.add(new Atom.Target(text.substring(0, slash), id, value.prefix()));
    }
  }
}
