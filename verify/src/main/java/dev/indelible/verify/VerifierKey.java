package dev.indelible.verify;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A public key that signatures of notes are checked with: its name, what kind of signature it
 * stands for, and the key itself.
 *
 * <pre>
 * &lt;name&gt;+&lt;key id: 8 hex digits&gt;+base64(type || public key)
 *
 * key id = the first 4 bytes of SHA-256(name || 0x0A || type || public key)
 * </pre>
 *
 * <p>Sources: c2sp.org/signed-note, c2sp.org/tlog-cosignature. Format: {@code
 * docs/formats/checkpoint.md}. Immutable, compared by value.
 */
public final class VerifierKey {

  /** The longest key name, in UTF-16 units. */
  public static final int MAX_NAME_CHARS = 255;

  /** The longest text that is looked at: the base64 of the longest key is below 2,048. */
  public static final int MAX_CHARS = MAX_NAME_CHARS + 2_048;

  /** The kinds of signature that are known here, with the byte that stands for each. */
  public enum Type {
    /** Ed25519 over the note's text. */
    ED25519(0x01, Ed25519Key.PUBLIC_KEY_BYTES),
    /** Ed25519 by a witness, over the time and a checkpoint's text. */
    COSIGNATURE_V1(0x04, Ed25519Key.PUBLIC_KEY_BYTES),
    /** ML-DSA-44 by a witness, over its name, the time, and a checkpoint's origin, size, root. */
    ML_DSA_44(0x06, MlDsa44Key.PUBLIC_KEY_BYTES);

    private final byte id;
    private final int publicKeyBytes;

    Type(int id, int publicKeyBytes) {
      this.id = (byte) id;
      this.publicKeyBytes = publicKeyBytes;
    }

    /** Whether its signatures are cosignatures, which witnesses make. */
    public boolean isCosignature() {
      return this != ED25519;
    }

    /** Whether this Java platform can check its signatures. */
    public boolean isCheckable() {
      return this != ML_DSA_44 || MlDsa44Key.isAvailable();
    }

    /** The byte that stands for it in keys. */
    public byte id() {
      return id;
    }
  }

  private static final String FORMAT = "verifier key";
  private static final int ID_DIGITS = 8;

  private final String name;
  private final Type type;
  private final byte[] publicKey;
  private final int id;

  private VerifierKey(String name, Type type, byte[] publicKey) {
    this.name = name;
    this.type = type;
    this.publicKey = publicKey;
    this.id = id(name, type, publicKey);
  }

  /**
   * A key with this name.
   *
   * @throws IllegalArgumentException if the name is empty, too long, or has a space or a plus, or
   *     if the key does not have as many bytes as keys of its type
   */
  public static VerifierKey of(String name, Type type, byte[] publicKey) {
    if (!StrictText.isKeyName(name)) {
      throw new IllegalArgumentException("no name for a key: \"" + name + "\"");
    }
    if (publicKey.length != type.publicKeyBytes) {
      throw new IllegalArgumentException("a public key of " + publicKey.length + " bytes");
    }
    return new VerifierKey(name, type, publicKey.clone());
  }

  /** Reads a key, exactly as {@link #toString} writes it. */
  public static Parsed<VerifierKey> parse(String text) {
    if (text.length() > MAX_CHARS) {
      return malformed("start", "is longer than " + MAX_CHARS + " characters");
    }
    // Base64 may have more of them.
    int idAt = text.indexOf('+') + 1;
    int keyAt = text.indexOf('+', idAt) + 1;
    if (idAt == 0 || keyAt == 0) {
      return malformed("start", "is not of the form <name>+<id>+<base64>");
    }
    String name = text.substring(0, idAt - 1);
    if (!StrictText.isKeyName(name)) {
      return malformed("start", "the name is empty, too long, or has a space");
    }
    byte[] typeAndKey = CanonicalBase64.decode(text.substring(keyAt));
    if (typeAndKey == null || typeAndKey.length == 0) {
      return malformed("character " + keyAt, "is not canonical base64");
    }
    for (Type type : Type.values()) {
      if (type.id == typeAndKey[0]) {
        return parse(name, text.substring(idAt, keyAt - 1), type, typeAndKey);
      }
    }
    return malformed(
        "character " + keyAt, "type " + (typeAndKey[0] & 0xff) + " is none of 1, 4 and 6");
  }

  private static Parsed<VerifierKey> parse(String name, String id, Type type, byte[] typeAndKey) {
    if (typeAndKey.length != 1 + type.publicKeyBytes) {
      return malformed(
          "key", "has " + (typeAndKey.length - 1) + " bytes, not " + type.publicKeyBytes);
    }
    VerifierKey key =
        new VerifierKey(name, type, Arrays.copyOfRange(typeAndKey, 1, typeAndKey.length));
    if (id.length() != ID_DIGITS || !id.equals(key.idText())) {
      return malformed("key id", "is " + id + ", the key's is " + key.idText());
    }
    return new Parsed.Ok<>(key);
  }

  private static Parsed<VerifierKey> malformed(String where, String problem) {
    return Parsed.malformed(FORMAT, where, problem);
  }

  private static int id(String name, Type type, byte[] publicKey) {
    MessageDigest sha256 = Sha256.create();
    sha256.update(StrictText.encode(name));
    sha256.update((byte) '\n');
    sha256.update(type.id);
    sha256.update(publicKey);
    return ByteBuffer.wrap(sha256.digest()).getInt();
  }

  /** The name, which signature lines carry. */
  public String name() {
    return name;
  }

  /** The kind of signature. */
  public Type type() {
    return type;
  }

  /** The key id, which signatures begin with. */
  public int id() {
    return id;
  }

  /** The bytes of the public key: 32 of Ed25519, 1312 of ML-DSA-44. */
  public byte[] publicKey() {
    return publicKey.clone();
  }

  /** The public key as SubjectPublicKeyInfo in DER (RFC 8410, RFC 9881), without the name. */
  public byte[] subjectPublicKeyInfo() {
    return type == Type.ML_DSA_44
        ? MlDsa44Key.subjectPublicKeyInfo(publicKey)
        : Ed25519Key.subjectPublicKeyInfo(publicKey);
  }

  /** Whether a signature claims to be by this key. */
  public boolean matches(NoteSignature signature) {
    return signature.keyId() == id && signature.keyName().equals(name);
  }

  /** Whether this key made the signature over a note with this text. */
  boolean verify(String text, NoteSignature signature) {
    if (type == Type.ED25519) {
      return Ed25519Key.verify(publicKey, StrictText.encode(text), signature.bytes());
    }
    byte[] timestamped = signature.bytes();
    if (timestamped.length <= Long.BYTES) {
      return false;
    }
    long timestampSeconds = ByteBuffer.wrap(timestamped).getLong();
    byte[] signed = Arrays.copyOfRange(timestamped, Long.BYTES, timestamped.length);
    if (timestampSeconds < 0) {
      return false;
    }
    if (type == Type.COSIGNATURE_V1) {
      return Ed25519Key.verify(
          publicKey, NoteSigner.cosignedMessage(timestampSeconds, text), signed);
    }
    // Without a time it says of a tree that it was seen, not that it was the largest.
    return timestampSeconds > 0
        && Checkpoint.parse(text) instanceof Parsed.Ok<Checkpoint> checkpoint
        && CosignedMessage.of(name, timestampSeconds, checkpoint.value())
            .filter(message -> MlDsa44Key.verify(publicKey, message, signed))
            .isPresent();
  }

  private String idText() {
    return HexFormat.of().toHexDigits(id);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifierKey key
        && name.equals(key.name)
        && type == key.type
        && Arrays.equals(publicKey, key.publicKey);
  }

  @Override
  public int hashCode() {
    return id;
  }

  /** The text form, which is what people are given. */
  @Override
  public String toString() {
    byte[] typeAndKey = new byte[1 + publicKey.length];
    typeAndKey[0] = type.id;
    System.arraycopy(publicKey, 0, typeAndKey, 1, publicKey.length);
    return name + "+" + idText() + "+" + CanonicalBase64.encode(typeAndKey);
  }
}
