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

  /** The longest text that is looked at. */
  public static final int MAX_CHARS = MAX_NAME_CHARS + 64;

  /** The kinds of signature that are known here, with the byte that stands for each. */
  public enum Type {
    /** Ed25519 over the note's text. */
    ED25519(0x01),
    /** Ed25519 by a witness, over the time and a checkpoint's text. */
    COSIGNATURE_V1(0x04);

    private final byte id;

    Type(int id) {
      this.id = (byte) id;
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
   *     if the key does not have {@value Ed25519Key#PUBLIC_KEY_BYTES} bytes
   */
  public static VerifierKey of(String name, Type type, byte[] publicKey) {
    if (!StrictText.isKeyName(name)) {
      throw new IllegalArgumentException("no name for a key: \"" + name + "\"");
    }
    if (publicKey.length != Ed25519Key.PUBLIC_KEY_BYTES) {
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
        "character " + keyAt, "type " + (typeAndKey[0] & 0xff) + " is neither 1 nor 4");
  }

  private static Parsed<VerifierKey> parse(String name, String id, Type type, byte[] typeAndKey) {
    if (typeAndKey.length != 1 + Ed25519Key.PUBLIC_KEY_BYTES) {
      return malformed("key", "has " + (typeAndKey.length - 1) + " bytes, not 32");
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

  /** The {@value Ed25519Key#PUBLIC_KEY_BYTES} bytes of the public key. */
  public byte[] publicKey() {
    return publicKey.clone();
  }

  /** The public key as SubjectPublicKeyInfo in DER (RFC 8410), without the name. */
  public byte[] subjectPublicKeyInfo() {
    return Ed25519Key.subjectPublicKeyInfo(publicKey);
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
    if (timestamped.length != NoteSignature.COSIGNATURE_BYTES) {
      return false;
    }
    long timestampSeconds = ByteBuffer.wrap(timestamped).getLong();
    return timestampSeconds >= 0
        && Ed25519Key.verify(
            publicKey,
            NoteSigner.cosignedMessage(timestampSeconds, text),
            Arrays.copyOfRange(timestamped, Long.BYTES, timestamped.length));
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
