package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.indelible.testing.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Reviews of a log, from planned to signed off to a pack, over real HTTP. */
class ReviewTest {

  private static final String REVIEWS = "/v1/tenants/acme/reviews";

  @TempDir Path directory;
  private GovernedServer server;
  private AccessCalls operator;

  @BeforeEach
  void begin() throws Exception {
    server = new GovernedServer(directory, Map.of(Setting.REVIEWS_EVERY, "10ms"));
    server.tenant("acme", "standard");
    operator = AccessCalls.operator(server);
  }

  @AfterEach
  void end() {
    server.close();
  }

  private String plan(String more) throws Exception {
    return operator
        .post(
            REVIEWS,
            "{'name':'Roles','what':'query','value':'action:role.*','reviewer':'Ana','answerable':'Bo','every':'P3M','due':'%s'%s}"
                .formatted(server.now().plus(Duration.ofDays(1)), more))
        .expect(201)
        .json()
        .path("id")
        .asString();
  }

  private JsonNode review(String id) throws Exception {
    return operator.get(REVIEWS + "/" + id).expect(200).json();
  }

  @Test
  void aReviewFallsDueIsSignedOffAndSeesOnlyWhatIsNew() throws Exception {
    server.record("acme", "before", "role.assigned", "u_1", "Ana");
    String id = plan(",'look_for':'Raised roles.'");
    assertThat(review(id).path("state").asString()).isEqualTo("upcoming");
    server.advance(Duration.ofDays(2));
    server.find("acme", "action:audit.review.due target_id:" + id, 1);
    JsonNode due = review(id);
    assertThat(due.path("state").asString()).isEqualTo("due");
    assertThat(due.path("unseen").path("from_seq").asInt()).isZero();
    server.find("acme", due.path("unseen").path("query").asString(), 1);
    long seen = due.path("unseen").path("to_seq").asLong();
    server.advance(Duration.ofDays(7));
    server.find("acme", "action:audit.review.overdue target_id:" + id, 1);
    assertThat(review(id).path("state").asString()).isEqualTo("overdue");
    JsonNode done =
        operator
            .post(
                REVIEWS + "/" + id + "/sign-off",
                "{'to_seq':%d,'findings':'One role\\nwithout a ticket.','follow_ups':[{'what':'Take it back.','assignee':'Bo','due':'%s'}]}"
                    .formatted(seen, server.now().plus(Duration.ofDays(3))))
            .expect(200)
            .json();
    assertThat(done.path("state").asString()).isEqualTo("upcoming");
    assertThat(done.path("last").path("has_findings").asBoolean()).isTrue();
    assertThat(done.path("unseen").path("from_seq").asLong()).isEqualTo(seen);
    server.record("acme", "after", "role.assigned", "u_1", "Ana");
    assertThat(server.find("acme", review(id).path("unseen").path("query").asString(), 1))
        .containsExactly("after");
    JsonNode entry =
        server.get(
            "/v1/tenants/acme/events/"
                + server.find("acme", "action:audit.review.sign_off", 1).getFirst());
    assertThat(entry.path("changes").toString()).contains("without a ticket", "Take it back");
  }

  @Test
  void mailGoesToTheReviewerAndThenToWhoAnswers(@TempDir Path other) throws Exception {
    GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mail.start();
    try {
      server.close();
      GovernedServer own =
          new GovernedServer(
              other,
              Map.of(
                  Setting.REVIEWS_EVERY, "10ms",
                  Setting.PUBLIC_URL, "https://audit.example.com",
                  Setting.MAIL_HOST, "127.0.0.1",
                  Setting.MAIL_PORT, Integer.toString(mail.getSmtp().getPort()),
                  Setting.MAIL_TLS, "none",
                  Setting.MAIL_SENDER, "audit@sender.test"));
      server = own; // which is closed as the other one is
      own.tenant("acme", "standard");
      operator = AccessCalls.operator(own);
      String id =
          plan(
              ",'reviewer_email':'ana@acme.test','answerable_email':'bo@acme.test','language':'de'");
      own.advance(Duration.ofDays(2));
      own.find("acme", "action:audit.review.due target_id:" + id, 1);
      own.advance(Duration.ofDays(7));
      own.find("acme", "action:audit.review.overdue target_id:" + id, 1);
      assertThat(mail.getReceivedMessages()).hasSize(2);
      assertThat(mail.getReceivedMessages()[0].getAllRecipients()[0]).hasToString("ana@acme.test");
      assertThat(mail.getReceivedMessages()[0].getSubject()).contains("„Roles“", "fällig");
      assertThat(mail.getReceivedMessages()[1].getAllRecipients()[0]).hasToString("bo@acme.test");
      assertThat(mail.getReceivedMessages()[1].getContent().toString())
          .contains("https://audit.example.com/t/acme/reviews", "Ana");
    } finally {
      mail.stop();
    }
  }

  @Test
  void aFollowUpIsOpenOverdueAndClosed() throws Exception {
    String id = plan("");
    JsonNode done =
        operator
            .post(
                REVIEWS + "/" + id + "/sign-off",
                "{'to_seq':0,'follow_ups':[{'what':'Ask.','assignee':'Bo','due':'%s'}]}"
                    .formatted(server.now().plus(Duration.ofDays(3))))
            .expect(200)
            .json();
    String followUp = done.path("follow_ups").get(0).path("id").asString();
    assertThat(done.path("follow_ups").get(0).path("state").asString()).isEqualTo("open");
    server.advance(Duration.ofDays(4));
    assertThat(review(id).path("follow_ups").get(0).path("state").asString()).isEqualTo("overdue");
    String close = REVIEWS + "/" + id + "/follow-ups/" + followUp + "/close";
    JsonNode closed = operator.post(close, "{'with':'Asked.'}").expect(200).json();
    assertThat(closed.path("follow_ups").get(0).path("state").asString()).isEqualTo("closed");
    operator.post(close, "{'with':'Again.'}").expect(404);
    server.find("acme", "action:audit.review.follow_up", 1);
    JsonNode next =
        operator.post(REVIEWS + "/" + id + "/sign-off", "{'to_seq':0}").expect(200).json();
    assertThat(next.path("follow_ups").isEmpty()).isTrue();
  }

  @Test
  void whatIsPlannedIsChangedListedAndDeletedAndOutlivesARestart() throws Exception {
    String id = plan(",'reviewer_email':'ana@acme.test'");
    operator
        .call(
            "PUT",
            REVIEWS + "/" + id,
            "{'name':'Packs','what':'pack','value':'soc2','reviewer':'Ana','answerable':'Bo','every':'P1M','due':'%s'}"
                .formatted(server.now().plus(Duration.ofDays(1)))
                .replace('\'', '"'))
        .expect(200);
    server.stop();
    server.start();
    operator = AccessCalls.operator(server);
    JsonNode list = operator.get(REVIEWS).expect(200).json().path("reviews");
    assertThat(list.size()).isEqualTo(1);
    assertThat(list.get(0).path("name").asString()).isEqualTo("Packs");
    assertThat(list.get(0).path("unseen").path("query").asString()).contains("verb:login");
    JsonNode entry = server.newest("acme", "action:audit.review.create");
    assertThat(entry.toString()).doesNotContain("ana@acme.test");
    operator.delete(REVIEWS + "/" + id).expect(204);
    operator.get(REVIEWS + "/" + id).expect(404);
  }

  @Test
  void whatCannotBePlannedIsRefused() throws Exception {
    String body =
        "{'name':'n','what':'%s','value':'%s','reviewer':'a','answerable':'b','every':'%s','due':'2026-12-01T00:00:00Z'}";
    assertThat(
            operator.post(REVIEWS, body.formatted("query", "verb:fly", "P1M")).expect(400).code())
        .isEqualTo("invalid_query");
    operator.post(REVIEWS, body.formatted("view", "none", "P1M")).expect(422);
    operator.post(REVIEWS, body.formatted("pack", "none", "P1M")).expect(422);
    operator.post(REVIEWS, body.formatted("query", "", "PT1H")).expect(422);
    String id = plan("");
    operator.post(REVIEWS + "/" + id + "/sign-off", "{'to_seq':99999}").expect(422);
    assertThat(server.metric("indelible_reviews{state=\"upcoming\"}")).isEqualTo(1);
  }

  private String planOfAccess(String more) throws Exception {
    return operator
        .post(
            REVIEWS,
            "{'name':'Access','what':'access','reviewer':'Ana','reviewer_id':'ana','answerable':'Bo','every':'P3M','due':'%s'%s}"
                .formatted(server.now(), more))
        .expect(201)
        .json()
        .path("id")
        .asString();
  }

  private AccessCalls member(String id, String set) throws Exception {
    operator
        .post(
            "/v1/tenants/acme/members",
            "{'id':'%s','assignments':[{'permission_set':'%s'}]}".formatted(id, set))
        .expect(201);
    return operator.signedIn("{'tenant':'acme','user':{'id':'" + id + "'}}");
  }

  @Test
  void whoGrantedAnAccessDoesNotSignItOff() throws Exception {
    AccessCalls admin = member("admin", "audit_administration");
    AccessCalls ana = member("ana", "audit_viewer");
    admin
        .post(
            "/v1/tenants/acme/members",
            "{'id':'new','assignments':[{'permission_set':'audit_viewer'}]}")
        .expect(201);
    String id = planOfAccess("");
    assertThat(review(id).path("other_than_granter").asBoolean()).isTrue();
    assertThat(review(id).path("unseen").has("query")).isFalse();
    String signOff = REVIEWS + "/" + id + "/sign-off";
    AccessCalls.Answer refused =
        Eventually.see(
            "a signed position with the grant",
            () -> admin.post(signOff, "{'to_seq':0}"),
            answer -> answer.status() == 403);
    assertThat(refused.code()).isEqualTo("reviewer_is_granter");
    assertThat(refused.text()).contains("log/user/new");
    JsonNode done = ana.post(signOff, "{'to_seq':0,'findings':'Fine.'}").expect(200).json();
    assertThat(done.path("last").path("by").asString()).isEqualTo("user:ana");
    assertThat(done.path("last").path("grants_of_others").asLong()).isPositive();
    String anybody = planOfAccess(",'other_than_granter':false");
    JsonNode own =
        admin.post(REVIEWS + "/" + anybody + "/sign-off", "{'to_seq':0}").expect(200).json();
    assertThat(own.path("last").has("grants_of_others")).isFalse();
    operator
        .post(
            REVIEWS,
            "{'name':'n','what':'access','value':'x','reviewer':'a','answerable':'b','every':'P3M','due':'%s'}"
                .formatted(server.now()))
        .expect(422);
  }

  @Test
  void theNamedReviewerNeedsNoPermissionToManageReviews() throws Exception {
    AccessCalls ana = member("ana", "audit_viewer");
    AccessCalls eve = member("eve", "audit_viewer");
    String others = plan("");
    String id = plan(",'reviewer_id':'ana'");
    assertThat(ana.get(REVIEWS).expect(200).json().path("reviews").size()).isEqualTo(1);
    ana.get(REVIEWS + "/" + id).expect(200);
    ana.call("GET", REVIEWS + "/" + others, "").expect(403);
    JsonNode done =
        ana.post(
                REVIEWS + "/" + id + "/sign-off",
                "{'to_seq':0,'findings':'One.','follow_ups':[{'what':'Ask.','assignee':'Bo','due':'2030-01-01T00:00:00Z'}]}")
            .expect(200)
            .json();
    String followUp = done.path("follow_ups").get(0).path("id").asString();
    ana.post(REVIEWS + "/" + id + "/follow-ups/" + followUp + "/close", "{'with':'Asked.'}")
        .expect(200);
    ana.delete(REVIEWS + "/" + id).expect(403);
    ana.post(REVIEWS + "/" + others + "/sign-off", "{'to_seq':0}").expect(403);
    eve.call("GET", REVIEWS, "").expect(403);
    eve.post(REVIEWS + "/" + id + "/sign-off", "{'to_seq':0}").expect(403);
  }
}
