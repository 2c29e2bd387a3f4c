package dev.indelible.server.query;

import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Event;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A qualifier of the query language that takes words: {@code actor:}, {@code action:}, …. */
public enum Field {
  /** The actor's id, name or e-mail address. */
  ACTOR(List.of(), TermKind.ACTOR_ID, TermKind.ACTOR_NAME),
  /** The actor's id alone. */
  ACTOR_ID(List.of(), TermKind.ACTOR_ID),
  /** A word of the actor's name or e-mail address, or several that follow each other. */
  ACTOR_NAME(List.of(), TermKind.ACTOR_NAME),
  ACTOR_TYPE(
      Arrays.stream(Event.ActorType.values()).map(Event.ActorType::jsonName).toList(),
      TermKind.ACTOR_TYPE),
  /** Id, name or e-mail address of a party on whose behalf the actor acted: any of the chain. */
  ON_BEHALF_OF(List.of(), TermKind.ON_BEHALF_OF_ID, TermKind.ON_BEHALF_OF_NAME),
  /** The id alone of a party on whose behalf the actor acted: any of the chain. */
  ON_BEHALF_OF_ID(List.of(), TermKind.ON_BEHALF_OF_ID),
  /** The model of an agent among the actor and those on whose behalf it acted. */
  MODEL(List.of(), TermKind.MODEL),
  /** The version of an agent among them. */
  VERSION(List.of(), TermKind.VERSION),
  ROLE(List.of(), TermKind.ROLE),
  PERMISSION(List.of(), TermKind.PERMISSION),
  ACTION(List.of(), TermKind.ACTION),
  VERB(List.of(), TermKind.VERB),
  CATEGORY(List.of(), TermKind.CATEGORY),
  /** A target's id, {@code type/id}, or name. */
  TARGET(List.of(), TermKind.TARGET, TermKind.TARGET_NAME),
  /** A target's id alone, or {@code type/id}. */
  TARGET_ID(List.of(), TermKind.TARGET),
  TARGET_TYPE(List.of(), TermKind.TARGET_TYPE),
  ACCOUNT(List.of(), TermKind.ACCOUNT),
  OUTCOME(
      Arrays.stream(Event.Outcome.values()).map(Event.Outcome::jsonName).toList(),
      TermKind.OUTCOME),
  COUNTRY(List.of(), TermKind.COUNTRY),
  SESSION(List.of(), TermKind.SESSION),
  REQUEST(List.of(), TermKind.REQUEST),
  TRACE(List.of(), TermKind.TRACE),
  /** The program that made the event. */
  PRODUCER(List.of(), TermKind.PRODUCER),
  /** The event's number at its producer. */
  PRODUCER_SEQ(List.of(), TermKind.PRODUCER_SEQ),
  /** The id of the key or session that handed the event over. */
  RECORDED_BY(List.of(), TermKind.RECORDED_BY),
  /** The name of a changed field. */
  CHANGED(List.of(), TermKind.CHANGED),
  SECURITY(List.of("true", "false"), TermKind.SECURITY),
  FLAG(List.of(), TermKind.FLAG),
  ID(List.of(), TermKind.ID),
  /** Presence of a part of the entry. */
  HAS(EntryTerms.PARTS, TermKind.HAS);

  @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list
  private final List<String> choices;

  @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list
  private final List<TermKind> kinds;

  Field(List<String> choices, TermKind... kinds) {
    this.choices = choices;
    this.kinds = List.of(kinds);
  }

  /** The name in queries: {@code actor_type}. */
  public String queryName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The only values it takes, or none when it takes any. */
  public List<String> choices() {
    return choices;
  }

  /**
   * The only values that entries have in it, or none when they have any. A stored query may name
   * others, which find nothing.
   */
  List<String> known() {
    return switch (this) {
      case VERB -> Classification.VERBS;
      case FLAG -> Classification.FLAGS;
      default -> choices;
    };
  }

  List<TermKind> kinds() {
    return kinds;
  }

  /** The field of that name, whatever its case. */
  public static Optional<Field> named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(field -> field.queryName().equals(lower)).findFirst();
  }
}
