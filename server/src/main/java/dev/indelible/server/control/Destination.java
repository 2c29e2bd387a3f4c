package dev.indelible.server.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place outside the log that files are delivered to. Secrets are sealed with the installation's
 * key and shown to nobody.
 */
public sealed interface Destination {

  /** The kind's name in the API and in control records. */
  String type();

  /** The list of exports in the console, and nothing else. */
  record Inbox() implements Destination {
    @Override
    public String type() {
      return "inbox";
    }
  }

  /**
   * A folder on the server, below the root that the operator names.
   *
   * @param path relative to the tenant's folder in it
   */
  record Directory(String path) implements Destination {
    @Override
    public String type() {
      return "directory";
    }
  }

  /**
   * A bucket of an S3-compatible store.
   *
   * @param endpoint its address, or null for Amazon's
   * @param region of it
   * @param bucket its name
   * @param prefix that names of objects begin with
   * @param pathStyle whether the bucket is in the path rather than the host name
   * @param accessKey id of the access key
   * @param sealedSecret the secret key, sealed
   */
  record Bucket(
      @Nullable String endpoint,
      String region,
      String bucket,
      String prefix,
      boolean pathStyle,
      String accessKey,
      String sealedSecret)
      implements Destination {
    @Override
    public String type() {
      return "s3";
    }
  }

  /**
   * A web address that is posted to.
   *
   * @param url its address
   * @param sealedSecret the secret that messages are signed with (Standard Webhooks 1.0), sealed
   */
  record Webhook(String url, String sealedSecret) implements Destination {
    @Override
    public String type() {
      return "webhook";
    }
  }

  /**
   * E-mail with a link.
   *
   * @param addresses of the receivers
   * @param language of the text, such as {@code en}
   */
  record Email(List<String> addresses, String language) implements Destination {
    public Email {
      addresses = List.copyOf(addresses);
    }

    @Override
    public String type() {
      return "email";
    }
  }
}
