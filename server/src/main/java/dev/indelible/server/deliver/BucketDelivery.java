package dev.indelible.server.deliver;

import dev.indelible.server.control.Destination.Bucket;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A bucket of an S3-compatible store. An object appears whole, under its name: a large file is sent
 * in parts that the store puts together at the end. Each part carries its SHA-256, which the store
 * compares, and the length of the finished object is asked for. A second attempt replaces the
 * object.
 */
final class BucketDelivery implements Delivery {

  /** The largest file that is sent at once, and the least size of a part. */
  static final long PART_BYTES = 16L << 20;

  /** The most parts of an object (Amazon S3 user guide, multipart upload limits). */
  static final int MAX_PARTS = 10_000;

  /** How long a small attempt may take. */
  static final Duration DEADLINE = Duration.ofMinutes(2);

  /** The least rate at which a file has to arrive. */
  static final long LEAST_BYTES_PER_SECOND = 128 * 1024;

  private static final String PROBE = "indelible-test.txt";

  private final Bucket bucket;
  private final BucketAccess access;
  private final AddressGuard guard;
  private final long partBytes;

  BucketDelivery(Bucket bucket, String secret, AddressGuard guard) {
    this(bucket, secret, guard, PART_BYTES);
  }

  /** A bucket with parts of another size, which are made larger where there would be too many. */
  BucketDelivery(Bucket bucket, String secret, AddressGuard guard, long partBytes) {
    this.bucket = bucket;
    this.access =
        new BucketAccess(
            bucket.endpoint(),
            bucket.region(),
            bucket.bucket(),
            bucket.pathStyle(),
            bucket.accessKey(),
            secret);
    this.guard = guard;
    this.partBytes = partBytes;
  }

  @Override
  public Outcome deliver(Parcel parcel) throws InterruptedException {
    Duration atMost = DEADLINE.plusSeconds(parcel.sizeBytes() / LEAST_BYTES_PER_SECOND);
    return attempt(
        atMost,
        client -> {
          String key = bucket.prefix() + parcel.fileName();
          if (Files.size(parcel.file()) != parcel.sizeBytes()
              || !FilePart.whole(parcel).sha256Hex().equals(parcel.sha256())) {
            throw new IOException("the file of export " + parcel.about().export() + " is damaged");
          }
          long size = partSize(parcel.sizeBytes());
          if (parcel.sizeBytes() <= size) {
            putWhole(client, key, parcel);
          } else {
            putInParts(client, key, parcel, size);
          }
          long arrived =
              client.headObject(head -> head.bucket(bucket.bucket()).key(key)).contentLength();
          if (arrived != parcel.sizeBytes()) {
            throw new IOException(
                "%,d bytes arrived of %,d".formatted(arrived, parcel.sizeBytes()));
          }
          return new Outcome.Arrived(where() + "/" + key);
        });
  }

  @Override
  public Outcome probe() throws InterruptedException {
    return attempt(
        DEADLINE,
        client -> {
          String key = bucket.prefix() + PROBE;
          client.putObject(
              put -> put.bucket(bucket.bucket()).key(key).contentType("text/plain"),
              RequestBody.fromString("test\n"));
          return new Outcome.Arrived(where() + "/" + key);
        });
  }

  /** Parts as large as they have to be so that they are not too many. */
  private long partSize(long sizeBytes) {
    return Math.max(partBytes, Math.ceilDiv(sizeBytes, MAX_PARTS));
  }

  private void putWhole(S3Client client, String key, Parcel parcel) throws IOException {
    FilePart whole = FilePart.whole(parcel);
    String sha256 = whole.sha256Base64();
    client.putObject(
        put ->
            put.bucket(bucket.bucket())
                .key(key)
                .contentType(parcel.mediaType())
                .metadata(metadata(parcel))
                .checksumSHA256(sha256),
        whole.body());
  }

  private void putInParts(S3Client client, String key, Parcel parcel, long size)
      throws IOException {
    String upload =
        client
            .createMultipartUpload(
                create ->
                    create
                        .bucket(bucket.bucket())
                        .key(key)
                        .contentType(parcel.mediaType())
                        .metadata(metadata(parcel))
                        .checksumAlgorithm(ChecksumAlgorithm.SHA256))
            .uploadId();
    boolean complete = false;
    try {
      List<CompletedPart> parts = new ArrayList<>();
      for (FilePart part : FilePart.parts(parcel, size)) {
        parts.add(put(client, key, upload, part));
      }
      client.completeMultipartUpload(
          end ->
              end.bucket(bucket.bucket())
                  .key(key)
                  .uploadId(upload)
                  .multipartUpload(all -> all.parts(parts)));
      complete = true;
    } finally {
      if (!complete) {
        abort(client, key, upload);
      }
    }
  }

  private CompletedPart put(S3Client client, String key, String upload, FilePart part)
      throws IOException {
    String sha256 = part.sha256Base64();
    String tag =
        client
            .uploadPart(
                put ->
                    put.bucket(bucket.bucket())
                        .key(key)
                        .uploadId(upload)
                        .partNumber(part.number())
                        .checksumSHA256(sha256),
                part.body())
            .eTag();
    return CompletedPart.builder()
        .partNumber(part.number())
        .eTag(tag)
        .checksumSHA256(sha256)
        .build();
  }

  /** Frees what was sent; where that fails too, a rule of the bucket has to. */
  private void abort(S3Client client, String key, String upload) {
    try {
      client.abortMultipartUpload(end -> end.bucket(bucket.bucket()).key(key).uploadId(upload));
    } catch (S3Exception | SdkClientException _) {
      // The fault that led here is the one to tell.
    }
  }

  private static Map<String, String> metadata(Parcel parcel) {
    return Map.of(
        "indelible-id", parcel.id(),
        "indelible-export", parcel.about().export(),
        "sha256", parcel.sha256());
  }

  /** Work with a client. */
  private interface Work {
    Outcome with(S3Client client) throws IOException;
  }

  private Outcome attempt(Duration atMost, Work work) throws InterruptedException {
    Callable<Outcome> attempt =
        () -> {
          try (SdkHttpClient http = access.http(guard);
              S3Client client = access.client(http)) {
            return work.with(client);
          } catch (S3Exception e) {
            return access.outcome(e);
          } catch (SdkClientException e) {
            throw new IOException(e.getMessage(), e);
          }
        };
    return Attempt.within(atMost, attempt);
  }

  private String where() {
    return access.where();
  }
}
