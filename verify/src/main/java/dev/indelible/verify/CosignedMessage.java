package dev.indelible.verify;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Message that an ML-DSA-44 cosignature of a whole tree signs.
 *
 * <pre>
 * label[12] = "subtree/v1\n\0"
 * cosigner name     length (u8), then its bytes
 * timestamp (u64)   seconds since the epoch
 * log's origin      length (u8), then its bytes
 * start (u64) = 0
 * end (u64)         the tree's size
 * hash[32]          its root
 * </pre>
 *
 * <p>Integers are big-endian. The checkpoint's further lines are not in it.
 *
 * <p>Source: c2sp.org/tlog-cosignature.
 */
final class CosignedMessage {

  private static final byte[] LABEL = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_TEXT_BYTES = 255;

  private CosignedMessage() {}

  /** The message; empty when a name is too long for one. */
  static Optional<byte[]> of(String cosigner, long timestampSeconds, Checkpoint checkpoint) {
    byte[] name = StrictText.encode(cosigner);
    byte[] origin = StrictText.encode(checkpoint.origin());
    if (name.length > MAX_TEXT_BYTES || origin.length > MAX_TEXT_BYTES) {
      return Optional.empty();
    }
    byte[] root = checkpoint.root().toBytes();
    return Optional.of(
        ByteBuffer.allocate(
                LABEL.length + 1 + name.length + 1 + origin.length + 3 * Long.BYTES + root.length)
            .put(LABEL)
            .put((byte) name.length)
            .put(name)
            .putLong(timestampSeconds)
            .put((byte) origin.length)
            .put(origin)
            .putLong(0)
            .putLong(checkpoint.size())
            .put(root)
            .array());
  }
}
