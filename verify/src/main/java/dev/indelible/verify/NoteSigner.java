package dev.indelible.verify;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * Signs notes with a named Ed25519 key: as a log ({@link #sign}) or as a witness ({@link #cosign}),
 * which are keys of different ids. Immutable and thread-safe.
 *
 * <p>Sources: c2sp.org/signed-note, c2sp.org/tlog-cosignature.
 */
public final class NoteSigner {

  private final Ed25519Key key;
  private final VerifierKey verifierKey;

  /**
   * @param name the key's name in signature lines: for a log, its origin
   * @throws IllegalArgumentException if the name is empty, too long, or has a space or a plus
   */
  public NoteSigner(String name, VerifierKey.Type type, Ed25519Key key) {
    this.key = key;
    this.verifierKey = VerifierKey.of(name, type, key.publicKey());
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
    require(VerifierKey.Type.ED25519);
    return new NoteSignature(
        verifierKey.name(), verifierKey.id(), key.sign(StrictText.encode(text)));
  }

  /**
   * States that a checkpoint with this text is the largest of its log that was seen by then, and
   * that it was consistent with those before; the caller has checked both.
   *
   * @param time seen to the second
   * @throws IllegalStateException if this is a log's key
   */
  public NoteSignature cosign(String checkpointText, Instant time) {
    require(VerifierKey.Type.COSIGNATURE_V1);
    long timestampSeconds = time.getEpochSecond();
    if (timestampSeconds < 0) {
      throw new IllegalArgumentException("a cosignature before the epoch: " + time);
    }
    byte[] signature = key.sign(cosignedMessage(timestampSeconds, checkpointText));
    return new NoteSignature(
        verifierKey.name(),
        verifierKey.id(),
        ByteBuffer.allocate(NoteSignature.COSIGNATURE_BYTES)
            .putLong(timestampSeconds)
            .put(signature)
            .array());
  }

  /** Message that a cosignature signs. */
  static byte[] cosignedMessage(long timestampSeconds, String text) {
    return StrictText.encode("cosignature/v1\ntime " + timestampSeconds + "\n" + text);
  }

  private void require(VerifierKey.Type type) {
    if (verifierKey.type() != type) {
      throw new IllegalStateException(verifierKey.name() + " signs as " + verifierKey.type());
    }
  }
}
