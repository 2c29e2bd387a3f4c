package dev.indelible.server.proof;

import dev.indelible.server.event.TenantId;

/** A log that disagrees with what was signed of it: nothing more is signed. */
public final class LogStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LogStoppedException(TenantId tenant, String reason) {
    super("the log of tenant " + tenant + " is stopped: " + reason);
  }
}
