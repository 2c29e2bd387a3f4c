package dev.indelible.cli.pull;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Okta's System Log, by polling requests: without {@code until}, in ascending order, following the
 * link {@code next}, which Okta always gives. Such requests return records in the order in which
 * they were stored, so that none that comes late is passed over. An empty page ends the round.
 *
 * <p>Cursor: {@code next} (the link) and {@code newest} (the newest record so far). A link that is
 * not known any more is replaced by a request from {@code newest}, less the overlap.
 *
 * @see <a href="https://developer.okta.com/docs/reference/system-log-query/">System Log query</a>
 */
public final class OktaSystemLog implements PulledLog {

  private static final int PAGE_RECORDS = 1_000;
  private static final List<Integer> NO_SUCH_LINK = List.of(400, 404, 410);

  private final ApiCalls calls;
  private final URI log;
  private final String token;
  private final Window window;
  private final Instant since;
  private final SeenRecords seen = new SeenRecords();

  /**
   * A pull of a System Log.
   *
   * @param organization address of the organization, such as {@code https://acme.okta.com}
   * @param token an API token
   * @param since where the first round begins
   */
  public OktaSystemLog(
      URI organization, String token, Instant since, Window window, Waiting waiting) {
    this.calls = new ApiCalls(organization, waiting);
    this.log = URI.create(organization + "/api/v1/logs");
    this.token = token;
    this.window = window;
    this.since = since;
  }

  @Override
  public String name() {
    return "system-log";
  }

  @Override
  public Page next(ObjectNode cursor) throws IOException, InterruptedException {
    seen.acknowledged();
    String link = cursor.path("next").asString("");
    Instant newest = Times.of(cursor, "newest", since);
    ApiCalls.Page page =
        link.isEmpty() ? null : calls.page(URI.create(link), headers(), NO_SUCH_LINK);
    if (page == null) {
      if (!link.isEmpty()) {
        calls.waiting().remarks().accept("Okta does not know the link any more; beginning again");
      }
      Instant from = cursor.has("newest") ? window.from(newest) : since;
      page = calls.page(address(from), headers(), List.of());
    }
    ApiCalls.Page read = Objects.requireNonNull(page);
    for (JsonNode record : read.list()) {
      newest = Times.later(newest, Times.of(record.path("published")));
    }
    ObjectNode after = JsonNodeFactory.instance.objectNode().put("newest", newest.toString());
    URI next = read.next();
    if (next != null) {
      after.put("next", next.toString());
    } else if (!link.isEmpty() && read.list().isEmpty()) {
      after.put("next", link);
    }
    return new Page(
        new Records("okta", seen.unseen(read.list())),
        after,
        next == null || read.list().isEmpty());
  }

  private URI address(Instant from) {
    return URI.create(
        "%s?since=%s&sortOrder=ASCENDING&limit=%d".formatted(log, from, PAGE_RECORDS));
  }

  private Map<String, String> headers() {
    return Map.of("Authorization", "SSWS " + token, "Accept", "application/json");
  }

  @Override
  public void close() {
    calls.close();
  }
}
