package dev.indelible.server.event;

import dev.indelible.server.event.Event.ActorType;
import dev.indelible.server.event.Event.Target;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ids that name a person, so that the facts hold a keyed hash in their place.
 *
 * @param which which ids of actors, and of targets of these types
 * @param targetTypes types of targets that are people
 */
public record PersonalIds(Which which, Set<String> targetTypes) {

  /** No ids. */
  public static final PersonalIds NONE = new PersonalIds(Which.NONE, Set.of());

  /** Selection of a source's ids that are personal. */
  public enum Which {
    /** None: they are numbers or random, and say nothing without the source's own records. */
    NONE,
    /** Ids that are the name or the e-mail address that stands beside them, or any address. */
    NAMES,
    /** All of them, since the source has no others than names. */
    ALL
  }

  public PersonalIds {
    targetTypes = Set.copyOf(targetTypes);
  }

  /** Whether the id of a party, which may be null, names a person. */
  boolean coversParty(
      ActorType type, @Nullable String id, @Nullable String name, @Nullable String email) {
    if (which == Which.NONE || id == null || type == ActorType.SYSTEM) {
      return false;
    }
    return which == Which.ALL || isName(id, name) || isName(id, email);
  }

  /** Whether the target's id names a person. */
  boolean coversTarget(Target target) {
    return which != Which.NONE
        && targetTypes.contains(target.type())
        && (which == Which.ALL || isName(target.id(), target.name()));
  }

  private static boolean isName(String id, @Nullable String name) {
    return (name != null && id.equalsIgnoreCase(name)) || id.indexOf('@') >= 0;
  }

  /**
   * Returns a selection that covers both, and perhaps a little more: the wider of both for the
   * types of both.
   */
  PersonalIds plus(PersonalIds other) {
    Set<String> types = new HashSet<>(targetTypes);
    types.addAll(other.targetTypes);
    return new PersonalIds(which.compareTo(other.which) >= 0 ? which : other.which, types);
  }
}
