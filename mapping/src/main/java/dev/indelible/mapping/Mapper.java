package dev.indelible.mapping;

import dev.indelible.mapping.Mapping.Skipped;
import dev.indelible.mapping.Mapping.Unmappable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns records of a foreign log into events as a {@link LogMap} says. Thread-safe.
 *
 * <p>A value that an event cannot hold (an address that is a host name, an id that is too long or
 * has a line break) is not cut or guessed at: it stays in {@code details} under its own name. Only
 * of the time is that not enough, since an event without one is dated when it is recorded.
 */
public final class Mapper {

  /** The most events that one record is expanded to. */
  public static final int MAX_EXPANDED = 1_000;

  private final LogMap map;
  private final EventRules rules;

  /** A mapper by {@code map}. */
  public Mapper(LogMap map) {
    this.map = map;
    this.rules = new EventRules(map);
  }

  /**
   * The event that {@code record} describes, or those of its expanded elements in their order; at
   * least one result. The record itself is not changed; parts of it may be parts of the events.
   */
  public List<Mapping> map(JsonNode record) {
    if (!(record instanceof ObjectNode object)) {
      return List.of(new Unmappable("the record is not a JSON object", "", ""));
    }
    try {
      ObjectNode made = JsonNodeFactory.instance.objectNode();
      Budget budget = new Budget();
      ObjectNode whole = object;
      for (Step step : map.steps()) {
        whole = step.apply(whole, made, budget);
      }
      Pointer expand = map.expand();
      return expand == null ? List.of(one(whole, made, budget, -1)) : expanded(whole, made, expand);
    } catch (Budget.ExceededException exceeded) {
      return List.of(tooMuch(exceeded));
    }
  }

  private List<Mapping> expanded(ObjectNode record, ObjectNode made, Pointer expand) {
    Scope whole = scope(record, made, new Budget(), -1);
    JsonNode found = expand.find(whole).node();
    if (!(found instanceof ArrayNode list) || list.isEmpty()) {
      return List.of(one(record, made, new Budget(), -1));
    }
    if (list.size() > MAX_EXPANDED) {
      return List.of(
          new Unmappable(
              "the record holds %,d events, at most %,d are read"
                  .formatted(list.size(), MAX_EXPANDED),
              "",
              expand.written()));
    }
    List<Mapping> all = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      JsonNode element = list.get(i);
      JsonNode alone = Step.replaced(record, expand.segments(), _ -> element);
      all.add(
          alone instanceof ObjectNode object
              ? one(object, made, new Budget(), i)
              : new Unmappable("the record is not a JSON object", "", expand.written()));
    }
    return all;
  }

  private Scope scope(ObjectNode record, ObjectNode made, Budget budget, int number) {
    return Scope.of(new Scope.Shared(record, made, budget, map.places().in(record)), number);
  }

  private Mapping one(ObjectNode record, ObjectNode made, Budget budget, int number) {
    Scope whole = scope(record, made, budget, number);
    try {
      String because = skipped(whole);
      return because == null ? new EventMaker(rules, whole).event() : new Skipped(because);
    } catch (Budget.ExceededException exceeded) {
      return tooMuch(exceeded);
    }
  }

  private @Nullable String skipped(Scope whole) {
    for (LogMap.SkipRule rule : map.skips()) {
      if (rule.condition().holds(whole)) {
        return rule.because();
      }
    }
    return null;
  }

  private Unmappable tooMuch(Budget.ExceededException exceeded) {
    return new Unmappable("the map " + map.name() + " fails: " + exceeded.getMessage(), "", "");
  }
}
