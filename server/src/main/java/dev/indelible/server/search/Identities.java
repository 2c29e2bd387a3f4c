package dev.indelible.server.search;

import dev.indelible.server.event.ActorHasher;
import dev.indelible.server.event.TenantId;
import java.util.Optional;

/** Hiding of actors' ids in a tenant's log. */
@FunctionalInterface
public interface Identities {

  /** No tenant's actors are hashed. */
  Identities CLEAR = tenant -> Optional.empty();

  /** Hasher of the ids of a tenant's actors; empty where its profile does not want that. */
  Optional<ActorHasher> hasher(TenantId tenant);
}
