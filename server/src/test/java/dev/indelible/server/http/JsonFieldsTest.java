package dev.indelible.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.http.JsonFields.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class JsonFieldsTest {

  private static JsonFields with(String field, String text) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put(field, text);
    return JsonFields.of(json, field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Acme\n", "Ac\tme", "\u001b[2JAcme", "Acme\r", "A\u007f", "A\u0085B", "A\0B"})
  void aNameHoldsNoControlCharacters(String name) {
    JsonFields fields = with("name", name);
    assertThat(fields.text("name", Field.REQUIRED, 100)).isNull();
    assertThatThrownBy(fields::check)
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("control characters");
  }

  @Test
  void aReasonMayHaveSeveralLinesAndNoOtherControlCharacters() {
    assertThat(with("reason", "a\r\n\tb").text("reason", Field.REQUIRED, 100))
        .isEqualTo("a\r\n\tb");
    assertThat(with("reason", "a\u001bb").text("reason", Field.REQUIRED, 100)).isNull();
    assertThat(with("name", "Müller & Söhne 日本").text("name", Field.REQUIRED, 100)).isNotNull();
  }
}
