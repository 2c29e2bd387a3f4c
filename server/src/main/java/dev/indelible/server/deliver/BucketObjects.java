package dev.indelible.server.deliver;

import dev.indelible.server.deliver.Delivery.Outcome;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Small objects of one bucket, each written whole and with its SHA-256, which the store compares.
 * Connections are kept between objects. Used by one thread at a time.
 */
public final class BucketObjects implements AutoCloseable {

  /** How long an object may take. */
  static final Duration DEADLINE = Duration.ofMinutes(1);

  private final BucketAccess access;
  private final AddressGuard guard;
  private @Nullable SdkHttpClient http;
  private @Nullable S3Client client;

  /** A way to a bucket; nothing is connected yet. */
  public BucketObjects(BucketAccess access, AddressGuard guard) {
    this.access = access;
    this.guard = guard;
  }

  /**
   * Writes an object, over one that is there.
   *
   * @param key its name
   * @throws InterruptedException when the server stops
   */
  public Outcome put(String key, String mediaType, byte[] content) throws InterruptedException {
    if (client == null) {
      http = access.http(guard);
      client = access.client(http);
    }
    S3Client open = client;
    String sha256 = sha256(content);
    return Attempt.within(
        DEADLINE,
        () -> {
          try {
            open.putObject(
                put ->
                    put.bucket(access.bucket())
                        .key(key)
                        .contentType(mediaType)
                        .checksumSHA256(sha256),
                RequestBody.fromBytes(content));
            return new Outcome.Arrived(access.where() + "/" + key);
          } catch (S3Exception e) {
            return access.outcome(e);
          } catch (SdkClientException e) {
            throw new IOException(e.getMessage(), e);
          }
        });
  }

  private static String sha256(byte[] content) {
    try {
      return Base64.getEncoder()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
      client = null;
    }
    if (http != null) {
      http.close();
      http = null;
    }
  }
}
