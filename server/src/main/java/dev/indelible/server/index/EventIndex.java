package dev.indelible.server.index;

import dev.indelible.ports.journal.Position;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.TenantScope;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * A follower of the log that finds entries: by filter, counted, by facet and over time. It holds
 * sequence numbers and what is searched by, not the entries; it is never the authority and may be
 * deleted and built again.
 *
 * <p>Promises, held by the contract test that every adapter passes:
 *
 * <ul>
 *   <li>a query finds exactly the entries for which {@link
 *       dev.indelible.server.query.FilterEvaluator} says yes, among those of the scope's tenant
 *       that were applied before the last {@link #refresh} and not removed before it;
 *   <li>page, count, facets and histogram of one {@link CompiledQuery} speak of the same entries;
 *   <li>what was applied and removed before {@link #commit} is there after a crash, with the
 *       committed position; what came later is there wholly or not at all, and {@link #committed}
 *       does not speak of it;
 *   <li>applying the same entries again changes nothing.
 * </ul>
 *
 * <p>Thread-safe; writes wait for each other, reads for nothing. After an {@link IOException} of a
 * write the index must be closed, opened, and fed again from {@link #committed}.
 */
public interface EventIndex extends AutoCloseable {

  /**
   * Adds entries; an entry whose tenant and sequence number are already there takes the other's
   * place, which is how redaction works. Of two in one batch the later stands.
   *
   * @throws dev.indelible.server.event.CorruptEntryException when an entry cannot be read; the
   *     index must then be closed as after an {@link IOException}
   */
  void apply(List<Indexable> entries) throws IOException;

  /** Removes the entries of {@code tenant} with sequence numbers in {@code ranges}. */
  void remove(TenantId tenant, List<SeqRange> ranges) throws IOException;

  /** Removes every entry of every tenant and sets the position back to the start, durably. */
  void deleteAll() throws IOException;

  /** Makes everything so far durable, as what came of the journal before {@code position}. */
  void commit(Position position) throws IOException;

  /** The position of the last commit: where to go on reading after a start. */
  Position committed();

  /** Makes everything so far visible to queries that are compiled from now on. */
  void refresh() throws IOException;

  /**
   * Makes {@code filter}, restricted by {@code scope}, ready to be answered from what is visible
   * now. To be closed.
   *
   * @param stop asked now and then while the query works; once it says yes, the query ends with
   *     {@link QueryStoppedException}
   */
  CompiledQuery compile(TenantScope scope, Filter filter, BooleanSupplier stop) throws IOException;

  /** The sequence number of the visible entry with that id within the scope. */
  OptionalLong find(TenantScope scope, String id) throws IOException;

  /**
   * Rewrites files until nothing of what was removed or replaced is in them any more; erasure is
   * complete only then. Slow: as much work as writing those files anew.
   */
  void expunge() throws IOException;

  /**
   * Reads every byte that was visible at the last refresh from the disk and compares it with its
   * checksum; what is merged into other files meanwhile is passed over.
   *
   * @param read is told how many bytes were read, every so often; may wait, to slow this down
   * @throws IOException when something is damaged, with the file's name
   */
  void checkIntegrity(LongConsumer read) throws IOException;

  /** Size of the index. */
  IndexStats stats() throws IOException;

  /** Closes it; what was not committed is lost. */
  @Override
  void close() throws IOException;
}
