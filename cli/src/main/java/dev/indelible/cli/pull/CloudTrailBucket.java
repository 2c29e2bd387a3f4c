package dev.indelible.cli.pull;

import dev.indelible.cli.pull.PullException.Kind;
import dev.indelible.cli.source.JsonSource;
import dev.indelible.cli.source.RecordSource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Log files that CloudTrail delivers to a bucket, of all accounts and regions below a prefix:
 *
 * <pre>
 * PREFIX AWSLogs/[o-ORGANIZATION/]ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/NAME.json.gz
 * </pre>
 *
 * <p>A round goes day by day and reads the objects that were stored since the round before began,
 * less the overlap; the day in a name is that of the delivery. Each object is a page.
 *
 * <p>Cursor: {@code modified} (objects stored before it were read by the rounds before), and within
 * a round {@code from}, {@code began} and {@code day} (the days before it are read).
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-find-log-files.html">
 *     Finding your CloudTrail log files</a>
 */
public final class CloudTrailBucket implements PulledLog {

  /** The largest object, in bytes as stored. */
  static final long MAX_OBJECT_BYTES = 256L << 20;

  /** The most objects of one day. */
  static final int MAX_OBJECTS_OF_A_DAY = 200_000;

  /** The most objects whose names are remembered. */
  static final int MAX_SEEN = 200_000;

  private static final Pattern ACCOUNT = Pattern.compile("\\d{12}/");
  private static final Pattern ORGANIZATION = Pattern.compile("o-[a-z0-9]{4,40}/");
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy/MM/dd/");
  private static final String RECORDS = "Records";

  private final S3Client client;
  private final String bucket;
  private final String prefix;
  private final Instant since;
  private final Window window;
  private final Waiting waiting;
  private final LinkedHashSet<String> seen = new LinkedHashSet<>();
  private final Deque<S3Object> objects = new ArrayDeque<>();
  private List<String> trails = List.of();
  private @Nullable LocalDate listed;
  private @Nullable String pending;

  /**
   * Logs in a bucket.
   *
   * @param client a client that may list and read it; closed with this
   * @param prefix the trail's prefix with a slash at its end, or empty
   * @param since where the first round begins
   */
  public CloudTrailBucket(
      S3Client client,
      String bucket,
      String prefix,
      Instant since,
      Window window,
      Waiting waiting) {
    this.client = client;
    this.bucket = bucket;
    this.prefix = prefix;
    this.since = since;
    this.window = window;
    this.waiting = waiting;
  }

  @Override
  public String name() {
    return "bucket";
  }

  @Override
  public Page next(ObjectNode cursor) throws IOException, InterruptedException {
    acknowledged();
    Round round = Round.of(cursor, this);
    LocalDate today = LocalDate.ofInstant(waiting.clock().instant(), ZoneOffset.UTC);
    LocalDate day = round.day();
    while (true) {
      if (!day.equals(listed)) {
        list(day, round.from());
      }
      S3Object object = objects.poll();
      if (object != null) {
        RecordSource records = read(object);
        pending = identity(object);
        return new Page(records, round.at(day), false);
      }
      if (!day.isBefore(today)) {
        listed = null;
        return new Page(new Records("cloudtrail", List.of()), round.end(), true);
      }
      day = day.plusDays(1);
    }
  }

  private void acknowledged() {
    if (pending != null) {
      seen.addLast(pending);
      pending = null;
      if (seen.size() > MAX_SEEN) {
        seen.removeFirst();
      }
    }
  }

  /**
   * A round under way.
   *
   * @param modified the cursor of the rounds before; null for the first
   * @param from when the oldest object was stored that it reads
   * @param began when it began
   * @param day the day that it is at
   */
  private record Round(@Nullable String modified, Instant from, Instant began, LocalDate day) {

    static Round of(ObjectNode cursor, CloudTrailBucket log) {
      String modified = cursor.path("modified").asString(null);
      if (cursor.has("began")) {
        return new Round(
            modified,
            Times.of(cursor, "from", log.since),
            Times.of(cursor, "began", log.since),
            LocalDate.parse(cursor.path("day").asString()));
      }
      Instant from =
          modified == null ? log.since : log.window.from(Times.of(cursor, "modified", log.since));
      // Names and times of storing may lie on two sides of midnight.
      LocalDate day = LocalDate.ofInstant(from, ZoneOffset.UTC).minusDays(1);
      return new Round(modified, from, log.waiting.clock().instant(), day);
    }

    ObjectNode at(LocalDate reached) {
      ObjectNode cursor = JsonNodeFactory.instance.objectNode();
      if (modified != null) {
        cursor.put("modified", modified);
      }
      return cursor
          .put("from", from.toString())
          .put("began", began.toString())
          .put("day", reached.toString());
    }

    /** The cursor after the round: all that was stored before it began was there to be listed. */
    ObjectNode end() {
      return JsonNodeFactory.instance.objectNode().put("modified", began.toString());
    }
  }

  private void list(LocalDate day, Instant from) throws IOException, InterruptedException {
    if (listed == null) {
      trails = trails();
    }
    List<S3Object> found = new ArrayList<>();
    for (String trail : trails) {
      String under = trail + DAY.format(day);
      patiently(
          () -> {
            int before = found.size();
            try {
              client
                  .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(under))
                  .contents()
                  .forEach(object -> consider(object, from, found));
            } catch (SdkException e) {
              found.subList(before, found.size()).clear();
              throw e;
            }
            return found;
          });
    }
    found.sort(Comparator.comparing(S3Object::lastModified).thenComparing(S3Object::key));
    objects.clear();
    objects.addAll(found);
    listed = day;
  }

  private void consider(S3Object object, Instant from, List<S3Object> found) {
    if (object.key().endsWith(".json.gz")
        && !object.lastModified().isBefore(from)
        && !seen.contains(identity(object))) {
      if (found.size() == MAX_OBJECTS_OF_A_DAY) {
        throw new PullException(
            Kind.WRONG,
            "more than %,d objects of one day; pull accounts one by one, by their --prefix"
                .formatted(MAX_OBJECTS_OF_A_DAY));
      }
      found.add(object);
    }
  }

  private static String identity(S3Object object) {
    return object.key() + " " + object.eTag();
  }

  /** The prefixes of the days: one for each account and region. */
  private List<String> trails() throws IOException, InterruptedException {
    List<String> accounts = new ArrayList<>();
    String root = prefix + "AWSLogs/";
    for (String child : children(root)) {
      String name = child.substring(root.length());
      if (ACCOUNT.matcher(name).matches()) {
        accounts.add(child);
      } else if (ORGANIZATION.matcher(name).matches()) {
        children(child).stream()
            .filter(inner -> ACCOUNT.matcher(inner.substring(child.length())).matches())
            .forEach(accounts::add);
      }
    }
    if (accounts.isEmpty()) {
      throw new PullException(
          Kind.WRONG,
          "s3://%s has no account under %s: is --prefix the trail's?".formatted(bucket, root));
    }
    List<String> regions = new ArrayList<>();
    for (String account : accounts) {
      regions.addAll(children(account + "CloudTrail/"));
    }
    return regions;
  }

  private List<String> children(String under) throws IOException, InterruptedException {
    return patiently(
        () ->
            client
                .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(under).delimiter("/"))
                .commonPrefixes()
                .stream()
                .map(CommonPrefix::prefix)
                .toList());
  }

  /** Fetches the whole object first: a connection that breaks is no end of a log file. */
  private RecordSource read(S3Object object) throws IOException, InterruptedException {
    if (object.size() > MAX_OBJECT_BYTES) {
      throw new PullException(
          Kind.WRONG,
          "s3://%s/%s has %,d bytes, more than a log file has"
              .formatted(bucket, object.key(), object.size()));
    }
    Path directory = Files.createTempDirectory("indelible-pull");
    Path file = directory.resolve("object.json.gz");
    try {
      patiently(
          () -> {
            Files.deleteIfExists(file);
            return client.getObject(
                get -> get.bucket(bucket).key(object.key()), ResponseTransformer.toFile(file));
          });
      return new JsonSource(
          object.key(), object.key(), new TemporaryFile(file, directory), RECORDS);
    } catch (NoSuchKeyException gone) {
      delete(file, directory);
      waiting.remarks().accept("s3://%s/%s was deleted".formatted(bucket, object.key()));
      return new Records("cloudtrail", List.of());
    } catch (IOException | RuntimeException | InterruptedException e) {
      delete(file, directory);
      throw e;
    }
  }

  private static void delete(Path file, Path directory) throws IOException {
    Files.deleteIfExists(file);
    Files.deleteIfExists(directory);
  }

  /** A file that is deleted when it is closed. */
  private static final class TemporaryFile extends FilterInputStream {
    private final Path file;
    private final Path directory;

    TemporaryFile(Path file, Path directory) throws IOException {
      super(open(file));
      this.file = file;
      this.directory = directory;
    }

    private static InputStream open(Path file) throws IOException {
      return Files.newInputStream(file);
    }

    @Override
    public void close() throws IOException {
      super.close();
      delete(file, directory);
    }
  }

  /** Repeats a call while the store says "not now". */
  private <T> T patiently(Callable<T> call) throws IOException, InterruptedException {
    Instant end = waiting.clock().instant().plus(waiting.giveUpAfter());
    for (int attempt = 1; ; attempt++) {
      String why;
      try {
        return call.call();
      } catch (NoSuchKeyException gone) {
        throw gone;
      } catch (S3Exception e) {
        why = "s3://%s answered %d".formatted(bucket, e.statusCode());
        if (e.statusCode() < 500 && !e.isThrottlingException()) {
          String code = e.awsErrorDetails() == null ? "" : " " + e.awsErrorDetails().errorCode();
          throw new PullException(
              e.statusCode() == 401 || e.statusCode() == 403 ? Kind.NOT_ALLOWED : Kind.WRONG,
              why + code);
        }
      } catch (SdkException e) {
        why = "s3://%s does not answer: %s".formatted(bucket, e.getMessage());
      } catch (IOException | RuntimeException | InterruptedException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      Duration wait = waiting.before(attempt, java.util.Optional.empty());
      if (waiting.clock().instant().plus(wait).isAfter(end)) {
        throw new PullException(Kind.UNAVAILABLE, why);
      }
      waiting.remarks().accept("%s; again in %.1f s".formatted(why, wait.toMillis() / 1000.0));
      waiting.pause().sleep(wait);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
