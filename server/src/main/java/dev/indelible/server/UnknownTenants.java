package dev.indelible.server;

import dev.indelible.server.control.Configuration;
import dev.indelible.server.event.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tenants of whose logs something was signed and of whom the configuration knows nothing: nobody
 * can read their entries, and nothing says how long to keep them.
 *
 * @param tenants in the order of their names
 */
record UnknownTenants(List<TenantId> tenants) {

  /** The most that are named. */
  static final int MAX_NAMED = 5;

  private static final Logger LOG = LoggerFactory.getLogger(UnknownTenants.class);

  UnknownTenants {
    tenants = List.copyOf(tenants);
  }

  /** Finds those among {@code published} that are neither there nor closed, and logs them. */
  static UnknownTenants among(Collection<TenantId> published, Configuration configuration) {
    UnknownTenants unknown =
        new UnknownTenants(
            published.stream()
                .filter(tenant -> configuration.tenantOrClosed(tenant).isEmpty())
                .sorted()
                .toList());
    unknown.warning().ifPresent(LOG::error);
    return unknown;
  }

  /** Warning about unknown tenants, if there are any. */
  Optional<String> warning() {
    if (tenants.isEmpty()) {
      return Optional.empty();
    }
    List<String> named = tenants.stream().limit(MAX_NAMED).map(TenantId::value).toList();
    return Optional.of(
        "There are entries of tenants that the configuration does not know (%d: %s%s): the control log is another server's, or was rewritten. Stop the server and run `indelible verify` on a copy of the data."
            .formatted(
                tenants.size(), String.join(", ", named), tenants.size() > MAX_NAMED ? ", …" : ""));
  }
}
