package dev.indelible.server.stream;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Line of a stream's ledger: what became of a range of a log; see {@code docs/formats/streams.md}.
 *
 * @param number from 1, without gaps
 * @param firstSeq the first sequence number of the range
 * @param lastSeq the last one; one less than the first in a line about an abandoned batch
 * @param next behind the range of the stream's normal course, after this line
 * @param counts what became of its entries
 * @param attempts how often it was sent
 * @param flags what else there is to know
 * @param atMillis when the receiver had it, in milliseconds since the epoch
 * @param sha256 over the bodies that were sent, each with its length in front, u32 big-endian
 * @param before SHA-256 of the line before, without its checksum; zeros in the first one
 */
@SuppressWarnings("ArrayRecordComponent") // compared in tests by their bytes
public record LedgerLine(
    long number,
    long firstSeq,
    long lastSeq,
    long next,
    Counts counts,
    int attempts,
    Flags flags,
    long atMillis,
    byte[] sha256,
    byte[] before) {

  /** Bytes of a line. */
  static final int BYTES = 136;

  /** Bytes of a hash. */
  static final int HASH_BYTES = 32;

  private static final int CHECKED_BYTES = BYTES - Integer.BYTES;
  private static final int REPLAY = 1;
  private static final int REPEATED = 2;
  private static final int ABANDONED = 4;
  private static final int RECEIVED = 8;

  /**
   * Counts of entries in the range.
   *
   * @param matched that the stream means
   * @param sent that the receiver took
   * @param dead that it will never take
   * @param purged that retention had deleted before
   */
  public record Counts(int matched, int sent, int dead, long purged) {}

  /**
   * Facts about a line.
   *
   * @param replay whether it was sent beside the normal course
   * @param repeated whether an attempt of unknown outcome came before, so that some may be there
   *     twice
   * @param abandoned whether a batch of this number may have arrived that was put together anew
   *     under the next
   * @param received whether the receiver said that it has it, or else it was written alone
   */
  public record Flags(boolean replay, boolean repeated, boolean abandoned, boolean received) {
    int bits() {
      return (replay ? REPLAY : 0)
          | (repeated ? REPEATED : 0)
          | (abandoned ? ABANDONED : 0)
          | (received ? RECEIVED : 0);
    }

    static Flags of(int bits) {
      return new Flags(
          (bits & REPLAY) != 0,
          (bits & REPEATED) != 0,
          (bits & ABANDONED) != 0,
          (bits & RECEIVED) != 0);
    }
  }

  /** The bytes of the line, with a checksum at their end. */
  byte[] toBytes() {
    ByteBuffer out =
        ByteBuffer.allocate(BYTES)
            .putLong(number)
            .putLong(firstSeq)
            .putLong(lastSeq)
            .putLong(next)
            .putLong(atMillis)
            .putLong(counts.purged())
            .putInt(counts.matched())
            .putInt(counts.sent())
            .putInt(counts.dead())
            .putInt(attempts)
            .putInt(flags.bits())
            .put(sha256)
            .put(before);
    return out.putInt(checksum(out.array())).array();
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CHECKED_BYTES);
    return (int) crc.getValue();
  }

  /**
   * Reads a line.
   *
   * @throws IllegalStateException when the bytes are none
   */
  static LedgerLine of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalStateException("a ledger's line of " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getInt(CHECKED_BYTES) != checksum(bytes)) {
      throw new IllegalStateException("a ledger's line with a wrong checksum");
    }
    long number = in.getLong();
    long firstSeq = in.getLong();
    long lastSeq = in.getLong();
    long next = in.getLong();
    long atMillis = in.getLong();
    long purged = in.getLong();
    Counts counts = new Counts(in.getInt(), in.getInt(), in.getInt(), purged);
    int attempts = in.getInt();
    Flags flags = Flags.of(in.getInt());
    byte[] sha256 = new byte[HASH_BYTES];
    byte[] before = new byte[HASH_BYTES];
    in.get(sha256).get(before);
    return new LedgerLine(
        number, firstSeq, lastSeq, next, counts, attempts, flags, atMillis, sha256, before);
  }

  /** SHA-256 of the line, by which the next one names it. */
  public byte[] hash() {
    return sha256(Arrays.copyOf(toBytes(), CHECKED_BYTES));
  }

  private static byte[] sha256(byte[] bytes) {
    return digest().digest(bytes);
  }

  /** A new SHA-256. */
  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
