package dev.indelible.server.deliver;

import static dev.indelible.server.deliver.Surroundings.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.control.Destination.Bucket;
import dev.indelible.server.deliver.Delivery.Outcome;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Buckets of a real S3 server, in memory. */
class BucketDeliveryTest {

  private static final String ACCESS_KEY = "AKIAtest";
  private static final String SECRET = "secretOfTheTest";

  /** The least that S3 takes as a part that is not the last. */
  private static final long LEAST_PART_BYTES = 5L << 20;

  private static S3Proxy proxy;
  private static S3Client reader;
  private static String endpoint;

  @TempDir Path folder;
  private final Surroundings surroundings = new Surroundings();

  @BeforeAll
  static void start() throws Exception {
    proxy =
        S3Proxy.builder()
            .blobStore(new TransientNio2BlobStore())
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET)
            .build();
    proxy.start();
    endpoint = "http://127.0.0.1:" + proxy.getPort();
    reader =
        S3Client.builder()
            .httpClientBuilder(Apache5HttpClient.builder())
            .endpointOverride(URI.create(endpoint))
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET)))
            .build();
    reader.createBucket(bucket -> bucket.bucket("audit"));
  }

  @AfterAll
  static void stop() throws Exception {
    reader.close();
    proxy.stop();
  }

  private Bucket bucket(String name, String prefix, String secret) {
    Deliveries.Around around = surroundings.around();
    return new Bucket(
        endpoint,
        "us-east-1",
        name,
        prefix,
        true,
        ACCESS_KEY,
        around
            .cipher()
            .seal(
                ACME,
                SecretUse.bucket(endpoint, ACCESS_KEY),
                secret.getBytes(StandardCharsets.UTF_8)));
  }

  private Outcome deliver(Bucket bucket, Parcel parcel) throws Exception {
    return new Deliveries(surroundings.around()).of(ACME, bucket).deliver(parcel);
  }

  private static byte[] stored(String key) throws Exception {
    try (InputStream in = reader.getObject(get -> get.bucket("audit").key(key))) {
      return in.readAllBytes();
    }
  }

  @Test
  void aSmallFileIsAnObjectWithItsTypeAndItsHash() throws Exception {
    byte[] content = "seq,action\n1,a\n".getBytes(StandardCharsets.UTF_8);
    Parcel parcel = Surroundings.parcel(folder, content);
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThat(deliver(bucket("audit", "small/", SECRET), parcel))
          .isEqualTo(new Outcome.Arrived("s3://audit/small/" + parcel.fileName()));
    }
    assertThat(stored("small/" + parcel.fileName())).isEqualTo(content);
    HeadObjectResponse head =
        reader.headObject(get -> get.bucket("audit").key("small/" + parcel.fileName()));
    assertThat(head.contentType()).isEqualTo("text/csv");
    assertThat(head.metadata())
        .containsEntry("sha256", parcel.sha256())
        .containsEntry("indelible-export", "x_1");
    assertThat(surroundings.attempts).containsExactly("s3 arrived", "s3 arrived");
  }

  @Test
  void aLargeFileArrivesInPartsAndIsWhole() throws Exception {
    byte[] content = new byte[(int) (2 * LEAST_PART_BYTES + 12_345)];
    new Random(15).nextBytes(content);
    Parcel parcel = Surroundings.parcel(folder, content);
    Outcome outcome =
        new BucketDelivery(
                bucket("audit", "parts/", SECRET),
                SECRET,
                new AddressGuard(Surroundings.LOOPBACK, InetAddress::getAllByName),
                LEAST_PART_BYTES)
            .deliver(parcel);
    assertThat(outcome).isInstanceOf(Outcome.Arrived.class);
    String key = "parts/" + parcel.fileName();
    assertThat(stored(key)).isEqualTo(content);
    assertThat(reader.headObject(get -> get.bucket("audit").key(key)).eTag())
        .as("put together of three parts")
        .endsWith("-3\"");
    assertThat(reader.listMultipartUploads(list -> list.bucket("audit")).uploads()).isEmpty();
  }

  @Test
  void aWrongSecretAndAMissingBucketAreRefused() throws Exception {
    Parcel parcel = Surroundings.parcel(folder, new byte[10]);
    for (Bucket bucket :
        List.of(bucket("audit", "", "wrongSecret"), bucket("no-such-bucket", "", SECRET))) {
      Outcome outcome = deliver(bucket, parcel);
      assertThat(outcome).as(bucket.bucket()).isInstanceOf(Outcome.Refused.class);
      assertThat(outcome.toString()).contains("s3://").doesNotContain(SECRET, "wrongSecret");
    }
  }

  @Test
  void aStoreThatIsAwayMayComeBack() throws Exception {
    Bucket bucket = bucket("audit", "", SECRET);
    String other = endpoint.replaceFirst(":[0-9]+$", ":1");
    Bucket away =
        new Bucket(
            other,
            bucket.region(),
            bucket.bucket(),
            "",
            true,
            ACCESS_KEY,
            surroundings
                .around()
                .cipher()
                .seal(
                    ACME,
                    SecretUse.bucket(other, ACCESS_KEY),
                    SECRET.getBytes(StandardCharsets.UTF_8)));
    assertThat(deliver(away, Surroundings.parcel(folder, new byte[10])))
        .isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void anAddressThatIsNotAllowedIsRefusedAtTheConnection() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    surroundings.guard(
        new AddressGuard(
            List.of(),
            host -> {
              asked.incrementAndGet();
              return InetAddress.getAllByName(host);
            }));
    Outcome outcome =
        deliver(bucket("audit", "", SECRET), Surroundings.parcel(folder, new byte[10]));
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(outcome.toString()).contains("private");
    assertThat(asked).as("each try of the library asks").hasPositiveValue();
  }

  @Test
  void aDamagedFileIsNotSent() throws Exception {
    Parcel parcel = Surroundings.parcel(folder, new byte[10]);
    Files.write(parcel.file(), new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    Outcome outcome = deliver(bucket("audit", "damaged/", SECRET), parcel);
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(outcome.toString()).contains("damaged");
    assertThat(reader.listObjectsV2(l -> l.bucket("audit").prefix("damaged/")).contents())
        .isEmpty();
  }

  @Test
  void aTestPutsASmallObject() throws Exception {
    Bucket bucket = bucket("audit", "test/", SECRET);
    assertThat(new Deliveries(surroundings.around()).of(ACME, bucket).probe())
        .isEqualTo(new Outcome.Arrived("s3://audit/test/indelible-test.txt"));
    assertThat(stored("test/indelible-test.txt")).isNotEmpty();
  }
}
