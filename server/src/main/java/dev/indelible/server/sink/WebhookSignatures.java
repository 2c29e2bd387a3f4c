package dev.indelible.server.sink;

import dev.indelible.server.deliver.WebhookSigner;
import dev.indelible.verify.Ed25519Key;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Signatures of messages as Standard Webhooks 1.0 has them: {@code v1}, HMAC-SHA256 with a secret
 * that both sides know, or {@code v1a}, Ed25519 with a key of which the receiver has the public
 * part. While a secret is replaced, both sign. Thread-safe.
 */
public final class WebhookSignatures {

  /** Bytes of a secret: of HMAC, and the seed of an Ed25519 key. */
  public static final int SECRET_BYTES = Ed25519Key.SEED_BYTES;

  private static final String PUBLIC_PREFIX = "whpk_";

  private final boolean isPublicKey;
  private final byte[] secret;
  private final byte @Nullable [] before;

  /**
   * Signatures by a secret.
   *
   * @param signature {@code v1} or {@code v1a}
   * @param before the secret that signs beside it, or null
   */
  WebhookSignatures(String signature, byte[] secret, byte @Nullable [] before) {
    this.isPublicKey = signature.equals(WebhookType.V1A);
    this.secret = secret;
    this.before = before;
  }

  /** Returns what a receiver needs to be told of a secret: the secret, or the public key. */
  public static String told(String signature, byte[] secret) {
    return signature.equals(WebhookType.V1A)
        ? PUBLIC_PREFIX
            + Base64.getEncoder().encodeToString(Ed25519Key.fromSeed(secret).publicKey())
        : WebhookSigner.text(secret);
  }

  /** The headers of a message. */
  Map<String, String> headers(String id, Instant at, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("webhook-id", id);
    headers.put("webhook-timestamp", Long.toString(at.getEpochSecond()));
    String signatures = signature(secret, id, at, body);
    headers.put(
        "webhook-signature",
        before == null ? signatures : signatures + " " + signature(before, id, at, body));
    return headers;
  }

  private String signature(byte[] by, String id, Instant at, byte[] body) {
    if (!isPublicKey) {
      return String.valueOf(new WebhookSigner(by).headers(id, at, body).get("webhook-signature"));
    }
    byte[] head = (id + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8);
    byte[] signed = new byte[head.length + body.length];
    System.arraycopy(head, 0, signed, 0, head.length);
    System.arraycopy(body, 0, signed, head.length, body.length);
    return "v1a," + Base64.getEncoder().encodeToString(sign(by, signed));
  }

  private static byte[] sign(byte[] seed, byte[] signed) {
    try {
      Signature signer = Signature.getInstance("Ed25519");
      signer.initSign(
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(new PKCS8EncodedKeySpec(Ed25519Key.fromSeed(seed).toPkcs8())));
      signer.update(signed);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }
}
