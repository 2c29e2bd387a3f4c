package dev.indelible.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tests of the language of maps, and that values which an event cannot hold stay in its details.
 */
class MapLanguageTest {

  private static final String MAP =
      """
      event:
        action: door.opened
        actor: {type: user, id: [/id, /login, nobody]}
      """;

  @Test
  void aValueMayDependOnItsText() {
    String map =
        MAP
            + """
              outcome:
                - {from: /code, when: "^[45]", other: failure}
                - {any: /steps, when: "(?i)^bad$", other: failure}
                - success
              outcome_reason: {any: /why}
              account: {from: /number, when: "^[1-9]"}
            """;
    assertThat(Mapped.by(map, "{'code':404}").path("outcome").asString()).isEqualTo("failure");
    assertThat(Mapped.by(map, "{'code':204}").path("outcome").asString()).isEqualTo("success");
    assertThat(Mapped.by(map, "{'steps':{'a':'good','b':'Bad'}}").path("outcome").asString())
        .isEqualTo("failure");
    assertThat(Mapped.by(map, "{'steps':['good',['bad']]}").path("outcome").asString())
        .isEqualTo("success");
    ObjectNode event = Mapped.by(map, "{'number':0,'why':[null,'','no key']}");
    assertThat(event.has("account")).isFalse();
    assertThat(event.path("outcome_reason").asString()).isEqualTo("no key");
    assertThat(Mapped.written(event.path("details")))
        .isEqualTo("{'number':0,'why':[null,'',null]}");
    assertThat(Mapped.by(map, "{'number':7}").path("account").asString()).isEqualTo("7");
  }

  @Test
  void aTargetMayHaveACondition() {
    String map =
        MAP
            + """
              targets:
                - {if: {from: /kind, when: "^trail"}, type: trail, id: /name}
                - {each: /parts, if: /serial, type: part, id: ""}
                - {each: /numbers, type: number, id: ""}
                - {each: /again, type: number, id: ""}
            """;
    assertThat(Mapped.by(map, "{'kind':'trail','name':'a'}").path("targets").size()).isEqualTo(1);
    assertThat(Mapped.by(map, "{'kind':'door','name':'a'}").has("targets")).isFalse();
    assertThat(Mapped.by(map, "{'name':'a','parts':[{'serial':1}]}").has("targets")).isFalse();
    ObjectNode event = Mapped.by(map, "{'numbers':[4,5],'again':[5]}");
    assertThat(Mapped.written(event.path("targets")))
        .isEqualTo("[{'type':'number','id':'4'},{'type':'number','id':'5'}]");
    assertThat(event.has("details")).isFalse();
  }

  @Test
  void membersThatDifferAreChangesAndEqualOnesAreNone() {
    String map =
        MAP
            + """
              changes:
                - {each: /target, before: /details/from, after: /details/to}
                - {if: /old, field: level, before: /old, after: /new}
            """;
    ObjectNode event =
        Mapped.by(
            map,
            "{'target':[{'details':{'from':{'a.b':1,'same':2,'gone':null},"
                + "'to':{'a.b':3,'same':2,'new':[4]}}},{}]}");
    assertThat(Mapped.written(event.path("changes")))
        .isEqualTo(
            "[{'field':'a.b','before':1,'after':3},{'field':'gone','before':null},"
                + "{'field':'new','after':[4]}]");
    assertThat(Mapped.written(event.path("details")))
        .isEqualTo("{'target':[{'details':{'from':{'same':2},'to':{'same':2}}},{}]}");
    assertThat(Mapped.by(map, "{'new':'high'}").has("changes")).isFalse();
    assertThat(Mapped.by(map, "{'old':'high','new':'high'}").has("changes")).isFalse();
    assertThat(Mapped.by(map, "{'old':'low','new':'high'}").path("changes").size()).isEqualTo(1);
    assertThat(Mapped.by(map, "{'target':[{'details':{'from':1,'to':2}}]}").has("changes"))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[2001:db8::1]",
        "fe80::1%eth0",
        "203.0.113.09",
        "203.0.113.9:443",
        "203.0.113.9, 10.0.0.1",
        "0x7f.1",
        "127.1",
        "localhost",
        "AWS Internal",
        "null",
      })
  void whatIsNoAddressIsLeftOutAndKept(String written) {
    ObjectNode event = Mapped.by(MAP + "  context: {ip: /ip}\n", "{'ip':'" + written + "'}");
    assertThat(event.has("context")).isFalse();
    assertThat(event.at("/details/ip").asString()).isEqualTo(written);
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.9, 203.0.113.9, false",
    "2001:db8::7, 2001:db8::7, false",
    "2001:DB8:0:0:0:0:0:7, 2001:db8::7, true",
    "::ffff:203.0.113.9, 203.0.113.9, true",
  })
  void anAddressIsWrittenAsTheServerWritesIt(String written, String expected, boolean kept) {
    ObjectNode event = Mapped.by(MAP + "  context: {ip: /ip}\n", "{'ip':'" + written + "'}");
    assertThat(event.at("/context/ip").asString()).isEqualTo(expected);
    assertThat(event.at("/details/ip").asString("")).isEqualTo(kept ? written : "");
  }

  @ParameterizedTest
  @CsvSource({
    "PT, PT",
    "pt, PT",
    "Portugal, PT",
    "portugal, PT",
    "United States, US",
    "Czech Republic, CZ",
    "Czechia, CZ",
    "Russian Federation, RU",
    "Turkey, TR",
    "Côte d’Ivoire, CI",
    "Bosnia and Herzegovina, BA",
  })
  void aCountryIsKnownByItsEnglishName(String written, String code) {
    String map = MAP + "  context: {location: {country: /land}}\n";
    ObjectNode event = Mapped.by(map, "{'land':'" + written + "'}");
    assertThat(event.at("/context/location/country").asString()).isEqualTo(code);
    assertThat(event.at("/details/land").asString(""))
        .isEqualTo(written.equals(code) ? "" : written);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Atlantis", "P1", "é!", "PRT", "unknown"})
  void whatIsNoCountryIsLeftOutAndKept(String written) {
    String map = MAP + "  context: {location: {country: /land}}\n";
    ObjectNode event = Mapped.by(map, "{'land':'" + written + "'}");
    assertThat(event.has("context")).isFalse();
    assertThat(event.at("/details/land").asString()).isEqualTo(written);
  }

  @Test
  void whatIsNoIdAndNoLinkIsLeftOutAndKept() {
    String map =
        MAP
            + """
              targets: [{each: /files, type: file, id: /path, href: /link}]
              context: {session_id: /session}
            """;
    ObjectNode event =
        Mapped.by(
            map,
            "{'id':'a\\tb','login':'ana','session':'s\\n1','files':[{'path':'tab\\there'},"
                + "{'path':'plain','link':'javascript:alert(1)'}]}");
    assertThat(event.at("/actor/id").asString()).isEqualTo("ana");
    assertThat(Mapped.written(event.path("targets"))).isEqualTo("[{'type':'file','id':'plain'}]");
    assertThat(Mapped.written(event.path("details")))
        .isEqualTo(
            "{'id':'a\\tb','session':'s\\n1','files':[{'path':'tab\\there'},"
                + "{'link':'javascript:alert(1)'}]}");
  }

  @Test
  void aTenantThatIsNoTextIsRefusedAndNotReplaced() {
    String map = MAP + "  tenant: /org\n";
    assertThat(Mapped.refusal(map, "{'org':{'id':1}}")).contains("tenant");
    assertThat(Mapped.by(map, "{'org':'kite'}").path("tenant").asString()).isEqualTo("kite");
    ObjectNode overridden =
        ((Mapping.Mapped)
                new Mapper(MapReader.read("test", map).forTenant("wing"))
                    .map(Mapped.json("{'org':'kite'}"))
                    .getFirst())
            .event();
    assertThat(overridden.path("tenant").asString()).isEqualTo("wing");
    assertThat(overridden.at("/details/org").asString()).isEqualTo("kite");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          reason: {from: /a, any: /b}               | reason
          reason: {from: /a, when: "("}             | reason.when
          reason: {any: b}                          | reason.any
          reason: {when: "."}                       | reason.from
          targets: [{iff: /a, type: x, id: /b}]     | iff
          """)
  void mistakesAreNamed(String line, String named) {
    assertThatThrownBy(() -> MapReader.read("m.yaml", MAP + "  " + line + "\n"))
        .isInstanceOf(InvalidMapException.class)
        .hasMessageContaining(named);
  }
}
