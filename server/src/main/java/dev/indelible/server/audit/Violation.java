package dev.indelible.server.audit;

import dev.indelible.server.event.TenantId;
import dev.indelible.verify.audit.Finding;
import org.jspecify.annotations.Nullable;

/**
 * Something that does not hold.
 *
 * @param tenant in whose log, or null when it is in what all of them share
 * @param code the kind, such as {@code altered}
 * @param sentence what it is, for a person
 */
record Violation(@Nullable TenantId tenant, String code, String sentence) {

  static Violation of(@Nullable TenantId tenant, Finding finding) {
    return new Violation(tenant, finding.code(), finding.sentence());
  }

  /** Whose it is and what, in one line. */
  String line() {
    return tenant == null ? sentence : tenant + ": " + sentence;
  }
}
