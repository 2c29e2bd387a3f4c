package dev.indelible.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JsonTextTest {

  @Test
  void membersElementsAndTextsAreFound() {
    JsonText json =
        JsonText.of(
            "\r\n{ \"a\" : [ 1 , {\"b\":\"x\\u00e9\\n\"}, [] ],\n\"n\": 1E+400, \"t\":true, \"\\u0061\":2, \"z\":null }\n");
    assertThat(json.isObject()).isTrue();
    assertThat(json.at("a").elements()).hasSize(3).last().hasToString("[]");
    assertThat(json.at("a").elements().get(1).at("b").text()).hasValue("xé\n");
    assertThat(json.at("n")).hasToString("1E+400");
    assertThat(json.at("n").integer()).isEmpty();
    assertThat(json.at("a").elements().get(0).integer()).hasValue(1);
    assertThat(json.at("t").isTrue()).isTrue();
    assertThat(json.at("z").isMissing()).isFalse();
    assertThat(json.at("z").text()).isEmpty();
  }

  @Test
  void whatIsNotThereIsMissing() {
    JsonText none = JsonText.of("{\"a\":{}}").at("a", "b", "c");
    assertThat(none.isMissing()).isTrue();
    assertThat(none.text()).isEmpty();
    assertThat(none.integer()).isEmpty();
    assertThat(none.elements()).isEmpty();
    assertThat(none.isTrue()).isFalse();
    assertThat(none).hasToString("");
    assertThat(JsonText.of("{}").at("a").isMissing()).isTrue();
  }

  @Test
  void whatIsNoJsonIsRefused() {
    for (String wrong :
        new String[] {
          "",
          " ",
          "{",
          "{\"a\"}",
          "[1,]",
          "{} x",
          "\"a\nb\"",
          "\"\\ud800\"",
          "nul",
          "[".repeat(65) + "]".repeat(65)
        }) {
      assertThat(JsonText.parse(wrong.getBytes(UTF_8))).as(wrong).isEmpty();
      assertThatThrownBy(() -> JsonText.of(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aQuotedTextIsReadAsItWas() {
    String text = "\"\\/\b\u0000\u001f\u2028é😀";
    assertThat(JsonText.of(JsonText.quote(text)).text()).hasValue(text);
    assertThat(JsonText.quote("\ude00")).isEqualTo("\"\ufffd\"");
  }
}
