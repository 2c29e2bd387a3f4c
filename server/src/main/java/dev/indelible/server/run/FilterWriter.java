package dev.indelible.server.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects the ids' hashes of a run and writes its filter. Not thread-safe. */
final class FilterWriter {

  private static final int FIRST_CAPACITY = 1024;

  /** A part that is made, or that lies in another run. */
  private sealed interface Pending {
    FilterPart partAt(long offset);
  }

  @SuppressWarnings("ArrayRecordComponent") // internal carrier; identity is never compared
  private record Made(long[] ascending) implements Pending {
    @Override
    public FilterPart partAt(long offset) {
      return new FilterPart(
          offset,
          IdFilter.blocksFor(ascending.length),
          ascending.length,
          FilterPart.Kept.ASCENDING);
    }
  }

  private record Copied(RunFile source, FilterPart part) implements Pending {
    @Override
    public FilterPart partAt(long offset) {
      return new FilterPart(offset, part.blocks(), part.ids(), part.kept());
    }
  }

  /** Rest of a part of another run; not in memory before it is written. */
  private record Thinned(RunFile source, FilterPart part, HashBag without) implements Pending {
    @Override
    public FilterPart partAt(long offset) {
      int ids = part.ids() - without.size();
      return new FilterPart(offset, IdFilter.blocksFor(ids), ids, FilterPart.Kept.ASCENDING);
    }

    Made made() throws IOException {
      long[] left = new long[part.ids() - without.size()];
      int[] count = {0};
      KeptHashes.forEach(
          source,
          part,
          hash -> {
            if (!without.take(hash)) {
              left[count[0]++] = hash;
            }
          });
      Arrays.sort(left);
      return new Made(left);
    }
  }

  private final List<Pending> pending = new ArrayList<>();
  private long[] hashes = new long[FIRST_CAPACITY];
  private int ids;

  void add(long idHash) {
    if (ids == RunFormat.MAX_FILTER_PART_IDS) {
      finishPart();
    }
    if (ids == hashes.length) {
      hashes = Arrays.copyOf(hashes, hashes.length * 2);
    }
    hashes[ids++] = idHash;
  }

  /** Takes over another run's part as it is. */
  void copy(RunFile source, FilterPart part) {
    pending.add(new Copied(source, part));
  }

  /**
   * Takes over another run's part without those of its hashes that are in {@code gone}, which are
   * taken out of it; all of a part that keeps no hashes.
   */
  void copyWithout(HashBag gone, RunFile source, FilterPart part) throws IOException {
    HashBag here = new HashBag();
    if (gone.size() > 0) {
      KeptHashes.forEach(
          source,
          part,
          hash -> {
            if (gone.take(hash)) {
              here.add(hash);
            }
          });
    }
    if (here.size() == 0) {
      copy(source, part);
    } else if (here.size() < part.ids()) {
      pending.add(new Thinned(source, part, here));
    }
  }

  int parts() {
    return pending.size() + (ids > 0 ? 1 : 0);
  }

  private void finishPart() {
    if (ids == 0) {
      return;
    }
    long[] ascending = ids == hashes.length ? hashes : Arrays.copyOf(hashes, ids);
    Arrays.sort(ascending);
    pending.add(new Made(ascending));
    hashes = new long[FIRST_CAPACITY];
    ids = 0;
  }

  /** Writes the parts and says where they are. */
  List<FilterPart> writeTo(RunOutput out) throws IOException {
    finishPart();
    if (pending.size() > RunFormat.MAX_FILTER_PARTS) {
      throw new IllegalStateException(
          pending.size() + " parts of an id filter exceed " + RunFormat.MAX_FILTER_PARTS);
    }
    List<FilterPart> parts = new ArrayList<>(pending.size());
    for (Pending next : pending) {
      FilterPart part = next.partAt(out.position());
      parts.add(part);
      switch (next) {
        case Made made -> writeMade(made, out);
        case Copied copied -> writeCopy(copied, out);
        case Thinned thinned -> writeMade(thinned.made(), out);
      }
    }
    return parts;
  }

  private static byte[] blocksOf(long[] hashes) {
    int blocks = IdFilter.blocksFor(hashes.length);
    byte[] bits = new byte[blocks * RunFormat.FILTER_BLOCK_BYTES];
    for (long hash : hashes) {
      IdFilter.set(bits, IdFilter.block(hash, blocks) * RunFormat.FILTER_BLOCK_BYTES, hash);
    }
    return bits;
  }

  private static void writeMade(Made made, RunOutput out) throws IOException {
    byte[] blocks = blocksOf(made.ascending);
    int pageBytes = RunFormat.FILTER_BLOCKS_PER_PAGE * RunFormat.FILTER_BLOCK_BYTES;
    for (int at = 0; at < blocks.length; at += pageBytes) {
      int start = out.buffer().length();
      out.buffer().put(blocks, at, Math.min(pageBytes, blocks.length - at));
      out.buffer().putChecksum(start);
      out.flushIfLarge();
    }
    for (int at = 0; at < made.ascending.length; at += RunFormat.ID_HASHES_PER_PAGE) {
      int start = out.buffer().length();
      int end = Math.min(at + RunFormat.ID_HASHES_PER_PAGE, made.ascending.length);
      for (int i = at; i < end; i++) {
        out.buffer().putLong(made.ascending[i]);
      }
      out.buffer().putChecksum(start);
      out.flushIfLarge();
    }
  }

  private static void writeCopy(Copied copied, RunOutput out) throws IOException {
    FilterPart part = copied.part;
    for (int block = 0; block < part.blocks(); block += RunFormat.FILTER_BLOCKS_PER_PAGE) {
      out.buffer().put(copied.source.checked(part.pageOffset(block), part.pageBytes(block)));
      out.flushIfLarge();
    }
    for (int hash = 0; part.keepsHashes() && hash < part.ids(); ) {
      out.buffer().put(copied.source.checked(part.hashPageOffset(hash), part.hashPageBytes(hash)));
      out.flushIfLarge();
      hash += RunFormat.ID_HASHES_PER_PAGE;
    }
  }
}
