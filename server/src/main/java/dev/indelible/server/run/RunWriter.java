package dev.indelible.server.run;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.event.TenantId;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one run: tenants in ascending order, each tenant's entries with contiguous ascending seqs.
 *
 * <p>In heap it keeps a block, the current tenant's block list, 20 bytes per tenant and 8 bytes per
 * id; everything else goes to the store as it comes. Not thread-safe; lives as long as the {@link
 * Source} that it is given to. Calls out of order throw {@link IllegalStateException}, entries that
 * break an invariant {@link IllegalArgumentException}; either leaves no run.
 */
public final class RunWriter {

  private final String name;
  private final long sealedThrough;
  private final RunOutput out;
  private final BlockEncoder block;
  private final FilterWriter filter = new FilterWriter();
  private final DirectoryWriter directory = new DirectoryWriter();
  private final ByteColumn blockList = new ByteColumn(4096);

  private @Nullable TenantId previousTenant;
  private @Nullable TenantId tenant;
  private long sliceStart;
  private long firstSeq;
  private long nextSeq;
  private int blocks;
  private long firstRecordedAtMillis;
  private long lastRecordedAtMillis;
  private long lastAddedMillis;

  private long tenants;
  private long entries;
  private long minRecordedAtMillis = Long.MAX_VALUE;
  private long maxRecordedAtMillis = Long.MIN_VALUE;

  /** Source of a run's entries. */
  @FunctionalInterface
  public interface Source {
    /** Adds all of them; an exception leaves no run. */
    void writeTo(RunWriter writer) throws IOException;
  }

  private RunWriter(String name, long sealedThrough, RunOutput out, BlockEncoder block) {
    this.name = name;
    this.sealedThrough = sealedThrough;
    this.out = out;
    this.block = block;
  }

  /**
   * Writes a run unless a blob of that name exists. A crash leaves no run or the whole of it, as
   * the store promises.
   *
   * @param sealedThrough the journal's position through which its entries are sealed, not negative
   * @return false when it existed; nothing has changed then
   */
  public static boolean write(BlobStore store, String name, long sealedThrough, Source source)
      throws IOException {
    if (sealedThrough < 0) {
      throw new IllegalArgumentException("negative position " + sealedThrough);
    }
    return store.putIfAbsent(
        name,
        stream -> {
          try (BlockEncoder block = new BlockEncoder()) {
            RunWriter writer = new RunWriter(name, sealedThrough, new RunOutput(stream), block);
            writer.writeHeader();
            source.writeTo(writer);
            writer.finish();
          }
        });
  }

  private void writeHeader() {
    byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
    ByteColumn buffer = out.buffer();
    buffer.putLong(RunFormat.MAGIC).putInt(RunFormat.VERSION);
    buffer.putByte(nameBytes.length >>> 8).putByte(nameBytes.length).put(nameBytes);
    buffer.putChecksum(0);
  }

  /** Begins the entries of a tenant, who comes after all so far. */
  public void startTenant(TenantId next) {
    if (tenant != null) {
      throw new IllegalStateException(tenant + " has not ended");
    }
    if (previousTenant != null && previousTenant.compareTo(next) >= 0) {
      throw new IllegalArgumentException(next + " does not come after " + previousTenant);
    }
    tenant = next;
    sliceStart = out.position();
    firstSeq = -1;
    blocks = 0;
    blockList.clear();
    firstRecordedAtMillis = Long.MAX_VALUE;
    lastRecordedAtMillis = 0;
    lastAddedMillis = 0;
  }

  /**
   * Adds the current tenant's next entry.
   *
   * @param leafHash the hash of its leaf, stored as it is
   */
  public void add(StoredEntry entry, Hash leafHash) throws IOException {
    expectSeq(entry.seq(), 1);
    if (entry.recordedAtMillis() < lastAddedMillis) {
      throw new IllegalArgumentException("recorded_at of " + tenant + " runs backwards");
    }
    lastAddedMillis = entry.recordedAtMillis();
    extendTimes(entry.recordedAtMillis(), entry.recordedAtMillis());
    if (!block.hasRoomFor(entry)) {
      flushBlock();
    }
    block.add(entry, leafHash);
  }

  /** Adds an id of the run to its filter: a 64-bit hash of tenant and id, better well mixed. */
  public void addIdHash(long idHash) {
    filter.add(idHash);
  }

  /**
   * Ends the current tenant, who has at least one entry.
   *
   * @param subtrees the RFC 6962 hashes of the aligned subtrees of 256 leaves whose last leaf has
   *     been added, in order
   * @param frontier the roots that make up the tenant's tree now, the largest first: one for each
   *     bit set in its size
   */
  public void endTenant(List<Hash> subtrees, List<Hash> frontier) throws IOException {
    if (tenant == null || firstSeq < 0) {
      throw new IllegalStateException("no entry to end");
    }
    flushBlock();
    long due = nextSeq / RunFormat.SUBTREE_LEAVES - firstSeq / RunFormat.SUBTREE_LEAVES;
    if (subtrees.size() != due || frontier.size() != Long.bitCount(nextSeq)) {
      throw new IllegalArgumentException(
          "%d subtrees and a frontier of %d go with [%d, %d), not %d and %d"
              .formatted(
                  due,
                  Long.bitCount(nextSeq),
                  firstSeq,
                  nextSeq,
                  subtrees.size(),
                  frontier.size()));
    }
    final long unitsBytes = out.position() - sliceStart;
    writeSubtrees(subtrees);
    writeBlockList();
    long recordStart = out.position();
    Slice.putRecord(
        out.buffer(),
        tenant,
        new Slice.Written(
            firstSeq,
            nextSeq - firstSeq,
            blocks,
            unitsBytes,
            firstRecordedAtMillis,
            lastRecordedAtMillis),
        frontier);
    long end = out.position();
    directory.add(
        tenant, new SliceLocation(sliceStart, end - sliceStart, (int) (end - recordStart)));
    tenants++;
    entries += nextSeq - firstSeq;
    previousTenant = tenant;
    tenant = null;
    out.flushIfLarge();
  }

  private void writeSubtrees(List<Hash> subtrees) {
    ByteColumn buffer = out.buffer();
    for (int from = 0; from < subtrees.size(); from += RunFormat.HASHES_PER_CHUNK) {
      int start = buffer.length();
      int to = Math.min(from + RunFormat.HASHES_PER_CHUNK, subtrees.size());
      for (Hash hash : subtrees.subList(from, to)) {
        buffer.put(hash.toBytes());
      }
      buffer.putChecksum(start);
    }
  }

  private void writeBlockList() {
    ByteColumn buffer = out.buffer();
    int pageBytes = RunFormat.BLOCKS_PER_PAGE * RunFormat.BLOCK_REFERENCE_BYTES;
    for (int from = 0; from < blockList.length(); from += pageBytes) {
      int start = buffer.length();
      buffer.put(blockList.array(), from, Math.min(pageBytes, blockList.length() - from));
      buffer.putChecksum(start);
    }
  }

  /**
   * Adds a block and its leaf hashes as another run holds them, the checksums checked; the times
   * come with {@link #extendTimes}.
   */
  void copyUnit(byte[] unit, long unitFirstSeq, int rows) throws IOException {
    expectSeq(unitFirstSeq, rows);
    flushBlock();
    int row = Math.toIntExact(unitFirstSeq - firstSeq);
    long start = out.position();
    out.buffer().put(unit);
    listBlock(row, rows, start);
    out.flushIfLarge();
  }

  /** Says when entries that are copied were recorded. */
  void extendTimes(long firstMillis, long lastMillis) {
    firstRecordedAtMillis = Math.min(firstRecordedAtMillis, firstMillis);
    lastRecordedAtMillis = Math.max(lastRecordedAtMillis, lastMillis);
    minRecordedAtMillis = Math.min(minRecordedAtMillis, firstMillis);
    maxRecordedAtMillis = Math.max(maxRecordedAtMillis, lastMillis);
  }

  FilterWriter filter() {
    return filter;
  }

  private void expectSeq(long seq, int rows) {
    if (tenant == null) {
      throw new IllegalStateException("no tenant has started");
    }
    if (firstSeq < 0) {
      firstSeq = seq;
      nextSeq = seq;
    }
    if (seq != nextSeq) {
      throw new IllegalArgumentException(
          "seq " + seq + " of " + tenant + " where " + nextSeq + " is due");
    }
    nextSeq = seq + rows;
    if (nextSeq - firstSeq > RunFormat.MAX_SLICE_ENTRIES) {
      throw new IllegalArgumentException(
          "more than " + RunFormat.MAX_SLICE_ENTRIES + " entries of " + tenant);
    }
  }

  private void flushBlock() throws IOException {
    if (block.count() == 0) {
      return;
    }
    int row = Math.toIntExact(block.firstSeq() - firstSeq);
    int rows = block.count();
    long start = out.position();
    block.encodeTo(out.buffer());
    listBlock(row, rows, start);
    out.flushIfLarge();
  }

  /** Lists the unit that begins at {@code start} and ends here. */
  private void listBlock(int row, int rows, long start) {
    int length = Math.toIntExact(out.position() - start);
    new BlockReference(row, rows, start - sliceStart, length).putTo(blockList);
    blocks++;
  }

  private void finish() throws IOException {
    if (tenant != null || tenants == 0) {
      throw new IllegalStateException("a run holds at least one tenant, each of them ended");
    }
    long filterOffset = out.position();
    List<FilterPart> parts = filter.writeTo(out);
    long filterTableOffset = out.position();
    ByteColumn buffer = out.buffer();
    int tableStart = buffer.length();
    for (FilterPart part : parts) {
      buffer.putInt(part.blocks()).putInt(part.ids()).putByte(part.kept().number);
    }
    buffer.putChecksum(tableStart);
    directory.finish();
    long directoryOffset = out.position();
    buffer.put(directory.pages());
    long sparseOffset = out.position();
    buffer.put(directory.sparse());
    RunInfo info =
        new RunInfo(
            name,
            out.position() + Footer.BYTES,
            tenants,
            entries,
            minRecordedAtMillis,
            maxRecordedAtMillis,
            sealedThrough);
    new Footer(
            info,
            filterOffset,
            parts.size(),
            filterTableOffset,
            directoryOffset,
            directory.pageCount(),
            sparseOffset)
        .putTo(buffer);
    out.flush();
  }
}
