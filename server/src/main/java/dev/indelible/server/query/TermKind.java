package dev.indelible.server.query;

import java.util.Locale;

/**
 * Kind of a searchable term of an entry. An entry is, for search, a set of (kind, text) pairs plus
 * two times; {@link EntryTerms} says which, and {@link FilterEvaluator} and the event index both
 * work on exactly that set, which is why they agree.
 */
public enum TermKind {
  ID(Spelling.EXACT),
  ACTOR_ID(Spelling.EXACT),
  ACTOR_NAME(Spelling.FOLDED),
  ACTOR_TYPE(Spelling.LOWER),
  ON_BEHALF_OF_ID(Spelling.EXACT),
  ON_BEHALF_OF_NAME(Spelling.FOLDED),
  ROLE(Spelling.EXACT),
  PERMISSION(Spelling.EXACT),
  ACTION(Spelling.LOWER),
  VERB(Spelling.EXACT),
  CATEGORY(Spelling.EXACT),
  /** The id of a target; its term carries the target's type too, see {@link Atom.Target}. */
  TARGET(Spelling.EXACT),
  TARGET_NAME(Spelling.FOLDED),
  TARGET_TYPE(Spelling.EXACT),
  ACCOUNT(Spelling.EXACT),
  OUTCOME(Spelling.LOWER),
  /** An address; see {@link Atom.Address}. */
  IP(Spelling.EXACT),
  COUNTRY(Spelling.UPPER),
  SESSION(Spelling.EXACT),
  REQUEST(Spelling.EXACT),
  TRACE(Spelling.EXACT),
  /** The model that the actor, or a party on whose behalf it acted, runs on. */
  MODEL(Spelling.EXACT),
  /** The version of the agent that has the model. */
  VERSION(Spelling.EXACT),
  PRODUCER(Spelling.EXACT),
  /** The event's number at its producer, in decimal digits. */
  PRODUCER_SEQ(Spelling.EXACT),
  /** The id of the key or session that handed the event over, or {@code server}. */
  RECORDED_BY(Spelling.EXACT),
  CHANGED(Spelling.EXACT),
  SECURITY(Spelling.LOWER),
  FLAG(Spelling.EXACT),
  /** The name of a part that the entry has, such as {@code reason}. */
  HAS(Spelling.LOWER),
  /** A token of the entry's free text, as {@link TextTokens} makes them. */
  TEXT(Spelling.EXACT);

  /** The longest term, in UTF-16 units; what is longer is compared by its beginning. */
  public static final int MAX_TERM_LENGTH = 2_048;

  private enum Spelling {
    EXACT,
    LOWER,
    UPPER,
    FOLDED
  }

  private final Spelling spelling;

  TermKind(Spelling spelling) {
    this.spelling = spelling;
  }

  /** Spells {@code text} as a term of this kind, in an entry and in a query alike. */
  public String spell(String text) {
    return cut(
        switch (spelling) {
          case EXACT -> text;
          case LOWER -> text.toLowerCase(Locale.ROOT);
          case UPPER -> text.toUpperCase(Locale.ROOT);
          case FOLDED -> TextFolding.fold(text);
        });
  }

  private static String cut(String text) {
    if (text.length() <= MAX_TERM_LENGTH) {
      return text;
    }
    boolean splits = Character.isHighSurrogate(text.charAt(MAX_TERM_LENGTH - 1));
    return text.substring(0, splits ? MAX_TERM_LENGTH - 1 : MAX_TERM_LENGTH);
  }
}
