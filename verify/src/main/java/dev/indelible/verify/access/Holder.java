package dev.indelible.verify.access;

import dev.indelible.verify.access.Holding.Deed;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One person and what they have, or had. Not thread-safe. */
final class Holder {

  final String realm;
  final String type;
  final String id;
  @Nullable String name;

  /** By kind, thing and account. */
  final Map<String, Holding> holdings = new HashMap<>();

  /** Last taking of all access of a kind, by kind and account; empty for all accounts. */
  private final Map<String, Deed> cleared = new HashMap<>();

  /** Time at which the last of their sessions ended; negative when none did. */
  long sessionEndedAtMillis = -1;

  /** Last taking of all of a kind of everybody in the realm; shared, owned by the fold. */
  private final Map<AccessKind, Deed> realmCleared;

  Holder(String realm, String type, String id, Map<AccessKind, Deed> realmCleared) {
    this.realm = realm;
    this.type = type;
    this.id = id;
    this.realmCleared = realmCleared;
  }

  String key() {
    return key(realm, type, id);
  }

  static String key(String realm, String type, String id) {
    return realm + "\n" + type + "\n" + id;
  }

  /** Notes that all of a kind was taken, in one account or, if it is null, everywhere. */
  void clear(AccessKind kind, @Nullable String account, Deed deed) {
    String key = kind.jsonName() + "\n" + (account == null ? "" : account);
    Deed before = cleared.get(key);
    if (deed.isAfter(before)) {
      cleared.put(key, deed);
    }
  }

  /** Last taking of all of a kind that includes what an account has; null when there was none. */
  @Nullable Deed cleared(AccessKind kind, @Nullable String account) {
    Deed last = later(realmCleared.get(kind), cleared.get(kind.jsonName() + "\n"));
    return account == null ? last : later(last, cleared.get(kind.jsonName() + "\n" + account));
  }

  private static @Nullable Deed later(@Nullable Deed one, @Nullable Deed other) {
    return one == null || (other != null && other.isAfter(one)) ? other : one;
  }

  /** Last takings of all of a kind, by kind and account. */
  Map<String, Deed> clears() {
    return cleared;
  }

  /** Whether they could sign in and cannot any more; null while they can, or never could. */
  @Nullable Deed left() {
    Deed last = null;
    for (Holding holding : holdings.values()) {
      if (holding.kind == AccessKind.SIGN_IN) {
        if (holding.isGiven()) {
          return null;
        }
        Deed gone = holding.lastTaken();
        if (gone != null && gone.isAfter(last)) {
          last = gone;
        }
      }
    }
    return last;
  }
}
