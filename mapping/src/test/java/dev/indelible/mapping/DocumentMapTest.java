package dev.indelible.mapping;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The language of maps in the direction from an entry to a document. */
class DocumentMapTest {

  private static final String ENTRY =
      """
      {'id': 'e1', 'seq': 7, 'at': '2026-11-20T10:00:00.120Z', 'verb': 'create', 'ok': true, 'empty': '',
       'actor': {'id': 'u_7', 'name': 'Ana'}, 'tags': ['a', 'b', 'a'],
       'targets': [{'type': 'user', 'id': 'u_9', 'more': 1}, {'type': 'role', 'id': 'r_1'}]}
      """;

  /** The document, with single quotes. */
  private static String by(String to) {
    return by("version: 2\nform: json\nto:\n" + to.indent(2), ENTRY);
  }

  private static String by(String yaml, String entry) {
    DocumentMap map = DocumentMap.read("test", yaml, Set.of("log"));
    ObjectNode record = Mapped.json(entry);
    byte[] written = map.write(record, new JsonMapper().createObjectNode());
    assertThat(record).isEqualTo(Mapped.json(entry));
    return new String(written, UTF_8).replace('"', '\'');
  }

  @Test
  void leavesAreValuesOfTheLanguageAndConstants() {
    assertThat(
            by(
                "a: /id\n"
                    + "b: \"{/actor/name} ({/actor/id})\"\n"
                    + "c: text\n"
                    + "d: 3\n"
                    + "e: \"3\"\n"
                    + "f: 1.5\n"
                    + "g: true"))
        .isEqualTo("{'a':'e1','b':'Ana (u_7)','c':'text','d':3,'e':'3','f':1.5,'g':true}");
    assertThat(
            by(
                "a: {from: /verb, values: {create: made}, other: done}\n"
                    + "b: {from: /id, upper: true}"))
        .isEqualTo("{'a':'made','b':'E1'}");
    assertThat(by("a: /actor\nb: /seq\nc: /ok\nd: /targets/1"))
        .isEqualTo("{'a':{'id':'u_7','name':'Ana'},'b':7,'c':true,'d':{'type':'role','id':'r_1'}}");
  }

  @Test
  void aLeafHasTheFormThatItsPlaceAsksFor() {
    assertThat(
            by(
                """
                a: {from: /seq, as: text}
                b: {from: /verb, values: {create: "12"}, as: integer}
                c: {from: /at, as: epoch_ms}
                d: {from: /ok, as: boolean}
                e: {from: /actor, as: json}
                f: {text: "1.50", as: number}
                """))
        .isEqualTo(
            "{'a':'7','b':12,'c':1795168800120,'d':true,'e':'{\\'id\\':\\'u_7\\',\\'name\\':\\'Ana\\'}','f':1.50}");
    assertThat(
            by(
                "a: {from: [/id, /seq], as: integer}\n"
                    + "b: {from: /id, as: epoch_ms}\n"
                    + "c: {from: [/at, /id], max: 5}"))
        .isEqualTo("{'a':7,'c':'e1'}");
    assertThat(
            by(
                "a: {text: \"1969-02-28T23:59:59.999Z\", as: epoch_ms}\n"
                    + "b: {text: \"2026-02-29T00:00:00.000Z\", as: epoch_ms}"))
        .isEqualTo("{'a':-26438400001}");
  }

  @Test
  void whatIsAbsentIsLeftOutWithTheObjectsThatItEmpties() {
    assertThat(
            by(
                "a: {b: {c: /nothing, d: /empty}}\n"
                    + "e: {list: [/nothing]}\n"
                    + "f: [/nothing, {x: /empty}, {y: /id}]"))
        .isEqualTo("{'f':{'y':'e1'}}");
    assertThat(by("a: {b: /nothing}")).isEqualTo("{}");
  }

  @Test
  void conditionsHoldOfValuesObjectsAndLists() {
    assertThat(
            by(
                """
                a: {if: /id, x: 1}
                b: {if: /nothing, x: 1}
                c: {if_not: /nothing, list: [1, 2]}
                d: {if: {from: /verb, when: "^delete$"}, from: /id}
                e: [{if: /nothing, x: 1}, {x: 2}]
                """))
        .isEqualTo("{'a':{'x':1},'c':[1,2],'e':{'x':2}}");
  }

  @Test
  void listsHoldOnePartForEachElement() {
    assertThat(
            by(
                """
                a: {list: [{each: /targets, kind: /type, by: $/actor/id}]}
                b: {list: [{each: /targets, if: {from: /type, when: "^role$"}, from: /id}, last]}
                c: {distinct: true, list: [{each: /tags, from: ""}, b, c]}
                """))
        .isEqualTo(
            "{'a':[{'kind':'user','by':'u_7'},{'kind':'role','by':'u_7'}],'b':['r_1','last'],'c':['a','b','c']}");
  }

  @Test
  void namesThatArePointersLeadFurtherInAndMayBeWordsOfTheLanguage() {
    assertThat(by("/a/b: 1\n/a/c/d: 2\na: {e: 3}\n/list: 4\n/x~1y: 5"))
        .isEqualTo("{'a':{'b':1,'c':{'d':2},'e':3},'list':4,'x/y':5}");
  }

  @Test
  void aSwitchAddsTheMembersOfOneCase() {
    String map =
        """
        version: 2
        form: json
        let:
          kind: {from: /targets/0/type, values: {user: person}, other: thing}
        to:
          a: "@kind"
          switch:
            on: "@kind"
            cases: {person: {b: /targets/0/id}}
            else: {c: 1}
          rest: {rest: true}
        """;
    assertThat(by(map.replace("rest: {", "/rest: {"), "{'targets':[{'type':'user','id':'u'}]}"))
        .isEqualTo("{'a':'person','b':'u','rest':{'targets':[{'type':'user'}]}}");
    assertThat(by(map.replace("rest: {", "/rest: {"), "{'x': 1}"))
        .isEqualTo("{'c':1,'rest':{'x':1}}");
  }

  @Test
  void theRestIsWhatNothingCarriedOverExactly() {
    assertThat(
            by(
                """
                a: /id
                b: {from: /at, as: epoch_ms}
                c: "{/actor/name}"
                d: {list: [{each: /targets, from: /id}]}
                e: {from: /verb, values: {create: made}}
                f: /tags/1
                g: {rest: true, besides: [/ok, /empty]}
                """))
        .isEqualTo(
            ("{'a':'e1','b':1795168800120,'c':'Ana','d':['u_9','r_1'],'e':'made','f':'b','g':{'seq':7,"
                + "'verb':'create','actor':{'id':'u_7','name':'Ana'},'tags':['a',null,'a'],"
                + "'targets':[{'type':'user','more':1},{'type':'role'}]}}"));
    String manyTags = "{'tags':[" + "'x',".repeat(200) + "'y']}";
    assertThat(
            by(
                "version: 2\n"
                    + "form: json\n"
                    + "to: {n: {list: [{each: /tags, from: \"\"}]}, r: {rest: true}}",
                manyTags))
        .doesNotContain("'r'");
  }

  @Test
  void numbersThatDoublesRoundAreTextWhereTheMapSaysSo() {
    String numbers =
        "{'a':9007199254740992,'b':9007199254740993,'c':0.1,'d':0.12345678901234567890,'e':1E+400,'f':-5}";
    assertThat(by("version: 2\nform: json\nto: \"\"", numbers)).isEqualTo(numbers);
    assertThat(by("version: 2\nform: json\nlong_numbers: text\nto: \"\"", numbers))
        .isEqualTo(
            "{'a':9007199254740992,'b':'9007199254740993','c':0.1,'d':'0.12345678901234567890','e':'1E+400','f':-5}");
  }

  @Test
  void stepsTakeApartWhatIsWrittenInAValue() {
    assertThat(
            by(
                "version: 2\nform: json\nparse: [{at: /p, as: json}]\nto: {n: /p/n}",
                "{'p': '{\\'n\\': 5}'}".replace("\\'", "\\\"")))
        .isEqualTo("{'n':5}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "to: {a: 1}#map test:1: the map.form is missing",
        "form: xml\\nto: {a: 1}#map test:2: form is json, cef or leef, not xml",
        "form: json#map test:1: the map.to is missing",
        "form: json\\nevent: {a: 1}\\nto: {a: 1}#the map has the unknown key \"event\"",
        "form: json\\nto: {a: {from: /x, as: date}}#map test:3: to.a.as is one of text, integer",
        "form: json\\n"
            + "to:\\n"
            + "  a: 1\\n"
            + "  b: {from: /x, wen: y}#map test:5: to.b has the unknown key \"wen\"",
        "form: json\\nto: {a: {from: /x, when: '('}}#map test:3: to.a.when Unclosed group",
        "form: json\\nto: {a: '@nobody'}#asks @nobody, but no step is",
        "form: json\\nto: {a: {each: /x, b: /y}}#which only an element of a \"list\" may have",
        "form: json\\nto: {a: 1, /a: 2}#map test:3: to./a is written twice",
        "form: json\\nto: {a: }#map test:3: to.a is empty",
        "form: json\\n"
            + "to: {a: {distinct: true, list: [{x: 1}]}}#is an object or a list, which a distinct",
        "form: json\\nlong_numbers: yes\\nto: {a: 1}#long_numbers is text or number",
        "form: json\\nlet: {A: /x}\\nto: {a: 1}#let.A is a name of letters",
        "form: cef\\nto: {vendor: a}#to.product is missing",
        "form: leef\\n"
            + "to: {vendor: a, product: b, version: c, event: d, extension: {e: {f:"
            + " 1}}}#to.extension.e is an object",
        "form: leef\\n"
            + "to: {vendor: a, product: b, version: c, event: d, extension: {'e f': 1}}#is a name"
            + " of letters",
        "form: json\\nto: {switch: {on: /a}}#cases is missing",
        "form: json\\nto: {}#has no members",
      })
  void aMistakeIsNamedByLineAndPlace(String yaml, String problem) {
    assertThatThrownBy(
            () ->
                DocumentMap.read("test", "version: 2\n" + yaml.replace("\\n", "\n"), Set.of("log")))
        .isInstanceOf(InvalidMapException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void versionOneHasNoDocuments() {
    assertThatThrownBy(() -> DocumentMap.read("test", "form: json\nto: {a: 1}", Set.of()))
        .isInstanceOf(InvalidMapException.class)
        .hasMessageContaining("version is missing");
  }

  @Test
  void aMapThatNeedsTooMuchFailsForThatRecordAlone() {
    DocumentMap slow =
        DocumentMap.read(
            "slow",
            "version: 2\nform: json\nto: {a: {from: /x, match: \"^(.*)(.*)(.*)(.*)(.*)=$\"}}",
            Set.of());
    ObjectNode given = new JsonMapper().createObjectNode();
    assertThatThrownBy(() -> slow.write(Mapped.json("{'x':'" + "a".repeat(120) + "!'}"), given))
        .isInstanceOf(UnwritableException.class)
        .hasMessageContaining("the map slow fails");
    assertThat(slow.write(Mapped.json("{'x':'aa='}"), given)).hasSize(10);
    String lists = "{each: [/x, $/x], from: $/y},".repeat(11);
    DocumentMap nested =
        DocumentMap.read(
            "nested", "version: 2\nform: json\nto: {a: {list: [%s b]}}".formatted(lists), Set.of());
    String record = "{'x':[" + "0,".repeat(99) + "0]}";
    assertThatThrownBy(() -> nested.write(Mapped.json(record), given))
        .isInstanceOf(UnwritableException.class)
        .hasMessageContaining("more than 100,000 elements");
    StringBuilder many = new StringBuilder("version: 2\nform: json\nto:\n");
    for (int i = 0; i < 100; i++) {
      many.append("  a").append(i).append(": /x\n");
    }
    DocumentMap large = DocumentMap.read("large", many.toString(), Set.of());
    assertThatThrownBy(() -> large.write(Mapped.json("{'x':'" + "a".repeat(60_000) + "'}"), given))
        .isInstanceOf(UnwritableException.class)
        .hasMessageContaining("more than 4,194,304 bytes");
  }
}
