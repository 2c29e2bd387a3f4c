package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Streams over real HTTP to a receiver of this machine, and a clock that the test sets. */
class StreamTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private StreamReceiver receiver;
  private String acme;
  private String streams;
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
    streams = "/v1/tenants/" + acme + "/streams";
    operator = AccessCalls.operator(server);
    receiver = new StreamReceiver();
  }

  @AfterEach
  void close() throws Exception {
    for (JsonNode stream : operator.get(streams).expect(200).json().path("streams")) {
      operator.delete(streams + "/" + stream.path("id").asString()).expect(204);
    }
    receiver.close();
  }

  private void record(int from, int count) throws Exception {
    StringBuilder body = new StringBuilder("[");
    for (int i = from; i < from + count; i++) {
      body.append(i == from ? "" : ",")
          .append(
              "{'tenant':'%s','id':'e%d','action':'a.b','actor':{'type':'user','id':'u'}}"
                  .formatted(acme, i));
    }
    operator.post("/v1/events", body.append(']').toString()).expect(201);
  }

  private JsonNode make(String more) throws Exception {
    return operator
        .post(
            streams,
            "{'name':'SIEM','query':'action:a.b','destination':{'type':'webhook','url':'%s'%s}}"
                .formatted(receiver.url(), more))
        .expect(201)
        .json();
  }

  private JsonNode get(String id) throws Exception {
    return operator.get(streams + "/" + id).expect(200).json();
  }

  private List<Long> arrived(int count) {
    return Eventually.see(count + " entries", receiver::seqs, all -> all.size() >= count);
  }

  @Test
  void everythingArrivesInOrderSignedAndIsInTheLedger() throws Exception {
    record(0, 3);
    JsonNode made = make("");
    String id = made.path("id").asString();
    String secret = made.path("signing_secret").asString();
    assertThat(secret).startsWith("whsec_");
    assertThat(made.path("state").asString()).isIn("waiting", "active");
    assertThat(made.toString()).doesNotContain("sealed");
    record(3, 40);
    List<Long> seqs = arrived(40);
    assertThat(seqs).doesNotHaveDuplicates().isSorted().hasSize(40);
    for (StreamReceiver.Got got : receiver.got) {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(
              Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
      mac.update(
          (got.headers().get("webhook-id") + "." + got.headers().get("webhook-timestamp") + ".")
              .getBytes(StandardCharsets.UTF_8));
      assertThat(got.headers().get("webhook-signature"))
          .isEqualTo("v1," + Base64.getEncoder().encodeToString(mac.doFinal(got.body())));
      assertThat(got.headers().get("webhook-id"))
          .isEqualTo(id + "-" + acme + "-" + got.json().path("number").asLong());
      assertThat(got.json().path("stream").asString()).isEqualTo(id);
    }
    JsonNode after =
        Eventually.see("settled", () -> get(id), one -> one.at("/status/sent").asLong() == 40);
    assertThat(after.at("/status/lag_entries").asLong()).isZero();
    assertThat(after.has("signing_secret")).isFalse();
    JsonNode ledger = operator.get(streams + "/" + id + "/ledger").expect(200).json();
    long next = made.path("start_seq").asLong();
    String head = "0".repeat(64);
    long sent = 0;
    for (JsonNode line : ledger.path("ledger")) {
      assertThat(line.path("first_seq").asLong()).isEqualTo(next);
      assertThat(line.path("previous").asString()).isEqualTo(head);
      head = line.path("head").asString();
      next = line.path("last_seq").asLong() + 1;
      sent += line.path("acknowledged").asLong();
      assertThat(line.path("repeated").asBoolean()).isFalse();
    }
    assertThat(sent).isEqualTo(40);
    assertThat(ledger.path("complete_to_seq").asLong()).isGreaterThanOrEqualTo(next - 1);
    assertThat(HexFormat.of().parseHex(head)).hasSize(32);
  }
}
