package dev.indelible.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events are made, sent, sent again under the same ids, and each has its outcome. */
class RecordTest {

  private static final String RECORDED =
      "{'accepted':1,'entries':[{'id':'e1','tenant':'acme','recorded_at':'2026-11-30T12:00:00.000Z'}],'rejected':[]}";

  private static final Event EVENT = Event.of("a.b").id("e1").systemActor().build();

  @Test
  void anEventHasWhatItWasBuiltOf() {
    Event event =
        Event.of("user.role_changed")
            .id("e1")
            .account("eu")
            .occurredAt(Instant.parse("2026-11-20T10:00:00.123456Z"))
            .actor("user", "u_7", "Ana \"A\"\n")
            .target("user", "u_9", null)
            .target("team", "t", "T")
            .outcome("success")
            .change("role", null, "admin")
            .reason("ticket\\1")
            .context("ip", "203.0.113.9")
            .context("user_agent", "x\ud800")
            .details("{\n\"n\": 1.50 }")
            .build();
    assertThat(event.id()).isEqualTo("e1");
    assertThat(event.json())
        .isEqualTo(
            "{\"action\":\"user.role_changed\",\"id\":\"e1\",\"account\":\"eu\",\"occurred_at\":\"2026-11-20T10:00:00.123Z\","
                + "\"actor\":{\"type\":\"user\",\"id\":\"u_7\",\"name\":\"Ana \\\"A\\\"\\u000a\"},\"outcome\":\"success\",\"reason\":\"ticket\\\\1\",\"details\":{ \"n\": 1.50 },"
                + "\"targets\":[{\"type\":\"user\",\"id\":\"u_9\"},{\"type\":\"team\",\"id\":\"t\",\"name\":\"T\"}],"
                + "\"changes\":[{\"field\":\"role\",\"before\":null,\"after\":\"admin\"}],"
                + "\"context\":{\"ip\":\"203.0.113.9\",\"user_agent\":\"x\ufffd\"}}");
  }

  @Test
  void anEventWithoutAnIdGetsOneAndATenantOnlyWhereItHasNone() {
    Event made = Event.ofJson(" { } ");
    assertThat(made.json()).isEqualTo("{\"id\":\"" + made.id() + "\"}");
    assertThat(Event.ofJson("{}").id()).isNotEqualTo(made.id());
    Event given = Event.ofJson("{\"id\":\"e\",\n\"tenant\":null}");
    assertThat(given.json()).isEqualTo("{\"id\":\"e\", \"tenant\":null}");
    assertThat(given.inTenant("acme")).isSameAs(given);
    assertThat(EVENT.inTenant("acme").json()).startsWith("{\"tenant\":\"acme\",\"action\":\"a.b\"");
    for (String wrong : List.of("", "[]", "{} {}", "{\"a\":}", "\"x\"")) {
      assertThatThrownBy(() -> Event.ofJson(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void oneThatIsSentAgainHasTheSameIdAndBody() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, number) -> {
                  switch (number) {
                    case 1 -> ScriptedServer.cut(exchange);
                    case 2 -> ScriptedServer.notNow(exchange, 503, "1");
                    case 3 -> ScriptedServer.notNow(exchange, 504, "1");
                    default -> ScriptedServer.json(exchange, 201, RECORDED);
                  }
                });
        IndelibleClient client = server.client().build()) {
      Event event = Event.of("a.b").systemActor().build();
      Recorded.Receipt receipt = client.record(event);
      assertThat(receipt.id()).isEqualTo("e1");
      assertThat(receipt.recordedAt()).isEqualTo("2026-11-30T12:00:00.000Z");
      assertThat(receipt.duplicate()).isFalse();
      assertThat(receipt.seq()).isEmpty();
      assertThat(server.asked())
          .hasSize(4)
          .allSatisfy(
              asked ->
                  assertThat(asked.body())
                      .isEqualTo(event.inTenant("acme").json())
                      .contains(event.id()));
    }
  }

  @Test
  void eachEventOfABatchHasItsOutcome() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, _) ->
                    ScriptedServer.json(
                        exchange,
                        201,
                        "{'accepted':2,'entries':[{'id':'e1','tenant':'acme','recorded_at':'t','duplicate':true,'seq':7},{'id':'e3','tenant':'acme','recorded_at':'t','seq':8}],"
                            + "'rejected':[{'index':1,'status':422,'code':'invalid_event','detail':'One thing.','errors':[{'pointer':'/action','code':'missing','detail':'No action.'}]}]}"));
        IndelibleClient client = server.client().build()) {
      Recorded recorded =
          client.record(
              List.of(EVENT, Event.ofJson("{\"id\":\"e2\"}"), Event.ofJson("{\"id\":\"e3\"}")),
              RecordOption.WAIT_UNTIL_SEALED,
              RecordOption.MARK_SECRETS);
      assertThat(recorded.entries()).extracting(Recorded.Receipt::id).containsExactly("e1", "e3");
      assertThat(recorded.entries().get(0).duplicate()).isTrue();
      assertThat(recorded.entries().get(1).seq()).hasValue(8);
      Recorded.Rejected rejected = recorded.rejected().get(0);
      assertThat(rejected.index()).isEqualTo(1);
      assertThat(rejected.faults())
          .containsExactly(new Problem.Fault("/action", "missing", "No action."));
      ScriptedServer.Asked asked = server.asked().get(0);
      assertThat(asked.target()).isEqualTo("/v1/events?secrets=mark&wait=sealed");
      assertThat(asked.headers()).containsEntry("content-type", "application/x-ndjson");
      assertThat(asked.body().lines()).hasSize(3).allMatch(line -> line.contains("\"acme\""));
    }
  }

  @Test
  void aBatchOfWhichNothingIsTakenIsAnOutcomeAndARefusalOfTheWholeIsNot() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, number) -> {
                  if (number == 1) {
                    ScriptedServer.json(
                        exchange,
                        422,
                        "{'code':'all_rejected','rejected':[{'index':0,'code':'id_conflict','detail':'d'}]}");
                  } else {
                    ScriptedServer.json(exchange, 403, "{'code':'forbidden','detail':'No.'}");
                  }
                });
        IndelibleClient client = server.client().build()) {
      Recorded none = client.record(List.of(EVENT));
      assertThat(none.entries()).isEmpty();
      assertThat(none.rejected())
          .extracting(Recorded.Rejected::code)
          .containsExactly("id_conflict");
      assertThatThrownBy(() -> client.record(List.of(EVENT)))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.problem().code()).isEqualTo("forbidden"))
          .hasMessage("No. (forbidden)");
      assertThatThrownBy(() -> client.record(EVENT)).isInstanceOf(RefusedException.class);
    }
  }

  @Test
  void aBatchHasItsLimits() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer((exchange, _) -> ScriptedServer.json(exchange, 201, RECORDED));
        IndelibleClient client = server.client().build()) {
      int most = IndelibleClient.MAX_BATCH_EVENTS;
      assertThat(client.record(Collections.nCopies(most, EVENT)).entries()).hasSize(1);
      for (int wrong : new int[] {0, most + 1}) {
        List<Event> events = Collections.nCopies(wrong, EVENT);
        assertThatThrownBy(() -> client.record(events))
            .isInstanceOf(IllegalArgumentException.class);
      }
      byte[] lines = " ".repeat(IndelibleClient.MAX_BATCH_BYTES + 1).getBytes(UTF_8);
      assertThatThrownBy(() -> client.recordLines(lines))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(server.asked()).hasSize(1);
    }
  }
}
