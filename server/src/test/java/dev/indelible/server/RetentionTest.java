package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** How long entries are kept, over HTTP. */
class RetentionTest {

  @TempDir static Path directory;
  private static GovernedServer server;

  @BeforeAll
  static void begin() throws Exception {
    server = new GovernedServer(directory);
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static String retention(String tenant) {
    return "/v1/tenants/" + tenant + "/retention";
  }

  @ParameterizedTest
  @CsvSource({
    "standard, P13M, true, P60D, lifetime",
    "msp, P13M, true, P60D, lifetime",
    "rapidesq, P2Y, true, P2Y, lifetime",
    "inbox, P90D, false, P90D, P90D",
    "kimondesk, P12M, true, P12M, P12M",
    "automation, lifetime, false, lifetime, lifetime"
  })
  void aNewTenantHasWhatItsProfilePresets(
      String profile, String period, boolean configurable, String least, String most)
      throws Exception {
    String acme = server.newTenant(profile);
    JsonNode retention = server.get(retention(acme));
    assertThat(retention.path("period").asString()).isEqualTo(period);
    assertThat(retention.path("version").asLong()).isZero();
    assertThat(retention.path("configurable").asBoolean()).isEqualTo(configurable);
    assertThat(retention.path("least").asString()).isEqualTo(least);
    assertThat(retention.path("most").asString()).isEqualTo(most);
    assertThat(retention.has("cut_off")).isEqualTo(!period.equals("lifetime"));
  }

  @Test
  void theLongestOfSeveralRequirementsWins() throws Exception {
    String acme = server.newTenant("rapidesq");
    JsonNode set =
        server.expect(
            200,
            "PUT",
            retention(acme),
            """
            {"version":0,"reason":"contract 7","requirements":[
              {"name":"SOC 2","period":"P3Y"},{"name":"HIPAA","period":"P7Y"}]}""");
    assertThat(set.path("period").asString()).isEqualTo("P7Y");
    assertThat(set.path("requirements")).hasSize(2);
    assertThat(set.path("version").asLong()).isEqualTo(2);
    JsonNode entry = server.newest(acme, "action:audit.retention.change");
    assertThat(entry.path("reason").asString()).isEqualTo("contract 7");
    JsonNode change = entry.path("changes").get(0);
    assertThat(change.path("field").asString()).isEqualTo("requirements");
    assertThat(change.path("before").toString()).contains("P2Y");
    assertThat(change.path("after").toString()).contains("P3Y").contains("P7Y");
    server.stop();
    server.start();
    assertThat(server.get(retention(acme))).isEqualTo(set);
  }

  @ParameterizedTest
  @CsvSource({
    "msp, P59D, retention_too_short",
    "msp, P1M29D, retention_too_short",
    "rapidesq, P23M, retention_too_short",
    "inbox, P91D, retention_not_configurable",
    "automation, P10Y, retention_not_configurable",
    "kimondesk, P13M, retention_too_long",
    "kimondesk, P11M, retention_too_short",
    "standard, forever, invalid"
  })
  void whatIsOutsideTheBoundsIsRefusedWithAnExplanation(String profile, String period, String code)
      throws Exception {
    String acme = server.newTenant(profile);
    GovernedServer.Answer answer =
        server.call(
            "PUT",
            retention(acme),
            "{\"version\":0,\"reason\":\"r\",\"period\":\"%s\"}".formatted(period));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.code()).isEqualTo(code);
    assertThat(server.get(retention(acme)).path("version").asLong()).isZero();
  }

  @Test
  void aHigherTierKeepsEntriesForLonger() throws Exception {
    String acme = server.newTenant("kimondesk");
    JsonNode set =
        server.expect(
            200,
            "PUT",
            retention(acme),
            "{\"version\":0,\"reason\":\"upgrade\",\"tier\":\"business\",\"period\":\"P36M\"}");
    assertThat(set.path("most").asString()).isEqualTo("P36M");
    assertThat(set.path("tier").asString()).isEqualTo("business");
    GovernedServer.Answer answer =
        server.call(
            "PUT",
            retention(acme),
            "{\"version\":2,\"reason\":\"r\",\"tier\":\"gold\",\"period\":\"P36M\"}");
    assertThat(answer.code()).isEqualTo("unknown_tier");
  }

  @Test
  void anOldVersionIsRefused() throws Exception {
    String acme = server.newTenant("standard");
    String body = "{\"version\":0,\"reason\":\"r\",\"period\":\"P2Y\"}";
    server.expect(200, "PUT", retention(acme), body);
    GovernedServer.Answer answer = server.call("PUT", retention(acme), body);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.code()).isEqualTo("version_moved");
    assertThat(answer.body().path("version").asLong()).isEqualTo(2);
  }

  @Test
  void aShorterPeriodNeedsTheCountOfWhatItDeletes() throws Exception {
    String acme = server.newTenant("standard");
    for (int i = 0; i < 5; i++) {
      server.record(acme, "e" + i, "user.login", "u_1", "Ana");
    }
    server.advance(Duration.ofDays(61));
    server.record(acme, "late", "user.login", "u_1", "Ana");
    String body = "{\"version\":0,\"reason\":\"less is more\",\"period\":\"P60D\"%s}";
    GovernedServer.Answer asked = server.call("PUT", retention(acme), body.formatted(""));
    assertThat(asked.status()).isEqualTo(409);
    assertThat(asked.code()).isEqualTo("confirmation_required");
    long entries = asked.body().path("entries").asLong();
    assertThat(entries).as("the events, the tenant and its log key").isEqualTo(7);
    String at = asked.body().path("at").asString();
    String confirmation = ",\"confirm_entries\":%d,\"confirm_at\":\"%s\"";
    assertThat(
            server
                .call("PUT", retention(acme), body.formatted(confirmation.formatted(6, at)))
                .code())
        .isEqualTo("confirmation_required");
    server.advance(Duration.ofMinutes(59));
    server.expect(200, "PUT", retention(acme), body.formatted(confirmation.formatted(entries, at)));
    assertThat(server.get(retention(acme)).path("period").asString()).isEqualTo("P60D");
  }

  @Test
  void aPreviewSaysWhatGoesWhen(@TempDir Path own) throws Exception {
    try (GovernedServer server = new GovernedServer(own)) { // whose clock begins with the year
      String acme = server.newTenant("msp");
      server.record(acme, "a", "user.login", "u_1", "Ana");
      server.advance(Duration.ofDays(30));
      server.record(acme, "b", "user.login", "u_1", "Ana");
      JsonNode none = server.get(retention(acme) + "/preview");
      assertThat(none.path("entries").asLong()).isZero();
      JsonNode later = server.get(retention(acme) + "/preview?at=2027-02-02T00:00:00Z");
      assertThat(later.path("entries").asLong()).isEqualTo(3);
      assertThat(later.path("cut_off").asString()).isEqualTo("2026-01-02T00:00:00.000Z");
      assertThat(later.path("oldest").asString()).isEqualTo("2026-01-01T00:00:00.000Z");
      long sum = 0;
      for (JsonNode category : later.path("categories")) {
        sum += category.path("entries").asLong();
      }
      assertThat(sum).isEqualTo(3);
      assertThat(
              server
                  .get(retention(acme) + "/preview?period=P60D&at=2026-03-15T00:00:00Z")
                  .path("entries")
                  .asLong())
          .isEqualTo(3);
      assertThat(server.get(retention(acme) + "/preview?period=lifetime").has("cut_off")).isFalse();
    }
  }

  @Test
  void aTenantsOwnKeyReadsItAndCannotChangeIt() throws Exception {
    String acme = server.newTenant("standard");
    String secret =
        server
            .expect(
                201,
                "POST",
                "/v1/tenants/" + acme + "/keys",
                "{\"name\":\"web\",\"scopes\":[\"events.read\"]}")
            .path("secret")
            .asString();
    assertThat(server.call("GET", retention(acme), "", secret).status()).isEqualTo(200);
    assertThat(
            server
                .call(
                    "PUT",
                    retention(acme),
                    "{\"version\":0,\"reason\":\"r\",\"period\":\"P2Y\"}",
                    secret)
                .status())
        .isEqualTo(403);
    assertThat(List.of(server.call("GET", "/v1/tenants/other/retention", "", secret).status()))
        .containsExactly(404);
  }
}
