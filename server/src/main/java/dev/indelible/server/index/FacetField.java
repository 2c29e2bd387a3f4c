package dev.indelible.server.index;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.RecordedBy;
import dev.indelible.server.query.Field;
import dev.indelible.server.query.TermKind;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A field whose values can be counted. */
public enum FacetField {
  CATEGORY(Field.CATEGORY, true),
  VERB(Field.VERB, true),
  ACTION(Field.ACTION, true),
  OUTCOME(Field.OUTCOME, true),
  SECURITY(Field.SECURITY, true),
  TARGET_TYPE(Field.TARGET_TYPE, false),
  ACTOR_TYPE(Field.ACTOR_TYPE, true),
  ACTOR_ID(Field.ACTOR_ID, true),
  ACCOUNT(Field.ACCOUNT, true),
  COUNTRY(Field.COUNTRY, true),
  ROLE(Field.ROLE, false),
  FLAG(Field.FLAG, false),
  MODEL(Field.MODEL, false),
  PRODUCER(Field.PRODUCER, true),
  RECORDED_BY(Field.RECORDED_BY, true);

  private final Field field;
  private final boolean single;

  FacetField(Field field, boolean single) {
    this.field = field;
    this.single = single;
  }

  /** The field of the query language that finds the entries with a value. */
  public Field field() {
    return field;
  }

  /** Whether an entry has at most one value, so that a histogram can be split by it. */
  public boolean isSingle() {
    return single;
  }

  /** The values of an entry, perhaps with doubles. */
  List<String> values(Entry entry) {
    Event event = entry.event();
    return switch (this) {
      case CATEGORY -> List.of(entry.classification().category());
      case VERB -> List.of(entry.classification().verb());
      case ACTION -> List.of(TermKind.ACTION.spell(event.action()));
      case OUTCOME -> List.of(event.outcome().jsonName());
      case SECURITY -> List.of(entry.classification().securityRelevant() ? "true" : "false");
      case TARGET_TYPE -> event.targets().stream().map(Event.Target::type).toList();
      case ACTOR_TYPE -> List.of(event.actor().type().jsonName());
      case ACTOR_ID -> optional(event.actor().id());
      case ACCOUNT -> optional(event.account());
      case COUNTRY -> country(event.context().location());
      case ROLE -> event.actor().roles();
      case FLAG -> entry.classification().flags();
      case MODEL -> models(event.actor());
      case PRODUCER -> optional(event.context().producer());
      case RECORDED_BY -> {
        RecordedBy by = entry.recordedBy();
        yield optional(by == null ? null : by.term());
      }
    };
  }

  /** The models of the actor and of those on whose behalf it acted. */
  private static List<String> models(Event.Actor actor) {
    if (actor.onBehalfOf() == null) {
      return optional(actor.agent().model());
    }
    return Stream.concat(
            Stream.of(actor.agent()), actor.chain().stream().map(Event.Principal::agent))
        .flatMap(agent -> Stream.ofNullable(agent.model()))
        .toList();
  }

  private static List<String> country(Event.@Nullable Location location) {
    String country = location == null ? null : location.country();
    return country == null ? List.of() : List.of(TermKind.COUNTRY.spell(country));
  }

  private static List<String> optional(@Nullable String value) {
    return value == null ? List.of() : List.of(value);
  }
}
