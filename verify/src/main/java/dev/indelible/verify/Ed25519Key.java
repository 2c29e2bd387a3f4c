package dev.indelible.verify;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An Ed25519 private key and its public half. Immutable and thread-safe.
 *
 * <p>Sources: RFC 8032 for keys and signatures, RFC 8410 for PKCS#8.
 */
public final class Ed25519Key {

  /** Length of the seed, which is the private key, in bytes. */
  public static final int SEED_BYTES = 32;

  /** Length of a public key in bytes. */
  public static final int PUBLIC_KEY_BYTES = 32;

  /** Length of a signature in bytes. */
  public static final int SIGNATURE_BYTES = 64;

  private static final String ALGORITHM = "Ed25519";

  /** Prefix of a public key's 32 bytes in X.509; RFC 8410, section 4. */
  private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private final PrivateKey privateKey;
  private final byte[] publicKey;

  private Ed25519Key(PrivateKey privateKey, byte[] publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /**
   * The key with this seed.
   *
   * @param seed {@value #SEED_BYTES} bytes that nobody can guess
   */
  public static Ed25519Key fromSeed(byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new IllegalArgumentException("a seed has " + SEED_BYTES + " bytes, not " + seed.length);
    }
    try {
      PrivateKey privateKey =
          KeyFactory.getInstance(ALGORITHM)
              .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
      // The platform derives a public key only while it generates one, from what it takes for
      // random bytes.
      KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
      generator.initialize(NamedParameterSpec.ED25519, new Replay(seed));
      byte[] encoded = generator.generateKeyPair().getPublic().getEncoded();
      byte[] publicKey =
          Arrays.copyOfRange(encoded, encoded.length - PUBLIC_KEY_BYTES, encoded.length);
      return new Ed25519Key(privateKey, publicKey);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks Ed25519", e);
    }
  }

  /** Reads a private key in PKCS#8, as {@code openssl genpkey} writes it in DER. */
  public static Parsed<Ed25519Key> fromPkcs8(byte[] der) {
    try {
      PrivateKey key =
          KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(der));
      byte[] seed = ((EdECPrivateKey) key).getBytes().orElseThrow();
      return new Parsed.Ok<>(fromSeed(seed));
    } catch (InvalidKeySpecException e) {
      return Parsed.malformed("private key", "start", "is not an Ed25519 key in PKCS#8");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks Ed25519", e);
    }
  }

  /** The private key in PKCS#8, DER. */
  public byte[] toPkcs8() {
    return privateKey.getEncoded();
  }

  /** The {@value #PUBLIC_KEY_BYTES} bytes of the public key. */
  public byte[] publicKey() {
    return publicKey.clone();
  }

  /** Signs a message. */
  byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(privateKey);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform cannot sign with Ed25519", e);
    }
  }

  /** Whether the holder of this public key signed the message. */
  static boolean verify(byte[] publicKey, byte[] message, byte[] signed) {
    if (signed.length != SIGNATURE_BYTES) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(decodePublicKey(publicKey));
      signature.update(message);
      return signature.verify(signed);
    } catch (InvalidKeySpecException | InvalidKeyException | SignatureException e) {
      // The key is no point of the curve, or the signature none of its encodings.
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks Ed25519", e);
    }
  }

  /** A public key as SubjectPublicKeyInfo in DER; RFC 8410, section 4. */
  static byte[] subjectPublicKeyInfo(byte[] publicKey) {
    byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + PUBLIC_KEY_BYTES);
    System.arraycopy(publicKey, 0, encoded, X509_PREFIX.length, PUBLIC_KEY_BYTES);
    return encoded;
  }

  private static PublicKey decodePublicKey(byte[] publicKey) throws GeneralSecurityException {
    return KeyFactory.getInstance(ALGORITHM)
        .generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo(publicKey)));
  }

  /** Gives the seed where random bytes are asked for, once and whole. */
  private static final class Replay extends SecureRandom {

    private static final long serialVersionUID = 1;

    private final byte[] seed;

    Replay(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      if (bytes.length != seed.length) {
        throw new IllegalStateException("asked for " + bytes.length + " bytes for a seed");
      }
      System.arraycopy(seed, 0, bytes, 0, seed.length);
    }
  }
}
