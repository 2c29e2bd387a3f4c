package dev.indelible.verify.access;

import java.util.Locale;
import java.util.Optional;

/** Kind of access that an entry gives or takes. */
public enum AccessKind {
  /** The person may sign in at all; somebody who loses it has left. */
  SIGN_IN,
  /** A role. */
  ROLE,
  /** A permission set. */
  PERMISSION_SET,
  /** Membership of a team, a group or an organization. */
  MEMBERSHIP,
  /** A key or token that works without a sign-in, as long as it is not revoked. */
  KEY,
  /** A session that has begun and not ended. */
  SESSION,
  /** Access to one thing, such as a repository or a process. */
  ACCESS;

  private final String jsonName = name().toLowerCase(Locale.ROOT);

  /** Name in profiles and reviews, such as {@code permission_set}. */
  public String jsonName() {
    return jsonName;
  }

  /** Finds the kind of a name. */
  public static Optional<AccessKind> of(String jsonName) {
    for (AccessKind kind : values()) {
      if (kind.jsonName.equals(jsonName)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** Whether its name says whose it is, so that taking it needs no person. */
  boolean isHeld() {
    return this == KEY || this == SESSION;
  }
}
