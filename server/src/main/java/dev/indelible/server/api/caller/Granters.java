package dev.indelible.server.api.caller;

import dev.indelible.server.access.Caller;
import dev.indelible.server.access.Session;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.search.Search;
import java.util.List;

/** Names under which entries, and so reviews of access, have a caller as whoever granted. */
public final class Granters {

  private Granters() {}

  /** The names of a caller: by id, and where the tenant hashes ids, by its hash too. */
  public static List<String> namesOf(Caller caller, TenantId tenant, Search search) {
    Session session = caller.session();
    if (session == null) {
      return List.of("api_client/" + caller.keyId());
    }
    String id = session.user().id();
    return search
        .hashOf(tenant, id)
        .map(hash -> List.of("user/" + id, "user/" + hash))
        .orElse(List.of("user/" + id));
  }
}
