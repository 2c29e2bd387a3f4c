package dev.indelible.server;

import dev.indelible.server.witness.MaskedUrl;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be configured: on the command line by {@code --set key=value} (a few have a
 * flag of their own too), by the environment variable {@code INDELIBLE_KEY}, or by the key in the
 * YAML file; the first of these that says something wins.
 */
public enum Setting {
  DATA("data", "./data", "the folder that everything is kept in"),
  HOST("host", "127.0.0.1", "the address to listen on"),
  PORT("port", "8080", "the port to listen on; 0 takes a free one"),
  INSECURE("insecure", "false", "listen on an address that others can reach without TLS"),
  TLS_CERTIFICATE("tls.certificate", null, "PEM file of the certificate chain"),
  TLS_KEY("tls.key", null, "PEM file of the certificate's private key (PKCS #8)"),
  TRUSTED_PROXIES("http.trusted_proxies", "0", "proxies in front that append to X-Forwarded-For"),
  PUBLIC_URL(
      "http.public_url",
      null,
      "the address that people reach the server by, such as https://audit.example.com; sign-in"
          + " links are made of it"),
  HSTS(
      "http.hsts",
      "0s",
      "how long browsers are to use TLS alone (Strict-Transport-Security); 0s does not say"),
  MAX_REQUESTS("http.max_requests", "1024", "requests at once; more are answered 503"),
  MAX_CONNECTIONS("http.max_connections", "8192", "connections at once"),
  MAX_STREAMS("http.max_tails", "1024", "live tails at once; a tenant may have a quarter of them"),
  MAX_WAITING_BODIES(
      "http.max_waiting_bodies",
      "2048",
      "bodies that are waited for at once; then the slowest give way"),
  BODY_GRACE("http.body_grace", "5s", "how long a body may be waited for before its rate counts"),
  BODY_BYTES("http.body_bytes", "128MiB", "memory of bodies that are being received and recorded"),
  STOP_TIMEOUT("http.stop_timeout", "10s", "how long a stop waits for requests under way"),
  DISK_RESERVE(
      "disk.reserve",
      "512MiB",
      "room on the disk below which events are refused, for all else to go on with"),
  SEGMENT_BYTES("journal.segment_bytes", "64MiB", "size of a journal segment"),
  SEAL_BYTES("log.seal_bytes", "64MiB", "memory of fresh entries at which a run is sealed"),
  SEAL_AGE("log.seal_age", "5m", "age of fresh entries at which a run is sealed"),
  BLOCK_CACHE_BYTES("log.block_cache_bytes", "64MiB", "decompressed blocks kept in memory"),
  INDEX_REFRESH("index.refresh", "200ms", "how often new entries become searchable"),
  QUERY_TIMEOUT("search.timeout", "30s", "how long a search may take"),
  READ_THREADS(
      "search.threads", "0", "searches and reads that work at once; 0 is half of the processors"),
  MAX_READS_OF_TENANT(
      "search.max_per_tenant",
      "64",
      "searches and reads of one tenant at once, waiting ones included; more are answered 429"),
  SCRUB_EVERY("scrub.every", "24h", "how often everything stored is read and checked; 0s is never"),
  SCRUB_RATE(
      "scrub.bytes_per_second",
      "16MiB",
      "how much of what is stored is checked in a second, at most"),
  PURGE_EVERY(
      "retention.purge_every", "24h", "how often what retention no longer keeps is deleted"),
  EXPORTS_KEEP("exports.keep", "7d", "how long the file of an export is kept"),
  EXPORTS_THREADS("exports.threads", "2", "how many exports are made at the same time"),
  EXPORTS_MAX_BYTES(
      "exports.max_bytes", "20GiB", "the most that the files of all exports take together"),
  SCHEDULES_EVERY(
      "schedules.check_every", "1s", "how often is looked which schedules of exports are due"),
  REVIEWS_EVERY("reviews.check_every", "1m", "how often is looked which reviews are due"),
  WITNESS_LIST(
      "witness.list",
      null,
      "witnesses that cosign checkpoints: a verifier key, a space and an address each, separated by"
          + " commas"),
  WITNESS_QUORUM(
      "witness.quorum", "0", "how many of the witnesses are to have cosigned a checkpoint"),
  CHECKPOINT_FILE(
      "checkpoint.file", null, "a file that checkpoints are appended to, one line of JSON each"),
  CHECKPOINT_WEBHOOK("checkpoint.webhook", null, "an address that checkpoints are posted to"),
  CHECKPOINT_WEBHOOK_HEADER_FILE(
      "checkpoint.webhook_header_file",
      null,
      "a file with a header for those posts, such as Authorization: Bearer …"),
  CHECKPOINT_PUSH_EVERY(
      "checkpoint.push_every", "1h", "how often a log's checkpoint is pushed at most"),
  STREAMS_ROOT(
      "streams.root",
      null,
      "the folder that files of streams are below, in a folder for each tenant"),
  STREAMS_LEDGER_DAYS(
      "streams.ledger_days", "400", "how many days lines of streams' ledgers are kept"),
  DELIVER_ROOT(
      "deliver.root",
      null,
      "the folder that scheduled exports are delivered below, in a folder for each tenant"),
  DELIVER_ALLOW_PRIVATE(
      "deliver.allow_private",
      null,
      "networks that are not public and may be delivered to all the same, separated by commas"),
  MAIL_HOST("mail.host", null, "the mail server that takes e-mail"),
  MAIL_PORT("mail.port", "587", "its port"),
  MAIL_TLS("mail.tls", "starttls", "how it is talked to: starttls, tls or none"),
  MAIL_USER("mail.user", null, "the name to sign in with there"),
  MAIL_PASSWORD_FILE("mail.password_file", null, "a file with the password for it"),
  MAIL_SENDER("mail.sender", null, "the address that e-mail is from"),
  GEOIP_DATABASE(
      "geoip.database", null, "a city database in MaxMind's format, for locations of addresses"),
  PACK_TEMPLATES(
      "packs.templates",
      null,
      "a folder of templates of evidence packs, each a file NAME.yaml, in a folder TENANT those of"
          + " that tenant alone"),
  PROFILES("profiles.folder", null, "a folder of profiles of one's own, each a file NAME.yaml"),
  ORIGIN_HOST(
      "origin.host",
      "indelible.local",
      "what the names of new tenants' verifiable logs begin with"),
  LOG_FORMAT("log_format", "text", "how the program's own log is written: text or json");

  private static final String ENVIRONMENT_PREFIX = "INDELIBLE_";

  private final String key;
  private final @Nullable String defaultValue;
  private final String description;

  Setting(String key, @Nullable String defaultValue, String description) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.description = description;
  }

  /** Name of the setting in the YAML file and behind {@code --set}. */
  public String key() {
    return key;
  }

  /** Description of the setting, in one line. */
  public String description() {
    return description;
  }

  /** Default value of the setting. */
  public Optional<String> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  /** The name of its environment variable. */
  public String environmentVariable() {
    return ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /**
   * The value as it may be shown: without user info and queries of addresses, which may hold
   * credentials. Other secrets are files that settings name.
   */
  public String masked(String value) {
    if (this == CHECKPOINT_WEBHOOK) {
      return MaskedUrl.of(value);
    }
    if (this == WITNESS_LIST) {
      return Arrays.stream(value.split(",", -1))
          .map(MaskedUrl::of)
          .collect(Collectors.joining(","));
    }
    return value;
  }

  /** The setting of that key. */
  public static Optional<Setting> ofKey(String key) {
    for (Setting setting : values()) {
      if (setting.key.equals(key)) {
        return Optional.of(setting);
      }
    }
    return Optional.empty();
  }
}
