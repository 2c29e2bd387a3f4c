package dev.indelible.server.deliver;

import dev.indelible.server.control.Destination;
import dev.indelible.server.control.Destination.Bucket;
import dev.indelible.server.control.Destination.Directory;
import dev.indelible.server.control.Destination.Email;
import dev.indelible.server.control.Destination.Inbox;
import dev.indelible.server.control.Destination.Webhook;
import dev.indelible.server.deliver.AddressGuard.Transport;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.json.Json;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * Destinations as people ask for them and are shown them: secrets come in and are sealed, and never
 * go out again. Everything that is wrong is told at once. Thread-safe.
 */
public final class DestinationRequests {

  /** The longest secret key of a bucket, in characters. */
  public static final int MAX_SECRET_LENGTH = 256;

  private static final Pattern SECRET = Pattern.compile("[\\x21-\\x7e]{1,256}");

  /** Collector of what is wrong. */
  @FunctionalInterface
  public interface Faults {

    /**
     * Takes a fault.
     *
     * @param field the destination's field
     * @param code a code of a single fault
     * @param detail for people
     */
    void add(String field, String code, String detail);
  }

  /**
   * A destination that was asked for.
   *
   * @param destination with its secret sealed
   * @param signingSecret a new secret of a webhook, to be shown this once; null when there is none
   */
  public record Made(Destination destination, @Nullable String signingSecret) {}

  private final Deliveries.Around around;

  /** Requests in these surroundings. */
  public DestinationRequests(Deliveries.Around around) {
    this.around = around;
  }

  /**
   * Reads a destination. Its host is looked up, so that one that is not allowed is refused here.
   *
   * @param json the value of the field {@code destination}; null when it is missing
   * @param before the destination that it is to replace, whose secret stays where none is given for
   *     the same address; null for a new one
   * @return null when something is wrong, and was told
   */
  public @Nullable Made read(
      TenantId tenant, @Nullable JsonNode json, @Nullable Destination before, Faults faults) {
    if (json == null || !json.isObject()) {
      faults.add(
          "", json == null ? "missing" : "wrong_type", "This must be an object with a type.");
      return null;
    }
    Fields fields = new Fields(json, faults);
    String type = fields.text("type");
    if (type == null) {
      return null;
    }
    Made made =
        switch (type) {
          case Inbox.TYPE -> fields.areOnly() ? new Made(new Inbox(), null) : null;
          case Directory.TYPE -> directory(fields);
          case Bucket.TYPE -> bucket(tenant, fields, before);
          case Webhook.TYPE -> webhook(tenant, fields, before);
          case Email.TYPE -> email(fields);
          default -> {
            fields.fault(
                "type",
                "unknown_value",
                "This must be one of " + String.join(", ", Destination.TYPES) + ".");
            yield null;
          }
        };
    return fields.faulty ? null : made;
  }

  private @Nullable Made directory(Fields fields) {
    boolean known = fields.areOnly("path");
    String path = fields.textOrEmpty("path");
    if (!Directory.PATH.matcher(path).matches()) {
      fields.fault(
          "path",
          "bad_format",
          "Names parted by slashes, each of letters, digits, dots, dashes and underscores, the"
              + " first a letter or a digit.");
    } else if (around.terms().root() == null) {
      fields.fault("type", "not_allowed", "The operator has not named a folder for deliveries.");
    } else if (known) {
      return new Made(new Directory(path), null);
    }
    return null;
  }

  private @Nullable Made webhook(TenantId tenant, Fields fields, @Nullable Destination before) {
    boolean known = fields.areOnly("url", "new_secret");
    boolean anew = fields.flag("new_secret");
    String url = fields.text("url");
    if (url == null || !known) {
      return null;
    }
    if (url.length() > Webhook.MAX_URL_LENGTH) {
      fields.fault("url", "too_long", "At most " + Webhook.MAX_URL_LENGTH + " characters.");
      return null;
    }
    if (!isAddress(Webhook.URL, url)) {
      fields.fault("url", "bad_format", "An https address, without user, password and fragment.");
      return null;
    }
    requireReachable("url", url, fields);
    if (!anew && before instanceof Webhook same && same.url().equals(url)) {
      return new Made(same, null);
    }
    byte[] secret = around.cipher().newSecret(WebhookSigner.SECRET_BYTES);
    return new Made(
        new Webhook(url, around.cipher().seal(tenant, SecretUse.webhook(url), secret)),
        WebhookSigner.text(secret));
  }

  private @Nullable Made bucket(TenantId tenant, Fields fields, @Nullable Destination before) {
    boolean known =
        fields.areOnly(
            "endpoint", "region", "bucket", "prefix", "path_style", "access_key", "secret");
    String endpoint = fields.optionalText("endpoint");
    String region = fields.text("region", Bucket.REGION, "Such as eu-central-1.");
    String bucket = fields.text("bucket", Bucket.BUCKET, "Small letters, digits, dots, dashes.");
    String prefix = fields.textOrEmpty("prefix");
    boolean pathStyle = fields.flag("path_style");
    String accessKey = fields.text("access_key", Bucket.ACCESS_KEY, "The id of an access key.");
    String secret = fields.optionalText("secret");
    if (!Bucket.PREFIX.matcher(prefix).matches()) {
      fields.fault("prefix", "bad_format", "Names parted by slashes, at most 512 characters.");
    }
    if (secret != null && !SECRET.matcher(secret).matches()) {
      fields.fault("secret", "bad_format", "1 to " + MAX_SECRET_LENGTH + " characters of ASCII.");
    }
    if (endpoint != null && !isAddress(Bucket.ENDPOINT, endpoint)) {
      fields.fault("endpoint", "bad_format", "Such as https://s3.example.com, without a path.");
    } else if (endpoint != null) {
      requireReachable("endpoint", endpoint, fields);
    }
    String sealed = null;
    if (accessKey != null) {
      sealed = sealed(tenant, new Place(endpoint, accessKey), secret, before);
      if (sealed == null) {
        fields.fault("secret", "missing", "The secret that belongs to the access key.");
      }
    }
    return !known || region == null || bucket == null || accessKey == null || fields.faulty
        ? null
        : new Made(
            new Bucket(
                endpoint, region, bucket, prefix, pathStyle, accessKey, String.valueOf(sealed)),
            null);
  }

  private record Place(@Nullable String endpoint, String accessKey) {}

  private @Nullable String sealed(
      TenantId tenant, Place place, @Nullable String secret, @Nullable Destination before) {
    String use = SecretUse.bucket(place.endpoint(), place.accessKey());
    if (secret != null) {
      return around.cipher().seal(tenant, use, secret.getBytes(StandardCharsets.UTF_8));
    }
    return before instanceof Bucket same && SecretUse.of(same).equals(use)
        ? same.sealedSecret()
        : null;
  }

  private @Nullable Made email(Fields fields) {
    boolean known = fields.areOnly("addresses", "language");
    List<String> addresses = fields.texts("addresses");
    String language = fields.text("language");
    if (addresses.isEmpty() || addresses.size() > Email.MAX_ADDRESSES) {
      fields.fault("addresses", "out_of_range", "1 to " + Email.MAX_ADDRESSES + " addresses.");
    }
    for (int i = 0; i < addresses.size(); i++) {
      String address = addresses.get(i);
      if (address.length() > Email.MAX_ADDRESS_LENGTH
          || !Email.ADDRESS.matcher(address).matches()) {
        fields.fault("addresses/" + i, "bad_format", "A plain address such as ana@example.com.");
      }
    }
    if (language != null && !Email.LANGUAGES.contains(language)) {
      fields.fault(
          "language", "unknown_value", "One of " + String.join(", ", Email.LANGUAGES) + ".");
    }
    if (around.terms().mail() == null || around.terms().publicUrl() == null) {
      fields.fault(
          "type",
          "not_allowed",
          "E-mail needs the operator's settings mail.host and http.public_url.");
    }
    return !known || language == null || fields.faulty
        ? null
        : new Made(new Email(addresses, language), null);
  }

  private static boolean isAddress(Pattern form, String text) {
    if (!form.matcher(text).matches()) {
      return false;
    }
    try {
      URI uri = URI.create(text);
      return uri.getHost() != null && uri.getPort() <= 65_535;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private void requireReachable(String field, String url, Fields fields) {
    URI uri = URI.create(url);
    try {
      around
          .guard()
          .resolve(
              uri.getHost(), uri.getScheme().equals("https") ? Transport.TLS : Transport.PLAIN);
    } catch (AddressRefusedException e) {
      fields.fault(field, "not_allowed", sentence(String.valueOf(e.getMessage())));
    } catch (UnknownHostException _) {
      fields.fault(field, "unknown_value", "There is no host " + uri.getHost() + ".");
    }
  }

  private static String sentence(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
  }

  /** Writes a destination as an object, without its secret. */
  public static void write(Destination destination, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("type", destination.type());
    switch (destination) {
      case Inbox() -> {}
      case Directory(String path) -> json.writeStringProperty("path", path);
      case Bucket bucket -> {
        Json.text(json, "endpoint", bucket.endpoint());
        json.writeStringProperty("region", bucket.region());
        json.writeStringProperty("bucket", bucket.bucket());
        json.writeStringProperty("prefix", bucket.prefix());
        json.writeBooleanProperty("path_style", bucket.pathStyle());
        json.writeStringProperty("access_key", bucket.accessKey());
      }
      case Webhook(String url, String _) -> json.writeStringProperty("url", url);
      case Email email -> {
        Json.texts(json, "addresses", email.addresses());
        json.writeStringProperty("language", email.language());
      }
    }
    json.writeEndObject();
  }

  /** The fields of one request. */
  private static final class Fields {
    private final JsonNode json;
    private final Faults faults;
    private boolean faulty;

    Fields(JsonNode json, Faults faults) {
      this.json = json;
      this.faults = faults;
    }

    void fault(String field, String code, String detail) {
      faulty = true;
      faults.add(field, code, detail);
    }

    boolean areOnly(String... known) {
      boolean all = true;
      for (String name : json.propertyNames()) {
        if (!name.equals("type") && !List.of(known).contains(name)) {
          fault(
              name,
              "unknown_field",
              "There is no such field of a " + json.get("type").stringValue() + ".");
          all = false;
        }
      }
      return all;
    }

    @Nullable String optionalText(String name) {
      JsonNode value = json.get(name);
      if (value == null || value.isNull()) {
        return null;
      }
      if (!value.isString()) {
        fault(name, "wrong_type", "This must be a text.");
        return null;
      }
      return value.stringValue();
    }

    String textOrEmpty(String name) {
      String text = optionalText(name);
      return text == null ? "" : text;
    }

    @Nullable String text(String name) {
      JsonNode value = json.get(name);
      if (value == null || value.isNull()) {
        fault(name, "missing", "This field is required.");
        return null;
      }
      return optionalText(name);
    }

    @Nullable String text(String name, Pattern form, String like) {
      String text = text(name);
      if (text != null && !form.matcher(text).matches()) {
        fault(name, "bad_format", like);
        return null;
      }
      return text;
    }

    boolean flag(String name) {
      JsonNode value = json.get(name);
      if (value == null || value.isNull()) {
        return false;
      }
      if (!value.isBoolean()) {
        fault(name, "wrong_type", "This must be true or false.");
        return false;
      }
      return value.booleanValue();
    }

    List<String> texts(String name) {
      List<String> texts = new ArrayList<>();
      JsonNode value = json.get(name);
      if (value == null || !value.isArray()) {
        fault(name, value == null ? "missing" : "wrong_type", "This must be a list of texts.");
        return texts;
      }
      for (JsonNode element : value) {
        texts.add(element.isString() ? element.stringValue() : "");
      }
      return texts;
    }
  }
}
