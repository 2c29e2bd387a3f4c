package dev.indelible.cli.map;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class OktaMapTest {

  @ParameterizedTest
  @CsvSource({
    "SUCCESS, success",
    "ALLOW, success",
    "FAILURE, failure",
    "DENY, failure",
    "Deny, failure",
    "RATE_LIMIT, failure",
    "ABANDONED, failure",
    "UNANSWERED, failure",
    "CHALLENGE, unknown",
    "SKIPPED, unknown",
    "UNKNOWN, unknown",
  })
  void theResultIsTheOutcome(String result, String outcome) {
    assertThat(event("'outcome':{'result':'" + result + "'}").path("outcome").asString())
        .isEqualTo(outcome);
  }

  @Test
  void anEventThatIsCalledAFailureIsOneWithoutAResultToo() {
    String head =
        "{'published':'2026-03-04T05:06:07Z','actor':{'id':'a','type':'User'},'eventType':";
    assertThat(
            Mapped.builtIn("okta", head + "'user.mfa.okta_verify.deny_push'}")
                .path("outcome")
                .asString())
        .isEqualTo("failure");
    assertThat(
            Mapped.builtIn("okta", head + "'core.login.failed','outcome':null}")
                .path("outcome")
                .asString())
        .isEqualTo("failure");
    assertThat(Mapped.builtIn("okta", head + "'user.session.start'}").path("outcome").asString())
        .isEqualTo("unknown");
  }

  @Test
  void changeDetailsAreChangesAndNothingOfThemIsLeft() {
    ObjectNode event =
        event(
            "'target':[{'id':'p1','type':'PolicyRule','displayName':'Rule','changeDetails':"
                + "{'from':{'session.maxAge':120,'kept':true},"
                + "'to':{'session.maxAge':60,'kept':true}}},"
                + "{'id':'p2','type':'PolicyRule',"
                + "'changeDetails':{'from':{},'to':{'factor':'any'}}}]");
    assertThat(Mapped.written(event.path("changes")))
        .isEqualTo(
            "[{'field':'session.maxAge','before':120,'after':60},"
                + "{'field':'factor','after':'any'}]");
    assertThat(event.at("/details/target/0/changeDetails/from/kept").asBoolean()).isTrue();
    assertThat(event.at("/details/target/1/changeDetails/to").isMissingNode()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "User, user",
    "AppUser, user",
    "SystemPrincipal, system",
    "PublicClientApp, api_client",
    "PublicClientAppEntity, api_client",
    "ServiceAccount, api_client",
    "AppInstance, api_client",
    "Okta AI Agent, api_client",
  })
  void onlyPeopleAreUsers(String type, String expected) {
    ObjectNode event =
        Mapped.builtIn(
            "okta",
            "{'published':'2026-03-04T05:06:07Z','eventType':'a.b','actor':{'id':'x','type':'%s'}}"
                .formatted(type));
    assertThat(event.at("/actor/type").asString()).isEqualTo(expected);
  }

  @Test
  void aTargetIsFoundByItsMailAddressWhichIsNeverAnId() {
    ObjectNode event =
        event(
            "'target':[{'id':'00u','type':'User','alternateId':'ted@loom.test',"
                + "'displayName':'Ted'},"
                + "{'id':null,'type':'User','alternateId':'gone@loom.test','displayName':'Gone'},"
                + "{'id':'00g','type':'UserGroup','alternateId':'unknown','displayName':'Admins'},"
                + "{'id':null,'type':'AppInstance','alternateId':'app7'}]");
    assertThat(Mapped.written(event.path("targets")))
        .isEqualTo(
            "[{'type':'user','id':'00u','name':'ted@loom.test'},"
                + "{'type':'user','id':'unknown','name':'gone@loom.test'},"
                + "{'type':'user_group','id':'00g','name':'Admins'},"
                + "{'type':'app_instance','id':'app7','name':'app7'}]");
    assertThat(event.at("/details/target/0/displayName").asString()).isEqualTo("Ted");
  }

  @Test
  void theCountryIsItsCodeAndNoAddressIsNone() {
    ObjectNode event =
        event(
            "'client':{'ipAddress':'null',"
                + "'geographicalContext':{'country':'Portugal','city':'Porto'}}");
    assertThat(Mapped.written(event.path("context")))
        .isEqualTo("{'location':{'country':'PT','city':'Porto'}}");
    assertThat(event.at("/details/client/ipAddress").asString()).isEqualTo("null");
  }

  @Test
  void whatIsNoMailAddressIsNone() {
    ObjectNode event =
        Mapped.builtIn(
            "okta",
            "{'published':'2026-03-04T05:06:07Z','eventType':'a.b',"
                + "'actor':{'id':'unknown','type':'User','alternateId':'unknown'}}");
    assertThat(event.path("actor").has("email")).isFalse();
  }

  private static ObjectNode event(String part) {
    return Mapped.builtIn(
        "okta",
        "{'published':'2026-03-04T05:06:07Z','eventType':'policy.rule.update',"
            + "'actor':{'id':'00a','type':'User','alternateId':'vera@loom.test'},"
            + part
            + "}");
  }
}
