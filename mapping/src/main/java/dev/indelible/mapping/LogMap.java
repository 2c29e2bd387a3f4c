package dev.indelible.mapping;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Map from the records of a foreign log to events: for every part of an event, its source.
 *
 * <p>Read from YAML by {@link MapReader}; the form is described in {@code docs/maps.md}. Immutable.
 *
 * @param name its name for people
 * @param version 1 or 2; version 1 keeps the meaning of older maps
 * @param input how files of such records are written
 * @param records the property of a root object that holds the array of records, or null when each
 *     root value is a record
 * @param steps what is taken apart before a record is mapped, in order
 * @param expand the list whose elements are mapped one by one; null when a record is one event
 * @param skips which records are no events
 * @param texts parts that are plain text, by their path in the event ({@code id}, {@code
 *     actor.name}, {@code context.ip})
 * @param lists parts that are lists of text ({@code actor.roles}, {@code actor.permissions})
 * @param occurredAt when it happened: the first of these that is there; empty where the map does
 *     not say
 * @param targets the objects that were acted on
 * @param changes the changed fields
 * @param places the places of a record that its rules ask for
 */
public record LogMap(
    String name,
    int version,
    Input input,
    @Nullable String records,
    List<Step> steps,
    @Nullable Pointer expand,
    List<SkipRule> skips,
    Map<String, Rule> texts,
    Map<String, List<Rule>> lists,
    List<Time> occurredAt,
    List<TargetRule> targets,
    List<ChangeRule> changes,
    Places places) {

  public LogMap {
    steps = List.copyOf(steps);
    skips = List.copyOf(skips);
    texts = Map.copyOf(texts);
    lists = Map.copyOf(lists);
    occurredAt = List.copyOf(occurredAt);
    targets = List.copyOf(targets);
    changes = List.copyOf(changes);
  }

  /** Names of the maps that come with the program. */
  public static final List<String> BUILT_IN =
      List.of(
          "auditd",
          "cloudtrail",
          "entra",
          "gcp",
          "git",
          "github",
          "gitlab",
          "journald",
          "keycloak",
          "keycloak-log",
          "kubernetes",
          "okta",
          "pgaudit",
          "pgaudit-json",
          "spring",
          "spring-log",
          "vault");

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
    Map<String, Rule> changed = new HashMap<>(texts);
    changed.put(TENANT, new Rule(new Expression.Constant(tenant), 1, TENANT));
    return new LogMap(
        name,
        version,
        input,
        records,
        steps,
        expand,
        skips,
        changed,
        lists,
        occurredAt,
        targets,
        changes,
        places);
  }

  /**
   * A time and how it is written.
   *
   * @param keepsUnreadable whether a record whose time cannot be read becomes an event without one,
   *     flagged in its details, instead of being refused
   */
  record Time(Rule at, TimeReader reader, boolean keepsUnreadable) {}

  /**
   * A condition of a rule: that one value is present, and that another is not.
   *
   * @param present null when nothing is asked for
   * @param missing null when nothing is asked for
   */
  record Condition(@Nullable Expression present, @Nullable Expression missing) {
    boolean holds(Scope scope) {
      return (present == null || !present.in(scope).isAbsent())
          && (missing == null || missing.in(scope).isAbsent());
    }
  }

  /**
   * Records that are no events.
   *
   * @param because why, for people: a plural of what they are
   */
  record SkipRule(Condition condition, String because) {}

  /**
   * A target, or one for every element of the lists that {@code each} leads to, one within the
   * other; pointers of the parts then start at the innermost element.
   */
  record TargetRule(
      List<Pointer> each,
      Condition condition,
      Expression type,
      Expression id,
      @Nullable Expression name,
      @Nullable Expression href) {}

  /**
   * A change, or one for every element of the lists that {@code each} leads to. Without {@code
   * field}, {@code before} and {@code after} are objects, and every member that is not the same in
   * both is a change.
   */
  record ChangeRule(
      List<Pointer> each,
      Condition condition,
      @Nullable Expression field,
      @Nullable Expression before,
      @Nullable Expression after) {}
}
