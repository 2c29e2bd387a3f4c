package dev.indelible.cli.pull;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Login events, or admin events, that a realm of Keycloak keeps. They come newest first and by
 * offset: a round reads back to the newest record of the rounds before, less the overlap. What
 * happens meanwhile moves the pages on, so that records are seen twice and none is passed over.
 *
 * <p>Cursor: {@code newest}. It moves when the whole round is recorded.
 *
 * @see <a href="https://www.keycloak.org/docs-api/latest/rest-api/index.html">Admin REST API</a>
 */
public final class KeycloakEvents implements PulledLog {

  /** Records of a round that are put in order before they are sent; a longer one goes in parts. */
  static final int MAX_HELD = 20_000;

  private static final int PAGE_RECORDS = 500;

  /** Time before its end at which a token is replaced. */
  private static final Duration TOKEN_MARGIN = Duration.ofSeconds(30);

  private static final int UNAUTHORIZED = 401;

  private final ApiCalls calls;
  private final Terms terms;
  private final Kind kind;
  private final Window window;
  private final SeenRecords seen = new SeenRecords();
  private String token = "";
  private Instant tokenEnd = Instant.MIN;
  private int offset;
  private Instant roundNewest = Instant.MIN;

  /** Kind of events. */
  public enum Kind {
    /** Sign-ins and what users do with their accounts. */
    LOGIN("events"),
    /** Changes by administrators. */
    ADMIN("admin-events");

    private final String path;

    Kind(String path) {
      this.path = path;
    }
  }

  /**
   * Terms of a pull.
   *
   * @param server address of Keycloak, with its path if it has one
   * @param realm the realm whose events are read
   * @param clientRealm the realm of the client
   * @param clientId a client with a service account that may view the realm's events
   * @param clientSecret its secret
   * @param since where the first round begins
   */
  public record Terms(
      URI server,
      String realm,
      String clientRealm,
      String clientId,
      String clientSecret,
      Instant since) {}

  public KeycloakEvents(Terms terms, Kind kind, Window window, Waiting waiting) {
    this.calls = new ApiCalls(terms.server(), waiting);
    this.terms = terms;
    this.kind = kind;
    this.window = window;
  }

  @Override
  public String name() {
    return kind.path;
  }

  @Override
  public Page next(ObjectNode cursor) throws IOException, InterruptedException {
    seen.acknowledged();
    Instant newest = Times.of(cursor, "newest", terms.since());
    Instant from = cursor.has("newest") ? window.from(newest) : terms.since();
    List<JsonNode> held = new ArrayList<>();
    boolean last = false;
    while (!last && held.size() + PAGE_RECORDS <= MAX_HELD) {
      List<JsonNode> page = page(from);
      offset += page.size();
      last = page.size() < PAGE_RECORDS;
      boolean anyInside = false;
      for (JsonNode record : page) {
        Instant time = Times.of(record.path("time"));
        if (time == null || !time.isBefore(from)) {
          held.add(record);
          anyInside = true;
          roundNewest = Times.later(roundNewest, time);
        }
      }
      last |= !anyInside;
    }
    Collections.reverse(held);
    ObjectNode after = cursor.deepCopy();
    if (last) {
      after =
          JsonNodeFactory.instance
              .objectNode()
              .put("newest", Times.later(newest, roundNewest).toString());
      offset = 0;
      roundNewest = Instant.MIN;
    }
    return new Page(new Records("keycloak", seen.unseen(held)), after, last);
  }

  private List<JsonNode> page(Instant from) throws IOException, InterruptedException {
    ApiCalls.Page page = calls.page(address(from), headers(), List.of(UNAUTHORIZED));
    if (page == null) {
      // The token was ended before its time, as by a restart.
      tokenEnd = Instant.MIN;
      page = calls.page(address(from), headers(), List.of());
    }
    return Objects.requireNonNull(page).list();
  }

  private URI address(Instant from) {
    // A day more, as days are those of Keycloak's own zone.
    LocalDate day = from.atZone(ZoneOffset.UTC).toLocalDate().minusDays(1);
    return URI.create(
        "%s/admin/realms/%s/%s?dateFrom=%s&first=%d&max=%d"
            .formatted(
                terms.server(), encoded(terms.realm()), kind.path, day, offset, PAGE_RECORDS));
  }

  private Map<String, String> headers() throws IOException, InterruptedException {
    Instant now = calls.waiting().clock().instant();
    if (!now.isBefore(tokenEnd)) {
      JsonNode answer =
          calls.post(
              URI.create(
                  "%s/realms/%s/protocol/openid-connect/token"
                      .formatted(terms.server(), encoded(terms.clientRealm()))),
              "grant_type=client_credentials&client_id=%s&client_secret=%s"
                  .formatted(encoded(terms.clientId()), encoded(terms.clientSecret())));
      token = answer.path("access_token").asString("");
      if (token.isEmpty()) {
        throw new PullException(
            PullException.Kind.NOT_ALLOWED, "Keycloak's answer has no access_token");
      }
      tokenEnd =
          now.plusSeconds(Math.clamp(answer.path("expires_in").asLong(60), 0, 86_400))
              .minus(TOKEN_MARGIN);
    }
    return Map.of("Authorization", "Bearer " + token, "Accept", "application/json");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    calls.close();
  }
}
