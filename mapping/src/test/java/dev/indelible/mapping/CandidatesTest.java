package dev.indelible.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** Values that count as absent, so that the next candidate is asked. */
class CandidatesTest {

  private static final String MAP =
      """
      version: 2
      absent: ["null", "-"]
      event:
        action: door.opened
        actor:
          type: user
          id: %s
      """;

  private static ObjectNode event(String id, String record) {
    return Mapped.by(MAP.formatted(id), record);
  }

  private static String id(String id, String record) {
    return event(id, record).at("/actor/id").asString("(none)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'a':'ana','b':'bo'}     | ana
          {'a':'','b':'bo'}        | bo
          {'a':null,'b':'bo'}      | bo
          {'a':'null','b':'bo'}    | bo
          {'a':'-','b':'bo'}       | bo
          {'a':'guest','b':'bo'}   | bo
          {'a':'n\\na','b':'bo'}   | bo
          {'a':{'x':1},'b':'bo'}   | bo
          {'b':'bo'}               | bo
          {'a':'svc-x','b':'bo'}   | x
          {'a':'svc-','b':'bo'}    | bo
          {}                       | nobody
          """)
  void aCandidateThatIsEmptiedOrFitsNotGivesWayToTheNext(String record, String expected) {
    String rule =
        "{from: [/a, /b], absent: [guest], replace: [[\"^svc-\", \"\"]], else: nobody}";
    assertThat(id(rule, record)).isEqualTo(expected);
  }

  @Test
  void whatCountsAsAbsentStaysInTheDetails() {
    ObjectNode event = event("[/a, /b]", "{'a':'null','b':'bo'}");
    assertThat(Mapped.written(event.path("details"))).isEqualTo("{'a':'null'}");
  }

  @Test
  void aMatchIsItsFirstGroupOrAllOfIt() {
    assertThat(id("{from: /line, match: \"user (\\\\S+)\"}", "{'line':'user ana left'}"))
        .isEqualTo("ana");
    assertThat(id("{from: /line, match: \"[a-z]+@[a-z.]+\"}", "{'line':'by bo@b.test today'}"))
        .isEqualTo("bo@b.test");
    String rule =
        "[{from: /line, match: [[\"(\\\\S+) as (\\\\S+)\", \"$2/$1\"], [\"^root\", admin]]}, x]";
    assertThat(id(rule, "{'line':'ana as bo did'}")).isEqualTo("bo/ana");
    assertThat(id(rule, "{'line':'rooted'}")).isEqualTo("admin");
    assertThat(id(rule, "{'line':'nothing'}")).isEqualTo("x");
  }

  @Test
  void aWholeMatchLeavesTheRecordAndAPartOfATextStays() {
    String rule = "{from: /a, match: \"^[a-z]+\"}";
    assertThat(event(rule, "{'a':'ana'}").has("details")).isFalse();
    assertThat(event(rule, "{'a':'ana 7'}").at("/details/a").asString()).isEqualTo("ana 7");
  }

  @Test
  void conditionsMayBeOfOtherValues() {
    String rule = "{if: /failed, if_not: /dry, from: /who, else: other}";
    assertThat(id(rule, "{'failed':1,'who':'ana'}")).isEqualTo("ana");
    assertThat(id(rule, "{'failed':1,'dry':true,'who':'ana'}")).isEqualTo("other");
    assertThat(id(rule, "{'who':'ana'}")).isEqualTo("other");
    assertThat(id("[{if: /failed, text: \"$/x\"}, y]", "{'failed':1}")).isEqualTo("$/x");
    assertThat(id("[{from: /who, unless: \"^svc-\", upper: true}, y]", "{'who':'svc-1'}"))
        .isEqualTo("y");
    assertThat(id("[{from: /who, unless: \"^svc-\", upper: true}, y]", "{'who':'ana'}"))
        .isEqualTo("ANA");
  }

  @Test
  void mapsOfVersionOneKeepTheirMeaning() {
    String old =
        """
        event:
          action: door.opened
          actor:
            type: user
            id: [{from: [/a, /b], when: "^x", else: e}, "^", "$", "@p", "{^/a}"]
        """;
    assertThat(Mapped.by(old, "{'a':'y','b':'x1'}").at("/actor/id").asString()).isEqualTo("e");
    String constants = old.replace("{from: [/a, /b], when: \"^x\", else: e}, ", "");
    assertThat(Mapped.by(constants, "{}").at("/actor/id").asString()).isEqualTo("^");
    String replaced = old.replace("when: \"^x\", else: e", "replace: [[\"y\", \"\"]], else: e");
    assertThat(Mapped.by(replaced, "{'a':'y','b':'x1'}").at("/actor/id").asString())
        .isEqualTo("^");
  }
}
