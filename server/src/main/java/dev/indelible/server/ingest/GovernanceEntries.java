package dev.indelible.server.ingest;

import dev.indelible.server.control.ConfigurationObject;
import dev.indelible.server.control.ConfigurationObject.Closure;
import dev.indelible.server.control.ConfigurationObject.Erasure;
import dev.indelible.server.control.ConfigurationObject.Governance;
import dev.indelible.server.control.ConfigurationObject.Hold;
import dev.indelible.server.control.ConfigurationObject.Retention;
import dev.indelible.server.event.Event;
import org.jspecify.annotations.Nullable;

/** What the entries say that record changes of retention, holds and erasures. */
final class GovernanceEntries {

  private GovernanceEntries() {}

  static Event.Target target(Governance governed) {
    return switch (governed) {
      case Retention retention -> new Event.Target("retention", retention.id(), null, null);
      case Erasure erasure -> new Event.Target("erasure", erasure.erasureId(), null, null);
      case Closure closure -> new Event.Target("tenant", closure.id(), null, null);
      case Hold hold -> new Event.Target("legal_hold", hold.holdId(), hold.name(), null);
    };
  }

  static String action(@Nullable ConfigurationObject before, Governance after) {
    return switch (after) {
      case Retention _ -> before == null ? "audit.retention.preset" : "audit.retention.change";
      case Erasure erasure -> "audit.erasure." + erasure.state();
      case Closure _ -> before == null ? "audit.tenant.close" : "audit.tenant.delete";
      case Hold hold -> {
        if (before == null) {
          yield "audit.hold.apply";
        }
        yield hold.isActive() ? "audit.hold.release_request" : "audit.hold.release";
      }
    };
  }
}
