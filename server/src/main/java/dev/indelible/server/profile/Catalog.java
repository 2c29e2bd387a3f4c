package dev.indelible.server.profile;

import dev.indelible.server.event.PersonalRules;
import dev.indelible.server.profile.Profile.Action;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The actions of one other program's log, known in every profile: what they mean, and what of their
 * events is personal or secret. {@code docs/profiles.md} describes the file that it is read from,
 * and {@code docs/adr} why it is found by what actions begin with.
 *
 * @param name its name, that of the map that makes such events
 * @param title the name of the program
 * @param prefixes prefixes of actions whose events may hold the values that {@code personal} names
 * @param commonPrefixes the same, of words that products use too: only names that go on with one of
 *     {@code verbs}, and those that are listed whole, are meant
 * @param personal the rules for their personal values
 * @param secrets names of members that are secrets, in the actions that the catalog knows
 * @param verbs verbs by the first word of an action's last part, for patterns
 * @param groups its actions by what they are about
 */
public record Catalog(
    String name,
    String title,
    List<String> prefixes,
    List<String> commonPrefixes,
    PersonalRules personal,
    List<String> secrets,
    Map<String, String> verbs,
    List<Group> groups) {

  public Catalog {
    prefixes = List.copyOf(prefixes);
    commonPrefixes = List.copyOf(commonPrefixes);
    secrets = List.copyOf(secrets);
    verbs = Map.copyOf(verbs);
    groups = List.copyOf(groups);
  }

  /**
   * Actions about one thing. The profile's category of the group's name takes them, else its first
   * that has one of the words, else the one that unknown actions of their names would come to.
   *
   * @param id the name of a category
   * @param words words of categories
   * @param actions the actions
   */
  public record Group(String id, Set<String> words, List<Action> actions) {
    public Group {
      words = Set.copyOf(words);
      actions = List.copyOf(actions);
    }
  }

  /** An action of a catalog and the group that it is in. */
  record Known(Action action, Group group) {

    /** Whether this says more of an action's name than another. */
    boolean isCloserThan(Known other) {
      if (action.isPattern() != other.action.isPattern()) {
        return other.action.isPattern();
      }
      return action.action().length() > other.action.action().length();
    }
  }

  /** The verb of an action that is known by a pattern: the one of its name, if that says one. */
  String verb(String action, Action pattern) {
    String verb = verbs.get(firstWord(action));
    if (verb != null) {
      return verb;
    }
    String said = ActionWords.verb(action);
    return said == null ? pattern.verb() : said;
  }

  /** Whether the name begins with one of the prefixes. */
  boolean covers(String action) {
    return beginsWithAny(action, prefixes) || beginsWithAny(action, commonPrefixes);
  }

  /** The first word of the last part of an action's name. */
  private static String firstWord(String action) {
    int last = Math.max(action.lastIndexOf('.'), action.lastIndexOf(':'));
    String name = action.substring(last + 1);
    int end = name.indexOf('_');
    return end < 0 ? name : name.substring(0, end);
  }

  private static boolean beginsWithAny(String action, List<String> prefixes) {
    for (String prefix : prefixes) {
      if (action.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** The actions of a catalog, ready to be looked up: whole names first, then longest patterns. */
  static final class Names {
    private final Catalog catalog;
    private final Map<String, Known> exact = new HashMap<>();
    private final List<Known> patterns = new ArrayList<>();

    Names(Catalog catalog) {
      this.catalog = catalog;
      for (Group group : catalog.groups) {
        for (Action action : group.actions()) {
          Known known = new Known(action, group);
          if (action.isPattern()) {
            patterns.add(known);
          } else {
            exact.put(action.action(), known);
          }
        }
      }
      patterns.sort(
          (a, b) -> Integer.compare(b.action.action().length(), a.action.action().length()));
    }

    /** Whether an event of that action may hold what the catalog says is personal. */
    boolean mayBe(String action) {
      return exact.containsKey(action) || begins(action);
    }

    private boolean begins(String action) {
      return beginsWithAny(action, catalog.prefixes)
          || (beginsWithAny(action, catalog.commonPrefixes)
              && catalog.verbs.containsKey(firstWord(action)));
    }

    /** The catalog's action that an event's action is, or null. */
    @Nullable Known find(String action) {
      Known known = exact.get(action);
      if (known != null) {
        return known;
      }
      if (!begins(action)) {
        return null;
      }
      for (Known pattern : patterns) {
        String name = pattern.action.action();
        if (action.startsWith(name.substring(0, name.length() - 1))) {
          return pattern;
        }
      }
      return null;
    }
  }
}
