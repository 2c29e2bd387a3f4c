package dev.indelible.server.audit;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.control.Closure;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.control.LogKey;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.TenantId;
import dev.indelible.verify.VerifierKey;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the control log to its end: every record, and which keys every log has. */
final class ControlHistory {

  private static final int PAGE = 1_000;

  private ControlHistory() {}

  /** Reads it, and closes the journal. */
  static void read(Journal journal, LogHistory history, ControlEvidence evidence)
      throws IOException, InterruptedException {
    try (ControlLog control = new ControlLog(journal, 0)) {
      control.start(Position.START, evidence::made);
      Configuration configuration = control.configuration();
      @Nullable TenantId after = null;
      List<Tenant> page = configuration.tenants(null, PAGE);
      while (!page.isEmpty()) {
        for (Tenant tenant : page) {
          after = tenant.tenant();
          evidence.configured(tenant.tenant());
          for (LogKey key : configuration.logKeys(tenant.tenant())) {
            history.name(
                key.origin(), tenant.tenant(), VerifierKey.parse(key.verifierKey()).orThrow());
          }
        }
        page = configuration.tenants(after, PAGE);
      }
      for (Closure closed : configuration.closures()) {
        evidence.configured(closed.tenant());
      }
      evidence.ended(control.end());
      journal.close(); // lets the fold end at once
    }
  }
}
