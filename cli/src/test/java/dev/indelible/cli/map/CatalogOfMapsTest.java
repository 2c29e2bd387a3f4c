package dev.indelible.cli.map;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.mapping.LogMap;
import dev.indelible.mapping.Mapper;
import dev.indelible.mapping.Mapping;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.EntryCodec;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.EventDecoder;
import dev.indelible.server.event.HmacActorHasher;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.profile.Classifier;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.Profiles;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Classification of the built-in maps' events, by the catalogs that every profile has. */
class CatalogOfMapsTest {

  private static final String OKTA_SIGN_IN =
      """
      {"actor":{"alternateId":"nora@fjord.test","displayName":"Nora Fjord","id":"00uN1","type":"User","detailEntry":null},
       "authenticationContext":{"externalSessionId":"s9"},
       "client":{"device":"Computer","ipAddress":"198.51.100.9","geographicalContext":{"city":"Bergen","country":"Norway","state":"Vestland","postalCode":"5003","geolocation":{"lat":60.39,"lon":5.32}},
                 "userAgent":{"rawUserAgent":"Mozilla/5.0 Z","browser":"FIREFOX","os":"Linux"}},
       "debugContext":{"debugData":{"requestId":"q1","logOnlySecurityData":"{risk near Bergen}","dtHash":"d00d"}},
       "displayMessage":"User login to Okta","eventType":"user.session.start","outcome":{"result":"FAILURE","reason":"INVALID_CREDENTIALS"},
       "published":"2026-11-20T09:00:00.123Z","severity":"WARN",
       "request":{"ipChain":[{"ip":"198.51.100.9","geographicalContext":{"city":"Bergen","country":"Norway"}},{"ip":"[2001:db8::9]"}]},
       "securityContext":{"isp":"Fjordnett"},"target":null,"uuid":"n-1"}
      """;

  private static final String OKTA_GRANT =
      """
      {"actor":{"alternateId":"chief@fjord.test","displayName":"Chief","id":"00uC","type":"User"},"client":{"ipAddress":"[198.51.100.1]"},
       "eventType":"user.account.privilege.grant","outcome":{"result":"SUCCESS"},"published":"2026-11-20T09:00:04.000Z",
       "target":[{"alternateId":"nora@fjord.test","displayName":"Nora Fjord","id":"00uN1","type":"User","detailEntry":{"login":"nora@fjord.test"}}],"uuid":"n-2"}
      """;

  private static final String GITHUB_INVITE =
      """
      {"@timestamp":1796000011000,"_document_id":"h1","action":"org.invite_member","actor":"nora","actor_id":71,"actor_ip":"198.51.100.009",
       "actor_location":{"country_code":"NO","region":"Bergen"},"org":"fjord","org_id":8,"email":"nora@fjord.test","invitee":"Nora Fjord","operation_type":"create",
       "data":{"email":"nora@fjord.test","team":"fjord/boats"}}
      """;

  private static final String GITHUB_OLD =
      """
      {"actor":"nora","org":"fjord","created_at":1796000100000,"action":"team.add_member","user":"nora","data":{"old_user":"nora","team":"fjord/boats"}}
      """;

  private static final String CLOUDTRAIL =
      """
      {"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","principalId":"AROAX:nora@fjord.test","arn":"arn:aws:sts::1234:assumed-role/Ops/nora@fjord.test","accountId":"1234",
        "accessKeyId":"ASIAX","sessionContext":{"sourceIdentity":"nora","sessionIssuer":{"type":"Role","principalId":"AROAX","arn":"arn:aws:iam::1234:role/Ops","accountId":"1234","userName":"Ops"}}},
       "eventTime":"2026-10-17T10:08:00Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","awsRegion":"eu-west-1","sourceIPAddress":"[198.51.100.9]","userAgent":"aws-cli/2",
       "requestParameters":{"roleArn":"arn:aws:iam::1234:role/Boss","roleSessionName":"nora@fjord.test","serialNumber":"arn:aws:iam::1234:mfa/nora","tokenCode":"123987"},
       "responseElements":{"credentials":{"accessKeyId":"ASIAY","sessionToken":"IQoJsEcReT"},"assumedRoleUser":{"arn":"arn:aws:sts::1234:assumed-role/Boss/nora@fjord.test"}},
       "requestID":"r-9","eventID":"n-3","readOnly":true,"eventType":"AwsApiCall","recipientAccountId":"1234"}
      """;

  private static final String GIT =
      """
      {"repository":"fjord","commit":"0a1b","kind":"merge","parents":["00","01"],"author":{"name":"Nora Fjord","email":"nora@fjord.test","date":"2026-11-20T09:00:00+01:00"},
       "committer":{"name":"Nora Fjord","email":"nora@fjord.test","date":"2026-11-20T09:00:01+01:00"},"subject":"Merge branch 'oars' of nora","body":"Signed-off-by: Nora Fjord <nora@fjord.test>",
       "files":[{"path":"oars.txt","added":1,"deleted":0}]}
      """;

  private final Profiles profiles = Profiles.builtIn();

  private static Event event(String map, String record) {
    Mapping mapping =
        new Mapper(LogMap.builtIn(map).orElseThrow())
            .map(JsonMapper.shared().readTree(record))
            .getFirst();
    assertThat(mapping).isInstanceOf(Mapping.Mapped.class);
    byte[] json = JsonMapper.shared().writeValueAsBytes(((Mapping.Mapped) mapping).event());
    Decoding decoding = new EventDecoder().decode(json, 0, json.length);
    assertThat(decoding).isInstanceOf(Decoding.Decoded.class);
    return ((Decoding.Decoded) decoding).event();
  }

  private static Classifier.Verdict.Recorded recorded(Profile profile, Event event) {
    return (Classifier.Verdict.Recorded) new Classifier(profile).classify(event);
  }

  private static EntryCodec.Parts parts(Profile profile, Event event) {
    Classifier.Verdict.Recorded recorded = recorded(profile, event);
    Event kept = recorded.secrets().marked() ? recorded.secrets().keys().marked(event) : event;
    return new EntryCodec()
        .encode(
            new EntryCodec.Accepted(new TenantId("t"), "id", kept, recorded.classification()),
            new EntryCodec.Privacy(recorded.personal(), new HmacActorHasher(new byte[32])));
  }

  private static String facts(Profile profile, String map, String record) {
    return new String(parts(profile, event(map, record)).facts(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"standard", "rapidesq", "inbox", "msp", "kimondesk", "automation"})
  void theFactsHoldNothingOfThePersonInAnyProfile(String name) {
    Profile profile = requireNonNull(profiles.find(name));
    for (String facts :
        List.of(
            facts(profile, "okta", OKTA_SIGN_IN),
            facts(profile, "okta", OKTA_GRANT),
            facts(profile, "github", GITHUB_INVITE),
            facts(profile, "github", GITHUB_OLD),
            facts(profile, "cloudtrail", CLOUDTRAIL),
            facts(profile, "git", GIT))) {
      assertThat(facts)
          .doesNotContainIgnoringCase("nora")
          .doesNotContain("fjord.test", "198.51.100", "2001:db8::9", "Bergen", "Fjordnett", "5003");
      assertThat(facts).doesNotContain("unknown_action");
    }
    assertThat(facts(profile, "okta", OKTA_SIGN_IN)).contains("\"severity\":\"WARN\"");
    assertThat(facts(profile, "cloudtrail", CLOUDTRAIL)).contains("\"awsRegion\":\"eu-west-1\"");
    assertThat(facts(profile, "git", GIT)).contains("oars.txt");
  }

  @Test
  void theSecretsOfARecordAreMarkedButWhereBodiesArePromised() {
    Profile standard = profiles.standard();
    assertThat(facts(standard, "cloudtrail", CLOUDTRAIL))
        .doesNotContain("IQoJsEcReT", "123987")
        .contains("\"sessionToken\":\"[secret]\"", "\"tokenCode\":\"[secret]\"", "ASIAY");
    Profile msp = requireNonNull(profiles.find("msp"));
    assertThat(facts(msp, "cloudtrail", CLOUDTRAIL)).contains("IQoJsEcReT");
  }

  @Test
  void aSignInThatFailedByItsNameFails() {
    Event event =
        event(
            "github",
            "{\"@timestamp\":1796000012000,\"_document_id\":\"h2\",\"action\":\"user.failed_login\",\"actor\":\"nora\",\"actor_id\":71}");
    assertThat(recorded(profiles.standard(), event).fails()).isTrue();
  }
}
