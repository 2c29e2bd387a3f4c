package dev.indelible.cli.map;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class CloudTrailMapTest {

  private static final String USER =
      "'userIdentity':{'type':'IAMUser','arn':'arn:aws:iam::1:user/lena','userName':'lena'}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'errorCode':'AccessDenied'",
        "'errorMessage':'Role may not be assumed'",
        "'responseElements':{'ConsoleLogin':'Failure'}",
        "'responseElements':{'SwitchRole':'Failure'}",
        "'responseElements':{'PasswordRecoveryCompleted':'Failure'}",
        "'serviceEventDetails':{'CredentialVerification':'Failure'}",
      })
  void aFailureIsAFailure(String part) {
    assertThat(event("signin", "SwitchRole", part).path("outcome").asString()).isEqualTo("failure");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'responseElements':{'ConsoleLogin':'Success'}",
        "'responseElements':null",
        "'responseElements':{'failures':[],'name':'failure-domain'}",
      })
  void whatDidNotFailIsASuccess(String part) {
    assertThat(event("signin", "SwitchRole", part).path("outcome").asString()).isEqualTo("success");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rds        | DeleteDBInstance  | "dBInstanceIdentifier":"orders"          | db_instance/orders
          lambda     | AddPermission     | "functionName":"billing"                 | function/billing
          iam        | AddUserToGroup    | "userName":"mal","groupName":"Admins"    | user/mal group/Admins
          iam        | AttachUserPolicy  | "userName":"mal","policyArn":"arn:p"     | user/mal policy/arn:p
          dynamodb   | DeleteTable       | "tableName":"orders"                     | table/orders
          ec2        | DeleteGroup       | "groupName":"web"                        | security_group/web
          cloudtrail | StopLogging       | "name":"main"                            | trail/main
          ssm        | GetParameter      | "name":"/prod/key"                       | parameter//prod/key
          eks        | DeleteCluster     | "name":"blue"                            | cluster/blue
          elasticloadbalancing | CreateLoadBalancer | "name":"front"                |
          """)
  void theTargetsAreWhatTheServiceMeans(
      String service, String name, String parameters, @Nullable String targets) {
    ObjectNode event = event(service, name, "\"requestParameters\":{" + parameters + "}");
    assertThat(targets(event)).isEqualTo(targets == null ? "" : targets);
  }

  @Test
  void everyInstanceIsATargetOnce() {
    String items = "{'instancesSet':{'items':[{'instanceId':'i-1'},{'instanceId':'i-2'}]}}";
    ObjectNode event =
        event(
            "ec2",
            "StopInstances",
            "'requestParameters':%s,'responseElements':%s".formatted(items, items));
    assertThat(targets(event)).isEqualTo("instance/i-1 instance/i-2");
  }

  @Test
  void theRoleThatCouldNotBeSwitchedToIsTheTarget() {
    ObjectNode event =
        event(
            "signin",
            "SwitchRole",
            "'additionalEventData':{'SwitchTo':'arn:aws:iam::3:role/boss'}");
    assertThat(targets(event)).isEqualTo("role/arn:aws:iam::3:role/boss");
  }

  @Test
  void aServiceIsTheSystem() {
    ObjectNode event =
        by(
            "'userIdentity':{'accountId':'1','invokedBy':'AWS Internal'},"
                + "'eventType':'AwsServiceEvent'");
    assertThat(Mapped.written(event.path("actor")))
        .isEqualTo("{'type':'system','id':'AWS Internal'}");
    ObjectNode unnamed = by("'eventType':'AwsServiceEvent'");
    assertThat(unnamed.at("/actor/type").asString()).isEqualTo("system");
    ObjectNode named = by("'userIdentity':{'type':'AWSService','invokedBy':'x.amazonaws.com'}");
    assertThat(named.at("/actor/type").asString()).isEqualTo("system");
  }

  @Test
  void aSessionIsFoundByItsName() {
    ObjectNode event =
        by(
            "'userIdentity':{'type':'AssumedRole','principalId':'AROAX:lena@hill.test',"
                + "'arn':'arn:aws:sts::1:assumed-role/Ops/lena@hill.test','sessionContext':"
                + "{'sessionIssuer':{'userName':'Ops','arn':'arn:aws:iam::1:role/Ops'}}}");
    assertThat(event.at("/actor/name").asString()).isEqualTo("lena@hill.test");
    assertThat(event.at("/actor/email").asString()).isEqualTo("lena@hill.test");
    assertThat(event.at("/actor/type").asString()).isEqualTo("api_client");
    assertThat(event.at("/actor/roles/0").asString()).isEqualTo("arn:aws:iam::1:role/Ops");
    ObjectNode job =
        by(
            "'userIdentity':{'type':'AssumedRole','principalId':'AROAX:nightly',"
                + "'arn':'arn:aws:sts::1:assumed-role/Ops/nightly'}");
    assertThat(job.at("/actor/name").asString()).isEqualTo("nightly");
    assertThat(job.path("actor").has("email")).isFalse();
    ObjectNode person =
        by(
            "'userIdentity':{'type':'AssumedRole','principalId':'AROAX:lena','sessionContext':"
                + "{'sessionIssuer':{'arn':"
                + "'arn:aws:iam::1:role/aws-reserved/sso.amazonaws.com/eu/R'}}}");
    assertThat(person.at("/actor/type").asString()).isEqualTo("user");
  }

  @Test
  void anInsightIsAnObservationOfTheTrailItself() {
    ObjectNode event =
        Mapped.builtIn(
            "cloudtrail",
            "{'eventTime':'2026-03-04T05:06:07Z','eventID':'i1','eventType':'AwsCloudTrailInsight',"
                + "'insightDetails':{'state':'Start','eventSource':'ssm.amazonaws.com',"
                + "'eventName':'UpdateInstanceInformation','insightType':'ApiCallRateInsight'}}");
    assertThat(event.path("action").asString()).isEqualTo("cloudtrail.insight.start");
    assertThat(Mapped.written(event.path("actor")))
        .isEqualTo("{'type':'system','id':'cloudtrail.amazonaws.com'}");
    assertThat(targets(event)).isEqualTo("api/ssm.amazonaws.com/UpdateInstanceInformation");
    assertThat(event.path("outcome").asString()).isEqualTo("unknown");
    assertThat(event.at("/details/insightDetails/state").asString()).isEqualTo("Start");
  }

  @Test
  void lakeWritesUtcWithoutSayingSo() {
    ObjectNode event =
        Mapped.builtIn(
            "cloudtrail",
            "{'eventTime':'2026-03-04 05:06:07.000','eventSource':'s3.amazonaws.com',"
                + "'eventName':'X',"
                + USER
                + "}");
    assertThat(event.path("occurred_at").asString()).isEqualTo("2026-03-04T05:06:07Z");
    assertThat(event.at("/details/eventTime").asString()).isEqualTo("2026-03-04 05:06:07.000");
  }

  private static ObjectNode event(String service, String name, String part) {
    return Mapped.builtIn(
        "cloudtrail",
        ("{'eventTime':'2026-03-04T05:06:07Z','eventSource':'%s.amazonaws.com',"
                + "'eventName':'%s',%s,%s}")
            .formatted(service, name, USER, part));
  }

  private static ObjectNode by(String part) {
    return Mapped.builtIn(
        "cloudtrail",
        "{'eventTime':'2026-03-04T05:06:07Z','eventSource':'kms.amazonaws.com',"
            + "'eventName':'RotateKey',"
            + part
            + "}");
  }

  private static String targets(ObjectNode event) {
    return String.join(
        " ",
        event
            .path("targets")
            .valueStream()
            .map(target -> target.path("type").asString() + "/" + target.path("id").asString())
            .toList());
  }
}
