package dev.indelible.client;

import java.util.List;
import java.util.Optional;

/**
 * A page of a search.
 *
 * @param entries the entries, in the order that was asked for
 * @param nextCursor what the next page begins behind; empty on the last one
 * @param indexedThrough the {@code seq} up to which the answer knows the log; -1 while it is empty
 * @param hints what to know of a query that found nothing, in sentences for people
 */
public record Page(
    List<Entry> entries, Optional<String> nextCursor, long indexedThrough, List<String> hints) {

  public Page {
    entries = List.copyOf(entries);
    hints = List.copyOf(hints);
  }

  static Page of(JsonText body) {
    return new Page(
        body.at("entries").elements().stream().map(Entry::new).toList(),
        body.at("next_cursor").text(),
        body.at("indexed_through").integer().orElse(-1),
        body.at("hints").elements().stream()
            .map(hint -> hint.at("detail").text().orElse(""))
            .toList());
  }
}
