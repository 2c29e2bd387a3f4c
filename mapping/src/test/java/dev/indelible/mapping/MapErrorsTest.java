package dev.indelible.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Mistakes of maps and records, named by file, line, place and pointer; and bounds on all work. */
class MapErrorsTest {

  private static final String MAP =
      """
      version: 2
      event:
        action: app.did
        actor:
          type: user
          id:
            - /who/id
            - {from: [/login, ^/x], absent: ["-"]}
      """;

  @Test
  void aRecordsRefusalNamesTheRuleItsLineAndWhatItAsks() {
    Mapping.Unmappable no = Mapped.unmappable(MAP, "{'login':'-'}");
    assertThat(no.why()).isEqualTo("nothing in the record gives actor.id");
    assertThat(no.rule()).isEqualTo("test.yaml:7 event.actor.id");
    assertThat(no.pointer()).isEqualTo("/who/id, /login, ^/x");
    assertThat(no.sentence())
        .isEqualTo(
            "nothing in the record gives actor.id"
                + " (test.yaml:7 event.actor.id asks /who/id, /login, ^/x)");
  }

  @Test
  void aTimesRefusalNamesItsRule() {
    Mapping.Unmappable no =
        Mapped.unmappable(MAP + "  occurred_at: {at: /t, as: epoch_s}\n", "{'t':'now'}");
    assertThat(no.sentence()).contains("\"now\"", "test.yaml:9 event.occurred_at asks /t");
  }

  @Test
  void theFirstTimeThatIsThereIsRead() {
    String map = MAP + "  occurred_at: [{at: /t, as: epoch_s}, {at: /u, as: epoch_ms}]\n";
    ObjectNode event = Mapped.by(map, "{'login':'a','u':1763632800250}");
    assertThat(event.path("occurred_at").asString()).isEqualTo("2025-11-20T10:00:00.250Z");
    assertThat(Mapped.unmappable(map, "{'login':'a'}").pointer()).isEqualTo("/t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          parse: [{at: /a, as: xml}]                                | m.yaml:9: parse.as
          parse: [{at: /a, as: csv, columns: [x]}]                  | needs "into"
          parse: [{at: /a, as: csv, into: x}]                       | parse.columns
          parse: [{at: /a, as: pairs, key: k}]                      | parse.value
          parse: [{at: /a, as: json, columns: [a]}]                 | unknown key "columns"
          parse: [{at: /a/*, as: json, into: x}]                    | has a *
          parse: [{at: ^/a, as: json}]                              | starts at the record
          parse: [{at: "@x/a", as: json}]                           | no step is "into: x"
          parse: [{at: /a, pattern: "(a)", into: x}]                | named group
          parse: [{at: /a, pattern: "(?<a>", into: x}]              | parse.pattern
          parse: [{at: /a, as: json, into: X}]                      | parse.into
          parse: [{at: /a}]                                         | "as" and "pattern"
          skip: [{because: x}]                                      | "if" or "if_not"
          skip: [{if: /a}]                                          | skip.because
          skip: [{if: "@p/a", because: x}]                          | no step is "into: p"
          expand: events                                            | not a JSON pointer
          expand: $/events                                          | leads from the record
          input: xml                                                | is one of json, csv
          input: {form: csv, separator: ";;"}                       | input.separator
          input: {form: lines, columns: [a]}                        | unknown key "columns"
          input: {form: csv, columns: [a, a]}                       | input.columns
          version: 3                                                | version
          """)
  void mistakesInWhatIsNewAreNamed(String line, String named) {
    String map = line.startsWith("version") ? MAP.replace("version: 2", line) : MAP + line + "\n";
    assertThatThrownBy(() -> MapReader.read("m.yaml", map))
        .isInstanceOf(InvalidMapException.class)
        .hasMessageStartingWith("map m.yaml:")
        .hasMessageContaining(named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          reason: {from: /a, text: b}                    | more than one
          reason: {from: /a, match: "("}                 | m.yaml:9: event.reason.match
          reason: {from: /a, replace: [["a", "$1"]]}     | cannot replace by
          reason: {from: /a, match: [["(a)", "${x}"]]}   | cannot replace by
          reason: "{@x/a}"                               | no step
          reason: {from: /a, from: /b}                   | occurs twice
          targets: [{each: [], type: a, id: b}]          | leads through
          targets: [{each: a, type: a, id: b}]           | not a JSON pointer
          """)
  void mistakesInAnEventAreNamed(String line, String named) {
    assertThatThrownBy(() -> MapReader.read("m.yaml", MAP + "  " + line + "\n"))
        .isInstanceOf(InvalidMapException.class)
        .hasMessageContaining(named);
  }

  @ParameterizedTest
  @ValueSource(strings = {"skip: []", "parse: []", "input: csv", "absent: [x]", "expand: /a"})
  void whatIsNewNeedsItsVersion(String line) {
    String old = MAP.replace("version: 2\n", "").replace(", absent: [\"-\"]", "");
    assertThatThrownBy(() -> MapReader.read("m.yaml", old + line + "\n"))
        .hasMessageContaining("version: 2");
    assertThatThrownBy(() -> MapReader.read("m.yaml", old + "  reason: {from: /a, match: b}\n"))
        .hasMessageContaining("version: 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a: &x [*x]", "[1, 2]", "event: &e {action: *e}", "{", "a\u0000"})
  void whatIsNoMapIsRefused(String yaml) {
    assertThatThrownBy(() -> MapReader.read("m.yaml", yaml))
        .isInstanceOf(InvalidMapException.class)
        .hasMessageContaining("m.yaml");
  }

  @Test
  void aMapThatRepeatsItselfEndlesslyIsRefused() {
    String bomb =
        "a: &a0 [x, x, x, x, x, x, x, x]\n"
            + IntStream.range(1, 9)
                .mapToObj(i -> "b%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(8)))
                .collect(Collectors.joining());
    assertThatThrownBy(() -> MapReader.read("m.yaml", bomb))
        .isInstanceOf(InvalidMapException.class);
    String deep = "a: " + "[".repeat(YamlNode.MAX_DEPTH + 1) + "]".repeat(YamlNode.MAX_DEPTH + 1);
    assertThatThrownBy(() -> MapReader.read("m.yaml", deep))
        .hasMessageContaining("deeper than " + YamlNode.MAX_DEPTH);
    assertThatThrownBy(() -> MapReader.read("m.yaml", "[".repeat(200_000)))
        .isInstanceOf(InvalidMapException.class);
  }

  @Test
  void aPatternThatExplodesRefusesTheRecordAndNothingElse() {
    String map = MAP + "  reason: {from: /why, when: \"^.*.*.*.*.*=$|^a*$\"}\n";
    Mapping.Unmappable no =
        Mapped.unmappable(map, "{'login':'x','why':'" + "a".repeat(400) + "!'}");
    assertThat(no.why()).contains("4,000,000 steps");
    assertThat(Mapped.by(map, "{'login':'x','why':'aaa'}").path("reason").asString())
        .isEqualTo("aaa");
  }

  @Test
  void aPatternThatGoesTooDeepRefusesTheRecord() {
    String map = MAP + "  reason: {from: /why, when: \"^(a|b)*$\"}\n";
    Mapping.Unmappable no =
        Mapped.unmappable(map, "{'login':'x','why':'" + "ab".repeat(200_000) + "'}");
    assertThat(no.why()).containsAnyOf("too deep", "steps");
  }

  @Test
  void aTextThatGrowsBeyondItsBoundRefusesTheRecord() {
    String map =
        MAP + "  reason: {from: /why, replace: [[\".\", \"" + "x".repeat(2_000) + "\"]]}\n";
    assertThat(Mapped.refusal(map, "{'login':'x','why':'" + "a".repeat(1_000) + "'}"))
        .contains("longer than 1,048,576");
  }

  @Test
  void aRuleLooksAtABoundedNumberOfElements() {
    String map =
        MAP
            + "  targets: [{each: [/l, /l], if: {from: $/n, when: \"^none$\"}, type: t, id: x}]\n";
    ObjectNode record = Mapped.json("{'login':'x','n':'some'}");
    for (int i = 0; i < 300; i++) {
      ObjectNode element = record.withArray("l").addObject();
      for (int j = 0; j < 300; j++) {
        element.withArray("l").add(j);
      }
    }
    assertThat(Mapped.by(map, record).has("targets")).isFalse();
    assertThat(EventMaker.MAX_ELEMENTS).isEqualTo(10_000);
  }
}
