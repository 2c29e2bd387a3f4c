package dev.indelible.server.control;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.indelible.ports.journal.Position;
import dev.indelible.verify.Hash;
import dev.indelible.verify.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * One hash of all records of a control log so far, so that no other log has the same at the same
 * position. {@code docs/formats/control-record.md}.
 *
 * <pre>
 * chain before the first record   32 zeros
 * chain after a record            SHA-256("indelible control v1" || chain before || position || payload)
 * </pre>
 *
 * The position is that of the record, 8 bytes, big-endian. Not thread-safe.
 */
final class ControlChain {

  /** The chain before the first record. */
  static final Hash START = Hash.of(new byte[Hash.BYTES]);

  private static final byte[] LABEL = "indelible control v1".getBytes(US_ASCII);

  private final MessageDigest digest = Sha256.create();
  private Hash value = START;

  /** The chain after all records that were added. */
  Hash value() {
    return value;
  }

  /** Takes in the next record. */
  void add(Position position, byte[] payload) {
    digest.update(LABEL);
    digest.update(value.toBytes());
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(position.value()).array());
    value = Hash.of(digest.digest(payload));
  }
}
