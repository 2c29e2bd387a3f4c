package dev.indelible.server.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.Event.ActorType;
import dev.indelible.server.event.Event.Outcome;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventDecoderTest {

  private final EventDecoder decoder = new EventDecoder();

  private Decoding decode(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return decoder.decode(bytes, 0, bytes.length);
  }

  private Event event(String json) {
    Decoding decoding = decode(json);
    assertThat(decoding).as(json).isInstanceOf(Decoding.Decoded.class);
    return ((Decoding.Decoded) decoding).event();
  }

  private static String withDetails(String details) {
    return "{\"action\":\"a\",\"actor\":{\"type\":\"system\"},\"details\":" + details + "}";
  }

  @Test
  void readsEveryFieldOfTheDesignsEvent() {
    Event event =
        event(
            """
            {"id":"k1","tenant":"acme","account":"eu","occurred_at":"2026-11-20T10:00:00.000Z",
             "action":"user.role_changed",
             "actor":{"type":"user","id":"u_7","name":"Ana","email":"ana@acme.test",
               "roles":["tenant_admin"],"permissions":["users.manage"],
               "on_behalf_of":{"type":"support","id":"s_1","name":"Sam","email":"s@x.test"}},
             "targets":[{"type":"user","id":"u_9","name":"Bo","href":"https://app.acme.test/u/9"}],
             "outcome":"success","outcome_reason":null,
             "changes":[{"field":"role","before":"agent","after":null}],
             "reason":"ticket 4711",
             "context":{"ip":"203.0.113.9","user_agent":"curl","session_id":"s1","request_id":"r1",
               "trace_id":"t1","location":{"country":"de","region":"BE","city":"Berlin",
               "latitude":52.5,"longitude":13}},
             "details":{"any":"JSON"}}""");
    assertThat(event.id()).isEqualTo("k1");
    assertThat(event.tenant()).isEqualTo(new TenantId("acme"));
    assertThat(event.account()).isEqualTo("eu");
    assertThat(event.occurredAt()).isEqualTo(Instant.parse("2026-11-20T10:00:00Z"));
    assertThat(event.action()).isEqualTo("user.role_changed");
    assertThat(event.actor())
        .isEqualTo(
            new Event.Actor(
                ActorType.USER,
                "u_7",
                "Ana",
                "ana@acme.test",
                List.of("tenant_admin"),
                List.of("users.manage"),
                new Event.Principal(ActorType.SUPPORT, "s_1", "Sam", "s@x.test")));
    assertThat(event.targets())
        .containsExactly(new Event.Target("user", "u_9", "Bo", "https://app.acme.test/u/9"));
    assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(event.outcomeReason()).isNull();
    assertThat(event.changes()).hasSize(1);
    assertThat(requireNonNull(event.changes().getFirst().before()).stringValue())
        .isEqualTo("agent");
    assertThat(requireNonNull(event.changes().getFirst().after()).isNull()).isTrue();
    assertThat(event.reason()).isEqualTo("ticket 4711");
    assertThat(event.context())
        .isEqualTo(
            new Event.Context(
                "203.0.113.9",
                new Event.Location("DE", "BE", "Berlin", 52.5, 13.0),
                "curl",
                "s1",
                "r1",
                "t1"));
    assertThat(requireNonNull(event.details()).get("any").stringValue()).isEqualTo("JSON");
  }

  @Test
  void aSystemActorNeedsNoIdAndNullMeansAbsent() {
    Event event =
        event(
            "{\"action\":\"a\",\"id\":null,\"actor\":{\"type\":\"system\",\"id\":null},"
                + "\"targets\":null,\"changes\":null,\"context\":null,\"details\":null}");
    assertThat(event.actor().id()).isNull();
    assertThat(event.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(event.targets()).isEmpty();
    assertThat(event.context()).isEqualTo(Event.Context.NONE);
    assertThat(event.details()).isNull();
  }

  @Test
  void keepsNumbersInDetailsExactly() {
    String big = "123456789012345678901234567890";
    Event event =
        event(
            withDetails(
                "{\"p\":9007199254740993,\"b\":%s,\"d\":0.1000,\"e\":1e300,\"n\":-0.1e-7}"
                    .formatted(big)));
    assertThat(requireNonNull(event.details()).get("p").longValue()).isEqualTo(9007199254740993L);
    assertThat(requireNonNull(event.details()).get("b").bigIntegerValue())
        .isEqualTo(new BigInteger(big));
    assertThat(requireNonNull(event.details()).get("d").decimalValue())
        .isEqualTo(new BigDecimal("0.1000"));
    assertThat(requireNonNull(event.details()).get("e").decimalValue())
        .isEqualTo(new BigDecimal("1e300"));
    String again = new String(EventJson.toBytes(event), UTF_8);
    assertThat(again).contains("9007199254740993", big, "0.1000", "1E+300", "-1E-8");
    assertThat(EntryCodec.sameContent(event, event(again))).isTrue();
  }

  @Test
  void reportsAllProblemsOfOneEventAtOnce() {
    Decoding decoding =
        decode(
            """
            {"acton":"x","action":"Bad Action","actor":{"typ":"user","type":"usr"},
             "targets":[{"type":"t"},7],"outcome":true,"details":{"a":1,"a":2},
             "context":{"ip":"localhost","userAgent":"x"},"occurred_at":"yesterday"}""");
    assertThat(decoding).isInstanceOf(Decoding.Invalid.class);
    List<String> found = new ArrayList<>();
    for (Problem problem : ((Decoding.Invalid) decoding).problems()) {
      found.add(problem.pointer() + " " + problem.code().jsonName());
    }
    assertThat(found)
        .containsExactlyInAnyOrder(
            "/acton unknown_field",
            "/action bad_format",
            "/actor/typ unknown_field",
            "/actor/type unknown_value",
            "/actor/id missing",
            "/targets/0/id missing",
            "/targets/1 wrong_type",
            "/outcome wrong_type",
            "/details/a duplicate_key",
            "/context/ip bad_format",
            "/context/userAgent unknown_field",
            "/occurred_at bad_format");
    assertThat(((Decoding.Invalid) decoding).problems())
        .anySatisfy(p -> assertThat(p.detail()).contains("did you mean \"action\""))
        .anySatisfy(p -> assertThat(p.detail()).contains("did you mean \"user_agent\""))
        .anySatisfy(p -> assertThat(p.detail()).contains("did you mean \"user\""));
  }

  @Test
  void saysWhatIsWrongWithoutTheParsersAdviceToItsProgrammer() {
    for (String details :
        List.of("{\"n\":NaN}", "{\"n\":+1}", "{/*c*/}", "{'a':1}", "{\"n\":Infinity}")) {
      assertThat(decode(withDetails(details)))
          .isInstanceOfSatisfying(
              Decoding.Invalid.class,
              invalid ->
                  assertThat(invalid.problems())
                      .allSatisfy(
                          problem ->
                              assertThat(problem.detail())
                                  .contains("not JSON at byte")
                                  .doesNotContain("Feature", "enable")));
    }
  }

  @Test
  void reportsNoMoreProblemsThanTheLimitAndCountsTheRest() {
    StringBuilder json = new StringBuilder("{\"action\":\"a\",\"actor\":{\"type\":\"system\"}");
    for (int i = 0; i < EventLimits.MAX_PROBLEMS + 7; i++) {
      json.append(",\"x").append(i).append("\":0");
    }
    Decoding.Invalid invalid = (Decoding.Invalid) decode(json.append('}').toString());
    assertThat(invalid.problems()).hasSize(EventLimits.MAX_PROBLEMS);
    assertThat(invalid.unreported()).isEqualTo(7);
  }

  @Test
  void keepsTimesToTheMillisecondAndInUtc() {
    String event = "{\"action\":\"a\",\"actor\":{\"type\":\"system\"},\"occurred_at\":\"%s\"}";
    assertThat(event(event.formatted("2026-11-20T12:00:00.123999+02:00")).occurredAt())
        .isEqualTo(Instant.parse("2026-11-20T10:00:00.123Z"));
    assertThat(event(event.formatted("1970-01-01T00:00:00Z")).occurredAt())
        .isEqualTo(Instant.EPOCH);
    assertThat(event(event.formatted("2200-12-31T23:59:59.999Z")).occurredAt())
        .isEqualTo(Instant.parse("2200-12-31T23:59:59.999Z"));
  }

  @Test
  void acceptsAByteOrderMarkAndSurroundingSpace() {
    assertThat(event("\ufeff \n" + withDetails("{}") + "\r\n").action()).isEqualTo("a");
  }

  @Test
  void acceptsExactlyTheLimits() {
    String prefix = "{\"action\":\"a\",\"actor\":{\"type\":\"system\"},\"details\":{\"x\":\"";
    String suffix = "\"}}";
    int room = EventLimits.MAX_EVENT_BYTES - prefix.length() - suffix.length();
    assertThat(event(prefix + "x".repeat(room) + suffix).action()).isEqualTo("a");
    // details is 2 deep, so 30 more brackets make 32.
    event(withDetails("{\"x\":" + "[".repeat(30) + "]".repeat(30) + "}"));
    event(withDetails("{\"x\":" + "9".repeat(EventLimits.MAX_NUMBER_DIGITS) + "}"));
    event(withDetails("{\"x\":1e" + EventLimits.MAX_NUMBER_EXPONENT + "}"));
    String target = "{\"type\":\"t\",\"id\":\"1\"}";
    event(
        "{\"action\":\""
            + "a".repeat(128)
            + "\",\"actor\":{\"type\":\"system\"},\"targets\":["
            + (target + ",").repeat(EventLimits.MAX_TARGETS - 1)
            + target
            + "]}");
    String change = "{\"field\":\"f\"}";
    event(
        "{\"action\":\"a\",\"actor\":{\"type\":\"system\"},\"changes\":["
            + (change + ",").repeat(EventLimits.MAX_CHANGES - 1)
            + change
            + "]}");
  }

  @Test
  void aBrokenItemOfAnArrayIsThatItemsError() {
    String good = withDetails("{}");
    byte[] bytes =
        (" [" + good + ",{\"action\":1}, 7 ," + good.replace("{}", "\"x\"") + "," + good + "]\n")
            .getBytes(UTF_8);
    Decoding.Batch batch = decoder.decodeArray(bytes, 0, bytes.length);
    List<Decoding> items = ((Decoding.Batch.Items) batch).items();
    assertThat(items).hasSize(5);
    assertThat(items.get(0)).isInstanceOf(Decoding.Decoded.class);
    assertThat(items.get(1)).isInstanceOf(Decoding.Invalid.class);
    assertThat(items.get(2))
        .isInstanceOfSatisfying(
            Decoding.Invalid.class,
            i -> assertThat(i.problems().getFirst().code()).isEqualTo(Problem.Code.WRONG_TYPE));
    assertThat(items.get(3)).isInstanceOf(Decoding.Invalid.class);
    assertThat(items.get(4)).isInstanceOf(Decoding.Decoded.class);
  }

  @Test
  void aTooLargeOrWronglyEncodedItemLeavesTheOthersAlone() {
    String good = withDetails("{}");
    String large = withDetails("\"" + "x".repeat(EventLimits.MAX_EVENT_BYTES) + "\"");
    byte[] bytes =
        ("[" + large + "," + good + "," + withDetails("{\"x\":\"#\"}") + "]").getBytes(UTF_8);
    bytes[new String(bytes, UTF_8).indexOf('#')] = (byte) 0xe9;
    List<Decoding> items =
        ((Decoding.Batch.Items) decoder.decodeArray(bytes, 0, bytes.length)).items();
    assertThat(((Decoding.Invalid) items.get(0)).problems().getFirst().code())
        .isEqualTo(Problem.Code.TOO_LARGE);
    assertThat(items.get(1)).isInstanceOf(Decoding.Decoded.class);
    assertThat(((Decoding.Invalid) items.get(2)).problems().getFirst().code())
        .isEqualTo(Problem.Code.BAD_ENCODING);
  }

  @Test
  void aBrokenArrayIsRefusedWholeWithItsOffset() {
    String good = withDetails("{}");
    for (String broken :
        List.of(
            "",
            "{}",
            "[" + good,
            "[" + good + ",]",
            "[," + good + "]",
            "[" + good + " " + good + "]",
            "[" + good + "] x",
            "[{\"action\" \"a\"}]",
            "[{\"a\":\"b]",
            "[" + good + ",{]}]",
            "[nul]")) {
      byte[] bytes = broken.getBytes(UTF_8);
      Decoding.Batch batch = decoder.decodeArray(bytes, 0, bytes.length);
      assertThat(batch).as(broken).isInstanceOf(Decoding.Batch.Broken.class);
      Problem problem = ((Decoding.Batch.Broken) batch).problem();
      assertThat(problem.code()).as(broken).isEqualTo(Problem.Code.BAD_JSON);
      assertThat(problem.detail()).as(broken).containsPattern("byte \\d+");
    }
  }

  @Test
  void anEmptyArrayHasNoItems() {
    byte[] bytes = " [ ] ".getBytes(UTF_8);
    assertThat(((Decoding.Batch.Items) decoder.decodeArray(bytes, 0, bytes.length)).items())
        .isEmpty();
  }

  @Test
  void anArrayMayHoldAsManyEventsAsTheLimitAndNoMore() {
    String good = "{\"action\":\"a\",\"actor\":{\"type\":\"system\"}}";
    byte[] full =
        ("[" + (good + ",").repeat(EventLimits.MAX_BATCH_EVENTS - 1) + good + "]").getBytes(UTF_8);
    assertThat(((Decoding.Batch.Items) decoder.decodeArray(full, 0, full.length)).items())
        .hasSize(EventLimits.MAX_BATCH_EVENTS)
        .allMatch(Decoding.Decoded.class::isInstance);
    byte[] over =
        ("[" + (good + ",").repeat(EventLimits.MAX_BATCH_EVENTS) + good + "]").getBytes(UTF_8);
    assertThat(((Decoding.Batch.Broken) decoder.decodeArray(over, 0, over.length)).problem().code())
        .isEqualTo(Problem.Code.TOO_MANY);
    byte[] large = new byte[EventLimits.MAX_BATCH_BYTES + 1];
    assertThat(
            ((Decoding.Batch.Broken) decoder.decodeArray(large, 0, large.length)).problem().code())
        .isEqualTo(Problem.Code.TOO_LARGE);
  }

  @Test
  void readsFromTheMiddleOfAnArray() {
    byte[] bytes = ("xx" + withDetails("{}") + "yy").getBytes(UTF_8);
    assertThat(decoder.decode(bytes, 2, bytes.length - 4)).isInstanceOf(Decoding.Decoded.class);
  }

  @Test
  void whatIsWrittenAsAnEventIsReadAsTheSameEvent() {
    long seed = System.nanoTime();
    RandomEvents events = new RandomEvents(seed);
    for (int i = 0; i < 5_000; i++) {
      Event event = events.next();
      byte[] json = EventJson.toBytes(event);
      Decoding decoding = decoder.decode(json, 0, json.length);
      int number = i;
      assertThat(decoding)
          .as("seed %d, event %d: %s", seed, number, new String(json, UTF_8))
          .isInstanceOfSatisfying(
              Decoding.Decoded.class,
              decoded ->
                  assertThat(EntryCodec.sameContent(event, decoded.event()))
                      .as("seed %d, event %d: %s", seed, number, new String(json, UTF_8))
                      .isTrue());
    }
  }
}
