package dev.indelible.server.log;

import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.util.OptionalLong;

/** Finds sealed entries by id. */
@FunctionalInterface
public interface IdIndex {

  /**
   * The sequence number of the tenant's entry of that id, among the entries of sealed runs at
   * least.
   */
  OptionalLong find(TenantId tenant, String id) throws IOException;
}
