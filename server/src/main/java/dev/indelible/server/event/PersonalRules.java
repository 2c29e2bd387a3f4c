package dev.indelible.server.event;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of one action's events is personal beyond what always is (names, e-mail addresses, IP,
 * location, user agent).
 *
 * <p>A changed field is matched by its whole name or by what follows its last {@code .} or {@code
 * /}, in any case: {@code email} matches {@code Email}, {@code contact.email} and {@code
 * /contact/email}.
 *
 * <p>A path into the details is a list of member names: {@code /customer/email}. {@code *} is any
 * member. Arrays are passed through: {@code /people/email} is the address of every person of a
 * list. What the path ends at goes whole, so {@code /people} is the whole list.
 *
 * @param changeFields fields of changes whose values before and after are personal
 * @param detailPaths paths of values in the details, each with at least one member name
 * @param hashActor whether the identity of the actor, and of whom it acts for, is personal and the
 *     facts hold a keyed hash of it
 */
public record PersonalRules(Set<String> changeFields, List<String> detailPaths, boolean hashActor) {

  /** Nothing beyond what is always personal. */
  public static final PersonalRules BASIC = new PersonalRules(Set.of(), List.of(), false);

  /** The most steps of a path. */
  static final int MAX_STEPS = EventLimits.MAX_JSON_DEPTH;

  public PersonalRules {
    changeFields =
        changeFields.stream()
            .map(field -> field.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    detailPaths = List.copyOf(detailPaths);
    for (String path : detailPaths) {
      if (!path.startsWith("/") || path.length() < 2 || steps(path).size() > MAX_STEPS) {
        throw new IllegalArgumentException(
            "not a path such as /customer/email into the details: " + path);
      }
    }
  }

  /** Whether the values of the changed field are personal. */
  boolean coversChange(String field) {
    if (changeFields.isEmpty()) {
      return false;
    }
    String name = field.toLowerCase(Locale.ROOT);
    int last = Math.max(name.lastIndexOf('.'), name.lastIndexOf('/'));
    return changeFields.contains(name) || changeFields.contains(name.substring(last + 1));
  }

  /** The member names of a path, escapes of RFC 6901 undone. */
  static List<String> steps(String path) {
    return List.of(path.substring(1).split("/", -1)).stream()
        .map(step -> step.replace("~1", "/").replace("~0", "~"))
        .toList();
  }
}
