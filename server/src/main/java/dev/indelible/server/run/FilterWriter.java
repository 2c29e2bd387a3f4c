package dev.indelible.server.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects the ids' hashes of a run and writes its filter. Not thread-safe. */
final class FilterWriter {

  /** A part that is made, or that lies in another run. */
  private sealed interface Pending {
    FilterPart partAt(long offset);
  }

  @SuppressWarnings("ArrayRecordComponent") // internal carrier; identity is never compared
  private record Made(byte[] blocks, int ids, long[] keptHashes) implements Pending {
    @Override
    public FilterPart partAt(long offset) {
      return new FilterPart(
          offset, blocks.length / RunFormat.FILTER_BLOCK_BYTES, ids, keptHashes.length > 0);
    }
  }

  private record Copied(RunFile source, FilterPart part) implements Pending {
    @Override
    public FilterPart partAt(long offset) {
      return new FilterPart(offset, part.blocks(), part.ids(), part.keepsHashes());
    }
  }

  private final List<Pending> pending = new ArrayList<>();
  private long[] hashes = new long[1024];
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

  /** Takes over another run's part as it is; its hashes are lost to later merges. */
  void copy(RunFile source, FilterPart part) {
    pending.add(new Copied(source, part));
  }

  int parts() {
    return pending.size() + (ids > 0 ? 1 : 0);
  }

  private void finishPart() {
    if (ids == 0) {
      return;
    }
    int blocks = IdFilter.blocksFor(ids);
    byte[] bits = new byte[blocks * RunFormat.FILTER_BLOCK_BYTES];
    for (int i = 0; i < ids; i++) {
      int block = IdFilter.block(hashes[i], blocks);
      IdFilter.set(bits, block * RunFormat.FILTER_BLOCK_BYTES, hashes[i]);
    }
    long[] kept =
        ids < RunFormat.FILTER_KEEPS_HASHES_BELOW ? Arrays.copyOf(hashes, ids) : new long[0];
    pending.add(new Made(bits, ids, kept));
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
      }
    }
    return parts;
  }

  private static void writeMade(Made made, RunOutput out) throws IOException {
    int pageBytes = RunFormat.FILTER_BLOCKS_PER_PAGE * RunFormat.FILTER_BLOCK_BYTES;
    for (int at = 0; at < made.blocks.length; at += pageBytes) {
      int start = out.buffer().length();
      out.buffer().put(made.blocks, at, Math.min(pageBytes, made.blocks.length - at));
      out.buffer().putChecksum(start);
      out.flushIfLarge();
    }
    for (int at = 0; at < made.keptHashes.length; at += RunFormat.ID_HASHES_PER_PAGE) {
      int start = out.buffer().length();
      int end = Math.min(at + RunFormat.ID_HASHES_PER_PAGE, made.keptHashes.length);
      for (int i = at; i < end; i++) {
        out.buffer().putLong(made.keptHashes[i]);
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
