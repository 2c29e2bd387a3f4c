package dev.indelible.server.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the identity and the actor of CloudEvents. */
class CloudEventIdentityTest {

  private final CloudEventDecoder decoder = new CloudEventDecoder(new EventDecoder());

  private Decoding decode(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return decoder.decode(bytes, 0, bytes.length);
  }

  private Event event(Decoding decoding) {
    assertThat(decoding).isInstanceOf(Decoding.Decoded.class);
    return ((Decoding.Decoded) decoding).event();
  }

  private static String cloudEvent(String source, String id, String more) {
    return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"%s\",\"type\":\"order.paid\"%s}"
        .formatted(id, source, more);
  }

  @Test
  void theSameIdOfTwoSourcesIsTwoIds() {
    String first = requireNonNull(event(decode(cloudEvent("/shop", "17", ""))).id());
    String second = requireNonNull(event(decode(cloudEvent("/stock", "17", ""))).id());
    assertThat(first).startsWith("17@").isNotEqualTo(second);
    assertThat(second).startsWith("17@");
    assertThat(event(decode(cloudEvent("/shop", "17", ""))).id()).isEqualTo(first);
    // printf %s /shop | sha256sum
    assertThat(first).isEqualTo("17@26315ce1e9356d671a112ad44afb5efc");
  }

  @Test
  void noPairOfSourceAndIdIsMistakenForAnother() {
    List<String> ids =
        Stream.of(
                cloudEvent("/a", "b", ""),
                cloudEvent("/a@b", "", "").replace("\"id\":\"\"", "\"id\":\"@\""),
                cloudEvent("/a", "b@c", ""),
                cloudEvent("/c", "b@" + CloudEventIds.entryId("/a", "x").substring(2), ""),
                cloudEvent("/ab", "x", ""),
                cloudEvent("/a", "bx", ""))
            .map(json -> requireNonNull(event(decode(json)).id()))
            .toList();
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void theDetailsHoldTheIdAsItWasSent() {
    Event event = event(decode(cloudEvent("/shop", "17", "")));
    assertThat(requireNonNull(event.details()).at("/cloudevents/id").asString()).isEqualTo("17");
    assertThat(requireNonNull(event.details()).at("/cloudevents/source").asString())
        .isEqualTo("/shop");
  }

  @Test
  void anEventInTheDataKeepsTheIdThatItHas() {
    String data = ",\"data\":{%s\"actor\":{\"type\":\"system\"}}";
    Event own = event(decode(cloudEvent("/shop", "17", data.formatted("\"id\":\"mine\","))));
    assertThat(own.id()).isEqualTo("mine");
    assertThat(requireNonNull(own.details()).at("/cloudevents/id").isMissingNode()).isTrue();
    for (String without : List.of("", "\"id\":null,")) {
      Event filled = event(decode(cloudEvent("/shop", "17", data.formatted(without))));
      assertThat(filled.id()).isEqualTo(CloudEventIds.entryId("/shop", "17"));
      assertThat(requireNonNull(filled.details()).at("/cloudevents/id").asString()).isEqualTo("17");
    }
  }

  @Test
  void longIdsFitAndStayApart() {
    String readable = "r".repeat(CloudEventIds.MAX_READABLE_LENGTH);
    String kept = requireNonNull(event(decode(cloudEvent("/s", readable, ""))).id());
    assertThat(kept).startsWith(readable + "@").hasSize(EventLimits.MAX_ID_LENGTH);
    String longest = "l".repeat(EventLimits.MAX_ID_LENGTH);
    String one = requireNonNull(event(decode(cloudEvent("/s", longest, ""))).id());
    String other =
        requireNonNull(event(decode(cloudEvent("/s", "k" + longest.substring(1), ""))).id());
    assertThat(one).matches("[0-9a-f]{64}@[0-9a-f]{32}").isNotEqualTo(other);
    assertThat(problems(decode(cloudEvent("/s", longest + "l", ""))))
        .containsExactly("/id too_long");
  }

  @Test
  void idAndSourceAreNotEmpty() {
    assertThat(problems(decode(cloudEvent("/s", "", "")))).containsExactly("/id bad_format");
    assertThat(problems(decode(cloudEvent("", "1", "")))).containsExactly("/source bad_format");
    assertThat(problems(decode(cloudEvent("/s", "a\\nb", "")))).containsExactly("/id bad_format");
  }

  private static List<String> problems(Decoding decoding) {
    return ((Decoding.Invalid) decoding)
        .problems().stream()
            .map(problem -> problem.pointer() + " " + problem.code().jsonName())
            .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "app_user, user",
    "user, user",
    "unauthenticated, user",
    "unknown, user",
    "app_user_of_tomorrow, user",
    "service_account, api_client",
    "api_key, api_client",
    "access_key, api_client",
  })
  void aKindOfPartyWithoutAnIdIsNeverTheSystem(String authType, String type) {
    for (String authId : List.of("", ",\"authid\":null")) {
      Event event =
          event(decode(cloudEvent("/s", "1", ",\"authtype\":\"" + authType + "\"" + authId)));
      assertThat(event.actor().type().jsonName()).isEqualTo(type);
      assertThat(event.actor().id()).isNull();
    }
    String byId = ",\"authtype\":\"%s\",\"authid\":\"p\"".formatted(authType);
    Event named = event(decode(cloudEvent("/s", "1", byId)));
    assertThat(named.actor().type().jsonName()).isEqualTo(type);
    assertThat(named.actor().id()).isEqualTo("p");
  }

  @Test
  void theSourceActsOnlyWhereNobodyElseIsSaidTo() {
    for (String auth : List.of("", ",\"authtype\":null", ",\"authtype\":\"system\"")) {
      Event event = event(decode(cloudEvent("/s", "1", auth)));
      assertThat(event.actor().type()).isEqualTo(Event.ActorType.SYSTEM);
      assertThat(event.actor().id()).isEqualTo("/s");
    }
    Event byNumber = event(decode(cloudEvent("/s", "1", ",\"authid\":42")));
    assertThat(byNumber.actor().type()).isEqualTo(Event.ActorType.USER);
    assertThat(byNumber.actor().id()).isEqualTo("42");
  }

  @Test
  void anEventThatNamesItsOwnActorStillNeedsAnId() {
    String data = ",\"authtype\":\"user\",\"data\":{\"actor\":{\"type\":\"user\"}}";
    assertThat(problems(decode(cloudEvent("/s", "1", data))))
        .containsExactly("/data/actor/id missing");
  }

  private @Nullable String subject(String header) {
    Decoding decoding =
        decoder.decodeBinary(
            Map.of(
                "ce-specversion",
                "\"1.0\"",
                "ce-id",
                "\"7\"",
                "ce-source",
                "/s",
                "ce-type",
                "order.paid",
                "ce-subject",
                header),
            new byte[0]);
    Event event = event(decoding);
    assertThat(event.id()).isEqualTo(CloudEventIds.entryId("/s", "7"));
    return event.targets().isEmpty() ? null : event.targets().getFirst().id();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "plain | plain",
        "\"two words\" | two words",
        "  \"padded\" | padded",
        "\"a \\\"quote\\\" and a \\\\\" | a \"quote\" and a \\",
        "two%20words | two words",
        "\"two%20words\" | two words",
        "Euro%20%E2%82%AC%20%F0%9F%98%80 | Euro € 😀",
        "%22kept%22 | \"kept\"",
        "100%25 | 100%",
        "50% | 50%",
        "%2525 | %25",
        "say \"hi\" there | say \"hi\" there",
        "\"a\" or \"b\" | \"a\" or \"b\"",
        "\"not closed | \"not closed",
        "\"not closed\\\" | \"not closed\\\"",
        "5\" | 5\"",
      })
  void aHeaderStandsForWhatTheBindingSays(String header, String value) {
    assertThat(subject(header)).isEqualTo(value);
  }

  @Test
  void anEmptyQuotedSubjectIsNone() {
    assertThat(subject("\"\"")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%ff", "\"%C3\"", "%00", "%ED%A0%80"})
  void whatIsNoTextIsRefused(String header) {
    assertThat(problems(decoder.decodeBinary(Map.of("ce-id", header), new byte[0])))
        .containsExactly(" bad_encoding");
  }
}
