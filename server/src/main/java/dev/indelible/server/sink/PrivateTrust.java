package dev.indelible.server.sink;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Certificates of a receiver of one's own: the authority that it is trusted by, and the certificate
 * that it is shown, as PEM (RFC 7468).
 */
final class PrivateTrust {

  /** The form of certificates as PEM, anything around them. */
  static final Pattern CERTIFICATES =
      Pattern.compile("(?s).*-----BEGIN CERTIFICATE-----.*-----END CERTIFICATE-----.*");

  /** The form of an unencrypted PKCS #8 key as PEM. */
  static final Pattern KEY =
      Pattern.compile(
          "(?s).*-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----.*");

  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  /** The password that a key store in memory must have; it protects nothing. */
  private static final char[] PASSWORD = "in-memory".toCharArray();

  private PrivateTrust() {}

  /**
   * Makes a context for TLS 1.2 and 1.3.
   *
   * @param ca the authorities that are trusted; null for those of the Java runtime
   * @param certificate the chain that is shown to a receiver that asks for it; null for none
   * @param key of the first certificate of the chain
   * @throws IOException when a text holds nothing usable
   */
  static SSLContext context(
      @Nullable String ca, @Nullable String certificate, byte @Nullable [] key) throws IOException {
    try {
      TrustManager[] trust = null;
      if (ca != null) {
        KeyStore store = empty();
        int number = 0;
        for (Certificate authority : certificates(ca)) {
          store.setCertificateEntry("ca" + number++, authority);
        }
        TrustManagerFactory factory =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        trust = factory.getTrustManagers();
      }
      KeyManager[] own = null;
      if (certificate != null && key != null) {
        KeyStore store = empty();
        store.setKeyEntry(
            "client",
            privateKey(new String(key, StandardCharsets.US_ASCII)),
            PASSWORD,
            certificates(certificate).toArray(new Certificate[0]));
        KeyManagerFactory factory =
            KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD);
        own = factory.getKeyManagers();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own, trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("a certificate or key of the settings cannot be used", e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(String pem)
      throws GeneralSecurityException, IOException {
    Collection<? extends Certificate> chain =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    if (chain.isEmpty()) {
      throw new IOException("the settings hold no certificate");
    }
    return chain;
  }

  private static PrivateKey privateKey(String text) throws IOException, GeneralSecurityException {
    Matcher pem = KEY.matcher(text);
    if (!pem.matches()) {
      throw new IOException("the settings hold no unencrypted PKCS #8 key");
    }
    byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (InvalidKeySpecException _) {
        // Another algorithm's key; the list ends with an answer.
      }
    }
    throw new IOException("the settings hold a key of an unknown algorithm");
  }
}
