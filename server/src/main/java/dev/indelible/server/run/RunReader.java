package dev.indelible.server.run;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.event.TenantId;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one run. Thread-safe. In heap it holds the first tenant of each directory page and nothing
 * per entry; blocks and pages are shared through the {@link RunCache}.
 *
 * <p>Every method that reads throws {@link RunException.Corrupt} when the bytes that it needs are
 * not those that were written, and never returns what such bytes say.
 */
public final class RunReader implements AutoCloseable {

  /** A forward range of more entries than this does not push others out of the cache. */
  static final int CACHED_RANGE_ENTRIES = 4096;

  private final RunFile file;
  private final RunCache cache;
  private final int headerBytes;
  private final Footer footer;
  private final List<FilterPart> filterParts;
  private final Directory directory;

  private RunReader(RunFile file, RunCache cache, int headerBytes) throws IOException {
    this.file = file;
    this.cache = cache;
    this.headerBytes = headerBytes;
    footer = Footer.read(file, headerBytes);
    filterParts = readFilterTable(file, footer);
    directory = Directory.read(file, cache, footer);
  }

  /**
   * Opens a run.
   *
   * @throws java.nio.file.NoSuchFileException when there is none of that name
   * @throws RunException when it is of another version, or corrupt
   */
  public static RunReader open(BlobStore store, String name, RunCache cache) throws IOException {
    RunFile file = new RunFile(name, store.open(name));
    try {
      return new RunReader(file, cache, readHeader(file));
    } catch (IOException | RuntimeException e) {
      try {
        file.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private static int readHeader(RunFile file) throws IOException {
    byte[] name = file.name().getBytes(StandardCharsets.US_ASCII);
    int fixed = RunFormat.VERSION_OFFSET + Integer.BYTES + Short.BYTES;
    int length = fixed + name.length + RunFormat.CRC_BYTES;
    if (file.sizeBytes() < length) {
      throw file.corrupt(0, "a run is longer than " + file.sizeBytes() + " bytes");
    }
    byte[] header = file.unchecked(0, length);
    Section section = new Section(file.name(), 0, header, 0, header.length - RunFormat.CRC_BYTES);
    if (section.takeLong() != RunFormat.MAGIC) {
      throw section.corrupt("not a run");
    }
    int version = section.takeInt();
    if (Integer.compareUnsigned(version, RunFormat.VERSION) > 0) {
      throw new RunException.TooNew(file.name(), version);
    }
    if (Integer.compareUnsigned(version, RunFormat.OLDEST_VERSION) < 0) {
      throw new RunException.TooOld(file.name(), version);
    }
    int nameLength = section.takeByte() << 8 | section.takeByte();
    if (nameLength != name.length) {
      throw section.corrupt("written under another name, or damaged");
    }
    file.check(0, header, 0, header.length);
    if (!Arrays.equals(header, fixed, fixed + name.length, name, 0, name.length)) {
      throw section.corrupt("written under another name");
    }
    return length;
  }

  private static List<FilterPart> readFilterTable(RunFile file, Footer footer) throws IOException {
    Section table = file.section(footer.filterTableOffset(), footer.filterTableBytes());
    List<FilterPart> parts = new ArrayList<>(footer.filterParts());
    long at = footer.filterOffset();
    for (int i = 0; i < footer.filterParts(); i++) {
      int blocks = table.takeInt();
      int ids = table.takeInt();
      int number = table.takeByte();
      Optional<FilterPart.Kept> kept = FilterPart.Kept.of(number);
      if (ids < 1
          || ids > RunFormat.MAX_FILTER_PART_IDS
          || blocks != IdFilter.blocksFor(ids)
          || kept.isEmpty()) {
        throw table.corrupt(
            "no part of an id filter: %d blocks, %d ids, kind %d".formatted(blocks, ids, number));
      }
      FilterPart part = new FilterPart(at, blocks, ids, kept.get());
      parts.add(part);
      at += part.bytes();
    }
    if (at != footer.filterTableOffset()) {
      throw table.corrupt("filter parts end at " + at);
    }
    return List.copyOf(parts);
  }

  /** Summary of the run. */
  public RunInfo info() {
    return footer.info();
  }

  /** The tenant's entries, if it has any here. */
  public Optional<Slice> slice(TenantId tenant) throws IOException {
    Optional<Directory.Found> found = directory.find(tenant);
    return found.isEmpty() ? Optional.empty() : Optional.of(read(found.get(), true));
  }

  private Slice read(Directory.Found found, boolean keep) throws IOException {
    SliceLocation location = found.location();
    return Slice.read(
        found.tenant(),
        location,
        cache.section(file, location.recordOffset(), location.recordBytes(), keep));
  }

  /** Slices one after the other. Not thread-safe. */
  @FunctionalInterface
  public interface SliceCursor {
    /** The next slice, or null after the last. */
    @Nullable Slice next() throws IOException;
  }

  /** All slices in the order of their tenants. */
  public SliceCursor slices() {
    return new SliceCursor() {
      private List<Directory.Found> page = List.of();
      private int nextPage;
      private int nextOnPage;

      @Override
      public @Nullable Slice next() throws IOException {
        if (nextOnPage == page.size()) {
          if (nextPage == directory.pages()) {
            return null;
          }
          page = directory.page(nextPage++);
          nextOnPage = 0;
        }
        return read(page.get(nextOnPage++), false);
      }
    };
  }

  /** One entry of the slice. */
  public StoredEntry entry(Slice slice, long seq) throws IOException {
    checkRange(slice, seq, seq + 1);
    int row = (int) (seq - slice.firstSeq());
    BlockList list = blockList(slice);
    BlockReference reference = list.get(list.indexOf(row));
    return block(slice, reference, true).entry(row - reference.row());
  }

  /** The entries of the given seqs, in the order given; neighbours of one block are read once. */
  public List<StoredEntry> entries(Slice slice, long... seqs) throws IOException {
    long[] sorted = new long[seqs.length];
    for (int i = 0; i < seqs.length; i++) {
      checkRange(slice, seqs[i], seqs[i] + 1);
      sorted[i] = (seqs[i] - slice.firstSeq()) << Integer.SIZE | i;
    }
    Arrays.sort(sorted);
    StoredEntry[] found = new StoredEntry[seqs.length];
    BlockList list = blockList(slice);
    @Nullable BlockReference reference = null;
    @Nullable DecodedBlock block = null;
    for (long packed : sorted) {
      int row = (int) (packed >>> Integer.SIZE);
      if (reference == null || block == null || row >= reference.row() + reference.rows()) {
        reference = list.get(list.indexOf(row));
        block = block(slice, reference, true);
      }
      found[(int) packed] = block.entry(row - reference.row());
    }
    return List.of(found);
  }

  /** The entries from {@code fromSeq} up to, not including, {@code toSeq}, ascending. */
  public EntryCursor entries(Slice slice, long fromSeq, long toSeq) {
    checkRange(slice, fromSeq, toSeq);
    boolean keep = toSeq - fromSeq <= CACHED_RANGE_ENTRIES;
    BlockList list = blockList(slice);
    return new EntryCursor() {
      private int row = (int) (fromSeq - slice.firstSeq());
      private final int end = (int) (toSeq - slice.firstSeq());
      private int index = -1;
      private @Nullable DecodedBlock block;

      @Override
      public @Nullable StoredEntry next() throws IOException {
        if (row == end) {
          return null;
        }
        int inBlock = block == null ? 0 : (int) (slice.firstSeq() + row - block.firstSeq());
        if (block == null || inBlock == block.count()) {
          index = block == null ? list.indexOf(row) : index + 1;
          block = block(slice, list.get(index), keep);
          inBlock = (int) (slice.firstSeq() + row - block.firstSeq());
        }
        row++;
        return block.entry(inBlock);
      }
    };
  }

  /** The entries before {@code beforeSeq} down to {@code fromSeq}, descending. */
  public EntryCursor entriesBackward(Slice slice, long fromSeq, long beforeSeq) {
    checkRange(slice, fromSeq, beforeSeq);
    BlockList list = blockList(slice);
    return new EntryCursor() {
      private int row = (int) (beforeSeq - slice.firstSeq());
      private final int end = (int) (fromSeq - slice.firstSeq());
      private int index = -1;
      private @Nullable DecodedBlock block;

      @Override
      public @Nullable StoredEntry next() throws IOException {
        if (row == end) {
          return null;
        }
        row--;
        int inBlock = block == null ? -1 : (int) (slice.firstSeq() + row - block.firstSeq());
        if (block == null || inBlock < 0) {
          index = block == null ? list.indexOf(row) : index - 1;
          block = block(slice, list.get(index), true);
          inBlock = (int) (slice.firstSeq() + row - block.firstSeq());
        }
        return block.entry(inBlock);
      }
    };
  }

  /** The leaf hashes from {@code fromSeq} up to, not including, {@code toSeq}. */
  public List<Hash> leafHashes(Slice slice, long fromSeq, long toSeq) throws IOException {
    checkRange(slice, fromSeq, toSeq);
    List<Hash> hashes = new ArrayList<>((int) (toSeq - fromSeq));
    BlockList list = blockList(slice);
    int row = (int) (fromSeq - slice.firstSeq());
    int end = (int) (toSeq - slice.firstSeq());
    int index = row == end ? 0 : list.indexOf(row);
    while (row < end) {
      BlockReference reference = list.get(index++);
      byte[] stored =
          file.checked(slice.offset() + reference.offset(), reference.leafHashesBytes());
      int upTo = Math.min(end, reference.row() + reference.rows());
      for (; row < upTo; row++) {
        hashes.add(Hash.of(stored, (row - reference.row()) * Hash.BYTES));
      }
    }
    return hashes;
  }

  /**
   * The hashes of the subtrees of 256 leaves from {@code from} up to, not including, {@code to};
   * see {@link Slice#firstSubtree}.
   */
  public List<Hash> subtrees(Slice slice, long from, long to) throws IOException {
    long first = slice.firstSubtree();
    if (from < first || to < from || to > first + slice.subtreeCount()) {
      throw new IllegalArgumentException("subtrees [" + from + ", " + to + ") of " + slice);
    }
    List<Hash> hashes = new ArrayList<>((int) (to - from));
    int chunkHashes = RunFormat.HASHES_PER_CHUNK;
    for (int at = (int) (from - first); at < to - first; ) {
      int start = at - at % chunkHashes;
      int on = Math.min(chunkHashes, slice.subtreeCount() - start);
      byte[] stored =
          file.checked(
              slice.subtreesOffset() + RunFormat.hashChunksBytes(start),
              (int) RunFormat.hashChunksBytes(on));
      for (; at < Math.min(to - first, start + on); at++) {
        hashes.add(Hash.of(stored, (at - start) * Hash.BYTES));
      }
    }
    return hashes;
  }

  /**
   * Whether an id of this hash was sealed here; never false when it was. True of others only when
   * their 64 bits are the same, or when the run was written before all hashes were kept.
   */
  public boolean mightContain(long idHash) throws IOException {
    for (FilterPart part : filterParts) {
      if (filterMightContain(part, idHash)
          && (!part.keepsHashes() || KeptHashes.contain(file, cache, part, idHash))) {
        return true;
      }
    }
    return false;
  }

  /** Asks the part's filter alone, which is wrong about one hash in a thousand. */
  boolean filterMightContain(FilterPart part, long idHash) throws IOException {
    int block = IdFilter.block(idHash, part.blocks());
    byte[] page = cache.page(file, part.pageOffset(block), part.pageBytes(block), true);
    int at = block % RunFormat.FILTER_BLOCKS_PER_PAGE * RunFormat.FILTER_BLOCK_BYTES;
    return IdFilter.test(page, at, idHash);
  }

  /**
   * Reads every byte: all checksums, every structure, every entry against its leaf hash.
   *
   * @throws RunException.Corrupt at the first byte that is not as it was written
   */
  public void verify(RunInspector inspector) throws IOException {
    new RunVerification(this, inspector).run();
  }

  DecodedBlock block(Slice slice, BlockReference reference, boolean keep) throws IOException {
    long offset = slice.offset() + reference.offset() + reference.leafHashesBytes();
    DecodedBlock block = cache.block(file.name(), offset);
    if (block == null) {
      byte[] stored = file.checked(offset, reference.blockBytes());
      block = decode(slice, reference, offset, stored, 0);
      if (keep) {
        cache.keep(file.name(), offset, block);
      }
    }
    return block;
  }

  /** Decodes a checked block that begins at {@code start} of {@code stored}. */
  DecodedBlock decode(Slice slice, BlockReference reference, long offset, byte[] stored, int start)
      throws RunException.Corrupt {
    Section section =
        new Section(file.name(), offset, stored, start, stored.length - RunFormat.CRC_BYTES);
    DecodedBlock block = DecodedBlock.decode(section, stored, cache.decompressors());
    if (block.firstSeq() != slice.firstSeq() + reference.row()
        || block.count() != reference.rows()) {
      throw section.corrupt("another block than row " + reference.row() + " of " + slice);
    }
    return block;
  }

  /** A block with its leaf hashes, both checksums checked. */
  byte[] unit(Slice slice, BlockReference reference) throws IOException {
    long offset = slice.offset() + reference.offset();
    byte[] unit = file.unchecked(offset, reference.length());
    int hashes = reference.leafHashesBytes();
    file.check(offset, unit, 0, hashes);
    file.check(offset + hashes, unit, hashes, reference.blockBytes());
    Section head = new Section(file.name(), offset + hashes, unit, hashes, unit.length);
    if (head.takeLong() != slice.firstSeq() + reference.row()
        || head.takeByte() != reference.rows()) {
      throw head.corrupt("another block than row " + reference.row() + " of " + slice);
    }
    return unit;
  }

  /** Decodes the block of a unit whose checksums have been checked. */
  DecodedBlock decode(Slice slice, BlockReference reference, byte[] unit)
      throws RunException.Corrupt {
    long offset = slice.offset() + reference.offset() + reference.leafHashesBytes();
    return decode(slice, reference, offset, unit, reference.leafHashesBytes());
  }

  /** Hands the id filter on: the hashes of small parts join others, what is large is copied. */
  void copyFilter(FilterWriter target) throws IOException {
    for (FilterPart part : filterParts) {
      if (!part.isJoined()) {
        target.copy(file, part);
      } else {
        KeptHashes.forEach(file, part, target::add);
      }
    }
  }

  BlockList blockList(Slice slice) {
    return new BlockList(file, cache, slice);
  }

  RunFile file() {
    return file;
  }

  RunCache cache() {
    return cache;
  }

  Footer footer() {
    return footer;
  }

  int headerBytes() {
    return headerBytes;
  }

  Directory directory() {
    return directory;
  }

  List<FilterPart> filterParts() {
    return filterParts;
  }

  private static void checkRange(Slice slice, long fromSeq, long toSeq) {
    if (fromSeq < slice.firstSeq() || toSeq < fromSeq || toSeq > slice.endSeq()) {
      throw new IllegalArgumentException("[" + fromSeq + ", " + toSeq + ") is not in " + slice);
    }
  }

  /** Closes the blob. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
