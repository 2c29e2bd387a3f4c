package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
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

  private String get(String id, String pointer) throws Exception {
    return get(id).at(pointer).asString();
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

  /** A stream once it is in a state. */
  private JsonNode see(String id, String state) {
    return Eventually.see(state, () -> get(id), one -> one.path("state").asString().equals(state));
  }

  private List<JsonNode> ledger(String id) throws Exception {
    return operator
        .get(streams + "/" + id + "/ledger")
        .expect(200)
        .json()
        .path("ledger")
        .valueStream()
        .toList();
  }

  /** Entries about streams that arrived. */
  private long ofStreams() {
    return receiver.got.stream()
        .flatMap(got -> got.json().path("entries").valueStream())
        .filter(entry -> entry.path("action").asString().startsWith("audit.stream."))
        .count();
  }

  private int entries(String action) throws Exception {
    return operator
        .get("/v1/tenants/" + acme + "/events?limit=1000&q=action:" + action)
        .expect(200)
        .json()
        .path("entries")
        .size();
  }

  @Test
  void aReceiverThatFailsIsTriedAgainAndTheLedgerSaysThatItMayHaveHadThemBefore() throws Exception {
    receiver.answer = _ -> 503;
    String id = make("").path("id").asString();
    record(0, 3);
    JsonNode failing = see(id, "failing");
    assertThat(failing.at("/status/last_error").asString()).contains("503");
    assertThat(failing.toString()).doesNotContain("signing_secret");
    assertThat(failing.at("/status/last_error").asString()).doesNotContain("secret-path");
    receiver.answer = _ -> 204;
    server.pass(Duration.ofSeconds(2));
    assertThat(arrived(3)).hasSize(3);
    see(id, "waiting");
    List<JsonNode> lines = ledger(id);
    assertThat(lines.getFirst().path("repeated").asBoolean()).isTrue();
    assertThat(lines.getFirst().path("attempts").asInt()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void aReceiverThatRefusesParksItsStreamWithAnEntryUntilItIsResumed() throws Exception {
    receiver.answer = _ -> 401;
    String id = make("").path("id").asString();
    record(0, 2);
    JsonNode parked = see(id, "parked");
    assertThat(parked.path("paused_because").asString()).contains("401");
    Eventually.see("the entry", () -> entries("audit.stream.parked"), count -> count == 1);
    server.pass(Duration.ofHours(3));
    assertThat(receiver.got).isEmpty();
    receiver.answer = _ -> 204;
    operator.post(streams + "/" + id + "/resume", "{}").expect(200);
    assertThat(arrived(2)).hasSize(2);
  }

  @Test
  void aRedirectIsRefusedAndAddressesThatAreNotAllowedNeverBecomeStreams() throws Exception {
    receiver.answer = _ -> 307;
    String id = make("").path("id").asString();
    record(0, 1);
    assertThat(see(id, "parked").path("paused_because").asString()).contains("redirections");
    for (String url :
        List.of(
            "http://127.0.0.2:1/",
            "http://[::1]:1/",
            "http://[::ffff:127.0.0.2]:1/",
            "http://[::ffff:7f00:2]:1/",
            "http://[64:ff9b::7f00:1]:1/",
            "https://169.254.169.254/latest/",
            "http://[fe80::1]/",
            "http://[fd00::1]/",
            "http://10.0.0.1/",
            "http://0.0.0.0:1/",
            "http://localhost.localdomain.invalid/")) {
      AccessCalls.Answer answer =
          operator.post(
              streams, "{'name':'x','destination':{'type':'webhook','url':'%s'}}".formatted(url));
      assertThat(answer.status()).as(url).isEqualTo(422);
      assertThat(answer.text()).as(url).contains("/destination/url");
    }
    for (String bad :
        List.of(
            "'url':'ftp://a.test/'",
            "'url':'http://127.0.0.1/','headers':{'Authorization':'x'}",
            "'url':'http://127.0.0.1/','headers':{'X-Api-Key':'x'}",
            "'url':'http://127.0.0.1/','signature':'v2'",
            "'url':'http://127.0.0.1/','signing_secret':'mine'",
            "'url':'http://127.0.0.1/','overlap_until':'2030-01-01T00:00:00Z'")) {
      operator
          .post(streams, "{'name':'x','destination':{'type':'webhook',%s}}".formatted(bad))
          .expect(422);
    }
    operator.post(streams, "{'name':'x','destination':{'type':'file','path':'a'}}").expect(422);
  }

  @Test
  void anEntryThatTheReceiverCannotTakeGoesToTheDeadLettersAndTheOthersGoOn() throws Exception {
    String id =
        operator
            .post(
                streams,
                "{'name':'Small','query':'action:a.b','limits':{'message_bytes':600},"
                    + "'destination':{'type':'webhook','url':'%s'}}".formatted(receiver.url()))
            .expect(201)
            .json()
            .path("id")
            .asString();
    operator
        .post(
            "/v1/events",
            ("[{'tenant':'%s','id':'long','action':'a.b','actor':{'type':'user','id':'u'},"
                    + "'details':{'x':'%s'}}]")
                .formatted(acme, "y".repeat(1_000)))
        .expect(201);
    record(0, 2);
    assertThat(arrived(2)).hasSize(2);
    JsonNode after =
        Eventually.see(
            "a dead letter", () -> get(id), one -> one.at("/status/dead_letters").asLong() == 1);
    assertThat(after.path("state").asString()).isIn("waiting", "active");
    JsonNode dead = operator.get(streams + "/" + id + "/dead-letters").expect(200).json();
    assertThat(dead.at("/dead_letters/0/entry_id").asString()).isEqualTo("long");
    assertThat(dead.at("/dead_letters/0/reason").asString()).contains("600");
    long seq = dead.at("/dead_letters/0/seq").asLong();
    JsonNode why =
        operator.get(streams + "/" + id + "/undelivered?to_seq=" + seq).expect(200).json();
    assertThat(why.at("/undelivered/0/why").asString()).isEqualTo("dead_letter");
    Eventually.see("its entry", () -> entries("audit.stream.dead_letter"), count -> count == 1);
    operator
        .call(
            "PUT",
            streams + "/" + id,
            "{'name':'Large','query':'action:a.b','destination':{'type':'webhook','url':'%s'}}"
                .formatted(receiver.url())
                .replace('\'', '"'))
        .expect(200);
    operator.post(streams + "/" + id + "/dead-letters/retry", "{}").expect(202);
    assertThat(arrived(3)).contains(seq);
    Eventually.see(
        "no dead letter", () -> get(id), one -> one.at("/status/dead_letters").asLong() == 0);
    assertThat(ledger(id).getLast().path("replay").asBoolean()).isTrue();
  }

  @Test
  void anEntryThatFailsAloneIsGivenUpWhileATestGoesThroughAndNothingElseIsLost() throws Exception {
    receiver.answer =
        got ->
            got.json()
                    .path("entries")
                    .valueStream()
                    .anyMatch(entry -> entry.path("id").asString().equals("e5"))
                ? 500
                : 204;
    String id = make("").path("id").asString();
    record(0, 10);
    Eventually.see(
        "the entry is given up",
        () -> {
          server.pass(Duration.ofMinutes(6));
          return get(id);
        },
        one -> one.at("/status/dead_letters").asLong() == 1);
    assertThat(arrived(9)).hasSize(9).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void aRangeIsSentOnceMoreBesideTheNormalCourse() throws Exception {
    String id = make("").path("id").asString();
    record(0, 5);
    List<Long> first = List.copyOf(arrived(5));
    operator
        .post(
            streams + "/" + id + "/replay",
            "{'from_seq':%d,'to_seq':%d,'reason':'lost there'}"
                .formatted(first.get(1), first.get(3)))
        .expect(202);
    assertThat(arrived(8).subList(5, 8)).isEqualTo(first.subList(1, 4));
    Eventually.see(
        "its line",
        () -> ledger(id),
        lines -> lines.stream().anyMatch(line -> line.path("replay").asBoolean()));
    assertThat(entries("audit.stream.replay")).isEqualTo(1);
    operator.post(streams + "/" + id + "/pause", "{'reason':'works'}").expect(200);
    operator
        .post(streams + "/" + id + "/replay", "{'from_seq':0,'to_seq':1,'reason':'x'}")
        .expect(409);
    record(5, 1);
    operator.post(streams + "/" + id + "/resume", "{}").expect(200);
    assertThat(arrived(9)).hasSize(9);
  }

  @Test
  void aNewSecretSignsBesideTheOldOneForAWhile() throws Exception {
    JsonNode made = make("");
    String id = made.path("id").asString();
    JsonNode rotated =
        operator.post(streams + "/" + id + "/secret", "{'overlap':'PT1H'}").expect(200).json();
    assertThat(rotated.path("signing_secret").asString())
        .startsWith("whsec_")
        .isNotEqualTo(made.path("signing_secret").asString());
    record(0, 1);
    arrived(1);
    assertThat(receiver.got.getFirst().headers().get("webhook-signature").split(" ")).hasSize(2);
    server.pass(Duration.ofHours(2));
    record(1, 1);
    arrived(2);
    assertThat(receiver.got.getLast().headers().get("webhook-signature").split(" ")).hasSize(1);
    Eventually.see("its entry", () -> entries("audit.stream.secret_rotate"), count -> count == 1);
    String all = operator.get("/v1/tenants/" + acme + "/events?limit=1000&q=action:audit.*").text();
    assertThat(all).doesNotContain("whsec_").doesNotContain("sealed").doesNotContain("secret-path");
  }

  @Test
  void aKeyOfEd25519SignsAndItsPublicPartIsToldOnce() throws Exception {
    JsonNode made = make(",'signature':'v1a'");
    byte[] key =
        Base64.getDecoder().decode(made.path("signing_key").asString().substring("whpk_".length()));
    record(0, 1);
    arrived(1);
    StreamReceiver.Got got = receiver.got.getFirst();
    byte[] encoded =
        HexFormat.of().parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(key));
    PublicKey publicKey =
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    Signature signature = Signature.getInstance("Ed25519");
    signature.initVerify(publicKey);
    signature.update(
        (got.headers().get("webhook-id") + "." + got.headers().get("webhook-timestamp") + ".")
            .getBytes(StandardCharsets.UTF_8));
    signature.update(got.body());
    String sent = got.headers().get("webhook-signature");
    assertThat(sent).startsWith("v1a,");
    assertThat(signature.verify(Base64.getDecoder().decode(sent.substring(4)))).isTrue();
  }

  @Test
  void whenTheMakersRightIsGoneTheStreamPausesWithAnEntry() throws Exception {
    AccessCalls key =
        operator.key(acme, "'streams.manage','audit.export','audit.view','audit.view_personal'");
    String id =
        key.post(
                streams,
                "{'name':'Of a key','query':'action:a.b','destination':{'type':'webhook','url':'%s'}}"
                    .formatted(receiver.url()))
            .expect(201)
            .json()
            .path("id")
            .asString();
    record(0, 1);
    arrived(1);
    String keys = "/v1/tenants/" + acme + "/keys";
    String keyId = get(id, "/maker/id");
    operator.delete(keys + "/" + keyId).expect(204);
    server.pass(Duration.ofMinutes(2));
    record(1, 1);
    assertThat(see(id, "paused").path("paused_because").asString()).contains("may not");
    Eventually.see("its entry", () -> entries("audit.stream.pause"), count -> count == 1);
    assertThat(receiver.seqs()).hasSize(1);
  }

  @Test
  void anIdleSystemRecordsNothingThoughItsStreamsSendEachOthersEntries() throws Exception {
    for (int i = 0; i < 3; i++) {
      operator
          .post(
              streams,
              "{'name':'All','query':'action:a.b OR action:audit.stream.*','destination':{'type':'webhook','url':'%s'}}"
                  .formatted(receiver.url()))
          .expect(201);
    }
    record(0, 2);
    Eventually.see(
        "everything is sent",
        () -> operator.get(streams).expect(200).json(),
        all ->
            all.path("streams")
                .valueStream()
                .allMatch(one -> one.path("state").asString().equals("waiting")));
    server.pass(Duration.ofDays(2));
    Eventually.see("ledgers", () -> entries("audit.stream.ledger"), count -> count == 3);
    Eventually.see(
        "everything is sent",
        () -> operator.get(streams).expect(200).json(),
        all ->
            all.path("streams")
                .valueStream()
                .allMatch(one -> one.path("state").asString().equals("waiting")));
    final int size = entries("audit.stream.*");
    long messages = ofStreams();
    for (int hour = 0; hour < 50; hour++) {
      server.pass(Duration.ofHours(1));
    }
    anotherTenantsLedgerIsRecorded();
    assertThat(entries("audit.stream.*")).isEqualTo(size);
    assertThat(ofStreams()).isEqualTo(messages);
  }

  /** Has a stream of another tenant recorded, so that all streams were looked at after that. */
  private void anotherTenantsLedgerIsRecorded() throws Exception {
    String other = server.newTenant("standard");
    try (StreamReceiver its = new StreamReceiver()) {
      String path = "/v1/tenants/" + other + "/streams";
      String id =
          operator
              .post(
                  path,
                  "{'name':'Other','query':'action:a.b','destination':{'type':'webhook','url':'%s'}}"
                      .formatted(its.url()))
              .expect(201)
              .json()
              .path("id")
              .asString();
      operator
          .post(
              "/v1/events",
              "[{'tenant':'%s','id':'o','action':'a.b','actor':{'type':'user','id':'u'}}]"
                  .formatted(other))
          .expect(201);
      Eventually.see("it arrives", its::seqs, all -> all.size() == 1);
      Eventually.see(
          "its line",
          () -> operator.get(path + "/" + id + "/ledger").expect(200).json(),
          page -> page.path("ledger").size() == 1);
      server.pass(Duration.ofDays(2));
      Eventually.see(
          "its ledger is recorded",
          () ->
              operator
                  .get("/v1/tenants/" + other + "/events?q=action:audit.stream.ledger")
                  .expect(200)
                  .json(),
          page -> page.path("entries").size() == 1);
      operator.delete(path + "/" + id).expect(204);
    }
  }
}
