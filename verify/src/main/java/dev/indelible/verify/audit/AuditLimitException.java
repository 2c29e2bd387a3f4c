package dev.indelible.verify.audit;

/** What is checked is beyond a limit of the checker, which says nothing against it. */
public final class AuditLimitException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  AuditLimitException(String limit) {
    super(limit);
  }
}
