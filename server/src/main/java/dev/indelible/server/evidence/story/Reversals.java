package dev.indelible.server.evidence.story;

import dev.indelible.server.event.Event;
import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.Order;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.search.Found;
import dev.indelible.server.search.Search;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out how entries can be undone. Thread-safe. */
public final class Reversals {

  private final Search search;

  /** Reversals of entries that {@code search} finds. */
  public Reversals(Search search) {
    this.search = search;
  }

  /** How an entry can be undone; empty when the scope does not show it. */
  public Optional<Reversal> of(TenantScope scope, String id) throws IOException {
    Optional<Found> entry = search.entry(scope, id);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    Event event = entry.get().shown().event();
    List<Found> later = new ArrayList<>();
    boolean all = true;
    if (!event.changes().isEmpty() && !event.targets().isEmpty()) {
      all = addLater(scope, entry.get(), later);
    }
    return Optional.of(
        new Reversal(entry.get(), Reversal.inverse(event), Reversal.unknown(event), later, all));
  }

  /** Adds what changed the same fields afterwards; returns whether that is all of it. */
  private boolean addLater(TenantScope scope, Found entry, List<Found> later) throws IOException {
    Event event = entry.shown().event();
    Event.Target target = event.targets().getFirst();
    Set<String> fields = new HashSet<>();
    event.changes().forEach(change -> fields.add(change.field()));
    List<String> changed = fields.stream().sorted().map(Reversals::changed).toList();
    String query =
        Filter.term(Field.TARGET, target.type() + "/" + target.id()).toQuery()
            + " ("
            + String.join(" OR ", changed)
            + ")";
    Search.Question question =
        new Search.Question(query, entry.shown().recordedAt(), null, ZoneOffset.UTC);
    @Nullable String cursor = null;
    do {
      Search.Page page =
          search.page(scope, question, Order.OLDEST_FIRST, Search.DEFAULT_PAGE, cursor);
      for (Found one : page.entries()) {
        if (one.shown().seq() > entry.shown().seq()) {
          if (later.size() == Reversal.MAX_LATER) {
            return false;
          }
          later.add(one);
        }
      }
      cursor = page.next();
    } while (cursor != null && later.isEmpty());
    return cursor == null;
  }

  private static String changed(String field) {
    return Filter.term(Field.CHANGED, field).toQuery();
  }
}
