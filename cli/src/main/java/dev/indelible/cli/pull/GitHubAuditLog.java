package dev.indelible.cli.pull;

import dev.indelible.cli.pull.PullException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Audit log of an organization at GitHub. A round asks for everything created since the newest
 * record of the rounds before, less the overlap, oldest first, and follows the header {@code Link}.
 *
 * <p>Cursor: {@code newest} (of the rounds before), and within a round {@code from} (its
 * beginning), {@code seen} (its newest so far) and {@code next} (the address of the next page).
 *
 * @see <a
 *     href="https://docs.github.com/en/enterprise-cloud@latest/rest/orgs/orgs#get-the-audit-log-for-an-organization">
 *     Get the audit log for an organization</a>
 */
public final class GitHubAuditLog implements PulledLog {

  /** The address of GitHub's API. */
  public static final URI API = URI.create("https://api.github.com");

  private static final int PAGE_RECORDS = 100;
  private static final String VERSION = "2022-11-28";

  /** Answers to a cursor that is not known any more. */
  private static final List<Integer> NO_SUCH_CURSOR = List.of(400, 404, 410, 422);

  private final ApiCalls calls;
  private final URI log;
  private final String token;
  private final String include;
  private final Window window;
  private final Instant since;
  private final SeenRecords seen = new SeenRecords();

  /**
   * Terms of a pull.
   *
   * @param api address of the API
   * @param organization its login
   * @param token a token that may read its audit log
   * @param include {@code web}, {@code git} or {@code all}
   * @param since where the first round begins
   */
  public record Terms(URI api, String organization, String token, String include, Instant since) {}

  public GitHubAuditLog(Terms terms, Window window, Waiting waiting) {
    if (!terms.organization().matches("[A-Za-z0-9_-]{1,100}")) {
      throw new PullException(Kind.WRONG, "no organization is called " + terms.organization());
    }
    this.calls = new ApiCalls(terms.api(), waiting);
    this.log = URI.create(terms.api() + "/orgs/" + terms.organization() + "/audit-log");
    this.token = terms.token();
    this.include = terms.include();
    this.window = window;
    this.since = terms.since();
  }

  @Override
  public String name() {
    return "audit-log";
  }

  @Override
  public Page next(ObjectNode cursor) throws IOException, InterruptedException {
    seen.acknowledged();
    String next = cursor.path("next").asString("");
    boolean goesOn = !next.isEmpty();
    Instant newest = Times.of(cursor, "newest", since);
    Instant from = goesOn ? Times.of(cursor, "from", since) : beginning(cursor);
    ApiCalls.Page page =
        calls.page(goesOn ? URI.create(next) : address(from), headers(), NO_SUCH_CURSOR);
    if (page == null && goesOn) {
      calls.waiting().remarks().accept("GitHub does not know the page any more; beginning again");
      goesOn = false;
      page = calls.page(address(from), headers(), List.of());
    }
    if (page == null) {
      // Asked again without excuses, so that the answer is told.
      page = calls.page(address(from), headers(), List.of());
    }
    ApiCalls.Page read = Objects.requireNonNull(page);
    Instant latest = goesOn ? Times.of(cursor, "seen", newest) : newest;
    for (JsonNode record : read.list()) {
      latest = Times.later(latest, time(record));
    }
    return new Page(
        new Records("github", seen.unseen(read.list())),
        cursor(read.next(), from, newest, latest),
        read.next() == null);
  }

  private Instant beginning(ObjectNode cursor) {
    return cursor.has("newest") ? window.from(Times.of(cursor, "newest", since)) : since;
  }

  private static ObjectNode cursor(
      @Nullable URI next, Instant from, Instant newest, Instant latest) {
    ObjectNode cursor = JsonNodeFactory.instance.objectNode();
    if (next == null) {
      return cursor.put("newest", latest.toString());
    }
    return cursor
        .put("newest", newest.toString())
        .put("from", from.toString())
        .put("seen", latest.toString())
        .put("next", next.toString());
  }

  private static @Nullable Instant time(JsonNode record) {
    Instant time = Times.of(record.path("@timestamp"));
    return time != null ? time : Times.of(record.path("created_at"));
  }

  private URI address(Instant from) {
    String phrase = "created:>=" + from.truncatedTo(ChronoUnit.SECONDS);
    return URI.create(
        "%s?include=%s&order=asc&per_page=%d&phrase=%s"
            .formatted(
                log, include, PAGE_RECORDS, URLEncoder.encode(phrase, StandardCharsets.UTF_8)));
  }

  private Map<String, String> headers() {
    return Map.of(
        "Authorization",
        "Bearer " + token,
        "Accept",
        "application/vnd.github+json",
        "X-GitHub-Api-Version",
        VERSION);
  }

  @Override
  public void close() {
    calls.close();
  }
}
