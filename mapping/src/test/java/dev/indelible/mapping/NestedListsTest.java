package dev.indelible.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists in lists with what they are in, one event for each element, and records left out. */
class NestedListsTest {

  private static final String MAP =
      """
      version: 2
      event:
        action: app.did
        actor: {type: system}
      """;

  @Test
  void anElementKnowsWhatItsListIsIn() {
    String map =
        MAP
            + """
              targets:
                - {each: [/groups, /members], if: ^/open, type: "{^/kind}", id: "{$/org}/{^/id}/{/id}", name: "{^^/org}{#}"}
              changes:
                - {each: [/groups, /diff], if_not: ^/open, field: "{^/id}.{/f}", before: /b, after: /a}
            """;
    ObjectNode event =
        Mapped.by(
            map,
            "{'org':'o','groups':[{'kind':'team','id':1,'open':true,'members':[{'id':'a'},{'id':'b'}]},"
                + "{'id':2,'members':[{'id':'c'}],'diff':[{'f':'x','b':1,'a':2}]}]}");
    assertThat(Mapped.written(event.path("targets")))
        .isEqualTo(
            "[{'type':'team','id':'o/1/a','name':'o0'},{'type':'team','id':'o/1/b','name':'o1'}]");
    assertThat(Mapped.written(event.path("changes")))
        .isEqualTo("[{'field':'2.x','before':1,'after':2}]");
    assertThat(event.at("/details/groups/1").has("diff")).isTrue();
  }

  @Test
  void whatIsCarriedOverFromWithinListsLeavesTheRecord() {
    String map = MAP + "  targets: [{each: [/g, /m], type: x, id: /id, name: ^/n}]\n";
    ObjectNode event =
        Mapped.by(map, "{'g':[{'n':'one','m':[{'id':'a'},{'id':'b','k':1}]},{'m':{'id':'c'}}]}");
    assertThat(Mapped.written(event.path("targets")))
        .isEqualTo(
            "[{'type':'x','id':'a','name':'one'},{'type':'x','id':'b','name':'one'},"
                + "{'type':'x','id':'c'}]");
    assertThat(Mapped.written(event.path("details")))
        .isEqualTo("{'g':[{'m':[null,{'k':1}]},null]}");
  }

  @Test
  void oneThingIsAListOfItselfInVersionTwoAlone() {
    String rule = "  targets: [{each: /things, type: thing, id: \"\"}]\n";
    assertThat(Mapped.written(Mapped.by(MAP + rule, "{'things':'a'}").path("targets")))
        .isEqualTo("[{'type':'thing','id':'a'}]");
    String old = (MAP + rule).replace("version: 2\n", "");
    assertThat(Mapped.by(old, "{'things':'a'}").has("targets")).isFalse();
  }

  @Test
  void eachElementOfTheExpandedListIsAnEventWithTheRest() {
    String map =
        MAP.replace("event:", "expand: /events\nskip: [{if: /events/quiet, because: quiet ones}]\nevent:")
            .replace("app.did", "/events/name")
            + "  id: \"{/id/q}:{#}\"\n  account: /id/customer\n";
    List<Mapping> all =
        Mapped.all(
            map,
            Mapped.json(
                "{'id':{'q':'7','customer':'c'},'events':[{'name':'login','p':1},"
                    + "{'name':'poll','quiet':true},{'name':'logout'}],'kind':'k'}"));
    assertThat(all).hasSize(3);
    ObjectNode first = ((Mapping.Mapped) all.get(0)).event();
    assertThat(Mapped.written(first))
        .isEqualTo(
            "{'id':'7:0','account':'c','action':'login','actor':{'type':'system'},"
                + "'details':{'id':{'q':'7'},'events':{'p':1},'kind':'k'}}");
    assertThat(all.get(1)).isEqualTo(new Mapping.Skipped("quiet ones"));
    assertThat(((Mapping.Mapped) all.get(2)).event().path("id").asString()).isEqualTo("7:2");
  }

  @Test
  void withoutAListTheRecordIsOneEvent() {
    String map = MAP.replace("event:", "expand: /events\nevent:") + "  id: \"x{#}\"\n";
    for (String record : List.of("{'events':[]}", "{'events':{'a':1}}", "{'n':1}")) {
      List<Mapping> all = Mapped.all(map, Mapped.json(record));
      assertThat(all).singleElement().isInstanceOf(Mapping.Mapped.class);
      assertThat(((Mapping.Mapped) all.getFirst()).event().has("id")).isFalse();
    }
  }

  @Test
  void moreEventsThanTheLimitAreRefused() {
    String map = MAP.replace("event:", "expand: /events\nevent:");
    ObjectNode record = Mapped.json("{}");
    ArrayNode events = record.putArray("events");
    for (int i = 0; i < Mapper.MAX_EXPANDED; i++) {
      events.addObject().put("n", i);
    }
    assertThat(Mapped.all(map, record)).hasSize(Mapper.MAX_EXPANDED);
    events.addObject();
    assertThat(Mapped.all(map, record))
        .singleElement()
        .isInstanceOfSatisfying(
            Mapping.Unmappable.class, no -> assertThat(no.why()).contains("1,001", "1,000"));
  }

  @Test
  void aRecordIsLeftOutForAReason() {
    String map =
        MAP.replace(
            "event:",
            """
            skip:
              - {if: {from: /stage, when: "^RequestReceived$"}, because: requests only received}
              - {if_not: /user, because: records without a user}
            event:""");
    assertThat(Mapped.all(map, Mapped.json("{'stage':'RequestReceived','user':'a'}")))
        .containsExactly(new Mapping.Skipped("requests only received"));
    assertThat(Mapped.all(map, Mapped.json("{'stage':'ResponseComplete'}")))
        .containsExactly(new Mapping.Skipped("records without a user"));
    assertThat(Mapped.by(map, "{'stage':'ResponseComplete','user':'a'}").has("details")).isTrue();
  }
}
