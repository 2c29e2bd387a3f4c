package dev.indelible.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.mapping.text.KeyValueText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** Steps that take apart what a record holds in another form. */
class StepsTest {

  private static ObjectNode event(String steps, String rest, String record) {
    return event(steps, rest, Mapped.json(record));
  }

  private static ObjectNode event(String steps, String rest, ObjectNode record) {
    String map =
        """
        version: 2
        parse:
        %s
        event:
          action: app.did
          actor: {type: system}
        %s
        """;
    return Mapped.by(map.formatted(steps.indent(2), rest.indent(2)), record);
  }

  @Test
  void jsonInATextStandsInItsPlace() {
    ObjectNode record = Mapped.json("{}");
    record.put("payload", "{\"user\":{\"id\":\"ana\"},\"n\":1.50,\"l\":[\"{\\\"x\\\":2}\"]}");
    ObjectNode event =
        event(
            "- {at: /payload, as: json}\n- {at: /payload/l/*, as: json}",
            "account: /payload/user/id\nreason: /payload/l/0/x",
            record);
    assertThat(event.path("account").asString()).isEqualTo("ana");
    assertThat(event.path("reason").asString()).isEqualTo("2");
    assertThat(Mapped.written(event.path("details"))).isEqualTo("{'payload':{'n':1.50}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'a':1,'a':2}
          {'a':1} x
          {'a':
          plain
          12
          [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
          """)
  void aTextThatIsNoExactJsonStaysText(String text) {
    ObjectNode record = Mapped.json("{}");
    record.put("payload", text.replace('\'', '"'));
    ObjectNode event = event("- {at: /payload, as: json}", "reason: /payload/a", record);
    assertThat(event.at("/details/payload").asString()).isEqualTo(text.replace('\'', '"'));
  }

  @Test
  void aListOfPairsIsAskedByName() {
    String record =
        "{'events':[{'parameters':[{'name':'IP','value':'203.0.113.9'},{'name':'ROLES',"
            + "'multiValue':['a','b']},{'name':'N','intValue':7,'unit':'s'},"
            + "{'name':'T','value':'1'},{'name':'T','value':'2'}]},{'parameters':[{'x':1}]}]}";
    ObjectNode event =
        event(
            "- {at: /events/*/parameters, as: pairs, key: name, value: [value, multiValue]}",
            "context: {ip: /events/0/parameters/IP}",
            record);
    assertThat(event.at("/context/ip").asString()).isEqualTo("203.0.113.9");
    assertThat(Mapped.written(event.at("/details/events")))
        .isEqualTo(
            "[{'parameters':{'ROLES':['a','b'],'N':{'intValue':7,'unit':'s'},'T':['1','2']}},"
                + "{'parameters':[{'x':1}]}]");
  }

  @Test
  void bytesAndBase64AreTextsWhenTheyAreUtf8() {
    String base64 =
        Base64.getEncoder().encodeToString("grüß".getBytes(StandardCharsets.UTF_8));
    ObjectNode event =
        event(
            "- {at: /m, as: bytes}\n- {at: /b, as: base64}\n- {at: /bad, as: bytes}",
            "reason: /m\noutcome_reason: /b\naccount: /bad",
            "{'m':[27,91,51,49,109,195,164],'b':'" + base64 + "','bad':[255,254]}");
    assertThat(event.path("reason").asString()).isEqualTo("\u001b[31mä");
    assertThat(event.path("outcome_reason").asString()).isEqualTo("grüß");
    assertThat(Mapped.written(event.path("details"))).isEqualTo("{'bad':[255,254]}");
  }

  @Test
  void partsOfALineAreReadByNameAndTheLineStays() {
    ObjectNode event =
        event(
            """
            - {at: /line, pattern: ["^(?<user>\\\\w+) (?<rest>AUDIT: .*)$", "^(?<user>\\\\w+)"], into: p}
            - {at: "@p/rest", pattern: "^AUDIT: (?<row>.*)$", into: q}
            - {at: "@q/row", as: csv, columns: [kind, number, command, text], into: row}
            """,
            """
            account: "@p/user"
            outcome_reason: "@row/text"
            targets: [{type: command, id: "{@row/kind}:{@row/number}", name: "@row/nothing"}]
            """,
            "{'line':'ana AUDIT: SESSION,1,,\\\"select 1, \\\"\\\"2\\\"\\\"\\\",more'}");
    assertThat(event.path("account").asString()).isEqualTo("ana");
    assertThat(event.path("outcome_reason").asString()).isEqualTo("select 1, \"2\"");
    assertThat(Mapped.written(event.path("targets")))
        .isEqualTo("[{'type':'command','id':'SESSION:1'}]");
    assertThat(event.at("/details/line").asString()).startsWith("ana AUDIT: SESSION");
    assertThat(event.path("details").size()).isEqualTo(1);
  }

  @Test
  void pairsInATextAreReadByName() {
    ObjectNode event =
        event(
            "- {at: /msg, as: keyvalue, into: kv}",
            "account: \"@kv/user\"\nreason: \"@kv/why\"",
            "{'msg':'user=ana why=\\\"it \\\\\\\\\\\\\\\"broke\\\\\\\\\\\\\\\"\\\" a= b'}");
    assertThat(event.path("account").asString()).isEqualTo("ana");
    assertThat(event.path("reason").asString()).startsWith("it ");
    assertThat(event.at("/details/msg").asString()).startsWith("user=ana");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a=1 b=2                 | {'a':'1','b':'2'}
          a=1 a=2 a=3             | {'a':['1','2','3']}
          a="x y" b='z w' c=      | {'a':'x y','b':'z w','c':''}
          word a==b               | {'word':'','a':'=b'}
          a="1", b=2, c=3,4; d    | {'a':'1','b':'2','c':'3,4','d':''}
          `                       ` | {}
          """)
  void pairsAreReadAsTheyAreWritten(String text, String expected) {
    assertThat(Mapped.written(KeyValueText.read(text))).isEqualTo(expected);
  }

  @Test
  void aQuoteThatIsNotClosedIsOneOfTheText() {
    ObjectNode pairs = KeyValueText.read("a=\"open b=2");
    assertThat(pairs.path("a").asString()).isEqualTo("\"open");
    assertThat(pairs.path("b").asString()).isEqualTo("2");
  }

  @Test
  void pairsBeyondTheMostAreNotRead() {
    assertThat(KeyValueText.read("a=1 ".repeat(KeyValueText.MAX_PAIRS + 5)).path("a").size())
        .isEqualTo(KeyValueText.MAX_PAIRS);
  }

  @Test
  void elementsOfAResultAreNothingOfTheRecord() {
    ObjectNode record = Mapped.json("{}");
    record.put("text", "{\"things\":[{\"id\":\"1\"},{\"id\":\"2\"}]}");
    ObjectNode event =
        event(
            "- {at: /text, as: json, into: t}",
            "targets: [{each: \"@t/things\", type: thing, id: /id, name: \"{#}\"}]",
            record);
    assertThat(Mapped.written(event.path("targets")))
        .isEqualTo(
            "[{'type':'thing','id':'1','name':'0'},{'type':'thing','id':'2','name':'1'}]");
    assertThat(event.path("details")).isEqualTo(record);
  }
}
