package dev.indelible.server.sink;

import static dev.indelible.server.sink.Batches.OPEN;
import static dev.indelible.server.sink.Batches.STRICT;
import static dev.indelible.server.sink.Batches.plain;
import static dev.indelible.server.sink.Batches.settings;
import static dev.indelible.server.sink.Batches.taken;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.indelible.server.sink.Sink.Answer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import tools.jackson.databind.node.ObjectNode;

/** Objects of a real S3 server, in memory. */
class BucketSinkTest {

  private static final String ACCESS_KEY = "AKIAtest";
  private static final String SECRET = "secretOfTheTest";

  private static S3Proxy proxy;
  private static S3Client reader;
  private static String endpoint;

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

  private static ObjectNode to(String prefix) {
    return settings(
            """
            {"region":"us-east-1","bucket":"audit","path_style":true,"access_key":"AKIAtest",
             "secret":"secretOfTheTest"}
            """)
        .put("endpoint", endpoint)
        .put("prefix", prefix);
  }

  private static List<String> keys(String prefix) {
    return reader.listObjectsV2(list -> list.bucket("audit").prefix(prefix)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  private static byte[] stored(String key) throws Exception {
    try (InputStream in = reader.getObject(get -> get.bucket("audit").key(key))) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "zstd"})
  void aBatchIsAnObjectThatARepeatOverwrites(String compression) throws Exception {
    ObjectNode settings = to(compression).put("compression", compression);
    try (Sink sink = Batches.open(new BucketType(), settings, OPEN)) {
      taken(sink.send(plain(7, 100, 50)));
      taken(sink.send(plain(7, 100, 50)));
    }
    List<String> keys = keys(compression + "/");
    String suffix = compression.equals("none") ? "" : compression.equals("gzip") ? ".gz" : ".zst";
    assertThat(keys)
        .containsExactly(
            compression
                + "/tenant=acme/date=2026-11-20/stm_1-000000000007-100-149.ndjson"
                + suffix);
    byte[] object = stored(keys.getFirst());
    byte[] plain =
        switch (compression) {
          case "gzip" -> new GZIPInputStream(new ByteArrayInputStream(object)).readAllBytes();
          case "zstd" -> Zstd.decompress(object, 1 << 20);
          default -> object;
        };
    List<String> lines = new String(plain, StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(50);
    assertThat(lines.getFirst()).isEqualTo(Batches.entry(100).toString());
    assertThat(plain[plain.length - 1]).isEqualTo((byte) '\n');
  }

  @Test
  void aBatchOverMidnightIsTwoObjects() throws Exception {
    Message late = plain(1);
    Message early =
        new Message(
            2,
            "e-2",
            late.occurredAt(),
            Instant.parse("2026-11-21T00:00:00Z"),
            late.body(),
            late.entry());
    try (Sink sink = Batches.open(new BucketType(), to("night/"), OPEN)) {
      taken(sink.send(Batches.of(3, late, early)));
      taken(sink.probe());
    }
    assertThat(keys("night/"))
        .containsExactlyInAnyOrder(
            "night/stm_1-test.json",
            "night/tenant=acme/date=2026-11-20/stm_1-000000000003-1-1.ndjson.gz",
            "night/tenant=acme/date=2026-11-21/stm_1-000000000003-2-2.ndjson.gz");
  }

  @Test
  void faultsThatLastAreTold() throws Exception {
    try (Sink sink = Batches.open(new BucketType(), to("x").put("secret", "anotherOne"), OPEN)) {
      Answer answer = sink.send(plain(1, 0, 1));
      assertThat(answer).isInstanceOf(Answer.Refused.class);
      assertThat(answer.toString()).contains("s3://audit").doesNotContain("anotherOne");
    }
    try (Sink sink = Batches.open(new BucketType(), to("x").put("bucket", "none"), OPEN)) {
      assertThat(sink.probe()).isInstanceOf(Answer.Refused.class);
    }
    try (Sink sink = Batches.open(new BucketType(), to("x"), STRICT)) {
      assertThat(sink.send(plain(1, 0, 1))).isInstanceOf(Answer.Refused.class);
    }
  }

  @Test
  void settingsAreCheckedAllAtOnce() {
    assertThat(
            Batches.faults(
                new BucketType(),
                settings(
                    """
                    {"endpoint":"http://127.0.0.1:9000","bucket":"A","prefix":"../x",
                     "compression":"lz4"}
                    """),
                STRICT))
        .containsExactlyInAnyOrder(
            "endpoint not_allowed",
            "region missing",
            "bucket bad_format",
            "prefix bad_format",
            "access_key missing",
            "secret missing",
            "compression unknown_value");
  }
}
