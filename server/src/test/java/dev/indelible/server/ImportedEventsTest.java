package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.AccessCalls.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Events of other programs' logs over HTTP: what is known, personal and secret of them. */
class ImportedEventsTest {

  private static final String EVENTS = "/v1/tenants/acme/events";

  /** Event as a map makes it of a record of Okta's: origin and object are left in its details. */
  private static final String OKTA =
      """
      {'tenant':'acme','id':'ok1','action':'user.account.privilege.grant','actor':{'type':'user','id':'00uADM','name':'Root Admin','email':'root@q.test'},
       'targets':[{'type':'user','id':'00uB7','name':'Wilma Loom'}],'outcome':'success','context':{'ip':'203.0.113.1'},
       'details':{'target':[{'alternateId':'wilma@q.test'}],'request':{'ipChain':[{'ip':'198.51.100.77','geographicalContext':{'city':'Faro'}}]},
                  'debugContext':{'debugData':{'logOnlySecurityData':'seen near Olhao'}},'severity':'INFO'}}
      """;

  private static final String GIT =
      """
      {'tenant':'acme','id':'git1','action':'git.merge','actor':{'type':'user','id':'wilma@q.test','name':'Wilma Loom','email':'wilma@q.test'},
       'targets':[{'type':'commit','id':'c2b5','name':'Merge branch of wilma'},{'type':'repository','id':'wing'}],
       'reason':'Merge branch of wilma','details':{'committer':{'email':'wilma@q.test','date':'2026-01-01T00:00:00Z'},'body':'Signed-off-by: W <wilma@q.test>','kind':'merge'}}
      """;

  private static final String AWS =
      """
      {'tenant':'acme','id':'ct1','action':'sts.get_session_token','actor':{'type':'user','id':'arn:aws:iam::1:user/wilma','name':'wilma'},'outcome':'success',
       'targets':[{'type':'user','id':'wilma'}],
       'details':{'userIdentity':{'principalId':'AIDA:wilma','accountId':'1'},'responseElements':{'credentials':{'accessKeyId':'ASIA7','sessionToken':'FwoGsEcReT'}}}}
      """;

  @TempDir Path directory;
  private GovernedServer server;
  private AccessCalls operator;
  private AccessCalls sender;

  @BeforeEach
  void begin() throws Exception {
    server = new GovernedServer(directory);
    server.tenant("acme", "standard");
    server.tenant("msp", "msp");
    operator = AccessCalls.operator(server);
    sender = operator.key("acme", "'events.write'");
  }

  @AfterEach
  void end() {
    server.close();
  }

  private void sendAll() throws Exception {
    for (String event : List.of(OKTA, GIT, AWS)) {
      sender.post("/v1/events", event).expect(201);
    }
    server.find("acme", "id:ok1,git1,ct1", 3);
  }

  private static Answer search(AccessCalls calls, String query) throws Exception {
    return calls.get(EVENTS + "?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
  }

  @Test
  void whoMayOnlySendHasTheirActionsKnownAndTheirSecretsMarked() throws Exception {
    sendAll();
    assertThat(server.get("/v1/tenants/acme/unknown-actions").toString())
        .doesNotContain("git.merge");
    JsonNode aws = server.get(EVENTS + "/ct1");
    assertThat(aws.path("flags").toString()).doesNotContain("unknown_action");
    assertThat(aws.path("category").asString()).isEqualTo("authentication");
    assertThat(aws.at("/details/responseElements/credentials/sessionToken").asString())
        .isEqualTo("[secret]");
    assertThat(aws.at("/details/responseElements/credentials/accessKeyId").asString())
        .isEqualTo("ASIA7");
    assertThat(aws.at("/targets/0/id").asString()).isEqualTo("wilma");
    server.stop();
    List<byte[]> secret = List.of("FwoGsEcReT".getBytes(StandardCharsets.UTF_8));
    assertThat(RawFiles.holding(server.data, secret)).isEmpty();
    server.start();
  }

  @Test
  void theSameEventSentAgainIsStillTheSame() throws Exception {
    sendAll();
    for (String event : List.of(OKTA, GIT, AWS)) {
      JsonNode again = sender.post("/v1/events", event).expect(201).json();
      assertThat(again.at("/entries/0/duplicate").asBoolean()).as("%s", again).isTrue();
    }
    sender.post("/v1/events", AWS.replace("ASIA7", "ASIA8")).expect(409);
  }

  @Test
  void whoMayNotSeeWhatIsPersonalFindsNoneOfIt() throws Exception {
    sendAll();
    AccessCalls reader = operator.key("acme", "'audit.view','audit.export','audit.verify'");
    for (String path :
        List.of(
            EVENTS,
            EVENTS + "/ok1/proof",
            EVENTS + "/git1/proof",
            EVENTS + "/ct1/proof",
            "/v1/tenants/acme/facets",
            "/v1/tenants/acme/facets?fields=actor_id",
            "/v1/tenants/acme/log/entries")) {
      assertThat(reader.get(path).expect(200).text())
          .as(path)
          .doesNotContainIgnoringCase("wilma")
          .doesNotContain("root@q.test", "198.51.100.77", "Faro", "Olhao");
    }
    for (String guess :
        List.of("actor:wilma@q.test", "actor_id:wilma*", "target:wilma", "target_id:user/wilma")) {
      assertThat(search(reader, guess).expect(200).json().path("entries")).as(guess).isEmpty();
    }
    String hash = reader.get(EVENTS + "/git1").json().at("/actor/id_hash").asString();
    assertThat(hash).hasSize(64);
    assertThat(search(reader, "actor:" + hash).json().path("entries")).hasSize(1);
    assertThat(search(reader, "actor:00uADM").json().path("entries")).hasSize(1);
    JsonNode target = reader.get(EVENTS + "/ct1").json().at("/targets/0");
    assertThat(search(reader, "target:user/" + target.path("id").asString()).json().path("entries"))
        .hasSize(1);
    assertThat(server.find("acme", "actor:wilma@q.test", 1)).containsExactly("git1");
    assertThat(server.find("acme", "target:user/wilma", 1)).containsExactly("ct1");
    assertThat(server.find("acme", "has:hashed_actor", 2)).containsExactlyInAnyOrder("git1", "ct1");
  }

  @Test
  void afterAnErasureNothingOfThePersonIsLeft() throws Exception {
    sendAll();
    String request =
        server
            .expect(
                201,
                "POST",
                "/v1/tenants/acme/erasures",
                "{\"identifiers\":[\"wilma@q.test\",\"wilma\"],\"reason\":\"ticket 9\"}")
            .path("id")
            .asString();
    String path = "/v1/tenants/acme/erasures/" + request;
    JsonNode preview = server.get(path + "/preview");
    assertThat(preview.path("entries").asLong()).isEqualTo(3);
    JsonNode done = server.expect(200, "POST", path + "/approve", "{\"reason\":\"checked\"}");
    assertThat(done.path("state").asString()).isEqualTo("fulfilled");
    for (String id : List.of("ok1", "git1", "ct1")) {
      JsonNode entry = server.get(EVENTS + "/" + id);
      assertThat(entry.path("personal_erased").asBoolean()).isTrue();
      assertThat(entry.toString()).doesNotContainIgnoringCase("wilma").doesNotContain("Faro");
    }
    assertThat(server.get(EVENTS + "/ok1").at("/details/severity").asString()).isEqualTo("INFO");
    server.stop();
    List<byte[]> needles =
        List.of(
            "wilma".getBytes(StandardCharsets.UTF_8),
            "Wilma".getBytes(StandardCharsets.UTF_8),
            "198.51.100.77".getBytes(StandardCharsets.UTF_8));
    assertThat(RawFiles.holding(server.data, needles)).isEmpty();
    server.start();
  }

  @Test
  void aFailedSignInFailsWhateverTheProducerSays() throws Exception {
    for (String said : List.of("nothing", "success", "failure")) {
      String outcome = said.equals("nothing") ? "" : "'outcome':'" + said + "',";
      String event =
          "{'tenant':'acme','id':'%s','action':'user.login_failed',%s'actor':{'type':'user','id':'u_1'}}"
              .formatted(said, outcome);
      sender.post("/v1/events", event).expect(201);
      JsonNode again = sender.post("/v1/events", event).expect(201).json();
      assertThat(again.at("/entries/0/duplicate").asBoolean()).isTrue();
      JsonNode entry = server.get(EVENTS + "/" + said);
      assertThat(entry.path("outcome").asString()).isEqualTo("failure");
      assertThat(entry.path("flags").toString().contains("outcome_from_catalog"))
          .isEqualTo(!said.equals("failure"));
    }
    assertThat(server.find("acme", "outcome:failure action:user.login_failed", 3)).hasSize(3);
  }

  @Test
  void secretsOfOtherLogsAreMarkedOnRequestAndNeverWhereBodiesArePromised() throws Exception {
    String event =
        "{'tenant':'%s','id':'%s','action':'door.opened','actor':{'type':'user','id':'u_1'},'details':{'request':{'password':'0pen'}}}";
    operator.post("/v1/events?secrets=mark", event.formatted("acme", "a")).expect(201);
    operator.post("/v1/events", event.formatted("acme", "b")).expect(201);
    operator.post("/v1/events?secrets=mark", event.formatted("msp", "c")).expect(201);
    operator.post("/v1/events?secrets=maybe", event.formatted("acme", "d")).expect(400);
    String password = "/details/request/password";
    assertThat(server.get(EVENTS + "/a").at(password).asString()).isEqualTo("[secret]");
    assertThat(server.get(EVENTS + "/b").at(password).asString()).isEqualTo("0pen");
    assertThat(server.get("/v1/tenants/msp/events/c").at(password).asString()).isEqualTo("0pen");
  }

  @Test
  void theTenantsProfileShowsTheCatalogs() throws Exception {
    JsonNode catalogs = server.get("/v1/tenants/acme/profile").path("catalogs");
    assertThat(catalogs.valueStream().map(catalog -> catalog.path("id").asString()))
        .containsExactly(
            "github",
            "okta",
            "cloudtrail",
            "git",
            "keycloak",
            "kubernetes",
            "entra",
            "gcp",
            "gitlab",
            "vault",
            "pgaudit",
            "journald",
            "auditd",
            "spring");
    assertThat(catalogs.at("/3/actions/0/sentence/en").asString()).startsWith("{actor} committed");
  }
}
