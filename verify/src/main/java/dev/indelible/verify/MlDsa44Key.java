package dev.indelible.verify;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An ML-DSA-44 private key and its public half. Java has the algorithm since 24; on an older one
 * {@link #isAvailable} is false, and nothing can be signed or checked. Immutable and thread-safe.
 *
 * <p>Sources: FIPS 204 for keys and signatures, RFC 9881 for SubjectPublicKeyInfo.
 */
public final class MlDsa44Key {

  /** Length of a public key in bytes. */
  public static final int PUBLIC_KEY_BYTES = 1312;

  /** Length of a signature in bytes. */
  public static final int SIGNATURE_BYTES = 2420;

  private static final String ALGORITHM = "ML-DSA-44";

  /** Prefix of a public key's bytes in X.509: lengths, and OID 2.16.840.1.101.3.4.3.17. */
  private static final byte[] X509_PREFIX =
      HexFormat.of().parseHex("30820532300b06096086480165030403110382052100");

  private static final boolean AVAILABLE = available();

  private final PrivateKey privateKey;
  private final byte[] publicKey;

  private MlDsa44Key(PrivateKey privateKey, byte[] publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  private static boolean available() {
    try {
      return Signature.getInstance(ALGORITHM) != null;
    } catch (NoSuchAlgorithmException e) {
      return false;
    }
  }

  /** Whether this Java platform has the algorithm. */
  public static boolean isAvailable() {
    return AVAILABLE;
  }

  /**
   * A new key.
   *
   * @throws IllegalStateException when this Java platform lacks the algorithm
   */
  public static MlDsa44Key generate() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      byte[] encoded = pair.getPublic().getEncoded();
      return new MlDsa44Key(
          pair.getPrivate(),
          Arrays.copyOfRange(encoded, encoded.length - PUBLIC_KEY_BYTES, encoded.length));
    } catch (NoSuchAlgorithmException e) {
      throw missing(e);
    }
  }

  /**
   * Reads a private key in PKCS#8 whose public half is known; that they belong together is checked
   * by a signature.
   *
   * @throws IllegalStateException when this Java platform lacks the algorithm
   */
  public static Parsed<MlDsa44Key> of(byte[] pkcs8, byte[] publicKey) {
    try {
      PrivateKey key =
          KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      MlDsa44Key read = new MlDsa44Key(key, publicKey.clone());
      return verify(publicKey, publicKey, read.sign(publicKey))
          ? new Parsed.Ok<>(read)
          : Parsed.malformed("private key", "start", "is not that of the public key");
    } catch (InvalidKeySpecException e) {
      return Parsed.malformed("private key", "start", "is not an ML-DSA-44 key in PKCS#8");
    } catch (NoSuchAlgorithmException e) {
      throw missing(e);
    }
  }

  /** The private key in PKCS#8, DER, as this Java platform writes it. */
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
      throw missing(e);
    }
  }

  /**
   * Whether the holder of this public key signed the message.
   *
   * @throws IllegalStateException when this Java platform lacks the algorithm
   */
  static boolean verify(byte[] publicKey, byte[] message, byte[] signed) {
    if (signed.length != SIGNATURE_BYTES) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(
          KeyFactory.getInstance(ALGORITHM)
              .generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo(publicKey))));
      signature.update(message);
      return signature.verify(signed);
    } catch (InvalidKeySpecException | InvalidKeyException | SignatureException e) {
      return false;
    } catch (NoSuchAlgorithmException e) {
      throw missing(e);
    }
  }

  /** A public key as SubjectPublicKeyInfo in DER; RFC 9881, section 4. */
  static byte[] subjectPublicKeyInfo(byte[] publicKey) {
    byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + PUBLIC_KEY_BYTES);
    System.arraycopy(publicKey, 0, encoded, X509_PREFIX.length, PUBLIC_KEY_BYTES);
    return encoded;
  }

  private static IllegalStateException missing(GeneralSecurityException e) {
    return new IllegalStateException("this Java platform lacks ML-DSA-44", e);
  }
}
