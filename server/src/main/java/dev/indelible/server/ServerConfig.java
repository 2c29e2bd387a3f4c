package dev.indelible.server;

import dev.indelible.server.audit.Scrubber;
import dev.indelible.server.deliver.DeliveryTerms;
import dev.indelible.server.export.ExportJobs;
import dev.indelible.server.http.HttpServerConfig;
import dev.indelible.server.log.LogConfig;
import dev.indelible.server.share.ReadPool;
import dev.indelible.server.stream.StreamParts;
import dev.indelible.server.witness.CheckpointPush;
import dev.indelible.server.witness.MaskedUrl;
import dev.indelible.server.witness.WitnessAddress;
import dev.indelible.server.witness.Witnesses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of a server: the settings, checked and typed.
 *
 * @param data the data directory
 * @param http how it listens
 * @param diskReserveBytes room on the disk below which events are refused
 * @param segmentBytes size of a journal segment
 * @param log how the log seals and bounds itself
 * @param indexRefresh how often new entries become searchable
 * @param queryTimeout how long a search may take
 * @param reads how many searches and reads at once
 * @param stopTimeout how long a stop waits for requests under way
 * @param purgeEvery how often what retention no longer keeps is deleted
 * @param scrub how often and how fast everything stored is checked; never when it is every 0 s
 * @param exports how long files of exports are kept, how many are made at once, and how large they
 *     may be
 * @param schedulesEvery how often is looked which schedules of exports are due
 * @param reviewsEvery how often is looked which reviews are due
 * @param witnesses the witnesses that cosign checkpoints
 * @param checkpointPush where checkpoints are pushed to
 * @param delivery the operator's settings of destinations
 * @param streams the operator's settings of streams
 * @param cityDatabase a city database, or null
 * @param profiles a folder of profiles of one's own, or null
 * @param packTemplates a folder of templates of evidence packs, or null
 * @param originHost the beginning of the names of new logs
 */
public record ServerConfig(
    Path data,
    HttpServerConfig http,
    long diskReserveBytes,
    int segmentBytes,
    LogConfig log,
    Duration indexRefresh,
    Duration queryTimeout,
    ReadPool.Limits reads,
    Duration stopTimeout,
    Duration purgeEvery,
    Scrubber.Pace scrub,
    ExportJobs.Terms exports,
    Duration schedulesEvery,
    Duration reviewsEvery,
    Witnesses.Terms witnesses,
    CheckpointPush.Terms checkpointPush,
    DeliveryTerms delivery,
    StreamParts.Terms streams,
    @Nullable Path cityDatabase,
    @Nullable Path profiles,
    @Nullable Path packTemplates,
    String originHost) {

  private static final long MIB = 1L << 20;

  /** The most that can be kept in reserve: 1 PiB, which no disk has. */
  private static final long MAX_DISK_RESERVE = 1L << 50;

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Pattern ORIGIN_HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.:-]{0,127}");

  /** A host with or without a port: pages and the API are at its root. */
  private static final Pattern PUBLIC_URL =
      Pattern.compile("https?://([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?/?");

  /** Two years, as lists of such hosts ask for at most. */
  private static final Duration MAX_HSTS = Duration.ofDays(730);

  /** The configuration that the settings describe. */
  public static ServerConfig of(Settings settings) throws ConfigurationException {
    LogConfig log =
        new LogConfig(
            settings.bytes(Setting.SEAL_BYTES, MIB, 1024 * MIB),
            settings.duration(Setting.SEAL_AGE, Duration.ofSeconds(1), HOUR.multipliedBy(24)),
            LogConfig.DEFAULT_MAX_IN_FLIGHT_BYTES,
            LogConfig.DEFAULT_MERGE_FACTOR,
            LogConfig.DEFAULT_MAX_MERGED_BYTES,
            settings.bytes(Setting.BLOCK_CACHE_BYTES, MIB, 64 * 1024 * MIB));
    return new ServerConfig(
        settings
            .path(Setting.DATA)
            .orElseThrow(() -> new ConfigurationException("data is to be a folder")),
        http(settings),
        settings.bytes(Setting.DISK_RESERVE, 0, MAX_DISK_RESERVE),
        Math.toIntExact(settings.bytes(Setting.SEGMENT_BYTES, MIB, 1024 * MIB) & ~4095),
        log,
        settings.duration(Setting.INDEX_REFRESH, Duration.ofMillis(10), Duration.ofSeconds(10)),
        settings.duration(Setting.QUERY_TIMEOUT, Duration.ofMillis(100), HOUR),
        reads(settings),
        settings.duration(Setting.STOP_TIMEOUT, Duration.ZERO, HOUR),
        settings.duration(Setting.PURGE_EVERY, Duration.ofSeconds(1), HOUR.multipliedBy(24 * 31)),
        new Scrubber.Pace(
            settings.duration(Setting.SCRUB_EVERY, Duration.ZERO, HOUR.multipliedBy(24 * 31)),
            settings.bytes(Setting.SCRUB_RATE, MIB, 1024 * MIB)),
        exports(settings),
        settings.duration(Setting.SCHEDULES_EVERY, Duration.ofMillis(10), Duration.ofMinutes(1)),
        settings.duration(Setting.REVIEWS_EVERY, Duration.ofMillis(10), HOUR),
        witnesses(settings),
        checkpointPush(settings),
        DeliverySettings.of(settings),
        new StreamParts.Terms(
            DeliverySettings.root(settings, Setting.STREAMS_ROOT),
            Duration.ofDays(settings.number(Setting.STREAMS_LEDGER_DAYS, 1, 36_500))),
        settings.path(Setting.GEOIP_DATABASE).orElse(null),
        settings.path(Setting.PROFILES).orElse(null),
        settings.path(Setting.PACK_TEMPLATES).orElse(null),
        originHost(settings));
  }

  private static ExportJobs.Terms exports(Settings settings) throws ConfigurationException {
    return new ExportJobs.Terms(
        settings.duration(Setting.EXPORTS_KEEP, HOUR, HOUR.multipliedBy(24 * 365)),
        settings.number(Setting.EXPORTS_THREADS, 1, 64),
        settings.bytes(Setting.EXPORTS_MAX_BYTES, MIB, MAX_DISK_RESERVE));
  }

  private static ReadPool.Limits reads(Settings settings) throws ConfigurationException {
    int ofTenant = settings.number(Setting.MAX_READS_OF_TENANT, 2, 10_000);
    int threads = settings.number(Setting.READ_THREADS, 0, 1_024);
    return new ReadPool.Limits(
        threads == 0 ? defaultReadThreads(Runtime.getRuntime().availableProcessors()) : threads,
        Math.max(1, ofTenant / 2),
        ofTenant,
        settings.duration(Setting.QUERY_TIMEOUT, Duration.ofMillis(100), HOUR));
  }

  /** Half of the processors: the rest is for recording, indexing and everything else. */
  static int defaultReadThreads(int processors) {
    return Math.max(1, processors / 2);
  }

  private static Witnesses.Terms witnesses(Settings settings) throws ConfigurationException {
    Optional<String> list = settings.text(Setting.WITNESS_LIST);
    int quorum = settings.number(Setting.WITNESS_QUORUM, 0, WitnessAddress.MAX_WITNESSES);
    try {
      return new Witnesses.Terms(
          list.isEmpty() ? List.of() : WitnessAddress.parseList(list.get()), quorum);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          Setting.WITNESS_LIST.key() + ", " + Setting.WITNESS_QUORUM.key() + ": " + e.getMessage(),
          e);
    }
  }

  private static CheckpointPush.Terms checkpointPush(Settings settings)
      throws ConfigurationException {
    Optional<Path> headerFile = settings.path(Setting.CHECKPOINT_WEBHOOK_HEADER_FILE);
    try {
      return new CheckpointPush.Terms(
          settings.path(Setting.CHECKPOINT_FILE).orElse(null),
          settings.text(Setting.CHECKPOINT_WEBHOOK).map(MaskedUrl::read).orElse(null),
          headerFile.isEmpty() ? null : Files.readString(headerFile.get()).strip(),
          settings.duration(
              Setting.CHECKPOINT_PUSH_EVERY, Duration.ofMillis(100), HOUR.multipliedBy(24)));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(Setting.CHECKPOINT_WEBHOOK.key() + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new ConfigurationException(headerFile.orElseThrow() + " cannot be read", e);
    }
  }

  private static String originHost(Settings settings) throws ConfigurationException {
    String host = settings.text(Setting.ORIGIN_HOST).orElse("");
    if (!ORIGIN_HOST.matcher(host).matches()) {
      throw new ConfigurationException(
          "%s is to be a host name such as audit.example.com, not \"%s\""
              .formatted(Setting.ORIGIN_HOST.key(), host));
    }
    return host;
  }

  private static HttpServerConfig http(Settings settings) throws ConfigurationException {
    String host = settings.text(Setting.HOST).orElse("127.0.0.1");
    boolean insecure = settings.flag(Setting.INSECURE);
    HttpServerConfig config =
        HttpServerConfig.plain(host, settings.number(Setting.PORT, 0, 65_535))
            .withTrustedProxies(settings.number(Setting.TRUSTED_PROXIES, 0, 16))
            .withPublic(publicAddress(settings))
            .withLimits(
                new HttpServerConfig.Limits(
                    settings.number(Setting.MAX_CONNECTIONS, 1, 1_000_000),
                    settings.number(Setting.MAX_REQUESTS, 1, 1_000_000),
                    settings.number(Setting.MAX_STREAMS, 0, 1_000_000),
                    HttpServerConfig.Limits.DEFAULT.headerBytes()))
            .withBodies(
                new HttpServerConfig.Bodies(
                    settings.number(Setting.MAX_WAITING_BODIES, 1, 1_000_000),
                    settings.bytes(
                        Setting.BODY_BYTES, HttpServerConfig.Bodies.MIN_BYTES, 64L * 1024 * MIB)))
            .withTimeouts(timeouts(settings));
    Optional<Path> certificate = settings.path(Setting.TLS_CERTIFICATE);
    Optional<Path> key = settings.path(Setting.TLS_KEY);
    if (certificate.isPresent() != key.isPresent()) {
      throw new ConfigurationException(
          "tls.certificate and tls.key go together; set both or neither");
    }
    if (certificate.isPresent() && key.isPresent()) {
      return config.withTls(new HttpServerConfig.Tls(certificate.get(), key.get()));
    }
    if (!isLoopback(host) && !insecure) {
      throw new ConfigurationException(
          "Others could read what is sent to %s: keys and events would travel unencrypted. Set tls.certificate and tls.key, or listen on 127.0.0.1 behind a proxy that does TLS, or pass --insecure if you know better."
              .formatted(host));
    }
    return config;
  }

  static HttpServerConfig.Public publicAddress(Settings settings) throws ConfigurationException {
    Optional<String> url = settings.text(Setting.PUBLIC_URL);
    if (url.isPresent() && !PUBLIC_URL.matcher(url.get()).matches()) {
      throw new ConfigurationException(
          "%s is to be the address of a host such as https://audit.example.com, not \"%s\""
              .formatted(Setting.PUBLIC_URL.key(), url.get()));
    }
    return new HttpServerConfig.Public(
        url.map(text -> text.replaceAll("/$", "")).orElse(null),
        settings.duration(Setting.HSTS, Duration.ZERO, MAX_HSTS));
  }

  private static HttpServerConfig.Timeouts timeouts(Settings settings)
      throws ConfigurationException {
    HttpServerConfig.Timeouts usual = HttpServerConfig.Timeouts.DEFAULT;
    return new HttpServerConfig.Timeouts(
        usual.headers(),
        usual.idle(),
        settings.duration(Setting.BODY_GRACE, Duration.ofMillis(100), usual.idle()),
        usual.bodyBytesPerSecond(),
        usual.write(),
        usual.heartbeat());
  }

  private static boolean isLoopback(String host) throws ConfigurationException {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new ConfigurationException("host: there is no address " + host, e);
    }
  }
}
