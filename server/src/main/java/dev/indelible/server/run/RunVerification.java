package dev.indelible.server.run;

import dev.indelible.verify.Hash;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One pass over every byte of a run. It holds that the checked sections follow each other without a
 * gap from the first byte to the last, so that no byte escapes a checksum. Not thread-safe.
 */
final class RunVerification {

  private final RunReader run;
  private final RunInspector inspector;
  private final SectionObserver observer;
  private long at;
  private long entries;
  private long tenants;
  private long minMillis = Long.MAX_VALUE;
  private long maxMillis = Long.MIN_VALUE;

  /** Observer of each section that has been checked; for tests that damage sections on purpose. */
  @FunctionalInterface
  interface SectionObserver {
    void checked(long offset, int length);
  }

  RunVerification(RunReader run, RunInspector inspector) {
    this(run, inspector, (_, _) -> {});
  }

  RunVerification(RunReader run, RunInspector inspector, SectionObserver observer) {
    this.run = run;
    this.inspector = inspector;
    this.observer = observer;
  }

  void run() throws IOException {
    Footer footer = run.footer();
    check(run.headerBytes());
    verifySlices();
    expectAt(footer.filterOffset(), "id filter");
    verifyFilter();
    expectAt(footer.filterTableOffset(), "id filter's table");
    check(footer.filterTableBytes());
    expectAt(footer.directoryOffset(), "directory");
    Directory directory = run.directory();
    for (int page = 0; page < directory.pages(); page++) {
      expectAt(directory.pageOffset(page), "directory page");
      check(directory.pageBytes(page));
    }
    expectAt(footer.sparseOffset(), "sparse index");
    check(footer.sparseBytes());
    check(Footer.BYTES);
    expectAt(run.file().sizeBytes(), "end");
    RunInfo info = run.info();
    if (tenants != info.tenants()
        || entries != info.entries()
        || minMillis != info.minRecordedAtMillis()
        || maxMillis != info.maxRecordedAtMillis()) {
      throw corrupt("footer does not count what is there");
    }
  }

  private void verifySlices() throws IOException {
    Directory directory = run.directory();
    @Nullable String previous = null;
    for (int page = 0; page < directory.pages(); page++) {
      boolean first = true;
      for (Directory.Found found : directory.page(page)) {
        String name = found.tenant().value();
        if (previous != null && previous.compareTo(name) >= 0) {
          throw corrupt(name + " does not come after " + previous);
        }
        if (first && directory.pageOf(found.tenant()) != page) {
          throw corrupt("sparse index does not lead to " + name);
        }
        first = false;
        previous = name;
        SliceLocation location = found.location();
        expectAt(location.offset(), "slice of " + name);
        Slice slice =
            Slice.read(
                found.tenant(),
                location,
                run.file().section(location.recordOffset(), location.recordBytes()));
        verifySlice(slice);
        expectAt(location.recordOffset(), "record of " + name);
        check(location.recordBytes());
      }
    }
  }

  private void verifySlice(Slice slice) throws IOException {
    BlockList list = run.blockList(slice);
    int row = 0;
    long previousMillis = 0;
    for (int index = 0; index < slice.blocks(); index++) {
      BlockReference reference = list.get(index);
      expectAt(slice.offset() + reference.offset(), "block of " + slice);
      if (reference.row() != row) {
        throw corrupt("block of row " + reference.row() + " where " + row + " is due");
      }
      byte[] unit = run.unit(slice, reference);
      int hashes = reference.leafHashesBytes();
      DecodedBlock block = run.decode(slice, reference, unit);
      for (int i = 0; i < reference.rows(); i++) {
        StoredEntry entry = block.entry(i);
        if (entry.recordedAtMillis() < previousMillis) {
          throw corrupt("recorded_at of " + slice.tenant() + " runs backwards");
        }
        previousMillis = entry.recordedAtMillis();
        if (row + i == 0 && previousMillis != slice.firstRecordedAtMillis()) {
          throw corrupt("first recorded_at of " + slice + " differs");
        }
        verifyEntry(slice, entry, Hash.of(unit, i * Hash.BYTES));
      }
      observer.checked(at, hashes);
      observer.checked(at + hashes, reference.blockBytes());
      at += reference.length();
      row += reference.rows();
    }
    if (row != slice.count() || previousMillis != slice.lastRecordedAtMillis()) {
      throw corrupt(slice + " ends at row " + row);
    }
    minMillis = Math.min(minMillis, slice.firstRecordedAtMillis());
    maxMillis = Math.max(maxMillis, slice.lastRecordedAtMillis());
    entries += row;
    tenants++;
    checkPages(slice.subtreeCount(), Hash.BYTES, RunFormat.HASHES_PER_CHUNK);
    checkPages(slice.blocks(), RunFormat.BLOCK_REFERENCE_BYTES, RunFormat.BLOCKS_PER_PAGE);
  }

  private void verifyEntry(Slice slice, StoredEntry entry, Hash stored) {
    Hash computed = inspector.leafHash(slice.tenant(), entry);
    if (!computed.equals(stored)) {
      inspector.altered(slice.tenant(), entry, stored, computed);
    }
  }

  private void verifyFilter() throws IOException {
    for (FilterPart part : run.filterParts()) {
      checkPages(part.blocks(), RunFormat.FILTER_BLOCK_BYTES, RunFormat.FILTER_BLOCKS_PER_PAGE);
      if (part.keepsHashes()) {
        checkPages(part.ids(), Long.BYTES, RunFormat.ID_HASHES_PER_PAGE);
      }
    }
  }

  /** Checks pages of equal things, the last page shorter. */
  private void checkPages(int count, int eachBytes, int perPage) throws IOException {
    for (int done = 0; done < count; done += perPage) {
      check(Math.min(perPage, count - done) * eachBytes + RunFormat.CRC_BYTES);
    }
  }

  private void check(int length) throws IOException {
    run.file().checked(at, length);
    observer.checked(at, length);
    at += length;
  }

  private void expectAt(long offset, String what) throws RunException.Corrupt {
    if (at != offset) {
      throw corrupt(what + " is at " + offset);
    }
  }

  private RunException.Corrupt corrupt(String detail) {
    return run.file().corrupt(at, detail);
  }
}
