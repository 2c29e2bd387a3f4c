package dev.indelible.server.access;

import dev.indelible.server.control.ApiKey;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Guest;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.List;

/**
 * The keys, guests and sessions of a tenant that somebody made, themselves or by a key of theirs,
 * and that still work.
 *
 * @param keys the keys, oldest first
 * @param guests auditors and support staff whom they let in
 * @param sessions sign-in links that they made, and sessions that came of those
 */
public record MadeThings(List<ApiKey> keys, List<Guest> guests, List<Session> sessions) {

  public MadeThings {
    keys = List.copyOf(keys);
    guests = List.copyOf(guests);
    sessions = List.copyOf(sessions);
  }

  /**
   * Finds the things that {@code who} made in a tenant.
   *
   * @param who such as {@code user:u_1}
   */
  public static MadeThings by(
      String who, TenantId tenant, Configuration configuration, Sessions sessions) {
    Persons persons = new Persons(configuration);
    Instant now = sessions.now();
    return new MadeThings(
        configuration.keys(tenant).stream()
            .filter(key -> key.isActive(now) && persons.isBehind(who, "api_key:" + key.id()))
            .toList(),
        configuration.guests(tenant).stream()
            .filter(guest -> guest.isActive(now) && persons.isBehind(who, guest.grantedBy()))
            .toList(),
        sessions.list(
            session ->
                tenant.equals(session.subject().tenant()) && isMadeBy(who, session, persons)));
  }

  private static boolean isMadeBy(String who, Session session, Persons persons) {
    List<String> makers = session.makers();
    return makers != null && makers.stream().anyMatch(maker -> persons.isBehind(who, maker));
  }

  /** Whether there is nothing of it. */
  public boolean isEmpty() {
    return keys.isEmpty() && guests.isEmpty() && sessions.isEmpty();
  }
}
