package dev.indelible.cli.pull;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Clients of S3-compatible stores. */
public final class S3Clients {

  private static final Duration CALL_TIMEOUT = Duration.ofMinutes(10);
  private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(30);

  private S3Clients() {}

  /**
   * Makes a client.
   *
   * @param region the bucket's region
   * @param endpoint address of a store that is not Amazon's, or null
   * @param environment may have {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY} and {@code
   *     AWS_SESSION_TOKEN}; without them the usual files and the machine's role are asked
   */
  public static S3Client of(
      String region, @Nullable URI endpoint, Map<String, String> environment) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(Apache5HttpClient.builder().socketTimeout(SILENCE_TIMEOUT))
            .region(Region.of(region))
            .credentialsProvider(credentials(environment))
            .overrideConfiguration(all -> all.apiCallTimeout(CALL_TIMEOUT));
    if (endpoint != null) {
      builder = builder.endpointOverride(endpoint).forcePathStyle(true);
    }
    return builder.build();
  }

  private static AwsCredentialsProvider credentials(Map<String, String> environment) {
    String id = environment.get("AWS_ACCESS_KEY_ID");
    String secret = environment.get("AWS_SECRET_ACCESS_KEY");
    if (id == null || secret == null) {
      return DefaultCredentialsProvider.builder().build();
    }
    String session = environment.get("AWS_SESSION_TOKEN");
    return StaticCredentialsProvider.create(
        session == null
            ? AwsBasicCredentials.create(id, secret)
            : AwsSessionCredentials.create(id, secret, session));
  }
}
