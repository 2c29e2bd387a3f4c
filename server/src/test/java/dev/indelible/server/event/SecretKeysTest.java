package dev.indelible.server.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which values of an event are secrets, and their replacement. */
class SecretKeysTest {

  private static final SecretKeys KEYS = new SecretKeys(List.of("pairing_code"));

  private static Event event(String members) {
    byte[] json =
        ("{\"action\":\"a.b\",\"actor\":{\"type\":\"user\",\"id\":\"u\"}," + members + "}")
            .getBytes(StandardCharsets.UTF_8);
    return ((Decoding.Decoded) new EventDecoder().decode(json, 0, json.length)).event();
  }

  private static String marked(String members) {
    return new String(EventJson.toBytes(KEYS.marked(event(members))), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sessionToken",
        "SessionToken",
        "session_token",
        "session-token",
        "Session-Token",
        "SESSION_TOKEN",
        "sessiontoken",
        "secretAccessKey",
        "password",
        "Password",
        "pairingCode",
        "pairing_code"
      })
  void aSecretIsMarkedUnderItsWholeNameHoweverItIsWritten(String name) {
    assertThat(marked("\"details\":{\"%s\":\"s3cr3t\",\"other\":\"kept\"}".formatted(name)))
        .contains("\"" + name + "\":\"[secret]\"", "\"other\":\"kept\"")
        .doesNotContain("s3cr3t");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "passwordChanged",
        "sessionTokens",
        "mySessionToken",
        "token",
        "secret",
        "key",
        "sESSIONtOKEN"
      })
  void nothingIsGuessedFromAPartOfAName(String name) {
    assertThat(marked("\"details\":{\"%s\":\"s3cr3t\"}".formatted(name))).contains("s3cr3t");
  }

  @Test
  void secretsAreFoundAtAnyDepthAndGoWhole() {
    String marked =
        marked(
            "\"details\":{\"response\":{\"list\":[1,{\"credentials\":{\"sessionToken\":\"one\",\"id\":\"kept\"}}]},"
                + "\"password\":{\"value\":\"two\"},\"private_key\":[\"three\"],\"passphrase\":4711}");
    assertThat(marked)
        .doesNotContain("one", "two", "three", "4711")
        .contains("\"id\":\"kept\"", "\"list\":[1,")
        .contains("\"password\":\"[secret]\"", "\"private_key\":\"[secret]\"");
  }

  @Test
  void whatHoldsNoSecretStaysAsItIs() {
    Event event =
        event(
            "\"details\":{\"password\":null,\"passwd\":\"\",\"new_password\":true,\"old_password\":{},\"x\":[{}]},"
                + "\"changes\":[{\"field\":\"password\",\"before\":null,\"after\":false}]");
    assertThat(KEYS.marked(event)).isSameAs(event);
    Event once = KEYS.marked(event("\"details\":{\"password\":\"s3cr3t\"}"));
    assertThat(KEYS.marked(once)).as("a mark is no secret").isSameAs(once);
  }

  @Test
  void changedSecretsAreMarkedAndThatTheyChangedStays() {
    assertThat(
            marked(
                "\"changes\":[{\"field\":\"user.password\",\"before\":\"one\",\"after\":\"two\"},"
                    + "{\"field\":\"config\",\"before\":null,\"after\":{\"clientSecret\":\"three\",\"url\":\"kept\"}},"
                    + "{\"field\":\"name\",\"before\":\"four\",\"after\":\"five\"}]"))
        .doesNotContain("one", "two", "three")
        .contains("{\"field\":\"user.password\",\"before\":\"[secret]\",\"after\":\"[secret]\"}")
        .contains("kept", "four", "five");
  }

  @Test
  void anEventIsTheSameAsItsMarkedFormAndAsOneWithAnotherSecret() {
    Event plain = event("\"details\":{\"password\":\"one\",\"n\":1}");
    Event marked = KEYS.marked(plain);
    assertThat(EntryCodec.sameContent(plain, marked)).isTrue();
    assertThat(EntryCodec.sameContent(marked, plain)).isTrue();
    assertThat(
            EntryCodec.sameContent(
                marked, KEYS.marked(event("\"details\":{\"password\":\"two\",\"n\":1}"))))
        .isTrue();
    assertThat(
            EntryCodec.sameContent(
                marked, KEYS.marked(event("\"details\":{\"password\":\"one\",\"n\":2}"))))
        .isFalse();
    assertThat(EntryCodec.sameContent(marked, event("\"details\":{\"n\":1}"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Session", "session token", "_x", "a__b", "sessionToken"})
  void aNameOfAnotherFormIsRefused(String name) {
    assertThatThrownBy(() -> new SecretKeys(List.of(name)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theLengthOfANameIsBounded() {
    String longest = "x".repeat(SecretKeys.MAX_NAME_LENGTH);
    assertThat(SecretKeys.requireName(longest)).isEqualTo(longest);
    assertThatThrownBy(() -> SecretKeys.requireName(longest + "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
