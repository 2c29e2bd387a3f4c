package dev.indelible.server.api.access;

import dev.indelible.server.access.People;
import dev.indelible.server.access.Session;
import dev.indelible.server.access.Sessions;
import dev.indelible.server.access.Subject;
import dev.indelible.server.api.caller.GovernedChanges;
import dev.indelible.server.control.ApiKey;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.ConfigurationObject;
import dev.indelible.server.control.Guest;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Takes back what lets somebody in, with the sessions that rest on it.
 *
 * @param changes makes the changes
 * @param sessions who is signed in
 * @param people what guests are called
 */
public record Revocations(GovernedChanges changes, Sessions sessions, People people) {

  /**
   * Author, reason and time of a revocation.
   *
   * @param by who
   * @param reason why, or null
   * @param now when
   */
  record Because(Change.ChangedBy by, @Nullable String reason, Instant now) {

    Change change(ConfigurationObject object, long replaces) {
      return new Change(object, replaces, by, reason);
    }
  }

  /** Revokes a key; its sessions, and those of whoever it let in, end with it. */
  void key(ApiKey key, Because because) throws InterruptedException {
    if (key.revokedAt() == null) {
      changes.make(revocation(key, because));
    }
    endSessions(key);
  }

  /** The change that revokes a key. */
  Change revocation(ApiKey key, Because because) {
    return because.change(key.revoked(because.now()), version(key));
  }

  /** Ends the sessions behind a key, and those of whoever it let in. */
  void endSessions(ApiKey key) {
    sessions.end(
        session -> isBehind(key, session.subject()) || session.isMadeBy("api_key:" + key.id()));
  }

  private static boolean isBehind(ApiKey key, Subject subject) {
    return switch (subject) {
      case Subject.OfOperator(String keyId) -> keyId.equals(key.id());
      case Subject.OfKey(var _, String keyId) -> keyId.equals(key.id());
      case Subject.OfViewer viewer -> viewer.keyId().equals(key.id());
      case Subject.OfMember _, Subject.OfGuest _ -> false;
    };
  }

  /** Ends a guest's link, and forgets what they are called. */
  void guest(Guest guest, Because because) throws IOException, InterruptedException {
    changes.make(removal(guest, because));
    forget(guest);
  }

  /** The change that ends a guest's link. */
  Change removal(Guest guest, Because because) {
    return because.change(guest.removed(because.now()), version(guest));
  }

  private long version(ConfigurationObject object) {
    return changes.control().configuration().version(object);
  }

  /** Ends the sessions of a guest whose invitation is over, and forgets what they are called. */
  public void forget(Guest guest) throws IOException {
    people.setGuest(guest.tenant(), guest.localId(), null);
    sessions.end(
        session ->
            session.subject() instanceof Subject.OfGuest stay
                && stay.guestId().equals(guest.localId()));
  }

  /** Ends one session, or takes back one link. */
  void session(Session session) {
    sessions.end(session::equals);
  }
}
