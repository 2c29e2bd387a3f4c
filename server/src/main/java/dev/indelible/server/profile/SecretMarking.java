package dev.indelible.server.profile;

import dev.indelible.server.event.SecretKeys;
import java.util.List;

/**
 * When a profile has secrets replaced by a mark, and which names of members are secrets beside
 * those of {@link SecretKeys#BASE}.
 *
 * @param when in which events
 * @param keys names in lower case joined by {@code _}
 */
public record SecretMarking(When when, List<String> keys) {

  /** The profile says nothing. */
  public static final SecretMarking PRESET = new SecretMarking(When.IMPORTS, List.of());

  /** In which events secrets are marked. */
  public enum When {
    /** In those of other programs' logs: of a {@link Catalog}, or sent as such. */
    IMPORTS,
    /** In all events. */
    ALL,
    /** In none, since the profile promises what was sent as it was sent. */
    NEVER
  }

  public SecretMarking {
    keys = List.copyOf(keys);
  }
}
