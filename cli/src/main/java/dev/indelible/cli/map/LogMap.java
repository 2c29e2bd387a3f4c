package dev.indelible.cli.map;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;

/**
 * Map from the records of a foreign log to events: for every part of an event, its source.
 *
 * <p>Read from YAML by {@link MapReader}; the form is described in {@code docs/maps.md}. Immutable.
 *
 * @param name its name for people
 * @param records the property of a root object that holds the array of records, or null when each
 *     root value is a record
 * @param texts parts that are plain text, by their path in the event ({@code id}, {@code
 *     actor.name}, {@code context.ip})
 * @param lists parts that are lists of text ({@code actor.roles}, {@code actor.permissions})
 * @param occurredAt when it happened, or null
 * @param targets the objects that were acted on
 * @param changes the changed fields
 */
public record LogMap(
    String name,
    @Nullable String records,
    Map<String, Expression> texts,
    Map<String, List<Expression>> lists,
    @Nullable Time occurredAt,
    List<TargetRule> targets,
    List<ChangeRule> changes) {

  public LogMap {
    texts = Map.copyOf(texts);
    lists = Map.copyOf(lists);
    targets = List.copyOf(targets);
    changes = List.copyOf(changes);
  }

  /** Names of the maps that come with the program. */
  public static final List<String> BUILT_IN = List.of("cloudtrail", "git", "github", "okta");

  /** The name under which the records of {@code git log} are mapped. */
  public static final String GIT = "git";

  private static final String TENANT = "tenant";

  /** The built-in map {@code name}, or empty when there is none. */
  public static Optional<LogMap> builtIn(String name) {
    return BUILT_IN.contains(name) ? Optional.of(MapReader.readResource(name)) : Optional.empty();
  }

  /** Whether it says whose the events are. */
  public boolean namesTenant() {
    return texts.containsKey(TENANT);
  }

  /** This map for one tenant, whatever the records say; what they say of it stays in details. */
  public LogMap forTenant(String tenant) {
    Map<String, Expression> changed = new HashMap<>(texts);
    changed.put(TENANT, new Expression.Constant(tenant));
    return new LogMap(name, records, changed, lists, occurredAt, targets, changes);
  }

  /**
   * A time and how it is written.
   *
   * @param keepsUnreadable whether a record whose time cannot be read becomes an event without one,
   *     flagged in its details, instead of being refused
   */
  record Time(Expression at, TimeReader reader, boolean keepsUnreadable) {}

  /**
   * A target, or with {@code each} one for every element of an array; pointers of the parts then
   * start at the element. Without what {@code condition} asks for there is none.
   */
  record TargetRule(
      @Nullable JsonPointer each,
      @Nullable Expression condition,
      Expression type,
      Expression id,
      @Nullable Expression name,
      @Nullable Expression href) {}

  /**
   * A change, or with {@code each} one for every element of an array. Without {@code field}, {@code
   * before} and {@code after} are objects, and every member that is not the same in both is a
   * change.
   */
  record ChangeRule(
      @Nullable JsonPointer each,
      @Nullable Expression condition,
      @Nullable Expression field,
      @Nullable Expression before,
      @Nullable Expression after) {}
}
