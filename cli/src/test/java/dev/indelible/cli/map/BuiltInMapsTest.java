package dev.indelible.cli.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.source.JsonSource;
import dev.indelible.cli.source.SourceRecord;
import dev.indelible.mapping.LogMap;
import dev.indelible.mapping.Mapper;
import dev.indelible.mapping.Mapping;
import dev.indelible.server.event.EventLimits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class BuiltInMapsTest {

  private static final JsonMapper JSON = new JsonMapper();

  @ParameterizedTest
  @CsvSource({"github,github.json", "okta,okta.ndjson", "cloudtrail,cloudtrail.json"})
  void everySampleBecomesAWellFormedEventThatLosesNothing(String name, String file)
      throws IOException {
    List<JsonNode> records = records(name, file);
    assertThat(records).hasSizeGreaterThanOrEqualTo(10);
    for (JsonNode record : records) {
      ObjectNode event = event(name, record);
      assertThat(event.path("action").asString()).matches(EventLimits.ACTION_FORM);
      assertThat(event.path("actor").path("type").asString())
          .isIn("user", "system", "api_client", "support");
      assertThat(event.path("actor").path("id").asString()).isNotEmpty();
      assertThat(event.path("id").asString()).isNotEmpty();
      assertThat(event.path("occurred_at").asString()).startsWith("202").endsWith("Z");
      String text = JSON.writeValueAsString(event);
      for (String leaf : leaves(record)) {
        assertThat(text).as("%s of %s", leaf, record).contains(leaf);
      }
    }
  }

  @Test
  void githubRoleChangesShowBeforeAndAfter() throws IOException {
    ObjectNode event = event("github", records("github", "github.json").get(1));
    assertThat(event.path("action").asString()).isEqualTo("org.update_member");
    assertThat(event.path("actor").path("name").asString()).isEqualTo("octo-ana");
    assertThat(event.path("actor").path("id").asString()).isEqualTo("octo-ana");
    assertThat(event.path("context").path("location").path("country").asString()).isEqualTo("PT");
    assertThat(event.at("/changes/0").toString())
        .isEqualTo("{\"field\":\"permission\",\"before\":\"read\",\"after\":\"admin\"}");
    assertThat(event.at("/targets/0").toString())
        .isEqualTo("{\"type\":\"user\",\"id\":\"bo-berlin\",\"name\":\"bo-berlin\"}");
  }

  @Test
  void githubBotsAreApiClientsAndFailedRunsAreFailures() throws IOException {
    List<JsonNode> records = records("github", "github.json");
    assertThat(event("github", records.get(4)).at("/actor/type").asString())
        .isEqualTo("api_client");
    assertThat(event("github", records.get(7)).path("outcome").asString()).isEqualTo("failure");
    assertThat(event("github", records.get(11)).path("reason").asString())
        .isEqualTo("rotated in ticket 4711");
  }

  @Test
  void oktaOutcomesReasonsPlacesAndTargetsAreCarriedOver() throws IOException {
    List<JsonNode> records = records("okta", "okta.ndjson");
    ObjectNode failed = event("okta", records.get(1));
    assertThat(failed.path("outcome").asString()).isEqualTo("failure");
    assertThat(failed.path("outcome_reason").asString()).isEqualTo("INVALID_CREDENTIALS");
    assertThat(failed.at("/actor/email").asString()).isEqualTo("zoe.dubois@acme.test");
    assertThat(failed.at("/context/location/city").asString()).isEqualTo("Montréal");
    assertThat(failed.at("/context/location/latitude").asDouble()).isEqualTo(45.5);
    assertThat(failed.at("/context/session_id").asString()).isEqualTo("idx7fQz02");
    ObjectNode group = event("okta", records.get(4));
    assertThat(group.at("/targets/1").toString())
        .isEqualTo("{\"type\":\"user_group\",\"id\":\"00g1\",\"name\":\"Everyone\"}");
    assertThat(event("okta", records.get(6)).path("outcome").asString()).isEqualTo("unknown");
    assertThat(event("okta", records.get(9)).at("/actor/type").asString()).isEqualTo("system");
  }

  @Test
  void cloudTrailCallsGetReadableActionsAndTrueOutcomes() throws IOException {
    List<JsonNode> records = records("cloudtrail", "cloudtrail.json");
    List<String> actions =
        records.stream().map(r -> event("cloudtrail", r).path("action").asString()).toList();
    assertThat(actions)
        .contains(
            "signin.console_login",
            "iam.attach_user_policy",
            "s3.put_bucket_acl",
            "rds.describe_db_instances");
    List<String> outcomes =
        records.stream().map(r -> event("cloudtrail", r).path("outcome").asString()).toList();
    assertThat(outcomes)
        .containsExactly(
            "success", "failure", "success", "success", "failure", "success", "success", "success",
            "success", "success", "failure", "success");
    ObjectNode denied = event("cloudtrail", records.get(4));
    assertThat(denied.at("/actor/roles/0").asString())
        .isEqualTo("arn:aws:iam::111122223333:role/Deploy");
    assertThat(denied.path("outcome_reason").asString()).contains("not authorized");
    assertThat(event("cloudtrail", records.get(5)).at("/targets/0/type").asString())
        .isEqualTo("s3_bucket");
  }

  @Test
  void aHostNameInPlaceOfAnAddressStaysInTheDetails() throws IOException {
    ObjectNode event = event("cloudtrail", records("cloudtrail", "cloudtrail.json").get(6));
    assertThat(event.at("/context/ip").isMissingNode()).isTrue();
    assertThat(event.at("/details/sourceIPAddress").asString())
        .isEqualTo("autoscaling.amazonaws.com");
  }

  private static ObjectNode event(String map, JsonNode record) {
    Mapping mapping = new Mapper(LogMap.builtIn(map).orElseThrow()).map(record).getFirst();
    assertThat(mapping).isInstanceOf(Mapping.Mapped.class);
    return ((Mapping.Mapped) mapping).event();
  }

  private static List<JsonNode> records(String map, String file) throws IOException {
    List<JsonNode> records = new ArrayList<>();
    var in = BuiltInMapsTest.class.getResourceAsStream(file);
    assertThat(in).isNotNull();
    try (JsonSource source =
        new JsonSource(file, in, LogMap.builtIn(map).orElseThrow().records())) {
      for (SourceRecord record = source.next(); record != null; record = source.next()) {
        assertThat(record).isInstanceOf(SourceRecord.Parsed.class);
        records.add(((SourceRecord.Parsed) record).tree());
      }
    }
    return records;
  }

  /** Every text of a record, as it is written in JSON; times only by their date. */
  private static Set<String> leaves(JsonNode node) {
    Set<String> leaves = new TreeSet<>();
    if (node.isContainer()) {
      node.values().forEach(child -> leaves.addAll(leaves(child)));
    } else if (node.isString()) {
      String text = node.asString();
      String written = JSON.writeValueAsString(text);
      leaves.add(
          text.endsWith("Z") ? text.substring(0, 10) : written.substring(1, written.length() - 1));
    }
    return leaves;
  }
}
