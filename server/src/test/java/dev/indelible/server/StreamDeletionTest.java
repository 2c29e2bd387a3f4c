package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Deletions of what streams have sent, or have not sent yet. */
class StreamDeletionTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private StreamReceiver receiver;
  private String acme;
  private String tenant;
  private AccessCalls operator;

  @BeforeAll
  static void start() throws Exception {
    server = new GovernedServer(directory, Map.of(Setting.DELIVER_ALLOW_PRIVATE, "127.0.0.1/32"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void makeTenant() throws Exception {
    acme = server.newTenant("standard");
    tenant = "/v1/tenants/" + acme;
    operator = AccessCalls.operator(server);
    receiver = new StreamReceiver();
  }

  @AfterEach
  void close() throws Exception {
    for (JsonNode stream : operator.get(tenant + "/streams").expect(200).json().path("streams")) {
      operator.delete(tenant + "/streams/" + stream.path("id").asString()).expect(204);
    }
    receiver.close();
  }

  private void record(String id, String actor) throws Exception {
    operator
        .post(
            "/v1/events",
            "[{'tenant':'%s','id':'%s','action':'a.b','actor':{'type':'user','id':'%s','name':'Una'}}]"
                .formatted(acme, id, actor))
        .expect(201);
  }

  private String make(String name, String query) throws Exception {
    return operator
        .post(
            tenant + "/streams",
            "{'name':'%s','query':'%s','destination':{'type':'webhook','url':'%s'}}"
                .formatted(name, query, receiver.url()))
        .expect(201)
        .json()
        .path("id")
        .asString();
  }

  private JsonNode get(String id) throws Exception {
    return operator.get(tenant + "/streams/" + id).expect(200).json();
  }

  @Test
  void theReceiptOfAnErasureNamesTheStreamsThatHadSentWhatWasErased() throws Exception {
    String sending = make("SIEM", "action:a.b");
    String silent = make("Others", "action:c.d");
    record("one", "u1");
    record("two", "u2");
    Eventually.see("both", receiver::seqs, all -> all.size() == 2);
    Eventually.see("settled", () -> get(sending), one -> one.at("/status/sent").asLong() == 2);
    assertThat(server.find(acme, "id:two", 1)).hasSize(1);
    String request =
        operator
            .post(tenant + "/erasures", "{'identifiers':['u1'],'reason':'r'}")
            .expect(201)
            .json()
            .path("id")
            .asString();
    operator.post(tenant + "/erasures/" + request + "/approve", "{'reason':'r'}").expect(200);
    JsonNode receipt = operator.get(tenant + "/erasures/" + request).expect(200).json();
    assertThat(receipt.path("streams_sent").size()).as(receipt.toString()).isEqualTo(1);
    JsonNode named = receipt.at("/streams_sent/0");
    assertThat(named.path("id").asString()).isEqualTo(sending).isNotEqualTo(silent);
    assertThat(named.path("name").asString()).isEqualTo("SIEM");
    assertThat(named.path("destination").asString()).isEqualTo("webhook 127.0.0.1");
    assertThat(receipt.has("exports_left")).isFalse();
    operator.delete(tenant + "/streams/" + sending).expect(204);
    assertThat(
            operator
                .get(tenant + "/erasures/" + request)
                .expect(200)
                .json()
                .at("/streams_sent/0/id")
                .asString())
        .isEqualTo(sending);
  }

  @Test
  void whatAStreamHasNotSentIsReportedBeforeAPurgeAndTheLedgerSaysThatItWasPurged()
      throws Exception {
    String id = make("SIEM", "action:a.b");
    operator.post(tenant + "/streams/" + id + "/pause", "{}").expect(200);
    for (int i = 0; i < 5; i++) {
      record("e" + i, "u");
    }
    assertThat(server.find(acme, "id:e4", 1)).hasSize(1);
    server.advance(Duration.ofDays(3_000));
    JsonNode preview = operator.get(tenant + "/retention/preview").expect(200).json();
    assertThat(preview.at("/streams_behind/0/id").asString()).as(preview.toString()).isEqualTo(id);
    operator.post(tenant + "/retention/purge", "{'reason':'r'}").expect(200);
    operator.post(tenant + "/streams/" + id + "/resume", "{}").expect(200);
    record("new", "u");
    Eventually.see("what is left", receiver::seqs, all -> all.size() == 1);
    JsonNode ledger =
        Eventually.see(
            "the lines",
            () -> operator.get(tenant + "/streams/" + id + "/ledger").expect(200).json(),
            page -> page.at("/totals/sent").asLong() == 1);
    assertThat(ledger.at("/totals/purged").asLong()).isGreaterThanOrEqualTo(5);
    List<JsonNode> why =
        operator
            .get(tenant + "/streams/" + id + "/undelivered")
            .expect(200)
            .json()
            .path("undelivered")
            .valueStream()
            .filter(one -> one.path("why").asString().equals("purged"))
            .toList();
    assertThat(why).isNotEmpty();
    Eventually.see(
        "the entry",
        () ->
            operator
                .get(tenant + "/events?q=action:audit.stream.purged")
                .expect(200)
                .json()
                .path("entries")
                .size(),
        count -> count == 1);
  }
}
