package dev.indelible.server.deliver;

import dev.indelible.server.control.Destination;
import org.jspecify.annotations.Nullable;

/** Uses that secrets are sealed for: each for the one address that it was given for. */
final class SecretUse {

  private SecretUse() {}

  static String of(Destination.Webhook webhook) {
    return webhook(webhook.url());
  }

  static String of(Destination.Bucket bucket) {
    return bucket(bucket.endpoint(), bucket.accessKey());
  }

  static String webhook(String url) {
    return "webhook\n" + url;
  }

  static String bucket(@Nullable String endpoint, String accessKey) {
    return "s3\n" + (endpoint == null ? "" : endpoint) + "\n" + accessKey;
  }
}
