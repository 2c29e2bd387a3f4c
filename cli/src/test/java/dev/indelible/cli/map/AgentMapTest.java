package dev.indelible.cli.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.mapping.InvalidMapException;
import dev.indelible.mapping.MapReader;
import dev.indelible.mapping.Mapper;
import dev.indelible.mapping.Mapping;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.EventDecoder;
import dev.indelible.server.event.EventLimits;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Maps of logs in which AI agents act for people, and producers number their events. */
class AgentMapTest {

  private static final String MAP =
      """
      event:
        action: /did
        actor:
          type: {from: /who/kind, values: {bot: ai_agent, person: user}}
          id: /who/id
          model: /who/model
          version: /who/build
          on_behalf_of:
            type: {from: /for/kind, values: {bot: ai_agent}, other: user}
            id: /for/id
            model: /for/model
            on_behalf_of: {type: user, id: /for/owner}
        context: {producer: /host, producer_seq: /n}
      """;

  private static ObjectNode map(String record) {
    Mapping mapping =
        new Mapper(MapReader.read("agents", MAP))
            .map(JsonMapper.shared().readTree(record.replace('\'', '"')))
            .getFirst();
    assertThat(mapping).isInstanceOf(Mapping.Mapped.class);
    ObjectNode event = ((Mapping.Mapped) mapping).event();
    byte[] json = event.toString().getBytes(StandardCharsets.UTF_8);
    assertThat(new EventDecoder().decode(json, 0, json.length))
        .as("%s", event)
        .isInstanceOf(Decoding.Decoded.class);
    return event;
  }

  @Test
  void anAgentItsChainAndItsProducerAreMapped() {
    JsonNode event =
        map(
            """
            {'did':'ticket.close','who':{'kind':'bot','id':'triage','model':'acme-large-3','build':'1.4'},
             'for':{'kind':'bot','id':'planner','model':'acme-small','owner':'u_nadia'},'host':'desk-3','n':4711}""");
    assertThat(event.at("/actor/type").asString()).isEqualTo("ai_agent");
    assertThat(event.at("/actor/model").asString()).isEqualTo("acme-large-3");
    assertThat(event.at("/actor/version").asString()).isEqualTo("1.4");
    assertThat(event.at("/actor/on_behalf_of/model").asString()).isEqualTo("acme-small");
    assertThat(event.at("/actor/on_behalf_of/on_behalf_of/id").asString()).isEqualTo("u_nadia");
    assertThat(event.at("/context/producer").asString()).isEqualTo("desk-3");
    assertThat(event.at("/context/producer_seq").asLong()).isEqualTo(4711);
    assertThat(event.at("/details").toString()).doesNotContain("4711", "acme-large", "u_nadia");
  }

  @Test
  void whatAnEventCannotHoldStaysInTheDetails() {
    JsonNode event =
        map(
            "{'did':'a','who':{'kind':'person','id':'u','model':'m'},'host':'h','n':%d}"
                .formatted(EventLimits.MAX_PRODUCER_SEQ + 1));
    assertThat(event.path("actor").has("model")).isFalse();
    assertThat(event.at("/details/who/model").asString()).isEqualTo("m");
    assertThat(event.path("context").has("producer_seq")).isFalse();
    assertThat(event.at("/details/n").asLong()).isEqualTo(EventLimits.MAX_PRODUCER_SEQ + 1);
    JsonNode anonymous = map("{'did':'a','who':{'kind':'person','id':'u'},'n':7}");
    assertThat(anonymous.has("context")).isFalse();
    assertThat(anonymous.at("/details/n").asLong()).isEqualTo(7);
  }

  @Test
  void aChainOfAMapHasAtMostSoManySteps() {
    assertThat(MapReader.read("deep", chain(EventLimits.MAX_ON_BEHALF_OF))).isNotNull();
    assertThatThrownBy(() -> MapReader.read("deep", chain(EventLimits.MAX_ON_BEHALF_OF + 1)))
        .isInstanceOf(InvalidMapException.class)
        .hasMessageContaining("is a step too many: 8 at most");
  }

  private static String chain(int steps) {
    return "event: {action: a, actor: {type: system"
        + ", on_behalf_of: {type: user, id: /u".repeat(steps)
        + "}".repeat(steps + 2);
  }
}
