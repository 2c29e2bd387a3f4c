package dev.indelible.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.cli.audit.AuditedServer;
import dev.indelible.client.Entry;
import dev.indelible.client.Event;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.Query;
import dev.indelible.client.RecordOption;
import dev.indelible.client.Recorded;
import dev.indelible.client.RefusedException;
import dev.indelible.client.Tail;
import dev.indelible.testing.Eventually;
import dev.indelible.verify.LogProof;
import dev.indelible.verify.TrustPolicy;
import dev.indelible.verify.Verdict;
import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.Trust;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client library against the server that it is for. */
class ClientOfServerTest {

  @TempDir private Path data = Path.of(".");
  private AuditedServer server;
  private IndelibleClient client;

  @BeforeEach
  void start() throws Exception {
    server = AuditedServer.start(data);
    server.createTenant("acme");
    client =
        IndelibleClient.to(server.uri())
            .key(server.key())
            .tenant("acme")
            .answerTimeout(Eventually.LIMIT)
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private static Event login(String id) {
    return Event.of("user.login")
        .id(id)
        .actor("user", "u_7", "Ana \"A\" Ribeiro")
        .target("app", "console", null)
        .outcome("success")
        .change("last_seen", null, "today")
        .context("ip", "203.0.113.9")
        .details("{\"attempts\": 1.50}")
        .build();
  }

  @Test
  void whatIsRecordedIsFoundOnceHoweverOftenItIsSent() {
    Recorded.Receipt receipt = client.record(login("e1"));
    assertThat(receipt.id()).isEqualTo("e1");
    assertThat(receipt.tenant()).isEqualTo("acme");
    assertThat(receipt.duplicate()).isFalse();
    assertThat(client.record(login("e1")).duplicate()).isTrue();
    Recorded batch =
        client.record(
            List.of(
                login("e1"),
                Event.ofJson("{\"id\":\"bad\",\"action\":\"A B\"}"),
                login("e2"),
                Event.of("a.b").systemActor().build()),
            RecordOption.WAIT_UNTIL_SEALED);
    assertThat(batch.entries()).hasSize(3).allMatch(entry -> entry.seq().isPresent());
    assertThat(batch.entries())
        .extracting(Recorded.Receipt::duplicate)
        .containsExactly(true, false, false);
    assertThat(batch.rejected()).hasSize(1);
    assertThat(batch.rejected().getFirst().index()).isEqualTo(1);
    assertThat(batch.rejected().getFirst().faults()).hasSizeGreaterThan(1);
    Query query = Query.of("action:user.login").order(Query.Order.OLDEST).pageSize(1);
    List<Entry> found =
        Eventually.see(
            "both entries", () -> client.search(query).toList(), entries -> entries.size() == 2);
    assertThat(found).extracting(Entry::id).containsExactly("e1", "e2");
    assertThat(found.getFirst().text("actor", "name")).isEqualTo("Ana \"A\" Ribeiro");
    assertThat(found.getFirst().json().at("details", "attempts")).hasToString("1.50");
  }

  @Test
  void aRefusalSaysWhatIsWrong() {
    assertThatThrownBy(() -> client.search(Query.of("actor:u (")).count())
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> {
              assertThat(e.problem().code()).isEqualTo("invalid_query");
              assertThat(e.problem().json().at("column").integer()).isPresent();
            });
    assertThatThrownBy(() -> client.record(Event.ofJson("{\"action\":\"A\"}")))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.problem().code()).isEqualTo("invalid_event"));
    assertThatThrownBy(() -> client.forTenant("none").log().checkpoint())
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("/v1/tenants/none/log/checkpoint was answered with 404: ");
  }

  @Test
  void aTailGivesWhatCameBeforeItAndWhatComes() throws Exception {
    client.record(login("e1"));
    String last;
    try (Tail tail = client.tailAfter("action:user.login", "-1")) {
      assertThat(id(tail)).isEqualTo("e1");
      client.record(login("e2"));
      assertThat(id(tail)).isEqualTo("e2");
      last = tail.lastEventId();
    }
    client.record(login("e3"));
    try (Tail tail = client.tailAfter("action:user.login", last)) {
      assertThat(id(tail)).isEqualTo("e3");
    }
  }

  private static String id(Tail tail) throws InterruptedException {
    return requireNonNull(tail.next()).id();
  }

  @Test
  void theLogAndAProofAreCheckedByVerify() throws Exception {
    client.record(List.of(login("e1"), login("e/2")), RecordOption.WAIT_UNTIL_SEALED);
    LogProof proof = client.log().proof("e/2");
    TrustPolicy policy = TrustPolicy.ofLog(client.log().keys().getFirst());
    assertThat(proof.check(policy)).isInstanceOf(Verdict.Holds.class);
    AuditReport leaves = client.log().verifyTree(Trust.NOTHING, _ -> {});
    AuditReport entries = client.log().verifyEntries(Trust.NOTHING, _ -> {});
    assertThat(List.of(leaves, entries)).noneMatch(AuditReport::broken);
    assertThat(client.log().checkpoint().checkpoint().size())
        .isGreaterThan(proof.leafIndex())
        .isGreaterThanOrEqualTo(leaves.entries());
  }
}
