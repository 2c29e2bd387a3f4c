package dev.indelible.server.retention;

import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Copies of entries beside the log, such as files of exports. A deletion tells whoever keeps some,
 * and is not done before they say that theirs are gone. A crash may have either call made again.
 */
public interface Copies {

  /**
   * Tells that parts of entries are about to be deleted: their record is in the log, and they can
   * still be read.
   *
   * @throws IOException when that cannot be noted; the deletion is tried again later
   */
  void announced(Deleted deleted) throws IOException;

  /**
   * Tells that nothing that is read from now on has them. No copy has them either when this
   * returns.
   *
   * @throws IOException when a copy cannot be deleted; the deletion is tried again later
   */
  void gone(Deleted deleted) throws IOException;

  /**
   * Copies that had left the house before a deletion took them down here: what the program cannot
   * delete.
   *
   * @param basis the grounds of the deletion, such as the id of a request for erasure
   */
  List<Left> left(TenantId tenant, String basis);

  /**
   * A copy that had left.
   *
   * @param id of the export, or of the stream
   * @param at when it first left
   * @param stream what a stream is called and where it sends to; null for an export
   */
  record Left(String id, Instant at, @Nullable OfStream stream) {

    /** An export that had left. */
    public Left(String id, Instant at) {
      this(id, at, null);
    }
  }

  /**
   * A stream to another system.
   *
   * @param name for people
   * @param destination in words, without secrets
   */
  record OfStream(String name, String destination) {}

  /** Streams that have not sent entries yet which are about to be deleted; none here. */
  default List<Behind> behind(TenantId tenant, SeqRanges entries) {
    return List.of();
  }

  /**
   * A stream that is behind.
   *
   * @param id of the stream
   * @param name for people
   * @param nextSeq the sequence number that it looks at next
   */
  record Behind(String id, String name, long nextSeq) {}

  /**
   * A deletion of one tenant's log.
   *
   * @param tenant whose
   * @param purge whether all but the leaf is deleted, or else the personal part alone
   * @param record id of the entry that records it
   * @param basis the grounds: the retention period, or the id of the request for erasure
   * @param entries which entries
   */
  record Deleted(TenantId tenant, boolean purge, String record, String basis, SeqRanges entries) {}

  /** Everybody who keeps some, who may come later than retention itself. Thread-safe. */
  final class All implements Copies {

    private final List<Copies> keepers = new CopyOnWriteArrayList<>();

    /** Nobody yet. */
    public All() {}

    /** Tells one more from now on. */
    public void add(Copies keeper) {
      keepers.add(keeper);
    }

    @Override
    public void announced(Deleted deleted) throws IOException {
      for (Copies keeper : keepers) {
        keeper.announced(deleted);
      }
    }

    @Override
    public List<Behind> behind(TenantId tenant, SeqRanges entries) {
      return keepers.stream().flatMap(keeper -> keeper.behind(tenant, entries).stream()).toList();
    }

    @Override
    public List<Left> left(TenantId tenant, String basis) {
      return keepers.stream().flatMap(keeper -> keeper.left(tenant, basis).stream()).toList();
    }

    @Override
    public void gone(Deleted deleted) throws IOException {
      for (Copies keeper : keepers) {
        keeper.gone(deleted);
      }
    }
  }
}
