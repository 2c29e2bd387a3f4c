package dev.indelible.verify;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One signature line of a note: who claims to have signed, and the signature.
 *
 * <pre>
 * — &lt;key name&gt; base64(key id (u32, big-endian) || signature)
 * </pre>
 *
 * <p>Source: c2sp.org/signed-note. Immutable, compared by value.
 */
public final class NoteSignature {

  /** The longest signature, in bytes: post-quantum ones have nearly 5,000. */
  public static final int MAX_SIGNATURE_BYTES = 8192;

  /** Length of a cosignature in bytes: its time, then an Ed25519 signature. */
  static final int COSIGNATURE_BYTES = Long.BYTES + Ed25519Key.SIGNATURE_BYTES;

  private static final int ML_DSA_BYTES = Long.BYTES + MlDsa44Key.SIGNATURE_BYTES;

  static final String LINE_START = "\u2014 ";

  private final String keyName;
  private final int keyId;
  private final byte[] signature;

  /** Takes over the array. */
  NoteSignature(String keyName, int keyId, byte[] signature) {
    this.keyName = keyName;
    this.keyId = keyId;
    this.signature = signature;
  }

  /** Reads one line, without its newline. */
  static Parsed<NoteSignature> parse(String line, String format, String where) {
    if (!line.startsWith(LINE_START)) {
      return Parsed.malformed(format, where, "a signature line begins with an em dash and a space");
    }
    int nameEnd = line.indexOf(' ', LINE_START.length());
    if (nameEnd < 0) {
      return Parsed.malformed(format, where, "a signature line has a name and a signature");
    }
    String keyName = line.substring(LINE_START.length(), nameEnd);
    if (!StrictText.isKeyName(keyName)) {
      return Parsed.malformed(format, where, "the key name is empty, too long, or has a plus");
    }
    byte[] bytes = CanonicalBase64.decode(line.substring(nameEnd + 1));
    if (bytes == null) {
      return Parsed.malformed(format, where, "the signature is not canonical base64");
    }
    if (bytes.length <= Integer.BYTES || bytes.length > Integer.BYTES + MAX_SIGNATURE_BYTES) {
      return Parsed.malformed(
          format, where, "a key id and a signature do not have " + bytes.length + " bytes");
    }
    return new Parsed.Ok<>(
        new NoteSignature(
            keyName,
            ByteBuffer.wrap(bytes).getInt(),
            Arrays.copyOfRange(bytes, Integer.BYTES, bytes.length)));
  }

  /** Reads a line as a witness answers with, without its newline. */
  public static Parsed<NoteSignature> parse(String line) {
    if (line.length() > SignedNote.MAX_BYTES) {
      return Parsed.malformed("signature line", "start", "is longer than a whole note");
    }
    return parse(line, "signature line", "start");
  }

  /** The name of the key that is said to have made it. */
  public String keyName() {
    return keyName;
  }

  /** The id of that key. */
  public int keyId() {
    return keyId;
  }

  /** A copy of the signature's bytes, without the key id. */
  public byte[] bytes() {
    return signature.clone();
  }

  /** Time that a cosignature states; empty if the signature does not have the length of one. */
  public Optional<Instant> cosignedAt() {
    if (signature.length != COSIGNATURE_BYTES && signature.length != ML_DSA_BYTES) {
      return Optional.empty();
    }
    long seconds = ByteBuffer.wrap(signature).getLong();
    return seconds < 0 || seconds > Instant.MAX.getEpochSecond()
        ? Optional.empty()
        : Optional.of(Instant.ofEpochSecond(seconds));
  }

  /** The line, without a newline. */
  public String line() {
    byte[] bytes =
        ByteBuffer.allocate(Integer.BYTES + signature.length).putInt(keyId).put(signature).array();
    return LINE_START + keyName + " " + CanonicalBase64.encode(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NoteSignature that
        && keyId == that.keyId
        && keyName.equals(that.keyName)
        && Arrays.equals(signature, that.signature);
  }

  @Override
  public int hashCode() {
    return 31 * keyId + Arrays.hashCode(signature);
  }

  @Override
  public String toString() {
    return keyName + "+" + HexFormat.of().toHexDigits(keyId);
  }
}
