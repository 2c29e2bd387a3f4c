package dev.indelible.server.profile;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.Problem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tests schemas of details, and what may not be a schema. */
class DetailsSchemaTest {

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  private static DetailsSchema schema(String text) {
    List<Problem> problems = new ArrayList<>();
    DetailsSchema schema = DetailsSchema.read(json(text), "", problems);
    assertThat(problems).isEmpty();
    return requireNonNull(schema);
  }

  private static List<String> problems(String schema, String details) {
    return schema(schema).problems((ObjectNode) json(details)).stream()
        .map(problem -> problem.pointer() + " " + problem.code().jsonName())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'required':['a']} | {'a':1} | ",
        "{'required':['a']} | {} | /details/a missing",
        "{'properties':{'a':{'type':'string'}}} | {'a':1} | /details/a wrong_type",
        "{'properties':{'a':{'type':['string','null']}}} | {'a':null} | ",
        "{'properties':{'a':{'enum':[1,2]}}} | {'a':3} | /details/a unknown_value",
        "{'properties':{'a':{'const':1}}} | {'a':3} | /details/a unknown_value",
        "{'properties':{'a':{'minimum':1}}} | {'a':0} | /details/a out_of_range",
        "{'properties':{'a':{'exclusiveMaximum':1}}} | {'a':1} | /details/a out_of_range",
        "{'properties':{'a':{'maxLength':2}}} | {'a':'abc'} | /details/a too_long",
        "{'properties':{'a':{'minLength':2}}} | {'a':'a'} | /details/a invalid",
        "{'properties':{'a':{'maxItems':1}}} | {'a':[1,2]} | /details/a too_many",
        "{'properties':{'a':{'items':{'type':'integer'}}}} | {'a':[1,'x']} | /details/a/1 wrong_type",
        "{'additionalProperties':false,'properties':{'a':true}} | {'b~/c':1} | /details/b~0~1c unknown_field",
        "{'properties':{'a':{'properties':{'b':{'required':['c']}}}}} | {'a':{'b':{}}} | /details/a/b/c missing",
        "{'minProperties':1} | {} | /details invalid"
      })
  void saysWhereDetailsAreWrong(String schema, String details, String expected) {
    List<String> found = problems(schema, details);
    if (expected == null) {
      assertThat(found).isEmpty();
    } else {
      assertThat(found).containsExactly(expected);
    }
  }

  @Test
  void anEventWithoutDetailsHasEmptyOnes() {
    assertThat(schema("{'required':['a']}").problems(null)).hasSize(1);
    assertThat(schema("{'type':'object'}").problems(null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "[]",
        "{'$ref':'https://example.com/schema'}",
        "{'properties':{'a':{'pattern':'(a+)+$'}}}",
        "{'patternProperties':{'^a':{}}}",
        "{'type':'thing'}",
        "{'properties':[]}",
        "{'required':'a'}",
        "{'enum':[]}",
        "{'maxLength':-1}",
        "{'minimum':'x'}",
        "{'anyOf':[{'format':'regex'}]}",
        "{'items':[{}]}"
      })
  void whatFetchesNeverEndsOrIsNoSchemaIsRefused(String text) {
    List<Problem> problems = new ArrayList<>();
    assertThat(DetailsSchema.read(json(text), "/at", problems)).isNull();
    assertThat(problems).isNotEmpty();
    assertThat(problems.getFirst().pointer()).startsWith("/at");
  }

  @Test
  void schemasAreAsDeepAsTheLimitAndNoDeeper() {
    assertThat(schema(nested(DetailsSchema.MAX_DEPTH))).isNotNull();
    List<Problem> problems = new ArrayList<>();
    assertThat(DetailsSchema.read(json(nested(DetailsSchema.MAX_DEPTH + 1)), "", problems))
        .isNull();
    assertThat(problems).extracting(Problem::code).containsExactly(Problem.Code.TOO_DEEP);
  }

  private static String nested(int depth) {
    return depth == 1 ? "{}" : "{'items':" + nested(depth - 1) + "}";
  }
}
