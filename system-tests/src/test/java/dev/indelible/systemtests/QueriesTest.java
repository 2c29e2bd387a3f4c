package dev.indelible.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Tests that events sent by each way in are found by each way to search. */
class QueriesTest {

  private static final Duration SEARCHABLE_WITHIN = Duration.ofSeconds(1);

  @RegisterExtension static final SharedServer.Extension SERVER = new SharedServer.Extension();

  /** Suffix of the ids of entries that are made of CloudEvents of the source {@code /shop}. */
  private static final String OF_THE_SHOP = "@26315ce1e9356d671a112ad44afb5efc";

  private static Calls operator;
  private static Calls calls;

  @BeforeAll
  static void start() throws Exception {
    operator = SERVER.operator();
    for (String tenant :
        List.of("finds", "batch", "stream", "cloud", "pages", "other", "twice", "scopes")) {
      operator.tenant(tenant, "standard");
    }
    calls = operator.tenantKey("finds", "events.write", "events.read");
    record(EVENTS);
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
    calls.awaitIndexed("finds", last);
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

  @Test
  void oneEventIsFoundAfterIts201() throws Exception {
    recordAndAwait("alone");
  }

  /** Nine of ten, in one of several rounds: another program may have the machine for a while. */
  @Test
  @Tag("long")
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
      took.add(recordAndAwait("solo%d-%d".formatted(round, i)));
    }
    Collections.sort(took);
    System.out.printf("found after at most %d ms%n", took.getLast().toMillis());
    return took.get(took.size() * 9 / 10 - 1);
  }

  /** Records one event and looks until it is found; returns how long after the 201. */
  private static Duration recordAndAwait(String actor) throws Exception {
    operator
        .post(
            "/v1/events",
            "{\"tenant\":\"other\",\"action\":\"a.b\",\"actor\":{\"type\":\"user\",\"id\":\"%s\"}}"
                .formatted(actor))
        .expect(201);
    long start = System.nanoTime();
    Eventually.see(
        "the event of " + actor,
        () -> operator.ids("other", "actor:" + actor),
        found -> !found.isEmpty());
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Test
  void aBatchOf1000IsFound() throws Exception {
    String batch =
        IntStream.range(0, 1_000)
            .mapToObj(i -> bulk("batch", i))
            .collect(Collectors.joining(",", "[", "]"));
    recordAndFind("batch", "application/json", batch, 1_000);
  }

  /** Twice what a batch may have. */
  @Test
  void aStreamOf20000IsFound() throws Exception {
    recordAndFindStream("stream", 20_000);
  }

  @Test
  @Tag("long")
  void aStreamOf100000IsFound() throws Exception {
    operator.tenant("long-stream", "standard");
    recordAndFindStream("long-stream", 100_000);
  }

  private static void recordAndFindStream(String tenant, int count) throws Exception {
    String lines =
        IntStream.range(0, count).mapToObj(i -> bulk(tenant, i)).collect(Collectors.joining("\n"));
    recordAndFind(tenant, "application/x-ndjson", lines, count);
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
    operator.awaitIndexed("cloud", seq);
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
    operator.awaitIndexed(tenant, last);
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
    operator.awaitIndexed("pages", recorded.path("entries").path(99).path("seq").asLong());
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
        "{\"tenant\":\"twice\",\"id\":\"once\",\"action\":\"a.b\",\"actor\":{\"type\":\"system\"}}";
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
            .record(
                "[%s,%s]"
                    .formatted(event.replace("a.b", "a.c"), event.replace("\"once\"", "\"new\"")))
            .expect(201)
            .json();
    assertThat(mixed.path("rejected").path(0).path("code").asString()).isEqualTo("id_conflict");
    assertThat(mixed.path("accepted").asInt()).isEqualTo(1);
  }

  @Test
  void keysReachWhatTheirScopesSay() throws Exception {
    operator.withKey(null).get("/v1/tenants/scopes/events").expect(401);
    operator.withKey("ink_nonsense").get("/v1/tenants/scopes/events").expect(401);
    Calls writer = operator.tenantKey("scopes", "events.write");
    Calls reader = operator.tenantKey("scopes", "events.read");
    writer.get("/v1/tenants/scopes/events").expect(403);
    reader.record("{\"action\":\"a\",\"actor\":{\"type\":\"system\"}}").expect(403);
    reader.post("/v1/tenants", "{\"id\":\"mine\"}").expect(403);
    reader.get("/v1/tenants/scopes/events/nothing").expect(404);
    reader.get("/metrics").expect(403);
  }
}
