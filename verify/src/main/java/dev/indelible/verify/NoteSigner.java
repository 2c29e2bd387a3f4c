package dev.indelible.verify;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * Signs notes with a named key: as a log ({@link #sign}) or as a witness ({@link #cosign}), which
 * are keys of different ids. Immutable and thread-safe.
 *
 * <p>Sources: c2sp.org/signed-note, c2sp.org/tlog-cosignature.
 */
public final class NoteSigner {

  private final Scheme scheme;
  private final VerifierKey verifierKey;

  /** Signs bytes with the private key. */
  @FunctionalInterface
  private interface Scheme {
    byte[] sign(byte[] message);
  }

  /**
   * @param name the key's name in signature lines: for a log, its origin
   * @throws IllegalArgumentException if the name is empty, too long, or has a space or a plus
   */
  public NoteSigner(String name, VerifierKey.Type type, Ed25519Key key) {
    this.scheme = key::sign;
    this.verifierKey = VerifierKey.of(name, type, key.publicKey());
  }

  /**
   * A witness that signs with ML-DSA-44.
   *
   * @param name the key's name in signature lines, at most 255 bytes
   * @throws IllegalArgumentException if the name is empty, too long, or has a space or a plus
   */
  public NoteSigner(String name, MlDsa44Key key) {
    this.scheme = key::sign;
    this.verifierKey = VerifierKey.of(name, VerifierKey.Type.ML_DSA_44, key.publicKey());
  }

  /** Public key that verifies the signatures. */
  public VerifierKey verifierKey() {
    return verifierKey;
  }

  /**
   * Signs a note's text.
   *
   * @throws IllegalStateException if this is a witness's key
   */
  public NoteSignature sign(String text) {
    if (verifierKey.type() != VerifierKey.Type.ED25519) {
      throw new IllegalStateException(verifierKey.name() + " signs as " + verifierKey.type());
    }
    return new NoteSignature(
        verifierKey.name(), verifierKey.id(), scheme.sign(StrictText.encode(text)));
  }

  /**
   * States that a checkpoint with this text is the largest of its log that was seen by then, and
   * that it was consistent with those before; the caller has checked both.
   *
   * @param time seen to the second
   * @throws IllegalStateException if this is a log's key
   * @throws IllegalArgumentException if the time is not after 1970, or with ML-DSA-44 the text is
   *     none of a checkpoint or a name has more than 255 bytes
   */
  public NoteSignature cosign(String checkpointText, Instant time) {
    if (!verifierKey.type().isCosignature()) {
      throw new IllegalStateException(verifierKey.name() + " signs as " + verifierKey.type());
    }
    long timestampSeconds = time.getEpochSecond();
    if (timestampSeconds <= 0) {
      throw new IllegalArgumentException("a cosignature before the epoch: " + time);
    }
    byte[] message =
        verifierKey.type() == VerifierKey.Type.ML_DSA_44
            ? CosignedMessage.of(
                    verifierKey.name(),
                    timestampSeconds,
                    Checkpoint.parse(checkpointText).orThrow())
                .orElseThrow(() -> new IllegalArgumentException("a name of more than 255 bytes"))
            : cosignedMessage(timestampSeconds, checkpointText);
    byte[] signature = scheme.sign(message);
    return new NoteSignature(
        verifierKey.name(),
        verifierKey.id(),
        ByteBuffer.allocate(Long.BYTES + signature.length)
            .putLong(timestampSeconds)
            .put(signature)
            .array());
  }

  /** Message that a cosignature signs. */
  static byte[] cosignedMessage(long timestampSeconds, String text) {
    return StrictText.encode("cosignature/v1\ntime " + timestampSeconds + "\n" + text);
  }
}
