package dev.indelible.server.control;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place outside the log that files are delivered to. Secrets are sealed with the installation's
 * key and shown to nobody.
 *
 * <p>Each constructor refuses what is beyond its limits with an {@link IllegalArgumentException}.
 */
public sealed interface Destination {

  /** The names of all kinds, in the API and in control records. */
  List<String> TYPES = List.of(Inbox.TYPE, Directory.TYPE, Bucket.TYPE, Webhook.TYPE, Email.TYPE);

  /** The longest sealed secret, in characters. */
  int MAX_SEALED_LENGTH = 1_024;

  /** The kind's name in the API and in control records. */
  String type();

  /** The list of exports in the console, and nothing else. */
  record Inbox() implements Destination {

    /** The kind's name. */
    public static final String TYPE = "inbox";

    @Override
    public String type() {
      return TYPE;
    }
  }

  /**
   * A folder on the server, below the root that the operator names.
   *
   * @param path relative to the tenant's folder in it; empty for that folder itself
   */
  record Directory(String path) implements Destination {

    /** The kind's name. */
    public static final String TYPE = "directory";

    /**
     * The form of a path: up to eight names, parted by slashes, each of up to 64 letters, digits,
     * {@code . _ -}, the first none of the last three. So no name is {@code ..}, hidden or empty.
     */
    public static final Pattern PATH =
        Pattern.compile(
            "(?:[A-Za-z0-9][A-Za-z0-9._-]{0,63}(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,63}){0,7})?");

    public Directory {
      require(PATH, "path", path);
    }

    @Override
    public String type() {
      return TYPE;
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

    /** The kind's name. */
    public static final String TYPE = "s3";

    /** The form of an endpoint: scheme, host and perhaps a port. */
    public static final Pattern ENDPOINT =
        Pattern.compile("https?://([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");

    /** The form of a region's name. */
    public static final Pattern REGION = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

    /** The form of a bucket's name. */
    public static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    /**
     * The form of a prefix: plain names parted by slashes, as for a folder, the last one whole or
     * cut.
     */
    public static final Pattern PREFIX =
        Pattern.compile("(?!.*[.][.])(?:[A-Za-z0-9][A-Za-z0-9/!_.*'()=-]{0,511})?");

    /** The form of an access key's id. */
    public static final Pattern ACCESS_KEY = Pattern.compile("[A-Za-z0-9._/+=-]{1,128}");

    public Bucket {
      if (endpoint != null) {
        require(ENDPOINT, "endpoint", endpoint);
      }
      require(REGION, "region", region);
      require(BUCKET, "bucket", bucket);
      require(PREFIX, "prefix", prefix);
      require(ACCESS_KEY, "access_key", accessKey);
      requireSealed(sealedSecret);
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /**
   * A web address that is posted to.
   *
   * @param url its address
   * @param sealedSecret the secret that messages are signed with (Standard Webhooks 1.0), sealed
   */
  record Webhook(String url, String sealedSecret) implements Destination {

    /** The kind's name. */
    public static final String TYPE = "webhook";

    /** The longest address, in characters. */
    public static final int MAX_URL_LENGTH = 2_000;

    /** The form of an address: http or https, without user, password and fragment. */
    public static final Pattern URL =
        Pattern.compile(
            "https?://([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?"
                + "(?:[/?][A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?");

    public Webhook {
      if (url.length() > MAX_URL_LENGTH) {
        throw new IllegalArgumentException("url of " + url.length() + " characters");
      }
      require(URL, "url", url);
      requireSealed(sealedSecret);
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /**
   * E-mail with a link.
   *
   * @param addresses of the receivers
   * @param language of the text, such as {@code en}
   */
  record Email(List<String> addresses, String language) implements Destination {

    /** The kind's name. */
    public static final String TYPE = "email";

    /** The most receivers. */
    public static final int MAX_ADDRESSES = 20;

    /** The longest address, in characters (RFC 5321, section 4.5.3.1.3, less the brackets). */
    public static final int MAX_ADDRESS_LENGTH = 254;

    /** The languages that there are texts in. */
    public static final List<String> LANGUAGES = List.of("en", "de");

    /** The form of an address: a plain local part, {@code @}, and a host name with a dot. */
    public static final Pattern ADDRESS =
        Pattern.compile(
            "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}){0,8}"
                + "@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\\.[A-Za-z0-9][A-Za-z0-9-]{0,62}){1,8}");

    public Email {
      addresses = List.copyOf(addresses);
      if (addresses.isEmpty() || addresses.size() > MAX_ADDRESSES) {
        throw new IllegalArgumentException(addresses.size() + " addresses");
      }
      for (String address : addresses) {
        if (address.length() > MAX_ADDRESS_LENGTH) {
          throw new IllegalArgumentException("address of " + address.length() + " characters");
        }
        require(ADDRESS, "address", address);
      }
      if (!LANGUAGES.contains(language)) {
        throw new IllegalArgumentException("language " + language);
      }
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  private static void require(Pattern form, String what, String value) {
    if (!form.matcher(value).matches()) {
      throw new IllegalArgumentException("not a " + what + " of a destination");
    }
  }

  private static void requireSealed(String secret) {
    if (secret.isEmpty() || secret.length() > MAX_SEALED_LENGTH) {
      throw new IllegalArgumentException("sealed secret of " + secret.length() + " characters");
    }
  }
}
