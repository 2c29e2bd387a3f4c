package dev.indelible.server.profile;

import dev.indelible.server.event.SecretKeys;
import java.util.List;

/**
 * Rule by which a profile has secrets replaced by a mark: in which events, and which names of
 * members are secrets beside those of {@link SecretKeys#BASE}.
 *
 * @param when in which events
 * @param keys names in lower case joined by {@code _}
 */
public record SecretMarking(When when, List<String> keys) {

  /** The profile says nothing. */
  public static final SecretMarking PRESET = new SecretMarking(When.IMPORTS, List.of());

  /** Selection of events in which secrets are marked. */
  public enum When {
    /** Events of other programs' logs: of a {@link Catalog}, or sent as such. */
    IMPORTS,
    /** All events. */
    ALL,
    /** No events, since the profile promises to keep them as they were sent. */
    NEVER
  }

  public SecretMarking {
    keys = List.copyOf(keys);
  }
}
