package dev.indelible.client;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The entries of all pages, each page fetched when the one before it is used up. */
final class Pages implements Iterator<Entry> {

  private final Function<@Nullable String, Page> fetch;
  private Iterator<Entry> entries = List.<Entry>of().iterator();
  private @Nullable String cursor;
  private boolean begun;

  private Pages(Function<@Nullable String, Page> fetch) {
    this.fetch = fetch;
  }

  /**
   * The entries as a stream.
   *
   * @param fetch the page behind a cursor, or the first for null
   */
  static Stream<Entry> of(Function<@Nullable String, Page> fetch) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            new Pages(fetch), Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  @Override
  public boolean hasNext() {
    // A page may be empty and have a next one.
    while (!entries.hasNext() && (!begun || cursor != null)) {
      Page page = fetch.apply(cursor);
      begun = true;
      entries = page.entries().iterator();
      cursor = page.nextCursor().orElse(null);
    }
    return entries.hasNext();
  }

  @Override
  public Entry next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return entries.next();
  }
}
