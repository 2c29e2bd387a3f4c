package dev.indelible.server.deliver;

import dev.indelible.server.deliver.AddressGuard.Transport;
import dev.indelible.server.deliver.Delivery.Outcome;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A bucket of an S3-compatible store and the key to it. Nothing of the process's surroundings is
 * used: no credentials, no proxy, no profile.
 *
 * @param endpoint of the store; null for Amazon's
 * @param region of the bucket
 * @param bucket its name
 * @param pathStyle whether its name is in the path instead of the host
 * @param accessKey id of the key
 * @param secret that belongs to it
 */
public record BucketAccess(
    @Nullable String endpoint,
    String region,
    String bucket,
    boolean pathStyle,
    String accessKey,
    String secret) {

  /** Without the secret. */
  @Override
  public String toString() {
    return where();
  }

  /** The bucket, for people. */
  String where() {
    return "s3://" + bucket;
  }

  /** The client's lower half, whose connections the guard resolves. */
  SdkHttpClient http(AddressGuard guard) {
    Transport transport =
        endpoint != null && endpoint.startsWith("http:") ? Transport.PLAIN : Transport.TLS;
    return Apache5HttpClient.builder()
        .dnsResolver(GuardedHttp.resolver(guard, transport))
        .connectionTimeout(GuardedHttp.CONNECT_TIMEOUT.toDuration())
        .socketTimeout(GuardedHttp.SILENCE_TIMEOUT.toDuration())
        .proxyConfiguration(
            ProxyConfiguration.builder()
                .useSystemPropertyValues(false)
                .useEnvironmentVariableValues(false)
                .build())
        .build();
  }

  /** A client on top of its lower half. */
  S3Client client(SdkHttpClient http) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(http)
            .region(Region.of(region))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secret)))
            .forcePathStyle(pathStyle)
            // Checksums are ours: the library's own come in frames that not every store knows.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(service -> service.chunkedEncodingEnabled(false))
            .overrideConfiguration(all -> all.defaultProfileFile(ProfileFile.aggregator().build()));
    if (endpoint != null) {
      builder = builder.endpointOverride(URI.create(endpoint));
    }
    return builder.build();
  }

  /** The outcome of a request that the store did not fulfil. */
  Outcome outcome(S3Exception e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String code = details == null ? null : details.errorCode();
    String where = code == null || code.isEmpty() ? where() : where() + ": " + code + ";";
    boolean passes = e.isThrottlingException() || e.isClockSkewException() || e.statusCode() == 409;
    return passes || "RequestTimeout".equals(code)
        ? new Outcome.Failed(where + " it answered " + e.statusCode())
        : HttpAnswers.outcome(e.statusCode(), null, where + " it");
  }
}
