package dev.indelible.server.run;

import dev.indelible.server.event.TenantId;
import dev.indelible.verify.Hash;

/** Callbacks of the verification of a run. */
public interface RunInspector {

  /** The hash of the entry's leaf, computed from what is left of its parts. */
  Hash leafHash(TenantId tenant, StoredEntry entry);

  /** Reports an altered entry: its parts do not give the hash stored with it. */
  void altered(TenantId tenant, StoredEntry entry, Hash stored, Hash computed);
}
