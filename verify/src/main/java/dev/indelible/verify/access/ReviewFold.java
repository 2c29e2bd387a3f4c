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
    Holder holder =
        now.people().stream()
            .filter(one -> one.realm.equals(realm) && one.type.equals(type) && one.id.equals(id))
            .findFirst()
            .orElse(null);
    if (holder == null) {
      return Optional.empty();
    }
    long asOf = now.asOfMillis();
    List<Offboarding.Taken> taken = new ArrayList<>();
    for (Holding one : holder.holdings.values()) {
      long ended = one.endedAtMillis(asOf);
      if (ended >= 0) {
        taken.add(taken(holder, one, ended));
      }
    }
    taken.sort(
        Comparator.comparingLong(Offboarding.Taken::atMillis)
            .reversed()
            .thenComparing(gone -> gone.grant().key()));
    Holding.Deed left = holder.left();
    return Optional.of(
        new Offboarding(
            new Person(
                realm, type, id, holder.name, sessions(holder, asOf), grants(holder, asOf, true)),
            left == null ? null : leaver(holder, left),
            taken,
            holder.sessionEndedAtMillis < 0 ? null : holder.sessionEndedAtMillis));
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
    List<Grant> remaining = grants(holder, asOf, true);
    long gone = Math.max(left.atMillis(), holder.sessionEndedAtMillis);
    for (Holding one : holder.holdings.values()) {
      long ended = one.endedAtMillis(asOf);
      gone = Math.max(gone, ended);
    }
    Person person =
        new Person(
            holder.realm, holder.type, holder.id, holder.name, sessions(holder, asOf), remaining);
    return new Leaver(
        person,
        left.atMillis(),
        left.entryId(),
        left.seq(),
        left.by(),
        remaining.isEmpty() ? gone : null);
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
