package dev.indelible.verify.access;

import dev.indelible.verify.access.AccessReview.Difference;
import dev.indelible.verify.access.AccessReview.Differences;
import dev.indelible.verify.access.AccessReview.Grant;
import dev.indelible.verify.access.AccessReview.Leaver;
import dev.indelible.verify.access.AccessReview.Person;
import dev.indelible.verify.audit.Json.MalformedJsonException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a review of a log's entries, which are given to it from the first one on. Not thread-safe.
 */
public final class ReviewFold {

  private final JsonTree tree = new JsonTree();
  private final AccessFold now;
  private final @Nullable AccessFold before;
  private final AccessReview.Basis basis;

  /** A review from a basis; of nothing yet. */
  public ReviewFold(AccessReview.Basis basis) {
    this.basis = basis;
    List<String> accounts = basis.accounts();
    Set<String> only = accounts == null ? null : Set.copyOf(accounts);
    this.now = new AccessFold(basis.rules(), basis.asOfMillis(), only);
    Long since = basis.sinceMillis();
    this.before = since == null ? null : new AccessFold(basis.rules(), since, only);
  }

  /** The fold as of the date, for what else is read from it. */
  public AccessFold fold() {
    return now;
  }

  /**
   * Takes an entry that has facts.
   *
   * @param length how many bytes of {@code facts} count
   * @param personal the personal part, or null when it is withheld or gone
   * @throws MalformedJsonException when a part is none
   */
  public void entry(
      long seq, long recordedAtMillis, byte[] facts, int length, byte @Nullable [] personal)
      throws MalformedJsonException {
    String action = EntryFacts.action(facts, length);
    if (!now.reads(action)) {
      return;
    }
    EntryFacts entry = EntryFacts.read(tree, facts, length, personal, recordedAtMillis);
    now.entry(seq, action, entry);
    if (before != null) {
      before.entry(seq, action, entry);
    }
  }

  /** Takes an entry of which the leaf alone is left. */
  public void purged(long seq) {
    now.purged(seq);
    if (before != null) {
      before.purged(seq);
    }
  }

  /** Whether an entry of these facts matters to a review. */
  public boolean reads(byte[] facts) {
    return now.reads(EntryFacts.action(facts, facts.length));
  }

  /** Whether one person was shut out; empty when the log never says anything of their access. */
  public Optional<Offboarding> offboarding(String realm, String type, String id) {
    return offboarding(realm, type, List.of(id));
  }

  /**
   * Whether one person was shut out whom entries have under several ids, such as a clear one and
   * its hash; empty when the log never says anything of their access.
   *
   * @param ids the first is the one that is shown
   */
  public Optional<Offboarding> offboarding(String realm, String type, List<String> ids) {
    List<Holder> holders =
        now.people().stream()
            .filter(one -> one.realm.equals(realm) && one.type.equals(type) && ids.contains(one.id))
            .sorted(Comparator.comparingInt(one -> ids.indexOf(one.id)))
            .toList();
    if (holders.isEmpty()) {
      return Optional.empty();
    }
    long asOf = now.asOfMillis();
    List<Offboarding.Taken> taken = new ArrayList<>();
    List<Grant> remaining = new ArrayList<>();
    Holding.Deed left = null;
    String name = null;
    long sessions = 0;
    long sessionEnded = -1;
    for (Holder holder : holders) {
      for (Holding one : holder.holdings.values()) {
        long ended = one.endedAtMillis(asOf);
        if (ended >= 0) {
          taken.add(taken(holder, one, ended));
        }
      }
      remaining.addAll(grants(holder, asOf, true));
      Holding.Deed gone = holder.left();
      left = gone != null && gone.isAfter(left) ? gone : left;
      name = name == null ? holder.name : name;
      sessions += sessions(holder, asOf);
      sessionEnded = Math.max(sessionEnded, holder.sessionEndedAtMillis);
    }
    taken.sort(
        Comparator.comparingLong(Offboarding.Taken::atMillis)
            .reversed()
            .thenComparing(gone -> gone.grant().key()));
    Person person = new Person(realm, type, holders.get(0).id, name, sessions, remaining);
    return Optional.of(
        new Offboarding(
            person,
            left == null ? null : leaver(person, left, lastGone(holders, left)),
            taken,
            sessionEnded < 0 ? null : sessionEnded));
  }

  /** Time at which the last of what people had was gone, if nothing is left. */
  private long lastGone(List<Holder> holders, Holding.Deed left) {
    long gone = left.atMillis();
    for (Holder holder : holders) {
      gone = Math.max(gone, holder.sessionEndedAtMillis);
      for (Holding one : holder.holdings.values()) {
        gone = Math.max(gone, one.endedAtMillis(now.asOfMillis()));
      }
    }
    return gone;
  }

  private static Offboarding.Taken taken(Holder holder, Holding one, long ended) {
    Holding.Deed by = one.isGiven() ? null : one.lastTaken();
    return by == null || by.atMillis() > ended
        ? new Offboarding.Taken(grant(holder, one), ended, null, -1, null)
        : new Offboarding.Taken(grant(holder, one), ended, by.entryId(), by.seq(), by.by());
  }

  /** How far back what was read reaches. */
  public Completeness completeness() {
    return now.completeness();
  }

  /** The review of what was taken. */
  public AccessReview review() {
    List<Person> people = people(now);
    return new AccessReview(
        basis,
        now.completeness(),
        people,
        leavers(),
        before == null ? null : differences(people(before), people));
  }

  private static List<Person> people(AccessFold fold) {
    List<Person> people = new ArrayList<>();
    for (Holder holder : sorted(fold)) {
      List<Grant> grants = grants(holder, fold.asOfMillis(), false);
      long sessions = sessions(holder, fold.asOfMillis());
      if (!grants.isEmpty() || sessions > 0) {
        people.add(new Person(holder.realm, holder.type, holder.id, holder.name, sessions, grants));
      }
    }
    return people;
  }

  private static Iterable<Holder> sorted(AccessFold fold) {
    Map<String, Holder> sorted = new TreeMap<>();
    fold.people().forEach(holder -> sorted.put(holder.key(), holder));
    return sorted.values();
  }

  private static long sessions(Holder holder, long asOfMillis) {
    return holder.holdings.values().stream()
        .filter(one -> one.kind == AccessKind.SESSION && one.holdsAt(asOfMillis))
        .count();
  }

  /** Grants that somebody has, by kind and name. */
  static List<Grant> grants(Holder holder, long asOfMillis, boolean sessions) {
    List<Grant> grants = new ArrayList<>();
    for (Holding one : holder.holdings.values()) {
      if ((sessions || one.kind != AccessKind.SESSION) && one.holdsAt(asOfMillis)) {
        grants.add(grant(holder, one));
      }
    }
    grants.sort(
        Comparator.comparing(Grant::kind)
            .thenComparing(Grant::what)
            .thenComparing(grant -> grant.account() == null ? "" : grant.account()));
    return grants;
  }

  static Grant grant(Holder holder, Holding one) {
    Holding.Deed origin = one.origin == null ? one.given : one.origin;
    if (origin == null) {
      throw new IllegalStateException("nobody gave " + one.what);
    }
    return new Grant(
        one.kind,
        one.what,
        one.account,
        origin.atMillis(),
        origin.entryId(),
        origin.seq(),
        origin.by(),
        origin.by().equals(holder.type + "/" + holder.id),
        one.untilMillis == Long.MAX_VALUE ? null : one.untilMillis);
  }

  private List<Leaver> leavers() {
    List<Leaver> leavers = new ArrayList<>();
    Long since = basis.sinceMillis();
    for (Holder holder : sorted(now)) {
      Holding.Deed left = holder.left();
      if (left != null) {
        Leaver leaver = leaver(holder, left);
        boolean lately = since == null || left.atMillis() > since;
        if (lately || leaver.lastAccessGoneAtMillis() == null) {
          leavers.add(leaver);
        }
      }
    }
    leavers.sort(
        Comparator.comparingLong(Leaver::leftAtMillis)
            .reversed()
            .thenComparing(leaver -> leaver.person().key()));
    return leavers;
  }

  private Leaver leaver(Holder holder, Holding.Deed left) {
    long asOf = now.asOfMillis();
    Person person =
        new Person(
            holder.realm,
            holder.type,
            holder.id,
            holder.name,
            sessions(holder, asOf),
            grants(holder, asOf, true));
    return leaver(person, left, lastGone(List.of(holder), left));
  }

  private static Leaver leaver(Person person, Holding.Deed left, long goneAtMillis) {
    return new Leaver(
        person,
        left.atMillis(),
        left.entryId(),
        left.seq(),
        left.by(),
        person.grants().isEmpty() ? goneAtMillis : null);
  }

  private static Differences differences(List<Person> before, List<Person> after) {
    Map<String, Person> old = byKey(before);
    Map<String, Person> current = byKey(after);
    Set<String> added = new LinkedHashSet<>(current.keySet());
    added.removeAll(old.keySet());
    Set<String> gone = new LinkedHashSet<>(old.keySet());
    gone.removeAll(current.keySet());
    return new Differences(
        List.copyOf(added), List.copyOf(gone), without(current, old), without(old, current));
  }

  /** Grants of {@code these} that {@code those} lack. */
  private static List<Difference> without(Map<String, Person> these, Map<String, Person> those) {
    List<Difference> result = new ArrayList<>();
    these.forEach(
        (key, person) -> {
          Person other = those.get(key);
          Set<String> known =
              other == null
                  ? Set.of()
                  : Set.copyOf(other.grants().stream().map(Grant::key).toList());
          for (Grant grant : person.grants()) {
            if (!known.contains(grant.key())) {
              result.add(new Difference(person.realm(), person.type(), person.id(), grant));
            }
          }
        });
    return result;
  }

  private static Map<String, Person> byKey(List<Person> people) {
    Map<String, Person> map = new TreeMap<>();
    people.forEach(person -> map.put(person.key(), person));
    return map;
  }
}
