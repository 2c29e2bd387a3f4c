package dev.indelible.server.run;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.run.StoredEntry.PersonalErased;
import dev.indelible.server.run.StoredEntry.Purged;
import dev.indelible.server.run.StoredEntry.Whole;
import dev.indelible.verify.Hash;
import org.jspecify.annotations.Nullable;

/**
 * Collects the entries of one block in columns, and encodes them with their leaf hashes as one
 * unit. Not thread-safe; holds native memory until closed.
 */
final class BlockEncoder implements AutoCloseable {

  static final int KIND_WHOLE = 0;
  static final int KIND_WITHOUT_PERSONAL = 1;
  static final int KIND_PERSONAL_ERASED = 2;
  static final int KIND_PURGED = 3;

  static final int ENCODING_PLAIN = 0;
  static final int ENCODING_ZSTD = 1;

  /** FINDINGS of level 3: 2 % smaller at twice the time. */
  private static final int LEVEL = 1;

  private final ZstdCompressCtx zstd;
  private final byte[] leafHashes = new byte[RunFormat.BLOCK_ENTRIES * Hash.BYTES];
  private final ByteColumn kinds = new ByteColumn(RunFormat.BLOCK_ENTRIES);
  private final ByteColumn times = new ByteColumn(256);
  private final ByteColumn factsLengths = new ByteColumn(256);
  private final ByteColumn personalLengths = new ByteColumn(256);
  private final ByteColumn incompressible = new ByteColumn(4096);
  private final ByteColumn facts = new ByteColumn(64 * 1024);
  private final ByteColumn personal = new ByteColumn(16 * 1024);
  private final ByteColumn columns = new ByteColumn(64 * 1024);
  private long firstSeq;
  private long lastRecordedAtMillis;

  BlockEncoder() {
    zstd = new ZstdCompressCtx();
    zstd.setLevel(LEVEL).setContentSize(false).setChecksum(false).setDictID(false);
  }

  int count() {
    return kinds.length();
  }

  long firstSeq() {
    return firstSeq;
  }

  /** Whether the block takes this entry; an empty one takes any. */
  boolean hasRoomFor(StoredEntry entry) {
    return count() == 0
        || (count() < RunFormat.BLOCK_ENTRIES
            && facts.length() + personal.length() + partBytes(entry)
                <= RunFormat.BLOCK_TARGET_BYTES);
  }

  private static int partBytes(StoredEntry entry) {
    return switch (entry.body()) {
      case Whole(EntryParts parts) -> parts.facts().length + lengthOf(parts.personal());
      case PersonalErased erased -> erased.facts().length;
      case Purged _ -> 0;
    };
  }

  private static int lengthOf(byte @Nullable [] part) {
    return part == null ? 0 : part.length;
  }

  void add(StoredEntry entry, Hash leafHash) {
    if (count() == 0) {
      firstSeq = entry.seq();
      times.putVarint(entry.recordedAtMillis());
    } else {
      times.putVarint(entry.recordedAtMillis() - lastRecordedAtMillis);
    }
    lastRecordedAtMillis = entry.recordedAtMillis();
    leafHash.copyTo(leafHashes, count() * Hash.BYTES);
    switch (entry.body()) {
      case Whole(EntryParts parts) -> addWhole(parts);
      case PersonalErased(byte[] left, byte[] salt, byte[] digest) -> {
        kinds.putByte(KIND_PERSONAL_ERASED);
        factsLengths.putVarint(left.length);
        facts.put(left);
        incompressible.put(salt).put(digest);
      }
      case Purged(byte[] leaf) -> {
        kinds.putByte(KIND_PURGED);
        // The type is constant and the time is in its own column.
        incompressible.put(
            leaf, StoredEntry.LEAF_BYTES - 2 * StoredEntry.DIGEST_BYTES, 2 * Hash.BYTES);
      }
    }
  }

  private void addWhole(EntryParts parts) {
    factsLengths.putVarint(parts.facts().length);
    facts.put(parts.facts());
    incompressible.put(parts.factsSalt());
    byte[] personalPart = parts.personal();
    byte[] personalSalt = parts.personalSalt();
    if (personalPart == null || personalSalt == null) {
      kinds.putByte(KIND_WITHOUT_PERSONAL);
    } else {
      kinds.putByte(KIND_WHOLE);
      personalLengths.putVarint(personalPart.length);
      personal.put(personalPart);
      incompressible.put(personalSalt);
    }
  }

  /** Appends the unit to {@code target} and empties the block. */
  void encodeTo(ByteColumn target) {
    int hashesStart = target.length();
    target.put(leafHashes, 0, count() * Hash.BYTES);
    target.putChecksum(hashesStart);

    columns.clear();
    columns.put(kinds).put(times).put(factsLengths).put(personalLengths).put(facts).put(personal);
    int blockStart = target.length();
    target.putLong(firstSeq).putByte(count());
    int encodingAt = target.length();
    target
        .putByte(ENCODING_ZSTD)
        .putVarint(columns.length())
        .putVarint(incompressible.length())
        .put(incompressible);
    int bound = Math.toIntExact(Zstd.compressBound(columns.length()));
    target.reserve(bound);
    int compressed =
        zstd.compressByteArray(
            target.array(), target.length(), bound, columns.array(), 0, columns.length());
    if (compressed < columns.length()) {
      target.advance(compressed);
    } else {
      target.array()[encodingAt] = ENCODING_PLAIN;
      target.put(columns);
    }
    target.putChecksum(blockStart);
    clear();
  }

  private void clear() {
    kinds.clear();
    times.clear();
    factsLengths.clear();
    personalLengths.clear();
    incompressible.clear();
    facts.clear();
    personal.clear();
  }

  @Override
  public void close() {
    zstd.close();
  }
}
