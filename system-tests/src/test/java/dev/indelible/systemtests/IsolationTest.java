package dev.indelible.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.client.Request;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * Two tenants whose entries have the same ids and contents: with a key of one, the other answers as
 * a tenant that does not exist, and nothing of it is ever in an answer.
 */
class IsolationTest {

  private static final String OWN = "alpha";
  private static final String OTHER = "bravo";

  /** Name as long as the other's, so that answers that name it are as long. */
  private static final String NOBODY = "delta";

  private static final int ENTRIES = 300;
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  @RegisterExtension static final SharedServer.Extension SERVER = new SharedServer.Extension();

  private static Calls operator;
  private static String otherKeyId;
  private static Calls otherKey;

  @BeforeAll
  static void start() throws Exception {
    operator = SERVER.operator();
    for (String tenant : List.of(OWN, OTHER)) {
      operator.tenant(tenant, "standard");
      String batch =
          IntStream.range(0, ENTRIES)
              .mapToObj(i -> event(tenant, i))
              .collect(Collectors.joining(",", "[", "]"));
      JsonNode answer = operator.record(batch).expect(201).json();
      long last = answer.path("entries").path(ENTRIES - 1).path("seq").asLong();
      operator.awaitIndexed(tenant, last);
    }
    otherKey = operator.tenantKey(OTHER, "events.write", "events.read");
    otherKeyId =
        operator
            .get("/v1/tenants/bravo/keys")
            .expect(200)
            .json()
            .path("keys")
            .path(0)
            .path("id")
            .asString();
    assertThat(otherKeyId).isNotEmpty();
  }

  private static String event(String tenant, int i) {
    return """
        {"tenant":"%1$s","id":"e%2$d","account":"a%3$d","action":"%4$s","occurred_at":"2026-03-%5$02dT10:00:00Z",\
        "actor":{"type":"user","id":"u%3$d","name":"Ana %3$d"},"outcome":"%6$s",\
        "targets":[{"type":"ticket","id":"t%3$d"}],"context":{"ip":"10.0.0.%3$d"},"details":{"of":"%1$s"}}"""
        .formatted(
            tenant,
            i,
            i % 7,
            i % 2 == 0 ? "user.login" : "ticket.update",
            1 + i % 28,
            i % 5 == 0 ? "failure" : "success");
  }

  /** A request of the contract, for a tenant that is still to be named. */
  private record Operation(String method, String path, String body) {
    String of(String tenant) {
      return path.replace("{tenant}", tenant);
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  /** Every operation of the contract that names a tenant in its path. */
  private static List<Operation> operations() throws Exception {
    List<Operation> operations = new ArrayList<>();
    JsonNode paths = operator.get("/openapi.json").expect(200).json().path("paths");
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      if (!path.getKey().contains("{tenant}")) {
        continue;
      }
      String filled =
          path.getKey()
              .replace("{id}", "e7")
              .replace("{path}", "0/000.p/44")
              .replace("{key_id}", otherKeyId)
              .replaceAll("\\{(?!tenant)[a-z_]+\\}", "u1");
      for (String method : path.getValue().propertyNames()) {
        if (METHODS.contains(method)) {
          operations.add(
              new Operation(
                  method.toUpperCase(Locale.ROOT),
                  filled,
                  "{\"name\":\"mine\",\"scopes\":[\"events.read\"]}"));
        }
      }
    }
    return operations;
  }

  private static Calls.Answer call(Calls calls, Operation operation, String tenant)
      throws Exception {
    Request request = calls.request(operation.method(), operation.of(tenant));
    boolean hasBody = operation.method().startsWith("P"); // POST, PUT, PATCH
    return calls.send(hasBody ? request.json(operation.body()) : request);
  }

  @Test
  void everyOperationOnAnotherTenantAnswersAsOnOneThatDoesNotExist() throws Exception {
    List<Operation> operations = new ArrayList<>(operations());
    assertThat(operations).hasSizeGreaterThan(12);
    for (String query :
        List.of(
            "?q=actor:u1",
            "?q=((",
            "?cursor=x",
            "?limit=0",
            "?limit=1",
            "?order=none",
            "?from=x",
            "?zone=nowhere",
            "?no_such=1")) {
      for (String path : List.of("events", "facets", "histogram", "tail")) {
        operations.add(new Operation("GET", "/v1/tenants/{tenant}/" + path + query, ""));
      }
    }
    List<Calls> keys =
        List.of(
            operator.tenantKey(OWN, "events.write", "events.read"),
            operator.tenantKey(OWN, "events.write"),
            operator.tenantKey(OWN, "events.read"),
            operator.withKey(null),
            operator.withKey("ik_aaaaaaaaaaaa_" + "a".repeat(43)));
    for (Operation operation : operations) {
      for (Calls key : keys) {
        Calls.Answer other = call(key, operation, OTHER);
        assertThat(comparable(other, OTHER))
            .as("%s with %s", operation, key)
            .isEqualTo(comparable(call(key, operation, NOBODY), NOBODY));
        assertThat(other.status()).as(operation.toString()).isIn(400, 401, 403, 404);
      }
    }
    otherKey.get("/v1/tenants/bravo/events").expect(200);
  }

  @Test
  void eventsForAnotherTenantAreAnsweredAsForOneThatDoesNotExist() throws Exception {
    Calls key = operator.tenantKey(OWN, "events.write", "events.read");
    long before = mark();
    for (int i = 0; i < 3; i++) {
      String wait = i == 2 ? "?wait=sealed" : "";
      assertThat(comparable(key.post("/v1/events" + wait, event(OTHER, i)), OTHER))
          .isEqualTo(comparable(key.post("/v1/events" + wait, event(NOBODY, i)), NOBODY));
      Calls.Answer mixed =
          key.post("/v1/events" + wait, "[" + event(OTHER, i) + "," + event(OWN, i) + "]");
      Calls.Answer nobody =
          key.post("/v1/events" + wait, "[" + event(NOBODY, i) + "," + event(OWN, i) + "]");
      assertThat(mixed.expect(201).json().path("rejected").toString().replace(OTHER, "TENANT"))
          .isEqualTo(
              nobody.expect(201).json().path("rejected").toString().replace(NOBODY, "TENANT"));
    }
    assertThat(mark()).as("nothing came between the two").isEqualTo(before + 1);
  }

  /** Records one more entry in the other's log; returns its place. */
  private static long mark() throws Exception {
    return operator
        .record("{\"tenant\":\"bravo\",\"action\":\"test.marks\",\"actor\":{\"type\":\"system\"}}")
        .expect(201)
        .json()
        .path("entries")
        .path(0)
        .path("seq")
        .asLong();
  }

  @Test
  void listsOfTenantsAndOfKeysShowOnlyOnesOwn() throws Exception {
    Calls key = operator.tenantKey(OWN, "events.write", "events.read");
    for (String path : List.of("/v1/tenants", "/v1/whoami", "/v1/tenants/alpha/keys")) {
      assertThat(key.get(path).body()).as(path).doesNotContain(OTHER).doesNotContain(otherKeyId);
    }
    String cursor =
        operator
            .get("/v1/tenants/bravo/events", Map.of("limit", "10"))
            .expect(200)
            .json()
            .path("next_cursor")
            .asString();
    key.get("/v1/tenants/alpha/events", Map.of("limit", "10", "cursor", cursor)).expect(400);
  }

  @Test
  void noAnswerToARandomQueryHoldsAForeignEntry() throws Exception {
    ask(100);
  }

  @Test
  @Tag("long")
  void noAnswerToManyRandomQueriesHoldsAForeignEntry() throws Exception {
    ask(1_000);
  }

  private static void ask(int queries) throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Calls key = operator.tenantKey(OWN, "events.read");
    // The key's own entry is searchable before anything is counted; that the operator looked would
    // be another one.
    JsonNode last =
        operator
            .record(
                "{\"tenant\":\"alpha\",\"action\":\"test.begins\",\"actor\":{\"type\":\"system\"}}")
            .expect(201)
            .json();
    key.awaitIndexed(OWN, last.path("entries").path(0).path("seq").asLong());
    int found = 0;
    for (int i = 0; i < queries; i++) {
      String query = query(random, 3);
      List<JsonNode> rows = key.search(OWN, query, random.nextBoolean() ? "newest" : "oldest", 400);
      for (JsonNode row : rows) {
        assertThat(row.path("tenant").asString()).as(query).isEqualTo(OWN);
        assertThat(row.toString()).as(query).doesNotContain(OTHER);
      }
      assertThat(rows.stream().map(row -> row.path("id").asString()).distinct())
          .as(query)
          .hasSize(rows.size());
      Calls.Answer facets = key.get("/v1/tenants/alpha/facets", Map.of("q", query)).expect(200);
      assertThat(facets.body()).as(query).doesNotContain(OTHER);
      assertThat(facets.json().path("count").asInt()).as(query).isEqualTo(rows.size());
      Calls.Answer histogram =
          key.get(
                  "/v1/tenants/alpha/histogram",
                  Map.of("q", query, "from", "2026-01-01T00:00:00Z", "interval", "month"))
              .expect(200);
      assertThat(histogram.json().path("count").asInt()).as(query).isEqualTo(rows.size());
      found += rows.size();
    }
    assertThat(found).as("entries found by %d queries", queries).isGreaterThan(queries);
    try (TailConnection tail =
        TailConnection.open(key, OWN, "action:user.* OR action:ticket.*", "-1")) {
      List<String> seen = new ArrayList<>();
      tail.read(ENTRIES, seen);
      assertThat(seen).doesNotHaveDuplicates();
    }
  }

  private static String query(Random random, int depth) {
    if (depth > 0 && random.nextInt(3) > 0) {
      String left = query(random, depth - 1);
      String right = query(random, depth - 1);
      return switch (random.nextInt(4)) {
        case 0 -> left + " " + right;
        case 1 -> "(" + left + " OR " + right + ")";
        case 2 -> "-(" + left + ")";
        default -> "(" + left + ") " + right;
      };
    }
    int n = random.nextInt(8);
    List<String> atoms =
        List.of(
            "actor:u" + n,
            "account:a" + n,
            "action:user.*",
            "-action:ticket.update",
            "outcome:failure",
            "target:ticket/t" + n,
            "ip:10.0.0.0/29",
            "id:e" + random.nextInt(ENTRIES),
            "after:2026-03-" + (10 + random.nextInt(18)),
            "ana",
            "-zzz");
    return atoms.get(random.nextInt(atoms.size()));
  }

  /** Byte for byte, but for the name, the id of the request and the time. */
  private static String comparable(Calls.Answer answer, String tenant) {
    String headers =
        answer.headers().map().entrySet().stream()
            .filter(header -> !Set.of("date", "x-request-id").contains(header.getKey()))
            .map(header -> header.getKey() + ": " + header.getValue())
            .sorted()
            .collect(Collectors.joining("\n"));
    return answer.status()
        + "\n"
        + headers
        + "\n"
        + answer
            .body()
            .replaceAll("\"request_id\":\"[^\"]*\"", "")
            .replace(URLEncoder.encode(tenant, StandardCharsets.UTF_8), "TENANT");
  }
}
