package dev.indelible.server.control;

import static dev.indelible.server.control.ObjectFields.putAll;
import static dev.indelible.server.control.ObjectFields.putIfPresent;

import dev.indelible.server.control.Destination.Bucket;
import dev.indelible.server.control.Destination.Directory;
import dev.indelible.server.control.Destination.Email;
import dev.indelible.server.control.Destination.Inbox;
import dev.indelible.server.control.Destination.Webhook;
import tools.jackson.databind.node.ObjectNode;

/** A destination in control records: an object with {@code type} and the fields of that type. */
final class DestinationForm {

  private DestinationForm() {}

  /** Writes a destination, its secret sealed, into an object of its own. */
  static void write(Destination destination, ObjectNode json) {
    json.put("type", destination.type());
    switch (destination) {
      case Inbox() -> {}
      case Directory(String path) -> json.put("path", path);
      case Bucket bucket -> {
        putIfPresent(json, "endpoint", bucket.endpoint());
        json.put("region", bucket.region());
        json.put("bucket", bucket.bucket());
        json.put("prefix", bucket.prefix());
        json.put("path_style", bucket.pathStyle());
        json.put("access_key", bucket.accessKey());
        json.put("sealed_secret", bucket.sealedSecret());
      }
      case Webhook(String url, String sealedSecret) -> {
        json.put("url", url);
        json.put("sealed_secret", sealedSecret);
      }
      case Email email -> {
        putAll(json, "addresses", email.addresses());
        json.put("language", email.language());
      }
    }
  }

  /** Reads a destination. */
  static Destination read(ObjectFields json) {
    String type = json.text("type");
    return switch (type) {
      case Inbox.TYPE -> new Inbox();
      case Directory.TYPE -> new Directory(json.text("path"));
      case Bucket.TYPE ->
          new Bucket(
              json.optionalText("endpoint"),
              json.text("region"),
              json.text("bucket"),
              json.text("prefix"),
              json.flag("path_style"),
              json.text("access_key"),
              json.text("sealed_secret"));
      case Webhook.TYPE -> new Webhook(json.text("url"), json.text("sealed_secret"));
      case Email.TYPE -> new Email(json.list("addresses"), json.text("language"));
      default -> throw new IllegalStateException("control record with a destination " + type);
    };
  }
}
