package dev.indelible.server.run;

import dev.indelible.server.event.TenantId;
import dev.indelible.verify.Hash;

/** What the verification of a run asks and tells. */
public interface RunInspector {

  /** The hash of the entry's leaf, computed from what is left of its parts. */
  Hash leafHash(TenantId tenant, StoredEntry entry);

  /** Told of an entry whose parts do not give the hash stored with it: it was altered. */
  void altered(TenantId tenant, StoredEntry entry, Hash stored, Hash computed);
}
