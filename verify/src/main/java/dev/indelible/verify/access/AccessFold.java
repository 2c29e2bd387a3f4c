package dev.indelible.verify.access;

import dev.indelible.verify.access.AccessEffect.Deed;
import dev.indelible.verify.access.EntryFacts.Named;
import dev.indelible.verify.audit.Ranges;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Fold of a log's entries into the access that people have at a time. Takes entries in the order of
 * their sequence numbers; of two about the same access the one that happened later counts.
 *
 * <p>Memory is bounded by {@link #MAX_PEOPLE} and {@link #MAX_HOLDINGS}. Not thread-safe.
 */
public final class AccessFold {

  /** The most people of one review. */
  public static final int MAX_PEOPLE = 200_000;

  /** The most grants, in force or taken, that one review remembers. */
  public static final int MAX_HOLDINGS = 500_000;

  /** The most parts of one snapshot. */
  public static final int MAX_PARTS = 1_000_000;

  /** The most ends of sessions that are remembered until their beginning is read. */
  static final int MAX_EARLY_ENDS = 100_000;

  /** Action of a producer's statement of who has what. */
  public static final String SNAPSHOT = "access.snapshot";

  /** Action of the program's statement of what a purge would have forgotten. */
  public static final String CARRIED = "audit.access.snapshot";

  private static final String PURGE = "audit.entries.purge";

  /** Effects of one entry share its number; this many bits tell them apart. */
  private static final int EFFECT_BITS = 4;

  private final AccessRules rules;
  private final long asOfMillis;
  private final @Nullable Set<String> accounts;
  private final Map<String, Holder> people = new HashMap<>();
  private final Map<AccessKind, Holding.Deed> productCleared = new EnumMap<>(AccessKind.class);
  private final Map<String, Holding> held = new HashMap<>();
  private final Map<String, Holding.Deed> earlyEnds =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Holding.Deed> eldest) {
          return size() > MAX_EARLY_ENDS;
        }
      };
  private final Map<String, Snapshot> snapshots = new TreeMap<>();
  private final Map<String, BitSet> carriedParts = new HashMap<>();
  private final List<Long> baselines = new ArrayList<>();
  private final Ranges purged = new Ranges();
  private final List<long[]> carriedAgain = new ArrayList<>();
  private long lastCarriedAgain = -1;
  private @Nullable Completeness completeness;
  private long purgedEntries;
  private long carried;
  private int holdings;

  /** Parts of a snapshot that were read. */
  private static final class Snapshot {
    final Holding.Deed first;
    final BitSet parts = new BitSet();

    Snapshot(Holding.Deed first) {
      this.first = first;
    }
  }

  /**
   * A fold that has read nothing.
   *
   * @param rules the actions that give and take access
   * @param asOfMillis what happened later is left out
   * @param accounts the accounts whose entries count, or null for the whole log
   */
  public AccessFold(AccessRules rules, long asOfMillis, @Nullable Set<String> accounts) {
    this.rules = rules;
    this.asOfMillis = asOfMillis;
    this.accounts = accounts == null ? null : Set.copyOf(accounts);
  }

  long asOfMillis() {
    return asOfMillis;
  }

  /** Whether entries of an action matter here. */
  boolean reads(String action) {
    return rules.of(action) != null
        || action.equals(SNAPSHOT)
        || action.equals(CARRIED)
        || action.equals(PURGE);
  }

  /** Takes note that an entry was purged: nobody knows any more what it gave or took. */
  void purged(long seq) {
    purged.add(seq, seq + 1);
    purgedEntries++;
  }

  /** Takes an entry. */
  void entry(long seq, String action, EntryFacts entry) {
    if (action.equals(PURGE)) {
      purge(seq, entry);
      return;
    }
    if (action.equals(CARRIED)) {
      carried(seq, entry);
      return;
    }
    Set<String> only = accounts;
    if (!entry.succeeded()
        || entry.atMillis() > asOfMillis
        || (only != null && (entry.account() == null || !only.contains(entry.account())))) {
      return;
    }
    if (action.equals(SNAPSHOT)) {
      snapshot(seq, entry);
      return;
    }
    AccessRules.Rule rule = rules.of(action);
    if (rule == null) {
      return;
    }
    for (int i = 0; i < rule.effects().size(); i++) {
      effect(rule, rule.effects().get(i), deed(seq, i, entry), entry);
    }
  }

  private static Holding.Deed deed(long seq, int effect, EntryFacts entry) {
    return new Holding.Deed(
        entry.atMillis(), seq << EFFECT_BITS | effect, seq, entry.id(), entry.by(), seq);
  }

  private void effect(
      AccessRules.Rule rule, AccessEffect effect, Holding.Deed deed, EntryFacts entry) {
    Named person = entry.person(effect.of());
    List<String> what = entry.values(effect.what().stream().filter(p -> !p.equals("*")).toList());
    if (effect.deed() == Deed.REVOKES) {
      if (what.isEmpty() && effect.what().contains(AccessEffect.ALL)) {
        takeAll(rule.realm(), effect.kind(), person, entry.account(), deed);
      }
      for (String one : what) {
        take(rule.realm(), new Thing(effect.kind(), one, entry.account()), person, deed);
      }
      return;
    }
    if (person == null || what.isEmpty()) {
      return;
    }
    Holder holder = holder(rule.realm(), person);
    if (effect.deed() == Deed.REPLACES) {
      holder.clear(effect.kind(), entry.account(), deed);
    }
    List<String> until = entry.values(effect.until());
    long untilMillis = until.isEmpty() ? -1 : EntryFacts.millis(until.get(0));
    for (String one : what) {
      Thing thing = new Thing(effect.kind(), one, entry.account());
      give(holder, thing, deed, untilMillis < 0 ? Long.MAX_VALUE : untilMillis);
    }
  }

  /** A thing that a person can have. */
  private record Thing(AccessKind kind, String what, @Nullable String account) {
    String key() {
      return kind.jsonName() + "\n" + what + "\n" + (account == null ? "" : account);
    }

    String heldKey(String realm) {
      return realm + "\n" + kind.jsonName() + "\n" + what;
    }
  }

  private Holder holder(String realm, Named person) {
    Holder holder = holder(realm, person.type(), person.id());
    if (person.name() != null) {
      holder.name = person.name();
    }
    return holder;
  }

  private Holder holder(String realm, String type, String id) {
    return people.computeIfAbsent(
        Holder.key(realm, type, id),
        key -> {
          if (people.size() == MAX_PEOPLE) {
            throw new AccessLimitException("more than " + MAX_PEOPLE + " people");
          }
          return new Holder(
              realm, type, id, realm.equals(AccessRules.PRODUCT) ? productCleared : Map.of());
        });
  }

  private void give(Holder holder, Thing thing, Holding.Deed deed, long untilMillis) {
    if (thing.kind() == AccessKind.SESSION) {
      Holding.Deed end = earlyEnds.remove(thing.heldKey(holder.realm));
      if (end != null && !deed.isAfter(end)) {
        holder.sessionEndedAtMillis = Math.max(holder.sessionEndedAtMillis, end.atMillis());
        return;
      }
    }
    Holding holding = holding(holder, thing);
    boolean had = holding.isGiven();
    if (deed.isAfter(holding.given)) {
      holding.given = deed;
      holding.untilMillis = untilMillis;
    }
    if (!had || holding.origin == null) {
      holding.origin = deed;
    }
  }

  /** The holding of a thing; what somebody else had under the same name is theirs no more. */
  private Holding holding(Holder holder, Thing thing) {
    if (!thing.kind().isHeld()) {
      return holder.holdings.computeIfAbsent(thing.key(), key -> created(thing, holder));
    }
    Holding holding =
        held.computeIfAbsent(thing.heldKey(holder.realm), key -> created(thing, null));
    Holder before = holding.holder;
    if (before != holder) {
      if (before != null) {
        before.holdings.remove(thing.heldKey(holder.realm));
      }
      holding.holder = holder;
      holder.holdings.put(thing.heldKey(holder.realm), holding);
    }
    return holding;
  }

  private Holding created(Thing thing, @Nullable Holder holder) {
    if (holdings == MAX_HOLDINGS) {
      throw new AccessLimitException("more than " + MAX_HOLDINGS + " grants");
    }
    holdings++;
    Holding holding = new Holding(thing.kind(), thing.what(), thing.account());
    holding.holder = holder;
    return holding;
  }

  private void take(String realm, Thing thing, @Nullable Named person, Holding.Deed deed) {
    if (thing.kind() == AccessKind.SESSION) {
      endSession(realm, thing, deed);
      return;
    }
    Holding holding = null;
    if (thing.kind().isHeld()) {
      holding = held.computeIfAbsent(thing.heldKey(realm), key -> created(thing, null));
    } else if (person != null) {
      Holder holder = holder(realm, person);
      holding = holder.holdings.computeIfAbsent(thing.key(), key -> created(thing, holder));
    }
    if (holding != null && deed.isAfter(holding.taken)) {
      holding.taken = deed;
    }
  }

  /** Sessions are many: of one that has ended nothing but the time is remembered. */
  private void endSession(String realm, Thing thing, Holding.Deed deed) {
    Holding session = held.get(thing.heldKey(realm));
    Holding.Deed given = session == null ? null : session.given;
    if (session == null || given == null) {
      earlyEnds.put(thing.heldKey(realm), deed);
    } else if (deed.isAfter(given)) {
      forget(thing.heldKey(realm), session, deed);
    }
  }

  private void forget(String key, Holding session, Holding.Deed deed) {
    held.remove(key);
    holdings--;
    Holder holder = session.holder;
    if (holder != null) {
      holder.holdings.remove(key);
      holder.sessionEndedAtMillis = Math.max(holder.sessionEndedAtMillis, deed.atMillis());
    }
  }

  private void takeAll(
      String realm,
      AccessKind kind,
      @Nullable Named person,
      @Nullable String account,
      Holding.Deed deed) {
    if (person == null) {
      return;
    }
    Holder holder = holder(realm, person);
    holder.clear(kind, account, deed);
    if (kind == AccessKind.SESSION) {
      for (Map.Entry<String, Holding> one : List.copyOf(holder.holdings.entrySet())) {
        if (one.getValue().kind == AccessKind.SESSION && !one.getValue().isGiven()) {
          forget(one.getKey(), one.getValue(), deed);
        }
      }
    }
  }

  /** One person's part of a producer's snapshot, or an empty snapshot. */
  private void snapshot(long seq, EntryFacts entry) {
    Map<String, Object> details = entry.details();
    String id = JsonTree.text(details.get("snapshot"));
    long part = JsonTree.integer(details.get("part"), 1);
    long parts = JsonTree.integer(details.get("parts"), 1);
    if (id == null || part < 1 || part > parts || parts > MAX_PARTS) {
      return;
    }
    Snapshot snapshot = snapshots.computeIfAbsent(id, key -> new Snapshot(deed(seq, 0, entry)));
    Holding.Deed first = snapshot.first;
    Holding.Deed said =
        new Holding.Deed(
            first.atMillis(), seq << EFFECT_BITS | 1, seq, entry.id(), entry.by(), seq);
    Named person = entry.person(List.of("target"));
    if (person != null) {
      Holder holder = holder(AccessRules.PRODUCT, person);
      for (Object element : JsonTree.list(details.get("grants"))) {
        Map<String, Object> grant = JsonTree.map(element);
        AccessKind kind = AccessKind.of(String.valueOf(grant.get("kind"))).orElse(null);
        String what = JsonTree.text(grant.get("what"));
        if (kind != null && what != null) {
          long until = EntryFacts.millis(grant.get("until"));
          give(
              holder,
              new Thing(kind, what, JsonTree.text(grant.get("account"))),
              said,
              until < 0 ? Long.MAX_VALUE : until);
        }
      }
    }
    snapshot.parts.set((int) part);
    if (snapshot.parts.cardinality() == parts) {
      for (AccessKind kind : AccessKind.values()) {
        if (kind != AccessKind.SESSION) {
          productCleared.merge(kind, first, (one, other) -> other.isAfter(one) ? other : one);
        }
      }
      baselines.add(first.seq());
    }
  }

  private void carried(long seq, EntryFacts entry) {
    Map<String, Object> details = entry.details();
    String purge = JsonTree.text(details.get("purge"));
    long part = JsonTree.integer(details.get("part"), 0);
    if (purge == null || part < 1 || part > MAX_PARTS) {
      return;
    }
    carriedParts.computeIfAbsent(purge, key -> new BitSet()).set((int) part);
    for (Object element : JsonTree.list(details.get("holdings"))) {
      carry(seq, JsonTree.map(element));
    }
    for (Object element : JsonTree.list(details.get("cleared"))) {
      Map<String, Object> json = JsonTree.map(element);
      Holding.Deed deed = CarriedGrants.deed(json.get("taken"), seq);
      AccessKind kind = AccessKind.of(String.valueOf(json.get("kind"))).orElse(null);
      if (deed != null && kind != null && deed.atMillis() <= asOfMillis) {
        holderOf(json).clear(kind, JsonTree.text(json.get("account")), deed);
      }
    }
  }

  private Holder holderOf(Map<String, Object> json) {
    return holder(
        String.valueOf(json.get("realm")),
        String.valueOf(json.get("type")),
        String.valueOf(json.get("id")));
  }

  private void carry(long seq, Map<String, Object> json) {
    AccessKind kind = AccessKind.of(String.valueOf(json.get("kind"))).orElse(null);
    String what = JsonTree.text(json.get("what"));
    String account = JsonTree.text(json.get("account"));
    Set<String> only = accounts;
    if (kind == null
        || what == null
        || (only != null && (account == null || !only.contains(account)))) {
      return;
    }
    Thing thing = new Thing(kind, what, account);
    Holding.Deed given = CarriedGrants.deed(json.get("given"), seq);
    Holding.Deed origin = CarriedGrants.deed(json.get("origin"), seq);
    Holding.Deed taken = CarriedGrants.deed(json.get("taken"), seq);
    Holder holder = holderOf(json);
    if (given != null && given.atMillis() <= asOfMillis) {
      Holding holding = holding(holder, thing);
      if (given.isAfter(holding.given)) {
        holding.given = given;
        holding.untilMillis = JsonTree.integer(json.get("until"), Long.MAX_VALUE);
      }
      if (origin != null && (holding.origin == null || holding.origin.isAfter(origin))) {
        holding.origin = origin;
      }
    }
    if (taken != null && taken.atMillis() <= asOfMillis) {
      Holding holding = holding(holder, thing);
      if (taken.isAfter(holding.taken)) {
        holding.taken = taken;
      }
    }
  }

  /** An entry that says what was purged; what was carried over before is not lost. */
  private void purge(long seq, EntryFacts entry) {
    long parts = JsonTree.integer(entry.details().get(CarriedGrants.PARTS), -1);
    BitSet seen = carriedParts.remove(entry.id());
    if (parts < 0) {
      return;
    }
    List<long[]> ranges = new ArrayList<>();
    for (Object element : JsonTree.list(entry.details().get("ranges"))) {
      List<Object> range = JsonTree.list(element);
      if (range.size() == 2) {
        ranges.add(
            new long[] {JsonTree.integer(range.get(0), 0), JsonTree.integer(range.get(1), 0)});
      }
    }
    if (parts == (seen == null ? 0 : seen.cardinality())) {
      cover(ranges);
    } else {
      carriedAgain.addAll(ranges);
      lastCarriedAgain = seq;
    }
  }

  private void cover(List<long[]> ranges) {
    for (long[] range : ranges) {
      for (long[] gone : purged.remove(range[0], range[1])) {
        carried += gone[1] - gone[0];
      }
    }
  }

  /**
   * The last purged entry whose grants nobody carried over; negative when there is none. What a
   * purge carried over may have been purged since: then a later purge carried it over again, unless
   * entries before it are missing that none did.
   */
  private long lastLost() {
    long before = last(purged);
    long counted = carried;
    cover(carriedAgain);
    carriedAgain.clear();
    long[] first = {Long.MAX_VALUE};
    purged.forEach(range -> first[0] = Math.min(first[0], range[0]));
    if (first[0] > lastCarriedAgain) {
      return last(purged);
    }
    carried = counted;
    return before;
  }

  private static long last(Ranges ranges) {
    long[] last = {-1};
    ranges.forEach(range -> last[0] = range[1] - 1);
    return last[0];
  }

  Collection<Holder> people() {
    return people.values();
  }

  /** How far back what was read reaches, which is all that there is to read. */
  Completeness completeness() {
    Completeness known = completeness;
    if (known == null) {
      known = newCompleteness();
      completeness = known;
    }
    return known;
  }

  private Completeness newCompleteness() {
    long since = lastLost() + 1;
    List<Long> used = new ArrayList<>();
    long baselineSeq = since;
    for (long baseline : baselines) {
      if (since > 0 && baseline >= since) {
        baselineSeq = used.isEmpty() ? baseline : Math.min(baselineSeq, baseline);
        used.add(baseline);
      }
    }
    return new Completeness(
        since == 0 || !used.isEmpty(), baselineSeq, used, purgedEntries, carried);
  }
}
