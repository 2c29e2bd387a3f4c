package dev.indelible.server.log;

import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Finds sealed entries by id, fast. What it answers is checked against the runs. */
@FunctionalInterface
public interface IdIndex {

  /**
   * The sequence number of the tenant's entry of that id, among the entries of sealed runs at
   * least.
   */
  OptionalLong find(TenantId tenant, String id) throws IOException;

  /** Reports damage: the index's answer is not what is in the runs, or it could not answer. */
  default void contradicted(String how, @Nullable Throwable cause) {}
}
