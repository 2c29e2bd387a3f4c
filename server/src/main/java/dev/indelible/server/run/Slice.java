package dev.indelible.server.run;

import dev.indelible.server.event.TenantId;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One tenant's entries in one run: which they are, and the state of the tenant's tree after them.
 * Immutable; belongs to the {@link RunReader} that gave it.
 */
public final class Slice {

  private final TenantId tenant;
  private final long offset;
  private final long length;
  private final int recordBytes;
  private final long firstSeq;
  private final int count;
  private final int blocks;
  private final long unitsBytes;
  private final long firstRecordedAtMillis;
  private final long lastRecordedAtMillis;
  private final List<Hash> frontier;

  private Slice(TenantId tenant, SliceLocation location, Section record)
      throws RunException.Corrupt {
    this.tenant = tenant;
    this.offset = location.offset();
    this.length = location.length();
    this.recordBytes = location.recordBytes();
    firstSeq = record.takeVarint();
    count = record.takeVarint(1, (int) RunFormat.MAX_SLICE_ENTRIES);
    blocks = record.takeVarint(1, count);
    unitsBytes = record.takeVarint();
    firstRecordedAtMillis = record.takeLong();
    lastRecordedAtMillis = record.takeLong();
    if (firstSeq > Long.MAX_VALUE - count
        || unitsBytes > length
        || unitsBytes + subtreesBytes() + blockListBytes() + recordBytes != length) {
      throw record.corrupt("slice of " + tenant + " does not add up to " + length + " bytes");
    }
    int hashes = Long.bitCount(firstSeq + count);
    List<Hash> read = new ArrayList<>(hashes);
    for (int i = 0; i < hashes; i++) {
      read.add(Hash.of(record.takeBytes(Hash.BYTES)));
    }
    frontier = List.copyOf(read);
    record.expectEnd();
  }

  static Slice read(TenantId tenant, SliceLocation location, Section record) throws IOException {
    String written = Directory.takeName(record);
    if (!written.equals(tenant.value())) {
      throw record.corrupt("slice of " + written + " where " + tenant + "'s should be");
    }
    return new Slice(tenant, location, record);
  }

  /** Appends the record that {@link #read} reads. */
  static void putRecord(ByteColumn out, TenantId tenant, Written slice, List<Hash> frontier) {
    int start = out.length();
    Directory.putName(out, tenant.value());
    out.putVarint(slice.firstSeq())
        .putVarint(slice.count())
        .putVarint(slice.blocks())
        .putVarint(slice.unitsBytes())
        .putLong(slice.firstRecordedAtMillis())
        .putLong(slice.lastRecordedAtMillis());
    for (Hash hash : frontier) {
      out.put(hash.toBytes());
    }
    out.putChecksum(start);
  }

  /** Summary of a slice that a writer makes at its end. */
  record Written(
      long firstSeq,
      long count,
      int blocks,
      long unitsBytes,
      long firstRecordedAtMillis,
      long lastRecordedAtMillis) {}

  /** Tenant whose entries these are. */
  public TenantId tenant() {
    return tenant;
  }

  /** The seq of the first. */
  public long firstSeq() {
    return firstSeq;
  }

  /** Number of entries, at least 1. */
  public int count() {
    return count;
  }

  /** The seq after the last: the size of the tenant's tree after this slice. */
  public long endSeq() {
    return firstSeq + count;
  }

  /** Time of recording of the first entry, in milliseconds since 1970. */
  public long firstRecordedAtMillis() {
    return firstRecordedAtMillis;
  }

  /** Time of recording of the last entry, in milliseconds since 1970. */
  public long lastRecordedAtMillis() {
    return lastRecordedAtMillis;
  }

  /**
   * The roots of the complete subtrees that make up the tenant's tree after this slice, the largest
   * first: one for each bit set in {@link #endSeq}.
   */
  public List<Hash> frontier() {
    return frontier;
  }

  /** Index of the first subtree of 256 leaves whose last leaf is in this slice. */
  public long firstSubtree() {
    return firstSeq / RunFormat.SUBTREE_LEAVES;
  }

  /** Number of subtrees of 256 leaves that have their last leaf in this slice. */
  public int subtreeCount() {
    return (int) (endSeq() / RunFormat.SUBTREE_LEAVES - firstSubtree());
  }

  @Override
  public String toString() {
    return tenant + " [" + firstSeq + ", " + endSeq() + ")";
  }

  long offset() {
    return offset;
  }

  long length() {
    return length;
  }

  int blocks() {
    return blocks;
  }

  long subtreesOffset() {
    return offset + unitsBytes;
  }

  long subtreesBytes() {
    return RunFormat.hashChunksBytes(subtreeCount());
  }

  long blockListOffset() {
    return subtreesOffset() + subtreesBytes();
  }

  long blockListBytes() {
    return RunFormat.blockListBytes(blocks);
  }

  long unitsBytes() {
    return unitsBytes;
  }
}
