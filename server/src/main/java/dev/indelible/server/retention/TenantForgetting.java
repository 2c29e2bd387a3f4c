package dev.indelible.server.retention;

import dev.indelible.server.event.TenantId;
import java.io.IOException;

/** Forgets what is known of a tenant beside its log: who its people are, and who is signed in. */
@FunctionalInterface
public interface TenantForgetting {

  /** Forgets it, for good when this returns; may be done twice. */
  void forget(TenantId tenant) throws IOException;
}
