package dev.indelible.cli.map;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class GitHubMapTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'action':'user.failed_login'",
        "'action':'protected_branch.rejected_ref_update'",
        "'action':'org.sso_response_denied'",
        "'action':'two_factor.check.failure'",
        "'action':'api.request','status_code':403",
        "'action':'api.request','status_code':502",
        "'action':'api.request','status_code':'404'",
        "'action':'api.request','data':{'status_code':422}",
        "'action':'workflows.completed','conclusion':'timed_out'",
        "'action':'workflows.completed','conclusion':'startup_failure'",
        "'action':'workflows.completed','data':{'conclusion':'failure'}",
        "'action':'deploy.run','operation_result':'FAILURE'",
        "'action':'user.failed_login','operation_result':'success'",
      })
  void aFailureIsAFailure(String part) {
    assertThat(event(part).path("outcome").asString()).isEqualTo("failure");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "action":"api.request","status_code":204             | success
          "action":"team.add_member"                           | success
          "action":"failover.start"                            | success
          "action":"personal_access_token.request_deny"        | success
          "action":"workflows.completed","conclusion":"neutral"| unknown
          """)
  void whatDidNotFailDidNot(String part, String outcome) {
    assertThat(event(part).path("outcome").asString()).isEqualTo(outcome);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'action':'repo.create','visibility':'private'",
        "'action':'org.add_member','permission':'read'",
        "'action':'hook.create','name':'webhook'",
        "'action':'repo.rename','repo':'kite/sail'",
      })
  void anAttributeIsNoChange(String part) {
    ObjectNode event = event(part);
    assertThat(event.has("changes")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'action':'repo.access','previous_visibility':'private','visibility':'public' | [{'field':'visibility','before':'private','after':'public'}]
          'action':'team.update_permission','old_permission':'read','permission':'admin' | [{'field':'permission','before':'read','after':'admin'}]
          'action':'team.update_permission','data':{'old_permission':'read','permission':'admin'} | [{'field':'permission','before':'read','after':'admin'}]
          'action':'repo.rename','old_name':'tail','repo':'kite/sail' | [{'field':'name','before':'tail','after':'sail'}]
          'action':'team.rename','old_name':'ops','new_name':'run' | [{'field':'name','before':'ops','after':'run'}]
          'action':'repo.transfer','old_user':'tove','repo':'kite/sail' | [{'field':'owner','before':'tove','after':'kite'}]
          'action':'repo.transfer','data':{'old_user':'tove'},'repo':'kite/sail' | [{'field':'owner','before':'tove','after':'kite'}]
          """)
  void whatTheRecordSaysWasBeforeMakesAChange(String part, String changes) {
    assertThat(Mapped.written(event(part).path("changes"))).isEqualTo(changes);
  }

  @Test
  void nobodyIsNoTargetAndNoActor() {
    ObjectNode event =
        event("'action':'git.clone','user':'','user_id':0,'actor_id':0,'repo':'kite/sail'");
    assertThat(Mapped.written(event.path("targets")))
        .isEqualTo("[{'type':'repository','id':'kite/sail','name':'kite/sail'}]");
    assertThat(event.at("/actor/id").asString()).isEqualTo("unknown");
  }

  @Test
  void onePersonIsOneActorAndOneTargetInEveryExport() {
    ObjectNode stream =
        event("'action':'team.add_member','actor':'mira','actor_id':71,'user':'tove','user_id':72");
    ObjectNode old = event("'action':'team.add_member','actor':'mira','user':'tove'");
    assertThat(stream.at("/actor/id")).isEqualTo(old.at("/actor/id"));
    assertThat(stream.at("/targets/0")).isEqualTo(old.at("/targets/0"));
    assertThat(stream.at("/details/actor_id").asInt()).isEqualTo(71);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "actor":"renovate[bot]"                                                    | api_client
          "actor":"ci","actor_is_bot":true                                           | api_client
          "actor":"ci","actor_is_bot":false,"programmatic_access_type":"GitHub App server-to-server token" | api_client
          "actor":"mira","actor_is_bot":false,"programmatic_access_type":"Personal access token (classic)" | user
          "actor":"robot"                                                            | user
          """)
  void botsAndAppsAreNoPeople(String part, String type) {
    assertThat(event("\"action\":\"git.push\"," + part).at("/actor/type").asString())
        .isEqualTo(type);
  }

  @Test
  void oldExportsHaveTheirTargetsUnderData() {
    ObjectNode team = event("'action':'team.add_member','data':{'team':'kite/authors'}");
    assertThat(Mapped.written(team.path("targets")))
        .isEqualTo("[{'type':'team','id':'kite/authors','name':'kite/authors'}]");
    assertThat(team.has("details")).isFalse();
    ObjectNode run =
        event(
            "'action':'workflows.delete_workflow_run',"
                + "'data':{'workflow_id':5,'workflow_run_id':60}");
    assertThat(Mapped.written(run.path("targets")))
        .isEqualTo("[{'type':'workflow_run','id':'60'},{'type':'workflow','id':'5'}]");
  }

  @Test
  void whatAnAppIsGivenIsATargetAndAnInvitedPersonToo() {
    ObjectNode app =
        event(
            "'action':'integration_installation.repositories_added','integration':'Maker',"
                + "'repositories_added':[44,45],'repositories_added_names':['kite/a','kite/b']");
    assertThat(
            app.path("targets")
                .valueStream()
                .map(target -> target.path("type").asString() + target.path("id").asString()))
        .containsExactly("repository44", "repository45", "integrationMaker");
    assertThat(app.at("/details/repositories_added_names/1").asString()).isEqualTo("kite/b");
    ObjectNode invited =
        event("'action':'org.invite_member','email':'new@kite.test','invitee':'newbie'");
    assertThat(Mapped.written(invited.path("targets")))
        .isEqualTo("[{'type':'user','id':'newbie','name':'newbie'}]");
    assertThat(invited.at("/details/email").asString()).isEqualTo("new@kite.test");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1772600767000", "\"1772600767000\"", "\"2026-03-04T05:06:07.000Z\""})
  void aTimeIsReadHoweverItIsWritten(String written) {
    String record = "{\"action\":\"repo.create\",\"@timestamp\":" + written + "}";
    assertThat(Mapped.builtIn("github", record).path("occurred_at").asString())
        .isEqualTo("2026-03-04T05:06:07Z");
  }

  private static ObjectNode event(String part) {
    return Mapped.builtIn("github", "{'@timestamp':1772600767000," + part + "}");
  }
}
