package dev.indelible.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class DestinationFormTest {

  static Stream<Destination> everyKind() {
    return Stream.of(
        new Destination.Inbox(),
        new Destination.Directory(""),
        new Destination.Directory("siem/daily"),
        new Destination.Bucket(null, "eu-central-1", "audit", "", false, "AKIA1", "c2VhbGVk"),
        new Destination.Bucket(
            "https://s3.example.com:9000", "us-east-1", "audit", "a/b", true, "AKIA1", "c2VhbGVk"),
        new Destination.Webhook("https://example.com/hook?x=1", "c2VhbGVk"),
        new Destination.Email(List.of("ana@acme.test", "bo@acme.test"), "de"));
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void aDestinationIsReadAsItWasWritten(Destination destination) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    DestinationForm.write(destination, json);
    assertThat(json.get("type").stringValue()).isIn(Destination.TYPES);
    assertThat(
            DestinationForm.read(new ObjectFields(JsonMapper.shared().readTree(json.toString()))))
        .isEqualTo(destination);
  }

  @Test
  void everyKindIsThere() {
    assertThat(everyKind().map(Destination::type).distinct())
        .containsExactlyElementsOf(Destination.TYPES);
    assertThat(everyKind().map(Object::getClass).distinct())
        .hasSameSizeAs(List.of(Destination.class.getPermittedSubclasses()));
  }

  @Test
  void limitsAreHeldAndNoMessageRepeatsASecret() {
    String secret = "s".repeat(Destination.MAX_SEALED_LENGTH + 1);
    assertThatThrownBy(() -> new Destination.Webhook("https://example.com/", secret))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("sss");
    assertThatThrownBy(
            () ->
                new Destination.Webhook(
                    "https://example.com/" + "a".repeat(Destination.Webhook.MAX_URL_LENGTH), "s"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new Destination.Email(
                    Collections.nCopies(Destination.Email.MAX_ADDRESSES + 1, "ana@acme.test"),
                    "en"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Destination.Email(List.of("ana@acme.test"), "fr"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Destination.Bucket(null, "eu", "audit", "a/../b", false, "AKIA1", "c2Vh"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
