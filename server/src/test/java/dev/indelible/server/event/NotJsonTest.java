package dev.indelible.server.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.json.NotJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotJsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"action\":\"a.b\"",
        "{\"action\":[1,2",
        "{\"action\":[1,2}",
        "{\"action\":\"a",
        "{\"action\":nul",
        "{\"action\":NaN}",
        "{'action':1}",
        "{action:1}",
        "{\"action\":/* a */1}",
        "{\"action\":01}",
        "{\"action\":+1}",
        "{\"action\":\"a\tb\"}",
        "{\"action\":\"\\x\"}",
        "{\"action\":1,}",
      })
  void nothingOfTheParsersSettingsIsSaid(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    assertThat(new EventDecoder().decode(bytes, 0, bytes.length))
        .isInstanceOfSatisfying(
            Decoding.Invalid.class,
            invalid ->
                assertThat(invalid.problems().getLast().detail())
                    .startsWith("This is not JSON at byte")
                    .doesNotContain("`", "Feature", "Source", "Constraints", "REDACTED"));
  }

  @Test
  void whatSaysNothingElseIsUnexpectedContentAndLongWordsAreCut() {
    assertThat(NotJson.why((String) null)).isEqualTo("unexpected content");
    assertThat(NotJson.why("set `StreamReadFeature.X`")).isEqualTo("unexpected content");
    assertThat(NotJson.why("x".repeat(1_000))).hasSize(NotJson.MAX_LENGTH + 1).endsWith("…");
  }
}
