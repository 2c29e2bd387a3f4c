package dev.indelible.server.index;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryCodec;
import java.io.IOException;
import java.util.List;

/** Entries as the log would store them, for tests that write them down decoded. */
public final class Indexables {

  private static final EntryCodec CODEC = new EntryCodec();

  private Indexables() {}

  /** The entry with the parts that it would be stored in. */
  public static Indexable stored(Entry entry) {
    EntryCodec.Parts parts =
        CODEC.encode(
            new EntryCodec.Accepted(
                entry.tenant(),
                entry.id(),
                entry.event(),
                entry.classification(),
                entry.recordedBy()),
            EntryCodec.Privacy.BASIC);
    return new Indexable(
        entry.tenant(),
        entry.seq(),
        entry.recordedAt().toEpochMilli(),
        entry.personalErased() ? new EntryCodec.Parts(parts.facts(), null) : parts,
        entry.personalErased());
  }

  /** Applies {@code entries} to {@code index}. */
  public static void apply(EventIndex index, List<Entry> entries) throws IOException {
    index.apply(entries.stream().map(Indexables::stored).toList());
  }
}
