package dev.indelible.server.run;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.event.TenantId;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one run of several, whose entries of each tenant follow each other. Full blocks are copied
 * as they are stored, short ones are filled up; every checksum is checked on the way. Stateless.
 */
public final class RunMerger {

  /** The most runs merged at once. */
  public static final int MAX_SOURCES = 128;

  private RunMerger() {}

  /**
   * Merges runs into a new one. The sources are left as they are.
   *
   * @param sources from the oldest to the newest, at most {@value #MAX_SOURCES}
   * @return false when a blob of that name existed; nothing has changed then
   * @throws IllegalArgumentException when a tenant's seqs or times do not follow each other, or
   *     when {@link #fits} says that the sources do not fit into one run
   * @throws RunException when a source cannot be read; no run is left then
   */
  public static boolean merge(BlobStore store, String name, List<RunReader> sources)
      throws IOException {
    if (!fits(sources)) {
      throw new IllegalArgumentException(
          sources.size() + " runs do not fit into one; see RunMerger.fits");
    }
    long sealedThrough =
        sources.stream().mapToLong(source -> source.info().sealedThrough()).max().orElseThrow();
    return RunWriter.write(store, name, sealedThrough, writer -> writeTo(writer, sources));
  }

  /**
   * Whether the sources fit into one run: neither too many of them, nor too many parts of id
   * filters, of which small ones become one.
   */
  public static boolean fits(List<RunReader> sources) {
    long parts = 0;
    long gatheredIds = 0;
    for (RunReader source : sources) {
      for (FilterPart part : source.filterParts()) {
        if (part.isJoined()) {
          gatheredIds += part.ids();
        } else {
          parts++;
        }
      }
    }
    parts += Math.ceilDiv(gatheredIds, RunFormat.MAX_FILTER_PART_IDS);
    return !sources.isEmpty()
        && sources.size() <= MAX_SOURCES
        && parts <= RunFormat.MAX_FILTER_PARTS;
  }

  /** A source and the slice of it that is next. */
  private static final class Head {
    private final RunReader run;
    private final RunReader.SliceCursor slices;
    private @Nullable Slice slice;

    Head(RunReader run) throws IOException {
      this.run = run;
      slices = run.slices();
      slice = slices.next();
    }

    void advance() throws IOException {
      slice = slices.next();
    }
  }

  private record Part(RunReader run, Slice slice) {}

  private static void writeTo(RunWriter writer, List<RunReader> sources) throws IOException {
    List<Head> heads = new ArrayList<>();
    for (RunReader source : sources) {
      heads.add(new Head(source));
    }
    for (List<Part> parts = next(heads); !parts.isEmpty(); parts = next(heads)) {
      mergeTenant(writer, parts);
    }
    for (RunReader source : sources) {
      source.copyFilter(writer.filter());
    }
  }

  /** The slices of the least tenant that is left, from the oldest to the newest. */
  private static List<Part> next(List<Head> heads) throws IOException {
    @Nullable TenantId least = null;
    for (Head head : heads) {
      Slice slice = head.slice;
      if (slice != null && (least == null || slice.tenant().compareTo(least) < 0)) {
        least = slice.tenant();
      }
    }
    List<Part> parts = new ArrayList<>();
    for (Head head : heads) {
      Slice slice = head.slice;
      if (slice != null && slice.tenant().equals(least)) {
        parts.add(new Part(head.run, slice));
        head.advance();
      }
    }
    return parts;
  }

  private static void mergeTenant(RunWriter writer, List<Part> parts) throws IOException {
    writer.startTenant(parts.getFirst().slice.tenant());
    List<Hash> subtrees = new ArrayList<>();
    @Nullable Slice before = null;
    for (Part part : parts) {
      Slice slice = part.slice;
      if (before != null
          && (before.endSeq() != slice.firstSeq()
              || before.lastRecordedAtMillis() > slice.firstRecordedAtMillis())) {
        throw new IllegalArgumentException(slice + " does not follow " + before);
      }
      before = slice;
      writer.extendTimes(slice.firstRecordedAtMillis(), slice.lastRecordedAtMillis());
      long firstSubtree = slice.firstSubtree();
      subtrees.addAll(part.run.subtrees(slice, firstSubtree, firstSubtree + slice.subtreeCount()));
      copyEntries(writer, part, parts.size() == 1);
    }
    writer.endTenant(subtrees, parts.getLast().slice.frontier());
  }

  /**
   * Copies a slice's entries. A full block is copied even when the block before it is short: each
   * source leaves at most one short block behind, and nothing is compressed again for it.
   */
  private static void copyEntries(RunWriter writer, Part part, boolean alone) throws IOException {
    Slice slice = part.slice;
    BlockList list = part.run.blockList(slice);
    for (int index = 0; index < slice.blocks(); index++) {
      BlockReference reference = list.get(index);
      byte[] unit = part.run.unit(slice, reference);
      if (alone || isFull(reference)) {
        writer.copyUnit(unit, slice.firstSeq() + reference.row(), reference.rows());
      } else {
        DecodedBlock block = part.run.decode(slice, reference, unit);
        for (int row = 0; row < reference.rows(); row++) {
          writer.add(block.entry(row), Hash.of(unit, row * Hash.BYTES));
        }
      }
    }
  }

  private static boolean isFull(BlockReference reference) {
    return reference.rows() == RunFormat.BLOCK_ENTRIES
        || reference.length() >= RunFormat.BLOCK_TARGET_BYTES / 2;
  }
}
