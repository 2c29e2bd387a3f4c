package dev.indelible.server.http;

import dev.indelible.server.http.HttpServerConfig.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a certificate and its key from PEM files (RFC 7468) into a key store.
 *
 * <p>Certificates are read by the JDK. Keys are unwrapped here: Jetty knows key stores alone, the
 * JDK's own reader of PEM (JEP 470) is a preview in Java 25, and Bouncy Castle would be 8 MB for
 * one header.
 */
final class PemKeyStore {

  /** The password that a key store in memory must have; it protects nothing. */
  static final String PASSWORD = "in-memory";

  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private PemKeyStore() {}

  /**
   * The key store.
   *
   * @throws IOException when a file cannot be read or is not what it should be, with its name
   */
  static KeyStore read(Tls tls) throws IOException {
    try (InputStream in = Files.newInputStream(tls.certificate())) {
      Collection<? extends Certificate> chain =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (chain.isEmpty()) {
        throw new IOException(tls.certificate() + " holds no certificate");
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "server", privateKey(tls), PASSWORD.toCharArray(), chain.toArray(new Certificate[0]));
      return store;
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "cannot use " + tls.certificate() + " with " + tls.key() + ": " + e.getMessage(), e);
    }
  }

  private static PrivateKey privateKey(Tls tls) throws IOException, GeneralSecurityException {
    Matcher pem = PRIVATE_KEY.matcher(Files.readString(tls.key(), StandardCharsets.US_ASCII));
    if (!pem.find()) {
      throw new IOException(
          tls.key()
              + " holds no unencrypted PKCS #8 key (BEGIN PRIVATE KEY); convert it with:"
              + " openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW");
    }
    byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (InvalidKeySpecException e) {
        // Another algorithm's key; the list ends with an answer.
      }
    }
    throw new IOException(tls.key() + " holds a key of an unknown algorithm");
  }
}
