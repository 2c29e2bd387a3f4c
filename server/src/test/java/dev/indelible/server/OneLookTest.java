package dev.indelible.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The log is not about itself: what somebody opens is one entry, figures beside it are none. */
class OneLookTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private String tenant;
  private String path;
  private AccessCalls operator;
  private AccessCalls ana;

  @BeforeAll
  static void start() throws Exception {
    server = new GovernedServer(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void makeTenant() throws Exception {
    tenant = server.newTenant("kimondesk"); // records views
    path = "/v1/tenants/" + tenant;
    operator = AccessCalls.operator(server);
    ana = member();
    server.expect(
        201,
        "POST",
        "/v1/events?wait=sealed",
        """
        {"id":"e1","tenant":"%s","action":"ticket.viewed","actor":{"type":"user","id":"u_1","name":"Una"},
         "targets":[{"type":"ticket","id":"7"}],"context":{"session_id":"s1","request_id":"r1"}}
        """
            .formatted(tenant));
    server.find(tenant, "id:e1", 1);
  }

  private AccessCalls member() throws Exception {
    return operator.signedIn(
        "{'tenant':'" + tenant + "','user':{'id':'ana','name':'Ana'},'roles':['admin']}");
  }

  private static String q(String query) {
    return "q=" + URLEncoder.encode(query, UTF_8);
  }

  private void ask(AccessCalls who, String... targets) throws Exception {
    for (String target : targets) {
      who.get(path + target).expect(200);
    }
  }

  /** Recorded looks of somebody, the filter or the thing beside the action. */
  private List<String> looksOf(String actor) throws Exception {
    List<String> looks = new ArrayList<>();
    server.findSettled(tenant, "id:none");
    String query = "category:audit_access -action:audit.signed_in actor_id:" + actor;
    for (JsonNode entry :
        server.get(path + "/events?order=oldest&limit=1000&" + q(query)).path("entries")) {
      String thing = entry.at("/targets/0/id").asString("");
      looks.add(
          entry.path("action").asString().substring("audit.".length())
              + " "
              + (thing.isEmpty() ? entry.at("/details/filter").asString("") : thing));
    }
    return looks;
  }

  /** Asks as the console's overview does. */
  private void openOverview(AccessCalls who) throws Exception {
    ask(who, "/profile", "/events?limit=6&from=-7d&" + q("security:true"));
    ask(
        who,
        "/facets?fields=outcome&limit=1&from=2025-12-20T00:00:00Z&" + q("security:true"),
        "/histogram?interval=day&from=2025-12-01T00:00:00Z&" + q("verb:login outcome:failure"),
        "/histogram?interval=day&from=2025-12-01T00:00:00Z&" + q("verb:export"),
        "/histogram?interval=hour&from=2025-12-10T00:00:00Z&" + q("security:true -verb:login"),
        "/histogram?interval=day&by=outcome&from=2025-12-10T00:00:00Z&" + q("-reads:log"),
        "/facets?fields=country&limit=8&from=-30d&" + q("verb:login outcome:success"),
        "/facets?fields=country&limit=50&from=-14d",
        "/facets?fields=country&limit=1000&from=-90d&to=-14d",
        "/facets?fields=actor_id&limit=6&names=true&from=-7d&" + q("-reads:log"),
        "/oversight",
        "/retention",
        "/log/checkpoint",
        "/log/key",
        "/log/consistency?from_size=1&to_size=1");
  }

  /** Asks as the viewer does for a query, within the last seven days. */
  private void openLog(AccessCalls who, String query) throws Exception {
    ask(
        who,
        "/profile",
        "/retention",
        "/events?limit=100&from=-7d&" + q(query),
        "/facets?fields=category,actor_id,country&limit=8&names=true&from=-7d&" + q(query),
        "/histogram?by=outcome&from=-7d&" + q(query));
  }

  @Test
  void aPageWithItsFiguresIsOneEntry() throws Exception {
    openOverview(ana);
    assertThat(looksOf("ana")).containsExactly("searched security:true from:-7d");
    server.advance(Duration.ofMinutes(4));
    openOverview(ana);
    assertThat(looksOf("ana")).as("again within five minutes").hasSize(1);
    server.advance(Duration.ofMinutes(2));
    openOverview(ana);
    assertThat(looksOf("ana")).as("again later").hasSize(2);
    openLog(ana, "-reads:log");
    assertThat(looksOf("ana").getLast()).isEqualTo("searched -reads:log from:-7d");
    assertThat(looksOf("ana")).hasSize(3);
  }

  @Test
  void aQueryWithAllThatThePageAsksBesideItIsOneEntryAsItIsWritten() throws Exception {
    String query = "actor_id:u_1 category:ticket";
    openLog(ana, query);
    ask(
        ana,
        // The facets of what is chosen, as they would be without it, and all values of one.
        "/facets?fields=category&limit=8&names=true&from=-7d&" + q("actor_id:u_1"),
        "/facets?fields=actor_id&limit=8&names=true&from=-7d&" + q("category:ticket"),
        "/facets?fields=actor_id&limit=100&prefix=un&from=-7d&" + q("category:ticket"),
        // How many there are at all, and without each part.
        "/facets?fields=outcome&limit=1",
        "/facets?fields=outcome&limit=1&from=-7d&" + q("actor_id:u_1"),
        "/histogram?interval=month&begin=2016-01-01T00:00:00Z&" + q("actor_id:u_1"));
    server.advance(Duration.ofMinutes(4));
    openLog(ana, query);
    assertThat(looksOf("ana")).containsExactly("searched " + query + " from:-7d");
    ask(ana, "/events?" + q("action:ticket.* after:-7d"));
    server.advance(Duration.ofMinutes(1));
    ask(ana, "/events?" + q("action:ticket.* after:-7d"));
    assertThat(looksOf("ana").getLast()).isEqualTo("searched action:ticket.* after:-7d");
    assertThat(looksOf("ana")).hasSize(2);
  }

  @Test
  void pagesBehindTheFirstKeepTheNowOfTheFirst() throws Exception {
    for (int i = 0; i < 3; i++) {
      server.record(tenant, "p" + i, "ticket.viewed", "u_1", "Una");
    }
    server.find(tenant, "id:p0,p1,p2", 3);
    String asked = "/events?limit=1&from=-15m&" + q("id:p0,p1,p2");
    String next = null;
    List<String> found = new ArrayList<>();
    do {
      JsonNode page =
          ana.get(path + asked + (next == null ? "" : "&cursor=" + next)).expect(200).json();
      page.path("entries").forEach(entry -> found.add(entry.path("id").asString()));
      next = page.path("next_cursor").asString(null);
      server.advance(Duration.ofMinutes(10));
    } while (next != null);
    assertThat(found).containsExactly("p2", "p1", "p0");
    for (String wrong : List.of("-7x", "-36526d", "-", "-1", "yesterday")) {
      assertThat(ana.get(path + "/events?from=" + wrong).expect(400).code())
          .isEqualTo("invalid_parameter");
    }
    ana.get(path + "/events?limit=1&from=-36525d&to=-0s").expect(200);
  }

  @Test
  void figuresThatNameSomebodyElseAreRecorded() throws Exception {
    openLog(ana, "actor_id:u_1");
    String outcomes = "/facets?fields=outcome&limit=1&";
    List<String> others =
        List.of(
            "actor_id:u_2",
            "actor_id:u_1 target:ticket/7",
            "ip:203.0.113.9",
            "Una",
            "-actor_id:u_1",
            "actor_id:u_1 OR actor_id:u_2",
            "actor_id:u_3 after:-730000d");
    for (String other : others) {
      ask(ana, outcomes + q(other));
      ask(ana, outcomes + q(other));
    }
    List<String> expected = new ArrayList<>(List.of("searched actor_id:u_1 from:-7d"));
    others.forEach(other -> expected.add("searched " + other));
    assertThat(looksOf("ana")).containsExactlyElementsOf(expected);
    // Together they name what no one look does.
    ask(ana, outcomes + q("ip:203.0.113.9 Una"));
    assertThat(looksOf("ana")).hasSize(expected.size() + 1);
  }

  @Test
  void listsOfNamesByOtherConditionsOrTimesAreRecorded() throws Exception {
    openLog(ana, "security:true");
    String actors = "/facets?fields=actor_id&";
    ask(ana, actors + "from=-7d&" + q("action:ticket.viewed"));
    ask(ana, actors + "from=-1h&" + q("security:true"));
    ask(ana, actors + "from=-8d&" + q("-reads:log"));
    ask(ana, "/histogram?by=actor_id&from=-2d");
    assertThat(looksOf("ana"))
        .containsExactly(
            "searched security:true from:-7d",
            "searched action:ticket.viewed from:-7d",
            "searched security:true from:-1h",
            "searched -reads:log from:-8d",
            "searched from:-2d");
  }

  @Test
  void anotherSessionsPageCoversNothing() throws Exception {
    openLog(ana, "-reads:log");
    AccessCalls again = member();
    ask(again, "/facets?fields=outcome&" + q("outcome:failure"));
    assertThat(looksOf("ana"))
        .containsExactly("searched -reads:log from:-7d", "searched outcome:failure");
    // It is a look now, beside which figures are parts; that of another log is none.
    ask(again, "/facets?fields=outcome&" + q("verb:login"));
    assertThat(looksOf("ana")).hasSize(2);
  }

  @Test
  void figuresLongAfterALookAreRecorded() throws Exception {
    openLog(ana, "-reads:log");
    server.advance(Duration.ofMinutes(10));
    ask(ana, "/facets?fields=outcome&" + q("outcome:failure"));
    assertThat(looksOf("ana"))
        .containsExactly("searched -reads:log from:-7d", "searched outcome:failure");
  }

  @Test
  void whatAKeyCountsIsAlwaysRecorded() throws Exception {
    AccessCalls key = operator.key(tenant, "'audit.view','audit.view_personal'");
    String id = key.get("/v1/whoami").json().path("key_id").asString();
    openLog(key, "security:true");
    ask(key, "/facets?fields=outcome&" + q("verb:login"));
    assertThat(looksOf(id))
        .containsExactly("searched security:true from:-7d", "searched verb:login");
  }

  @Test
  void anOpenedEntryWithItsProofAndNeighboursIsOneEntry() throws Exception {
    String outcomes = "/facets?fields=outcome&limit=1&";
    ask(
        ana,
        "/events/e1/proof",
        "/log/consistency?from_size=1&to_size=1",
        "/events/e1",
        outcomes + q("actor_id:u_1 -reads:log"),
        outcomes + q("target:ticket/7 -reads:log"),
        outcomes + q("session:s1 -reads:log"),
        outcomes + q("request:r1 -reads:log"));
    assertThat(looksOf("ana")).containsExactly("verified e1");
    ask(ana, "/facets?fields=actor_id", outcomes + q("actor_id:u_2 -reads:log"));
    assertThat(looksOf("ana"))
        .containsExactly("verified e1", "viewed ", "searched actor_id:u_2 -reads:log");
  }

  @Test
  void whatTheOperatorOpensIsOneEntryAndTheListOfTenantsNone() throws Exception {
    AccessCalls olga = operator.signedIn("{'user':{'id':'olga','name':'Olga'}}");
    JsonNode tenants = olga.get("/v1/tenants?limit=1000").expect(200).json().path("tenants");
    assertThat(
            tenants
                .valueStream()
                .filter(one -> one.path("id").asString().equals(tenant))
                .findFirst()
                .orElseThrow()
                .path("log_size")
                .asInt())
        .isPositive();
    assertThat(looksOf("olga")).isEmpty();
    openOverview(olga);
    openLog(olga, "-reads:log");
    assertThat(looksOf("olga"))
        .containsExactly("searched security:true from:-7d", "searched -reads:log from:-7d");
    // Whoever belongs to the tenant learns no sizes.
    assertThat(ana.get("/v1/tenants").json().at("/tenants/0").has("log_size")).isFalse();
  }

  @Test
  void anAuditorsFirstPageIsOneEntry() throws Exception {
    String url =
        operator
            .post(
                path + "/auditor-links",
                "{'user':{'id':'a_1','name':'Ida'},'reason':'audit','permissions':['audit.view','audit.view_personal','audit.verify']}")
            .expect(201)
            .json()
            .path("url")
            .asString();
    AccessCalls nobody = AccessCalls.nobody(server);
    AccessCalls ida =
        nobody.browser(
            nobody
                .post("/v1/session", "{'code':'" + url.split("#", 2)[1] + "'}")
                .expect(201)
                .cookie());
    openOverview(ida);
    assertThat(looksOf("a_1")).containsExactly("searched security:true from:-7d");
    ask(ida, "/holds");
    assertThat(looksOf("a_1"))
        .containsExactly("searched security:true from:-7d", "settings_viewed holds");
  }
}
