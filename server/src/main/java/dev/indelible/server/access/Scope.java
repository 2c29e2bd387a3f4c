package dev.indelible.server.access;

import java.util.Optional;

/** What a key may be allowed to do; named in this one place. */
public enum Scope {
  /** Send events. */
  EVENTS_WRITE("events.write"),
  /** Read entries. */
  EVENTS_READ("events.read"),
  /** Everything, for every tenant; operators' keys alone. */
  OPERATOR("operator");

  private final String value;

  Scope(String value) {
    this.value = value;
  }

  /** Its name in JSON. */
  public String value() {
    return value;
  }

  /** The scope of that name that a tenant's key may have. */
  public static Optional<Scope> forTenantKey(String value) {
    for (Scope scope : values()) {
      if (scope != OPERATOR && scope.value.equals(value)) {
        return Optional.of(scope);
      }
    }
    return Optional.empty();
  }
}
