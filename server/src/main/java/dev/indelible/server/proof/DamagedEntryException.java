package dev.indelible.server.proof;

import dev.indelible.server.event.TenantId;

/**
 * Signals that an entry's stored content is not what its leaf was made of: it was altered, or is
 * damaged.
 */
public final class DamagedEntryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DamagedEntryException(TenantId tenant, long seq, String detail) {
    super("entry " + seq + " of tenant " + tenant + " does not lead to its checkpoint: " + detail);
  }
}
