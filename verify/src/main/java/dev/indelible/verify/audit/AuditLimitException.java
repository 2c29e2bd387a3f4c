package dev.indelible.verify.audit;

/** Signals that the input exceeds a limit of the checker, which says nothing against the input. */
public final class AuditLimitException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  AuditLimitException(String limit) {
    super(limit);
  }
}
