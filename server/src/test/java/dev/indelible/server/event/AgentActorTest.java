package dev.indelible.server.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.indelible.server.event.EntryCodec.Accepted;
import dev.indelible.server.event.EntryCodec.Parts;
import dev.indelible.server.event.EntryCodec.Privacy;
import dev.indelible.server.event.Event.ActorType;
import dev.indelible.server.event.Event.Agent;
import dev.indelible.server.event.Event.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** AI agents as actors, chains of parties on whose behalf they act, and who made the event. */
class AgentActorTest {

  private static final TenantId ACME = new TenantId("acme");
  private static final Instant RECORDED = Instant.parse("2026-11-20T10:00:00Z");
  private static final Classification CLASSIFICATION =
      new Classification("tickets", "update", false, List.of());
  private static final Privacy HASHING =
      new Privacy(
          new PersonalRules(Set.of(), List.of(), true),
          new HmacActorHasher(new byte[HmacActorHasher.KEY_BYTES]));

  /** A person's agent, which started another one. */
  private static final String CHAIN =
      """
      {"action":"ticket.closed","actor":{"type":"ai_agent","id":"triage","name":"Triage","model":"acme-large-3","version":"1.4",
        "on_behalf_of":{"type":"ai_agent","id":"planner","name":"Planner of Nadia","model":"acme-small","version":"7",
          "on_behalf_of":{"type":"api_client","id":"desk-app",
            "on_behalf_of":{"type":"user","id":"u_nadia","name":"Nadia","email":"nadia@acme.test"}}}},
       "context":{"producer":"desk-3","producer_seq":4711}}""";

  private final EventDecoder decoder = new EventDecoder();
  private final EntryCodec codec = new EntryCodec();

  private Decoding decode(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return decoder.decode(bytes, 0, bytes.length);
  }

  private Event event(String json) {
    Decoding decoding = decode(json);
    assertThat(decoding).as(json).isInstanceOf(Decoding.Decoded.class);
    return ((Decoding.Decoded) decoding).event();
  }

  private Parts encode(Event event, Privacy privacy) {
    return codec.encode(new Accepted(ACME, "e1", event, CLASSIFICATION), privacy);
  }

  private Entry decode(Parts parts) {
    return codec.decode(3, RECORDED, parts, parts.personal() == null);
  }

  private static String text(byte[] part) {
    return new String(part, UTF_8);
  }

  @Test
  void anAgentHasAModelAndAVersionAndAChainThatIsKeptInOrder() {
    Event event = event(CHAIN);
    assertThat(event.actor().type()).isEqualTo(ActorType.AI_AGENT);
    assertThat(event.actor().agent()).isEqualTo(new Agent("acme-large-3", "1.4"));
    assertThat(event.actor().chain())
        .extracting(Principal::type, Principal::id, Principal::agent)
        .containsExactly(
            tuple(ActorType.AI_AGENT, "planner", new Agent("acme-small", "7")),
            tuple(ActorType.API_CLIENT, "desk-app", Agent.NONE),
            tuple(ActorType.USER, "u_nadia", Agent.NONE));
    assertThat(event.context().producer()).isEqualTo("desk-3");
    assertThat(event.context().producerSeq()).isEqualTo(4711);
  }

  @Test
  void namesAndAddressesOfEveryStepArePersonalAndTheRestAreFacts() {
    Parts parts = encode(event(CHAIN), Privacy.BASIC);
    assertThat(text(parts.facts()))
        .isEqualTo(
            "{\"id\":\"e1\",\"tenant\":\"acme\",\"action\":\"ticket.closed\","
                + "\"category\":\"tickets\",\"verb\":\"update\",\"security_relevant\":false,"
                + "\"actor\":{\"type\":\"ai_agent\",\"id\":\"triage\",\"model\":\"acme-large-3\","
                + "\"version\":\"1.4\",\"on_behalf_of\":{\"type\":\"ai_agent\","
                + "\"id\":\"planner\",\"model\":\"acme-small\",\"version\":\"7\","
                + "\"on_behalf_of\":{\"type\":\"api_client\",\"id\":\"desk-app\","
                + "\"on_behalf_of\":{\"type\":\"user\",\"id\":\"u_nadia\"}}}},"
                + "\"outcome\":\"unknown\","
                + "\"context\":{\"producer\":\"desk-3\",\"producer_seq\":4711}}");
    assertThat(text(Objects.requireNonNull(parts.personal())))
        .isEqualTo(
            "{\"actor\":{\"name\":\"Triage\",\"on_behalf_of\":{\"name\":\"Planner of Nadia\","
                + "\"on_behalf_of\":{\"on_behalf_of\":{\"name\":\"Nadia\","
                + "\"email\":\"nadia@acme.test\"}}}}}");
    Entry whole = decode(parts);
    assertThat(EntryCodec.sameContent(event(CHAIN), whole.event())).isTrue();
    assertThat(text(EventJson.toBytes(whole)))
        .contains("\"version\":\"7\",\"on_behalf_of\":{\"type\":\"api_client\"")
        .contains("\"producer\":\"desk-3\",\"producer_seq\":4711");
  }

  @Test
  void whereActorsAreHashedNoFactHoldsTheIdOfAnyStep() {
    Parts parts = encode(event(CHAIN), HASHING);
    String facts = text(parts.facts());
    assertThat(facts).doesNotContain("triage", "planner", "desk-app", "u_nadia", "Nadia");
    assertThat(facts.split("id_hash", -1)).hasSize(5);
    Entry whole = decode(parts);
    assertThat(whole.event().actor().chain())
        .extracting(Principal::id)
        .containsExactly("planner", "desk-app", "u_nadia");
    Entry erased = decode(new Parts(parts.facts(), null));
    assertThat(erased.event().actor().chain())
        .hasSize(3)
        .allSatisfy(
            party -> {
              assertThat(party.id()).isNull();
              assertThat(party.idHash()).hasSize(64);
            });
    assertThat(erased.event().actor().agent().model()).isEqualTo("acme-large-3");
  }

  @Test
  void aChainHasAtMostSoManySteps() {
    String deepest = "{\"type\":\"user\",\"id\":\"u\"}";
    for (int step = 1; step < EventLimits.MAX_ON_BEHALF_OF; step++) {
      deepest = "{\"type\":\"user\",\"id\":\"u\",\"on_behalf_of\":" + deepest + "}";
    }
    String event = "{\"action\":\"a\",\"actor\":{\"type\":\"system\",\"on_behalf_of\":%s}}";
    assertThat(event(event.formatted(deepest)).actor().chain())
        .hasSize(EventLimits.MAX_ON_BEHALF_OF);
    Event whole = event(event.formatted(deepest));
    assertThat(EntryCodec.sameContent(whole, decode(encode(whole, HASHING)).event())).isTrue();
    String beyond = "{\"type\":\"user\",\"id\":\"u\",\"on_behalf_of\":" + deepest + "}";
    assertThat(((Decoding.Invalid) decode(event.formatted(beyond))).problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(Problem.Code.TOO_DEEP);
              assertThat(problem.pointer())
                  .isEqualTo("/actor" + "/on_behalf_of".repeat(EventLimits.MAX_ON_BEHALF_OF + 1));
            });
  }

  private static Stream<Arguments> wrong() {
    String agent = "\"type\":\"ai_agent\",\"id\":\"a\"";
    String user = "\"type\":\"user\",\"id\":\"u\"";
    return Stream.of(
        arguments(user + ",\"model\":\"m\"", "", "/actor/model", "unknown_field"),
        arguments("\"version\":\"1\"," + user, "", "/actor/version", "unknown_field"),
        arguments("\"type\":\"ai_agent\"", "", "/actor/id", "missing"),
        arguments(agent + ",\"model\":\"\"", "", "/actor/model", "bad_format"),
        arguments(agent + ",\"model\":7", "", "/actor/model", "wrong_type"),
        arguments(
            agent + ",\"version\":\"" + "x".repeat(EventLimits.MAX_ID_LENGTH + 1) + "\"",
            "",
            "/actor/version",
            "too_long"),
        arguments(agent + ",\"model\":\"m\",\"model\":\"m\"", "", "/actor/model", "duplicate_key"),
        arguments(
            agent + ",\"on_behalf_of\":{" + user + ",\"model\":\"m\"}",
            "",
            "/actor/on_behalf_of/model",
            "unknown_field"),
        arguments(
            agent + ",\"on_behalf_of\":{" + user + ",\"on_behalf_of\":{\"type\":\"user\"}}",
            "",
            "/actor/on_behalf_of/on_behalf_of/id",
            "missing"),
        arguments(
            agent + ",\"on_behalf_of\":{" + user + ",\"roles\":[]}",
            "",
            "/actor/on_behalf_of/roles",
            "unknown_field"),
        arguments("\"type\":\"agent\",\"id\":\"a\"", "", "/actor/type", "unknown_value"),
        arguments(agent, "\"producer_seq\":1", "/context/producer", "missing"),
        arguments(agent, "\"producer\":null,\"producer_seq\":1", "/context/producer", "missing"),
        arguments(agent, producer("-1"), "/context/producer_seq", "out_of_range"),
        arguments(agent, producer("1.5"), "/context/producer_seq", "out_of_range"),
        arguments(agent, producer("\"1\""), "/context/producer_seq", "wrong_type"),
        arguments(
            agent,
            producer(Long.toString(EventLimits.MAX_PRODUCER_SEQ + 1)),
            "/context/producer_seq",
            "out_of_range"),
        arguments(agent, "\"producer\":\"\"", "/context/producer", "bad_format"));
  }

  private static String producer(String seq) {
    return "\"producer\":\"p\",\"producer_seq\":" + seq;
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void isRefusedWhereItIsWrong(String actor, String context, String pointer, String code) {
    String json = "{\"action\":\"a\",\"actor\":{%s},\"context\":{%s}}".formatted(actor, context);
    assertThat(decode(json)).as(json).isInstanceOf(Decoding.Invalid.class);
    assertThat(((Decoding.Invalid) decode(json)).problems())
        .as(json)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.pointer()).isEqualTo(pointer);
              assertThat(problem.code().jsonName()).isEqualTo(code);
            });
  }

  @Test
  void theGreatestNumberOfAProducerIsKeptExactly() {
    for (long seq : new long[] {0, EventLimits.MAX_PRODUCER_SEQ}) {
      Event event =
          event(
              "{\"action\":\"a\",\"actor\":{\"type\":\"system\"},\"context\":{%s}}"
                  .formatted(producer(Long.toString(seq))));
      assertThat(decode(encode(event, Privacy.BASIC)).event().context().producerSeq())
          .isEqualTo(seq);
    }
  }

  @Test
  void anotherModelStepOrProducerIsAnotherEvent() {
    Event event = event(CHAIN);
    for (String other :
        List.of(
            CHAIN.replace("acme-large-3", "acme-large-4"),
            CHAIN.replace("\"1.4\"", "\"1.5\""),
            CHAIN.replace("\"version\":\"7\"", "\"version\":\"8\""),
            CHAIN.replace("desk-app", "desk-web"),
            CHAIN.replace("u_nadia", "u_noor"),
            CHAIN.replace("nadia@", "noor@"),
            CHAIN.replace("desk-3", "desk-4"),
            CHAIN.replace("4711", "4712"),
            CHAIN.replace(",\"producer_seq\":4711", ""))) {
      assertThat(EntryCodec.sameContent(event, event(other))).as(other).isFalse();
    }
    assertThat(EntryCodec.sameContent(event, event(CHAIN))).isTrue();
  }

  @Test
  void aLineOfCsvHasTheWholeChainTheModelAndTheProducer() {
    Entry entry =
        codec.decode(
            3,
            RECORDED,
            codec.encode(
                new Accepted(
                    ACME,
                    "e1",
                    event(CHAIN),
                    CLASSIFICATION,
                    new RecordedBy(RecordedBy.Kind.API_KEY, "k_1")),
                Privacy.BASIC),
            false);
    String line = text(new EntryCsv().line(entry, Map.of()));
    assertThat(line)
        .contains(
            ",ai_agent/planner (Planner of Nadia); api_client/desk-app; user/u_nadia (Nadia),")
        .contains(",acme-large-3,1.4,desk-3,4711,api_key/k_1,acme,update,");
    String cells = line.replaceAll("\"([^\"]|\"\")*\"", "");
    assertThat(cells.split(",", -1)).hasSameSizeAs(EntryCsv.COLUMNS);
    assertThat(EntryCsv.COLUMNS).doesNotHaveDuplicates().startsWith("id", "seq");
  }
}
