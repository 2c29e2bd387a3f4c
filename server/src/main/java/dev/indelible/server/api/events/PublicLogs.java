package dev.indelible.server.api.events;

import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.http.Admission;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.SessionCookie;
import dev.indelible.server.share.Asker;
import dev.indelible.server.share.ReadPool;
import java.io.IOException;
import java.util.Optional;

/**
 * Logs that their tenants show to everybody: checkpoints, keys and tiles, and no entries. Whoever
 * reads them is not recorded, and all of them together have one share of the reads. Thread-safe.
 */
public final class PublicLogs {

  private static final String GROUP = "public";

  private final Configuration configuration;
  private final ReadPool reads;
  private final boolean mayBe;

  /**
   * Logs that are published.
   *
   * @param mayBe whether the operator lets there be any
   */
  public PublicLogs(Configuration configuration, ReadPool reads, boolean mayBe) {
    this.configuration = configuration;
    this.reads = reads;
    this.mayBe = mayBe;
  }

  /**
   * The tenant that the path names, when the request shows no key and no session and the log is
   * published. Otherwise who asks has to say who they are, whether there is such a tenant or not.
   */
  Optional<TenantId> of(Exchange exchange) {
    if (!mayBe
        || exchange.header("Authorization").isPresent()
        || SessionCookie.of(exchange).isPresent()) {
      return Optional.empty();
    }
    String name = exchange.pathParameter("tenant");
    return TenantId.isValid(name)
        ? configuration.tenant(new TenantId(name)).filter(Tenant::publishesLog).map(Tenant::tenant)
        : Optional.empty();
  }

  /** Reads for somebody without a key, in the turn of their network. */
  <T> T read(Exchange exchange, ReadPool.Reading<T> reading) throws IOException {
    return reads.read(new Asker(GROUP, Admission.network(exchange.remoteAddress())), reading);
  }
}
