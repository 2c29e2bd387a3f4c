package dev.indelible.cli.pull;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.cli.audit.AuditedServer;
import dev.indelible.mapping.LogMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** CloudTrail's files in a bucket of a real S3 server, pulled into a real server. */
class CloudTrailBucketTest {

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);
  private static final Map<String, String> KEYS =
      Map.of("AWS_ACCESS_KEY_ID", "AKIAtest", "AWS_SECRET_ACCESS_KEY", "secretOfTheTest");
  private static final AtomicInteger TENANTS = new AtomicInteger();

  @TempDir static Path folder;
  private static AuditedServer server;
  private static S3Proxy proxy;
  private static URI endpoint;
  private static S3Client writer;

  private final Instant today = Instant.now();
  private Pulls pulls;
  private String bucket;

  @BeforeAll
  static void start() throws Exception {
    server = AuditedServer.start(folder.resolve("data"));
    proxy =
        S3Proxy.builder()
            .blobStore(new TransientNio2BlobStore())
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(
                AuthenticationType.AWS_V4,
                KEYS.get("AWS_ACCESS_KEY_ID"),
                KEYS.get("AWS_SECRET_ACCESS_KEY"))
            .build();
    proxy.start();
    endpoint = URI.create("http://127.0.0.1:" + proxy.getPort());
    writer = S3Clients.of("us-east-1", endpoint, KEYS);
  }

  @AfterAll
  static void stop() throws Exception {
    writer.close();
    proxy.stop();
    server.close();
  }

  @BeforeEach
  void begin() throws Exception {
    int number = TENANTS.incrementAndGet();
    bucket = "trail-" + number;
    writer.createBucket(create -> create.bucket(bucket));
    pulls =
        new Pulls(server, "trail-" + number, LogMap.builtIn("cloudtrail").orElseThrow(), folder);
    pulls.now.set(today);
  }

  @AfterEach
  void end() {
    pulls.close();
  }

  private void deliver(String account, String region, Instant day, String name, int... events)
      throws IOException {
    StringBuilder records = new StringBuilder("{\"Records\":[");
    for (int event : events) {
      records
          .append(records.charAt(records.length() - 1) == '[' ? "" : ",")
          .append(
              "{\"eventID\":\"e%d\",\"eventTime\":\"%s\",\"eventSource\":\"iam.amazonaws.com\",\"eventName\":\"CreateUser\",\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::1:user/ana\"}}"
                  .formatted(event, "2026-11-29T12:00:00Z"));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(records.append("]}").toString().getBytes(UTF_8));
    }
    String key =
        "logs/AWSLogs/%s/CloudTrail/%s/%s/%s.json.gz"
            .formatted(account, region, DAY.format(day), name);
    writer.putObject(
        put -> put.bucket(bucket).key(key), RequestBody.fromBytes(bytes.toByteArray()));
  }

  private CloudTrailBucket source(String prefix) {
    return new CloudTrailBucket(
        S3Clients.of("us-east-1", endpoint, KEYS),
        bucket,
        prefix,
        today.minus(Duration.ofDays(1)),
        new Window(Duration.ofHours(1)),
        pulls.waiting());
  }

  @Test
  void everyAccountAndRegionIsReadAndWhatIsDeliveredLater() throws Exception {
    deliver("111111111111", "eu-central-1", today, "b", 1, 2);
    deliver("111111111111", "us-east-1", today.minus(Duration.ofDays(1)), "a", 3);
    deliver("o-abc123/222222222222", "us-east-1", today, "c", 4);
    writer.putObject(
        put -> put.bucket(bucket).key("logs/AWSLogs/111111111111/CloudTrail-Digest/x/y.json.gz"),
        RequestBody.fromString("none of it"));
    assertThat(pulls.round(source("logs/"))).isEqualTo(4);
    assertThat(pulls.rejected).isEmpty();
    // Later, and under a name that sorts before those that were read.
    deliver("111111111111", "eu-central-1", today, "a", 5);
    assertThat(pulls.round(source("logs/"))).isEqualTo(1);
    assertThat(pulls.ids()).containsExactlyInAnyOrder("e1", "e2", "e3", "e4", "e5");
  }

  @Test
  void aCrashBetweenObjectAndCursorLosesNothingAndDoublesNothing() throws Exception {
    for (int i = 0; i < 5; i++) {
      deliver("111111111111", "us-east-1", today, "f" + i, 2 * i, 2 * i + 1);
    }
    for (int crash = 1; crash <= 5; crash++) {
      int at = crash;
      pulls.round(
          source("logs/"),
          page -> {
            if (page == at) {
              throw new Pulls.Crash();
            }
          });
    }
    pulls.round(source("logs/"));
    assertThat(pulls.ids()).hasSize(10);
  }

  @Test
  void aPrefixWithoutLogsIsSaid() {
    assertThatThrownBy(() -> pulls.round(source("other/")))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("is --prefix the trail's?");
  }
}
