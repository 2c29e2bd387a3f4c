package dev.indelible.server.search;

import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryCodec;
import dev.indelible.server.event.Event.Target;
import dev.indelible.server.log.ContentComparison;
import dev.indelible.server.log.NewEntry;
import dev.indelible.server.run.StoredEntry;
import java.util.ArrayList;
import java.util.List;

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
                      ? factsAsRecorded(event, recorded)
                      : reader.preview(event.tenant(), event.parts());
              return EntryCodec.sameContent(sent.event(), recorded.event())
                  || (isFromCatalog(sent) != isFromCatalog(recorded)
                      && EntryCodec.sameButOutcome(sent.event(), recorded.event()));
            })
        .orElse(true);
  }

  /**
   * Facts of the event if the ids that are clear in the recorded facts were not hashed now: the
   * choice of hashed ids may have changed since.
   */
  private Entry factsAsRecorded(NewEntry event, Entry recorded) {
    Entry facts = reader.factsOnly(event.parts());
    List<Target> now = facts.event().targets();
    List<Target> then = recorded.event().targets();
    List<Target> sent = reader.preview(event.tenant(), event.parts()).event().targets();
    if (now.size() != then.size() || now.size() != sent.size()) {
      return facts;
    }
    List<Target> targets = new ArrayList<>(now.size());
    for (int i = 0; i < now.size(); i++) {
      Target clear = sent.get(i);
      targets.add(
          clear.idHash() != null && clear.id().equals(then.get(i).id())
              ? new Target(clear.type(), clear.id(), null, clear.href())
              : now.get(i));
    }
    return facts.with(facts.event().withTargets(targets));
  }

  /** Whether the outcome is not what the caller said: then only the other of both may say that. */
  private static boolean isFromCatalog(Entry entry) {
    return entry.classification().flags().contains(Classification.OUTCOME_FROM_CATALOG);
  }
}
