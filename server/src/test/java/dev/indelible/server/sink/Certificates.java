package dev.indelible.server.sink;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** An authority of certificates in tests (RFC 5280, ECDSA with P-256). */
final class Certificates {

  /**
   * A certificate with its key, as PEM.
   *
   * @param certificate of the host
   * @param key unencrypted PKCS #8
   */
  record Pair(String certificate, String key) {

    /** A receiver's context that shows it, and believes those of an authority. */
    SSLContext context(Certificates trusted) throws Exception {
      return PrivateTrust.context(
          trusted.pem, certificate, key.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static final Duration YEAR = Duration.ofDays(365);
  private static final byte[] COMMON_NAME = {6, 3, 0x55, 4, 3};
  private static final byte[] BASIC_CONSTRAINTS = {6, 3, 0x55, 0x1d, 0x13};
  private static final byte[] KEY_USAGE = {6, 3, 0x55, 0x1d, 0x0f};
  private static final byte[] ALTERNATIVE_NAME = {6, 3, 0x55, 0x1d, 0x11};
  private static final byte[] TRUE = {1, 1, (byte) 0xff};

  /** {@code ecdsa-with-SHA256} (RFC 5758). */
  private static final byte[] ALGORITHM = {
    0x30, 0x0a, 6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2
  };

  private static @Nullable KeyPair rsa;

  private final String name;
  private final KeyPair keys;
  private int serial = 1;

  /** Its own certificate, as PEM. */
  final String pem;

  /** Makes one. */
  Certificates(String name) throws Exception {
    this.name = name;
    this.keys = keys("EC");
    this.pem = pem("CERTIFICATE", certificate(name, keys, Instant.now(), YEAR, true));
  }

  /** A certificate for a host, valid now. */
  Pair of(String host) throws Exception {
    return of(host, Instant.now(), YEAR);
  }

  /** A certificate that begins an hour before a time. */
  Pair of(String host, Instant from, Duration valid) throws Exception {
    return of(host, from, valid, "EC");
  }

  /** A certificate of an RSA key: GnuTLS 3.7 does not read an EC key as Java writes it. */
  Pair rsa(String host) throws Exception {
    return of(host, Instant.now(), YEAR, "RSA");
  }

  private Pair of(String host, Instant from, Duration valid, String algorithm) throws Exception {
    KeyPair own = algorithm.equals("RSA") ? rsa() : keys(algorithm);
    return new Pair(
        pem("CERTIFICATE", certificate(host, own, from, valid, false)),
        pem("PRIVATE KEY", own.getPrivate().getEncoded()));
  }

  /** One for all: making one takes seconds. */
  private static synchronized KeyPair rsa() throws GeneralSecurityException {
    if (rsa == null) {
      rsa = keys("RSA");
    }
    return rsa;
  }

  private static KeyPair keys(String algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("EC")) {
      generator.initialize(new ECGenParameterSpec("secp256r1"));
    }
    return generator.generateKeyPair();
  }

  private byte[] certificate(
      String host, KeyPair subject, Instant from, Duration valid, boolean authority)
      throws GeneralSecurityException {
    byte[] extensions =
        authority
            ? der(
                0x30,
                der(0x30, BASIC_CONSTRAINTS, TRUE, der(4, der(0x30, TRUE))),
                der(0x30, KEY_USAGE, TRUE, der(4, der(3, new byte[] {1, 6}))))
            : der(
                0x30,
                der(
                    0x30,
                    ALTERNATIVE_NAME,
                    der(4, der(0x30, der(0x82, host.getBytes(StandardCharsets.US_ASCII))))));
    Instant start = from.minus(Duration.ofHours(1));
    byte[] signed =
        der(
            0x30,
            der(0xa0, new byte[] {2, 1, 2}),
            der(2, new byte[] {(byte) serial++}),
            ALGORITHM,
            name(name),
            der(0x30, time(start), time(start.plus(valid))),
            name(host),
            subject.getPublic().getEncoded(),
            der(0xa3, extensions));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(signed);
    return der(0x30, signed, ALGORITHM, der(3, new byte[1], signature.sign()));
  }

  private static byte[] name(String name) {
    byte[] text = der(0x0c, name.getBytes(StandardCharsets.US_ASCII));
    return der(0x30, der(0x31, der(0x30, COMMON_NAME, text)));
  }

  private static byte[] time(Instant time) {
    return der(
        0x17,
        DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'")
            .withZone(ZoneOffset.UTC)
            .format(time)
            .getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    int length = content.size();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(tag);
    if (length < 0x80) {
      all.write(length);
    } else if (length < 0x100) {
      all.write(0x81);
      all.write(length);
    } else {
      all.write(0x82);
      all.write(length >> 8);
      all.write(length);
    }
    all.writeBytes(content.toByteArray());
    return all.toByteArray();
  }

  private static String pem(String type, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, Base64.getMimeEncoder().encodeToString(bytes), type);
  }
}
