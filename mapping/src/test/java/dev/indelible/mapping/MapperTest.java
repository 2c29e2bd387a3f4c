package dev.indelible.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class MapperTest {

  private static final JsonMapper JSON = new JsonMapper();

  private static final String PLAIN =
      """
      event:
        occurred_at: {at: /t, as: epoch_s}
        action: "app.{/what}"
        actor: {type: user, id: [/who/id, /who/login, nobody]}
        targets:
          - {each: /things, type: thing, id: /id}
        changes:
          - {each: /diff, field: /f, before: /b, after: /a}
      """;

  @Test
  void whatIsCarriedOverLeavesAndTheRestStaysWithItsPlace() {
    ObjectNode event =
        mapped(
            PLAIN,
            """
            {"t":1763632800,"what":"Big Sale","who":{"login":"ana"},"a/b":{"~":1},
             "things":[{"id":"1"},{"id":"2","colour":"red"}],"diff":[{"f":"x","b":1,"a":[2]}],"n":null}
            """);
    assertThat(event.toString())
        .isEqualTo(
            """
            {"occurred_at":"2025-11-20T10:00:00Z","action":"app.big_sale",\
            "actor":{"type":"user","id":"ana"},\
            "targets":[{"type":"thing","id":"1"},{"type":"thing","id":"2"}],\
            "changes":[{"field":"x","before":1,"after":[2]}],\
            "details":{"what":"Big Sale","a/b":{"~":1},"things":[null,{"colour":"red"}],"n":null}}""");
  }

  @Test
  void anActionThatHadToBeRewrittenStaysAsItWas() {
    String map = PLAIN.replace("\"app.{/what}\"", "/what");
    String record = "{\"t\":1763632800,\"what\":\"Big Sale!\"}";
    assertThat(mapped(map, record).at("/details/what").asString()).isEqualTo("Big Sale!");
    assertThat(mapped(map, record.replace("Big Sale!", "sale")).has("details")).isFalse();
  }

  @Test
  void moreTargetsThanAnEventHoldsStayInTheDetails() {
    StringBuilder things = new StringBuilder("{\"t\":1763632800,\"what\":\"x\",\"things\":[");
    for (int i = 0; i < 20; i++) {
      things.append(i == 0 ? "" : ",").append("{\"id\":\"").append(i).append("\"}");
    }
    ObjectNode event = mapped(PLAIN, things.append("]}").toString());
    assertThat(event.path("targets").size()).isEqualTo(16);
    assertThat(event.at("/details/things/16/id").asString()).isEqualTo("16");
    assertThat(event.at("/details/things/19/id").asString()).isEqualTo("19");
  }

  @ParameterizedTest
  @CsvSource({
    "epoch_s,1763632800.25,2025-11-20T10:00:00.250Z",
    "epoch_ms,1763632800250,2025-11-20T10:00:00.250Z",
    "rfc3339,'\"2025-11-20T19:00:00+09:00\"',2025-11-20T10:00:00Z",
  })
  void timesAreReadInTheirForm(String form, String written, String expected) {
    ObjectNode event =
        mapped(PLAIN.replace("epoch_s", form), "{\"what\":\"x\",\"t\":" + written + "}");
    assertThat(event.path("occurred_at").asString()).isEqualTo(expected);
  }

  @Test
  void aTimeOfAnotherFormIsNotGuessedAt() {
    Mapper mapper = new Mapper(MapReader.read("test", PLAIN));
    assertThat(mapper.map(JSON.readTree("{\"what\":\"x\",\"t\":\"yesterday\"}")).getFirst())
        .isInstanceOfSatisfying(
            Mapping.Unmappable.class, refusal -> assertThat(refusal.why()).contains("yesterday"));
  }

  @Test
  void aRecordWithoutAnActionIsRefused() {
    Mapper mapper = new Mapper(MapReader.read("test", PLAIN));
    assertThat(mapper.map(JSON.readTree("{\"t\":1763632800}")).getFirst())
        .isInstanceOf(Mapping.Unmappable.class);
    assertThat(mapper.map(JSON.readTree("[1]")).getFirst()).isInstanceOf(Mapping.Unmappable.class);
  }

  @Test
  void mistakesInAMapAreNamed() {
    assertThatThrownBy(() -> MapReader.read("m.yaml", PLAIN.replace("targets:", "targts:")))
        .isInstanceOf(InvalidMapException.class)
        .hasMessageContaining("m.yaml")
        .hasMessageContaining("targts");
    assertThatThrownBy(() -> MapReader.read("m.yaml", PLAIN.replace("epoch_s", "epoch")))
        .hasMessageContaining("occurred_at.as");
    assertThatThrownBy(() -> MapReader.read("m.yaml", "event: {action: x}"))
        .hasMessageContaining("actor");
    assertThatThrownBy(() -> MapReader.read("m.yaml", "event: [")).hasMessageContaining("m.yaml");
  }

  private static ObjectNode mapped(String map, String record) {
    Mapping mapping = new Mapper(MapReader.read("test", map)).map(JSON.readTree(record)).getFirst();
    assertThat(mapping).isInstanceOf(Mapping.Mapped.class);
    return ((Mapping.Mapped) mapping).event();
  }
}
