package dev.indelible.server.sink;

import dev.indelible.server.control.Destination.Bucket;
import dev.indelible.server.deliver.AddressGuard;
import dev.indelible.server.deliver.AddressGuard.Transport;
import dev.indelible.server.deliver.BucketAccess;
import dev.indelible.server.deliver.BucketObjects;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** A bucket of an S3-compatible store. */
final class BucketType implements SinkType {

  private static final int BATCH_ENTRIES = 10_000;
  private static final int BATCH_BYTES = 8 << 20;
  private static final int MESSAGE_BYTES = 4 << 20;

  @Override
  public String name() {
    return "s3";
  }

  @Override
  public Set<String> secrets() {
    return Set.of("secret");
  }

  @Override
  public Defaults defaults() {
    return new Defaults("native", BATCH_ENTRIES, BATCH_BYTES, MESSAGE_BYTES, true);
  }

  @Override
  public void check(ObjectNode settings, Set<String> kept, AddressGuard guard, Faults faults) {
    SettingsCheck check = new SettingsCheck(settings, kept, guard, faults);
    check.only(
        "endpoint",
        "region",
        "bucket",
        "prefix",
        "path_style",
        "access_key",
        "secret",
        "compression");
    String endpoint =
        check.optional("endpoint", Bucket.ENDPOINT, "Such as https://s3.example.com, no path.");
    check.text("region", Bucket.REGION, "Such as eu-central-1.");
    check.text("bucket", Bucket.BUCKET, "Small letters, digits, dots, dashes.");
    check.optional("prefix", Bucket.PREFIX, "Names parted by slashes, at most 512 characters.");
    check.flag("path_style");
    check.text("access_key", Bucket.ACCESS_KEY, "The id of an access key.");
    check.secret("secret", true);
    check.word("compression", Compression.NAMES, Compression.GZIP.label());
    if (endpoint != null) {
      URI uri = URI.create(endpoint);
      if (uri.getHost() == null) {
        check.fault("endpoint", "bad_format", "Such as https://s3.example.com, no path.");
      } else {
        check.reachable(
            "endpoint",
            uri.getHost(),
            uri.getScheme().equals("https") ? Transport.TLS : Transport.PLAIN);
      }
    }
  }

  @Override
  public Sink open(Opening opening) {
    throw new UnsupportedOperationException("the time is needed");
  }

  @Override
  public Sink open(Opening opening, InstantSource clock) {
    ObjectNode settings = opening.settings();
    return new BucketSink(
        new BucketObjects(
            new BucketAccess(
                settings.hasNonNull("endpoint") ? settings.get("endpoint").stringValue() : null,
                settings.get("region").stringValue(),
                settings.get("bucket").stringValue(),
                settings.path("path_style").asBoolean(false),
                settings.get("access_key").stringValue(),
                HttpWay.secret(opening, "secret")),
            opening.guard()),
        settings.path("prefix").asString(""),
        Compression.of(settings.path("compression").asString(Compression.GZIP.label())),
        opening.stream(),
        clock);
  }

  /** Form in which an object is kept. */
  enum Compression {
    NONE("none", "", "application/x-ndjson"),
    GZIP("gzip", ".gz", "application/gzip"),
    ZSTD("zstd", ".zst", "application/zstd");

    static final List<String> NAMES = List.of("none", "gzip", "zstd");

    private final String label;
    private final String suffix;
    private final String mediaType;

    Compression(String label, String suffix, String mediaType) {
      this.label = label;
      this.suffix = suffix;
      this.mediaType = mediaType;
    }

    static Compression of(String label) {
      return values()[NAMES.indexOf(label)];
    }

    String label() {
      return label;
    }

    String suffix() {
      return suffix;
    }

    String mediaType() {
      return mediaType;
    }
  }
}
