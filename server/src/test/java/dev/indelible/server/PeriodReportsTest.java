package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Reports on a period, over real HTTP. */
class PeriodReportsTest {

  private static final String REPORTS = "/v1/tenants/acme/reports/";

  @TempDir Path directory;
  private GovernedServer server;
  private AccessCalls operator;
  private Instant now;

  @BeforeEach
  void begin() throws Exception {
    server = new GovernedServer(directory);
    server.tenant("acme", "rapidesq");
    operator = AccessCalls.operator(server);
    now = server.now();
  }

  @AfterEach
  void end() {
    server.close();
  }

  private void record(String id, String action, String target, Duration ago) throws Exception {
    operator
        .post(
            "/v1/events",
            "{'tenant':'acme','id':'%s','action':'%s','occurred_at':'%s','outcome':'%s','reason':'r','actor':{'type':'user','id':'u1'},'targets':[{'type':'data_subject_request','id':'%s'}]}"
                .formatted(
                    id,
                    action,
                    now.minus(ago),
                    action.endsWith("failed") ? "failure" : "success",
                    target))
        .expect(201);
  }

  private JsonNode report(String name, Duration length) throws Exception {
    return operator
        .get(REPORTS + name + "?from=" + now.minus(length) + "&to=" + now.plusSeconds(60))
        .expect(200)
        .json();
  }

  private static JsonNode figure(JsonNode report, String name) {
    return report
        .path("figures")
        .valueStream()
        .filter(figure -> figure.path("name").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void eachFigureStandsBesideThatOfThePeriodBefore() throws Exception {
    record("a", "user.sign-in.failed", "x", Duration.ofDays(1));
    record("b", "user.sign-in.failed", "x", Duration.ofDays(2));
    record("c", "user.sign-in.failed", "x", Duration.ofDays(9));
    record("d", "data.export", "x", Duration.ofDays(1));
    server.find("acme", "id:d", 1);
    JsonNode report = report("compliance", Duration.ofDays(7));
    JsonNode failed = figure(report, "failed_sign_ins");
    assertThat(failed.path("count").asInt()).isEqualTo(2);
    assertThat(failed.path("before").asInt()).isEqualTo(1);
    assertThat(figure(report, "exports").path("count").asInt()).isEqualTo(1);
    assertThat(report.path("top").path("actor_id").get(0).path("value").asString()).isNotBlank();
    assertThat(operator.get(REPORTS + "compliance").expect(400).code())
        .isEqualTo("invalid_parameter");
  }

  @Test
  void requestsOfDataSubjectsHaveTheirStepsAndTheTimeToAnswer() throws Exception {
    record("r1", "dsar.receive", "one", Duration.ofDays(20));
    record("r2", "dsar.process", "one", Duration.ofDays(19));
    record("r3", "dsar.fulfill", "one", Duration.ofDays(3));
    record("s1", "dsar.receive", "two", Duration.ofDays(50));
    record("s2", "dsar.fulfill", "two", Duration.ofDays(2));
    record("t1", "dsar.receive", "three", Duration.ofDays(40));
    record("u1", "dsar.receive", "four", Duration.ofDays(4));
    server.find("acme", "id:u1", 1);
    JsonNode report = report("requests", Duration.ofDays(60));
    assertThat(report.path("complete").asBoolean()).isTrue();
    assertThat(
            report
                .path("requests")
                .valueStream()
                .map(one -> one.path("id").asString() + " " + one.path("state").asString()))
        .containsExactly("two late", "three overdue", "one in_time", "four open");
    JsonNode one = report.path("requests").get(2);
    assertThat(one.path("steps").size()).isEqualTo(3);
    assertThat(Instant.parse(one.path("received").asString()))
        .isEqualTo(now.minus(Duration.ofDays(20)));
  }
}
