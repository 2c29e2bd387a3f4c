package dev.indelible.server.follow;

import dev.indelible.server.event.Entry;
import dev.indelible.server.run.StoredEntry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it is stored, whose fields are decoded when somebody first asks for them, once for
 * all who follow. Thread-safe.
 */
public final class FollowedEntry {

  private final StoredEntry stored;
  private final Reader reader;
  private volatile @Nullable Entry entry;
  private volatile @Nullable Entry facts;

  /** Decodes stored entries. */
  public interface Reader {

    /** The entry; empty when retention has purged it. */
    Optional<Entry> read(StoredEntry stored);

    /** The entry without its personal part; empty when retention has purged it. */
    Optional<Entry> readFacts(StoredEntry stored);
  }

  FollowedEntry(StoredEntry stored, Reader reader) {
    this.stored = stored;
    this.reader = reader;
  }

  /** Sequence number in the tenant's log. */
  public long seq() {
    return stored.seq();
  }

  /** Stored bytes of the entry. */
  public StoredEntry stored() {
    return stored;
  }

  /** The entry; empty when retention has purged it. */
  public Optional<Entry> entry() {
    Entry known = entry;
    if (known == null) {
      known = reader.read(stored).orElse(null);
      entry = known;
    }
    return Optional.ofNullable(known);
  }

  /** The entry without its personal part; empty when retention has purged it. */
  public Optional<Entry> facts() {
    Entry known = facts;
    if (known == null) {
      known = reader.readFacts(stored).orElse(null);
      facts = known;
    }
    return Optional.ofNullable(known);
  }
}
