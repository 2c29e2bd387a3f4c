package dev.indelible.server.run;

import dev.indelible.server.event.EntryParts;
import java.nio.ByteBuffer;

/**
 * An entry as a run holds it: its place in the tenant's log, when it was recorded, and what is left
 * of its parts.
 *
 * @param seq leaf index in the tenant's log, from 0
 * @param recordedAtMillis milliseconds since 1970-01-01 UTC, not negative
 * @param body the parts, or what retention and erasure left of them
 */
public record StoredEntry(long seq, long recordedAtMillis, Body body) {

  /** Length of a leaf in bytes: type, recorded_at, facts digest, personal digest. */
  public static final int LEAF_BYTES = 73;

  /** Length of a part's digest in bytes. */
  public static final int DIGEST_BYTES = 32;

  /** The longest part, in bytes; an accepted event with all that is added to it is shorter. */
  public static final int MAX_PART_BYTES = 1024 * 1024;

  /** The first byte of every leaf. */
  static final byte LEAF_TYPE = 0x01;

  public StoredEntry {
    if (seq < 0 || recordedAtMillis < 0) {
      throw new IllegalArgumentException("negative seq " + seq + " or time " + recordedAtMillis);
    }
    if (body instanceof Purged(byte[] leaf) && leafMillis(leaf) != recordedAtMillis) {
      throw new IllegalArgumentException(
          "leaf of " + leafMillis(leaf) + " in an entry of " + recordedAtMillis);
    }
  }

  /** Bytes of what is left of it. */
  public int sizeBytes() {
    return switch (body) {
      case Whole(EntryParts parts) -> {
        byte[] personal = parts.personal();
        yield parts.facts().length + (personal == null ? 0 : personal.length);
      }
      case PersonalErased(byte[] facts, byte[] _, byte[] _) -> facts.length;
      case Purged(byte[] leaf) -> leaf.length;
    };
  }

  /**
   * Content of an entry as far as it still exists. The arrays are not copied; nobody writes to
   * them.
   */
  public sealed interface Body {}

  /**
   * Complete content, as it was accepted.
   *
   * @param parts facts and personal part with their salts
   */
  public record Whole(EntryParts parts) implements Body {
    public Whole {
      checkLength(parts.facts());
      byte[] personal = parts.personal();
      if (personal != null) {
        checkLength(personal);
      }
    }
  }

  /**
   * The personal part and its salt are gone; the facts stay provable.
   *
   * @param facts UTF-8 JSON
   * @param factsSalt {@value EntryParts#SALT_BYTES} bytes
   * @param personalDigest {@value #DIGEST_BYTES} bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // internal carrier; identity is never compared
  public record PersonalErased(byte[] facts, byte[] factsSalt, byte[] personalDigest)
      implements Body {
    public PersonalErased {
      checkLength(facts);
      if (factsSalt.length != EntryParts.SALT_BYTES || personalDigest.length != DIGEST_BYTES) {
        throw new IllegalArgumentException(
            "salt of " + factsSalt.length + ", digest of " + personalDigest.length + " bytes");
      }
    }
  }

  /**
   * Content of a purged entry: both parts are gone; the leaf stays.
   *
   * @param leaf {@value #LEAF_BYTES} bytes, the first 0x01
   */
  @SuppressWarnings("ArrayRecordComponent") // internal carrier; identity is never compared
  public record Purged(byte[] leaf) implements Body {
    public Purged {
      if (leaf.length != LEAF_BYTES || leaf[0] != LEAF_TYPE) {
        throw new IllegalArgumentException("not a leaf of " + LEAF_BYTES + " bytes and type 1");
      }
    }
  }

  private static void checkLength(byte[] part) {
    if (part.length > MAX_PART_BYTES) {
      throw new IllegalArgumentException(
          "a part of " + part.length + " bytes exceeds " + MAX_PART_BYTES);
    }
  }

  private static long leafMillis(byte[] leaf) {
    return ByteBuffer.wrap(leaf).getLong(1);
  }
}
