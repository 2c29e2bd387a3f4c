package dev.indelible.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What goes in by each of the ways in is found by each of the ways to find it, within a second. */
class QueriesTest {

  private static final Duration SEARCHABLE_WITHIN = Duration.ofSeconds(1);

  /** A busy machine may stall; what is waited for only to go on has all the time it needs. */
  private static final Duration INDEXED_WITHIN = Duration.ofSeconds(60);

  /** What the ids of entries end with that are made of CloudEvents of the source {@code /shop}. */
  private static final String OF_THE_SHOP = "@26315ce1e9356d671a112ad44afb5efc";

  @TempDir static Path directory;
  private static ServerProcess server;
  private static Calls operator;
  private static Calls calls;

  @BeforeAll
  static void start() throws Exception {
    server = ServerProcess.start(directory.resolve("data"), Map.of());
    operator = server.operator();
    for (String tenant : List.of("finds", "batch", "stream", "cloud", "pages", "other")) {
      operator.tenant(tenant, "standard");
    }
    calls = operator.tenantKey("finds", "events.write", "events.read");
    record(EVENTS);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static final String EVENTS =
      """
      [{"id":"role","account":"eu","occurred_at":"2026-03-01T10:00:00Z","action":"user.role_changed",
        "actor":{"type":"user","id":"u_7","name":"Zoë Müller","email":"zoe@acme.test","roles":["tenant_admin"]},
        "targets":[{"type":"user","id":"u_9","name":"Bo Ek"}],"outcome":"success",
        "changes":[{"field":"role","before":"agent","after":"admin"}],"reason":"INC-7 café",
        "context":{"ip":"203.0.113.9","session_id":"s1","location":{"country":"DE"}}},
       {"id":"login","account":"us","occurred_at":"2026-03-02T10:00:00Z","action":"user.login",
        "actor":{"type":"user","id":"u_8","name":"東京 花子"},"outcome":"failure","outcome_reason":"wrong password",
        "context":{"ip":"2001:db8::7"}},
       {"id":"ticket","account":"eu","occurred_at":"2026-03-03T10:00:00Z","action":"ticket.update",
        "actor":{"type":"api_client","id":"crm"},"targets":[{"type":"ticket","id":"42","name":"返金の依頼"}],
        "changes":[{"field":"status","before":"open","after":"closed"}],"outcome":"success",
        "context":{"ip":"198.51.100.20"},"details":{"note":"Straße in Kyōto 京都","count":3}},
       {"id":"night","occurred_at":"2026-03-04T23:59:59.999Z","action":"report.exported",
        "actor":{"type":"system"},"outcome":"unknown","details":{"rows":50000}}]
      """;

  private static void record(String events) throws Exception {
    JsonNode answer = calls.record(events).expect(201).json();
    assertThat(answer.path("rejected")).isEmpty();
    long last =
        answer
            .path("entries")
            .valueStream()
            .mapToLong(e -> e.path("seq").asLong())
            .max()
            .orElse(-1);
    calls.awaitIndexed("finds", last, INDEXED_WITHIN);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          actor:u_7                                        | role
          actor:zoe@acme.test                              | role
          actor:"zoe muller"                               | role
          actor_type:system                                | night
          action:user.*                                    | login role
          action:user.login,report.exported                | night login
          target:ticket/42                                 | ticket
          target:ticket/*                                  | ticket
          target:u_9                                       | role
          target:"bo ek"                                   | role
          account:eu                                       | ticket role
          outcome:failure                                  | login
          -outcome:success                                 | night login
          changed:role                                     | role
          ip:203.0.113.0/24                                | role
          ip:2001:db8::/32                                 | login
          ip:198.51.100.20                                 | ticket
          session:s1                                       | role
          role:tenant_admin                                | role
          country:de                                       | role
          after:2026-03-02 before:2026-03-04               | ticket login
          after:2026-03-04T23:59:59.999Z                   | night
          before:2026-03-02T10:00Z                         | role
          京都                                              | ticket
          返金                                              | ticket
          花子                                              | login
          "東京"                                            | login
          cafe                                             | role
          CAFÉ                                             | role
          strasse                                          | ticket
          kyoto                                            | ticket
          muller                                           | role
          mül*                                             | role
          "wrong password"                                 | login
          INC-7                                            | role
          50000                                            | night
          (actor:u_7 OR actor:crm) account:eu              | ticket role
          (actor:u_7 OR actor:u_8) -(outcome:success)      | login
          NOT (action:user.* OR actor:crm) -action:audit.* | night
          actor:u_7 outcome:failure                        | ``
          id:ticket                                        | ticket
          has:changes -has:reason                          | ticket
          """)
  void isFoundBy(String query, String ids) throws Exception {
    List<String> found = calls.ids("finds", "(" + query + ") -action:audit.*");
    assertThat(found)
        .containsExactlyElementsOf(
            ids == null || ids.isBlank() ? List.of() : List.of(ids.strip().split(" ")));
  }

  @Test
  void fromAndToAreTheSameAsTheQualifiers() throws Exception {
    JsonNode page =
        calls
            .get(
                "/v1/tenants/finds/events",
                Map.of("from", "2026-03-02T00:00:00Z", "to", "2026-03-04T00:00:00Z"))
            .expect(200)
            .json();
    assertThat(page.path("entries").valueStream().map(e -> e.path("id").asString()))
        .containsExactly("ticket", "login");
  }

  /** Nine of ten, in one of several rounds: another program may have the machine for a while. */
  @Test
  void oneEventIsFoundWithinASecondOfIts201() throws Exception {
    Duration nineOfTen = nineOfTenFoundWithin(0);
    for (int round = 1; round < 5 && nineOfTen.compareTo(SEARCHABLE_WITHIN) >= 0; round++) {
      nineOfTen = nineOfTenFoundWithin(round);
    }
    assertThat(nineOfTen).isLessThan(SEARCHABLE_WITHIN);
  }

  private static Duration nineOfTenFoundWithin(int round) throws Exception {
    List<Duration> took = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String body =
          "{\"tenant\":\"other\",\"action\":\"a.b\",\"actor\":{\"type\":\"user\",\"id\":\"solo%d-%d\"}}"
              .formatted(round, i);
      operator.post("/v1/events", body).expect(201);
      long start = System.nanoTime();
      while (operator.ids("other", "actor:solo" + round + "-" + i).isEmpty()) {
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(INDEXED_WITHIN);
        Thread.sleep(5);
      }
      took.add(Duration.ofNanos(System.nanoTime() - start));
    }
    Collections.sort(took);
    System.out.printf("found after at most %d ms%n", took.getLast().toMillis());
    return took.get(took.size() * 9 / 10 - 1);
  }

  @Test
  void aBatchOf1000IsFound() throws Exception {
    String batch =
        IntStream.range(0, 1_000)
            .mapToObj(i -> bulk("batch", i))
            .collect(Collectors.joining(",", "[", "]"));
    recordAndFind("batch", "application/json", batch, 1_000);
  }

  @Test
  void aStreamOf100000IsFound() throws Exception {
    String lines =
        IntStream.range(0, 100_000)
            .mapToObj(i -> bulk("stream", i))
            .collect(Collectors.joining("\n"));
    recordAndFind("stream", "application/x-ndjson", lines, 100_000);
  }

  @Test
  void aBatchOfCloudEventsIsFound() throws Exception {
    String batch =
        IntStream.range(0, 100)
            .mapToObj(QueriesTest::cloudEvent)
            .collect(Collectors.joining(",", "[", "]"));
    recordAndFind("cloud", "application/cloudevents-batch+json", batch, 100);
    assertThat(operator.ids("cloud", "id:ce-5@*")).containsExactly("ce-5" + OF_THE_SHOP);
    JsonNode one =
        operator
            .post(
                "/v1/events?wait=sealed",
                "application/cloudevents+json",
                cloudEvent(103).replace("user.login", "user.logout").getBytes(UTF_8))
            .expect(201)
            .json();
    long seq = one.path("entries").path(0).path("seq").asLong();
    operator.awaitIndexed("cloud", seq, INDEXED_WITHIN);
    assertThat(operator.ids("cloud", "action:user.logout account:a3 before:2026-02-02"))
        .containsExactly("ce-103" + OF_THE_SHOP);
  }

  private static String cloudEvent(int i) {
    return """
        {"specversion":"1.0","id":"ce-%1$d","source":"/shop","type":"dev.indelible.event",\
        "time":"2026-02-01T00:00:00Z","data":{"tenant":"cloud","account":"a%2$d",\
        "action":"user.login","actor":{"type":"user","id":"u%2$d"},"context":{"ip":"10.0.0.%2$d"}}}"""
        .formatted(i, i % 10);
  }

  private static String bulk(String tenant, int i) {
    return """
        {"tenant":"%1$s","id":"%1$s-%2$d","account":"a%3$d","action":"user.login",\
        "occurred_at":"2026-02-01T00:00:00Z","actor":{"type":"user","id":"u%3$d"},\
        "context":{"ip":"10.0.0.%3$d"}}"""
        .formatted(tenant, i, i % 10);
  }

  private static void recordAndFind(String tenant, String type, String body, int count)
      throws Exception {
    JsonNode answer =
        operator.post("/v1/events?wait=sealed", type, body.getBytes(UTF_8)).expect(201).json();
    assertThat(answer.path("accepted").asInt()).isEqualTo(count);
    long last = answer.path("entries").path(count - 1).path("seq").asLong();
    Duration took = operator.awaitIndexed(tenant, last, INDEXED_WITHIN);
    System.out.printf(
        "%,d events of %s: searchable %d ms after the 201%n", count, tenant, took.toMillis());
    for (String query : List.of("actor:u3", "account:a3", "ip:10.0.0.3")) {
      assertThat(count(tenant, query)).as(query).isEqualTo(count / 10);
    }
    assertThat(count(tenant, "action:user.*")).isEqualTo(count);
    assertThat(operator.ids(tenant, "account:a3 before:2026-02-02"))
        .hasSize(count / 10)
        .doesNotHaveDuplicates();
    assertThat(count(tenant, "action:user.* -account:a3")).isEqualTo(count - count / 10);
  }

  private static long count(String tenant, String query) throws Exception {
    return operator
        .get("/v1/tenants/" + tenant + "/facets", Map.of("q", query, "fields", "action"))
        .expect(200)
        .json()
        .path("count")
        .asLong();
  }

  @Test
  void pagesAreStableWhileEventsArriveAndTheirCursorsAreBoundToTheQuery() throws Exception {
    String first =
        IntStream.range(0, 100)
            .mapToObj(i -> bulk("pages", i))
            .collect(Collectors.joining(",", "[", "]"));
    JsonNode recorded = operator.record(first).expect(201).json();
    operator.awaitIndexed(
        "pages", recorded.path("entries").path(99).path("seq").asLong(), INDEXED_WITHIN);
    List<String> seen = new ArrayList<>();
    String cursor = null;
    int arriving = 100;
    do {
      Map<String, String> parameters =
          cursor == null
              ? Map.of("q", "action:user.login", "limit", "7")
              : Map.of("q", "action:user.login", "limit", "7", "cursor", cursor);
      JsonNode page = operator.get("/v1/tenants/pages/events", parameters).expect(200).json();
      page.path("entries").forEach(e -> seen.add(e.path("id").asString()));
      cursor = page.path("next_cursor").isNull() ? null : page.path("next_cursor").asString();
      if (cursor != null) {
        operator.post("/v1/events", bulk("pages", arriving++)).expect(201);
        Calls.Answer other =
            operator.get(
                "/v1/tenants/pages/events", Map.of("q", "action:user.logout", "cursor", cursor));
        assertThat(other.expect(400).code()).isEqualTo("invalid_cursor");
        operator
            .get("/v1/tenants/other/events", Map.of("q", "action:user.login", "cursor", cursor))
            .expect(400);
      }
    } while (cursor != null);
    assertThat(seen)
        .containsExactlyElementsOf(
            IntStream.range(0, 100).mapToObj(i -> "pages-" + (99 - i)).toList());
  }

  @Test
  void facetsAndHistogramCountTheRows() throws Exception {
    for (String query :
        List.of("", "outcome:success", "account:eu OR action:user.*", "-account:eu")) {
      List<JsonNode> rows = calls.search("finds", query, "newest", 1000);
      JsonNode facets =
          calls
              .get("/v1/tenants/finds/facets", Map.of("q", query, "fields", "action,outcome"))
              .expect(200)
              .json();
      assertThat(facets.path("count").asInt()).isEqualTo(rows.size());
      for (String field : List.of("action", "outcome")) {
        Map<String, Long> expected =
            rows.stream()
                .collect(
                    Collectors.groupingBy(e -> e.path(field).asString(), Collectors.counting()));
        Map<String, Long> counted =
            facets
                .path("facets")
                .path(field)
                .valueStream()
                .collect(
                    Collectors.toMap(
                        v -> v.path("value").asString(), v -> v.path("count").asLong()));
        assertThat(counted).as("%s of %s", field, query).isEqualTo(expected);
      }
      JsonNode histogram =
          calls
              .get(
                  "/v1/tenants/finds/histogram",
                  Map.of(
                      "q",
                      query,
                      "interval",
                      "day",
                      "from",
                      "2026-01-01T00:00:00Z",
                      "by",
                      "outcome"))
              .expect(200)
              .json();
      long sum = 0;
      for (JsonNode bucket : histogram.path("buckets")) {
        sum += bucket.path("count").asLong();
        assertThat(bucket.path("by").valueStream().mapToLong(JsonNode::asLong).sum())
            .isEqualTo(bucket.path("count").asLong());
      }
      assertThat(sum).as("histogram of %s", query).isEqualTo(rows.size());
    }
  }

  @Test
  void theSameEventTwiceIsOneAndAnotherUnderItsIdIsAConflict() throws Exception {
    String event =
        "{\"tenant\":\"other\",\"id\":\"twice\",\"action\":\"a.b\",\"actor\":{\"type\":\"system\"}}";
    JsonNode first = operator.record(event).expect(201).json().path("entries").path(0);
    JsonNode again = operator.record(event).expect(201).json().path("entries").path(0);
    assertThat(again.path("duplicate").asBoolean()).isTrue();
    for (String field : List.of("id", "seq", "recorded_at")) {
      assertThat(again.path(field)).isEqualTo(first.path(field));
    }
    Calls.Answer conflict = operator.record(event.replace("a.b", "a.c")).expect(409);
    assertThat(conflict.code()).isEqualTo("id_conflict");
    JsonNode mixed =
        operator
            .record("[%s,%s]".formatted(event.replace("a.b", "a.c"), event.replace("twice", "new")))
            .expect(201)
            .json();
    assertThat(mixed.path("rejected").path(0).path("code").asString()).isEqualTo("id_conflict");
    assertThat(mixed.path("accepted").asInt()).isEqualTo(1);
  }

  @Test
  void keysReachWhatTheirScopesSay() throws Exception {
    calls.withKey(null).get("/v1/tenants/finds/events").expect(401);
    calls.withKey("ink_nonsense").get("/v1/tenants/finds/events").expect(401);
    Calls writer = operator.tenantKey("finds", "events.write");
    Calls reader = operator.tenantKey("finds", "events.read");
    writer.get("/v1/tenants/finds/events").expect(403);
    reader.record("{\"action\":\"a\",\"actor\":{\"type\":\"system\"}}").expect(403);
    reader.post("/v1/tenants", "{\"id\":\"mine\"}").expect(403);
    reader.get("/v1/tenants/finds/events/nothing").expect(404);
    reader.get("/metrics").expect(403);
  }
}
