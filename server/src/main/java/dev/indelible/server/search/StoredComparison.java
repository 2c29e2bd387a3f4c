package dev.indelible.server.search;

import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryCodec;
import dev.indelible.server.log.ContentComparison;
import dev.indelible.server.log.NewEntry;
import dev.indelible.server.run.StoredEntry;

/**
 * Compares a repeated event with the entry that has its id: as events, whatever profile they were
 * split by.
 *
 * <p>Where the entry's personal part is erased, the facts alone are compared.
 *
 * @param reader reads both
 */
public record StoredComparison(EntryReader reader) implements ContentComparison {

  @Override
  public boolean sameContent(NewEntry event, StoredEntry entry) {
    return reader
        .read(entry)
        .map(
            recorded -> {
              Entry sent =
                  recorded.personalErased()
                      ? reader.factsOnly(event.parts())
                      : reader.preview(event.tenant(), event.parts());
              return EntryCodec.sameContent(sent.event(), recorded.event())
                  || (isFromCatalog(sent) != isFromCatalog(recorded)
                      && EntryCodec.sameButOutcome(sent.event(), recorded.event()));
            })
        .orElse(true);
  }

  /** Whether the outcome is not what the caller said: then only the other of both may say that. */
  private static boolean isFromCatalog(Entry entry) {
    return entry.classification().flags().contains(Classification.OUTCOME_FROM_CATALOG);
  }
}
