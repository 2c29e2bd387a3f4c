package dev.indelible.server.access;

import dev.indelible.server.control.ApiKey;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells people apart where two different ones are needed. A key counts as whoever made it, through
 * all keys between; a session counts as the person who made its sign-in link, themselves or by a
 * key of theirs; all operators count as one. Otherwise somebody would be two people by making a
 * key. Thread-safe.
 */
public final class Persons {

  private static final String KEY = "api_key:";
  private static final String USER = "user:";
  private static final String OPERATOR = "operator";

  private final Configuration configuration;

  /** People by the makers of the keys of {@code configuration}. */
  public Persons(Configuration configuration) {
    this.configuration = configuration;
  }

  /** The person that a caller counts as, such as {@code user:u_1}. */
  public String of(Caller caller) {
    Session session = caller.session();
    List<String> makers = session == null ? null : session.makers();
    if (session == null || makers == null || !(session.subject() instanceof Subject.OfMember)) {
      return root(name(caller.changedBy()));
    }
    String person = name(caller.changedBy());
    for (String maker : makers) {
      String root = root(maker);
      if (!root.startsWith(USER)) {
        // The operator, and a backend whose key is the operator's, let in others than themselves.
        break;
      }
      person = root;
    }
    return person;
  }

  /** Whether two, such as {@code user:u_1} and {@code api_key:k_1}, count as one person. */
  public boolean areOne(String one, String other) {
    return comparable(one).equals(comparable(other));
  }

  /** Person behind {@code who}: of a key, its maker, or the maker of the key that made it. */
  public String root(String who) {
    String at = who;
    while (at.startsWith(KEY)) {
      String id = at.substring(KEY.length());
      Optional<ChangedBy> maker = configuration.keyMaker(id);
      if (maker.isEmpty() || maker.get().id() == null) {
        // Only keys of the operator are made by nobody: at the first start, or by the command.
        boolean ofOperator =
            configuration.key(id).map(ApiKey::tenant).isEmpty() && maker.isPresent();
        return ofOperator ? OPERATOR : at;
      }
      at = name(maker.get());
    }
    return at;
  }

  /** Whether {@code who} is {@code what}, or made it, or made the key that made it. */
  public boolean isBehind(String who, String what) {
    String at = what;
    while (!at.equals(who)) {
      Optional<ChangedBy> maker =
          at.startsWith(KEY)
              ? configuration.keyMaker(at.substring(KEY.length()))
              : Optional.empty();
      if (maker.isEmpty()) {
        return false;
      }
      at = name(maker.get());
    }
    return true;
  }

  /** The name of whoever makes a change, with the kind before it. */
  public static String name(ChangedBy by) {
    return by.type() + ":" + by.id();
  }

  /** The makers of a link that a caller makes: the caller, then who let the caller in. */
  public static List<String> makers(Caller caller) {
    Session session = caller.session();
    List<String> before = session == null ? null : session.makers();
    List<String> makers = new ArrayList<>();
    makers.add(name(caller.changedBy()));
    if (before != null) {
      makers.addAll(before);
    }
    return makers;
  }

  private String comparable(String who) {
    String root = root(who);
    return root.startsWith(OPERATOR + ":") ? OPERATOR : root;
  }
}
