package dev.indelible.verify.access;

import dev.indelible.verify.access.Holding.Deed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Statements of a fold that rest on entries which a purge is about to delete, as details of entries
 * {@code audit.access.snapshot} that are recorded before. Grants that still hold stay, and so does
 * that something was taken, as long as the entry that gave it is there. Whoever reads the log
 * afterwards applies them with their first times and numbers, and comes to the same.
 */
public final class CarriedGrants {

  /** Statements of one entry; each has fewer than 1,000 bytes besides its texts. */
  static final int PER_ENTRY = 100;

  /** Detail of the entry that says what was purged: how many entries carried grants over before. */
  public static final String PARTS = "access_parts";

  private CarriedGrants() {}

  /**
   * The details of the entries to record, as JSON; none when nothing rests on what goes.
   *
   * @param fold has read the whole log
   * @param goes whether an entry, by its number, is about to be deleted
   * @param purge the id of the entry that will say what was deleted
   */
  public static List<String> of(AccessFold fold, LongPredicate goes, String purge) {
    List<Map<String, Object>> holdings = new ArrayList<>();
    List<Map<String, Object>> cleared = new ArrayList<>();
    Map<String, Holder> people = new TreeMap<>();
    fold.people().forEach(holder -> people.put(holder.key(), holder));
    for (Holder holder : people.values()) {
      new TreeMap<>(holder.holdings)
          .values()
          .forEach(holding -> addHolding(holder, holding, goes, holdings));
      new TreeMap<>(holder.clears())
          .forEach(
              (key, deed) -> {
                if (goes.test(deed.source())) {
                  String[] names = key.split("\n", 2);
                  Map<String, Object> json = person(holder);
                  json.put("kind", names[0]);
                  if (!names[1].isEmpty()) {
                    json.put("account", names[1]);
                  }
                  json.put("taken", json(deed));
                  cleared.add(json);
                }
              });
    }
    return entries(holdings, cleared, purge);
  }

  private static void addHolding(
      Holder holder, Holding holding, LongPredicate goes, List<Map<String, Object>> holdings) {
    Deed given = holding.given;
    Deed origin = holding.origin;
    Deed taken = holding.taken;
    boolean holds = holding.isGiven();
    boolean givenGoes =
        given != null
            && (goes.test(given.source()) || (origin != null && goes.test(origin.source())));
    boolean takenGoes = taken != null && goes.test(taken.source());
    // An account that was closed says who left, as long as they have anything.
    boolean carries =
        holds ? givenGoes : takenGoes || (givenGoes && holding.kind == AccessKind.SIGN_IN);
    if (!carries) {
      return;
    }
    Map<String, Object> json = person(holder);
    json.put("kind", holding.kind.jsonName());
    json.put("what", holding.what);
    if (holding.account != null) {
      json.put("account", holding.account);
    }
    if (given != null) {
      json.put("given", json(given));
    }
    if (origin != null) {
      json.put("origin", json(origin));
    }
    if (taken != null) {
      json.put("taken", json(taken));
    }
    if (holding.untilMillis != Long.MAX_VALUE) {
      json.put("until", holding.untilMillis);
    }
    holdings.add(json);
  }

  private static Map<String, Object> person(Holder holder) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("realm", holder.realm);
    json.put("type", holder.type);
    json.put("id", holder.id);
    return json;
  }

  private static List<String> entries(
      List<Map<String, Object>> holdings, List<Map<String, Object>> cleared, String purge) {
    int parts = (holdings.size() + cleared.size() + PER_ENTRY - 1) / PER_ENTRY;
    List<String> entries = new ArrayList<>();
    int at = 0;
    for (int part = 1; part <= parts; part++) {
      int end = Math.min(at + PER_ENTRY, holdings.size() + cleared.size());
      Map<String, Object> details = new LinkedHashMap<>();
      details.put("purge", purge);
      details.put("part", (long) part);
      details.put("parts", (long) parts);
      details.put("holdings", slice(holdings, at, end));
      details.put("cleared", slice(cleared, at - holdings.size(), end - holdings.size()));
      entries.add(JsonText.text(details));
      at = end;
    }
    return entries;
  }

  private static List<Map<String, Object>> slice(List<Map<String, Object>> all, int from, int end) {
    int first = Math.min(Math.max(from, 0), all.size());
    return all.subList(first, Math.min(Math.max(end, first), all.size()));
  }

  private static Map<String, Object> json(Deed deed) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("at", deed.atMillis());
    json.put("order", deed.order());
    json.put("seq", deed.seq());
    json.put("entry", deed.entryId());
    json.put("by", deed.by());
    return json;
  }

  /** The deed that an entry carries over; null when it carries none. */
  static @Nullable Deed deed(@Nullable Object value, long source) {
    Map<String, Object> json = JsonTree.map(value);
    return json.isEmpty()
        ? null
        : new Deed(
            JsonTree.integer(json.get("at"), 0),
            JsonTree.integer(json.get("order"), 0),
            JsonTree.integer(json.get("seq"), 0),
            String.valueOf(json.get("entry")),
            String.valueOf(json.get("by")),
            source);
  }
}
