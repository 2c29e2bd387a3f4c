package dev.indelible.server.evidence.story;

import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.Order;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.search.Found;
import dev.indelible.server.search.Search;
import dev.indelible.server.takeout.Taker.Turns;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds and tells stories. Thread-safe. */
public final class Stories {

  private final Search search;

  /** Stories of what {@code search} finds. */
  public Stories(Search search) {
    this.search = search;
  }

  /** Subject of a story. */
  public enum About {
    /** One session, by its id. */
    SESSION,
    /** A person, by id: what they did, and what was done to them. */
    PERSON,
    /** An object, by type and id with a slash between: what was done to it. */
    OBJECT;

    /** The query that finds its entries. */
    public String query(String subject) {
      return switch (this) {
        case SESSION -> Filter.term(Field.SESSION, subject).toQuery();
        case PERSON ->
            "("
                + Filter.term(Field.ACTOR_ID, subject).toQuery()
                + " OR "
                + Filter.term(Field.TARGET_ID, subject).toQuery()
                + " OR "
                + Filter.term(Field.TARGET, "user/" + subject).toQuery()
                + ")";
        case OBJECT -> Filter.term(Field.TARGET, subject).toQuery();
      };
    }
  }

  /**
   * A story to tell.
   *
   * @param query finds its entries
   * @param from no entry before it, or null
   * @param to no entry from it on, or null
   */
  public record Wanted(String query, @Nullable Instant from, @Nullable Instant to) {}

  /**
   * Tells it.
   *
   * @throws dev.indelible.server.search.BadQueryException when the query is none
   * @throws IOException when the reader may not read any more
   */
  public Story tell(TenantScope scope, Wanted wanted, Turns turns) throws IOException {
    Search.Question question =
        new Search.Question(wanted.query(), wanted.from(), wanted.to(), ZoneOffset.UTC);
    List<Found> entries = new ArrayList<>();
    String cursor = null;
    do {
      if (cursor != null && !turns.stillMay()) {
        throw new IOException("the caller may not read any more; the story breaks off");
      }
      String behind = cursor;
      Search.Page page =
          turns.read(
              () ->
                  search.page(
                      scope, question, Order.EARLIEST_OCCURRED_FIRST, Search.MAX_PAGE, behind));
      entries.addAll(page.entries());
      cursor = page.next();
    } while (cursor != null && entries.size() < Story.MAX_ENTRIES);
    return Story.of(entries, cursor == null);
  }
}
