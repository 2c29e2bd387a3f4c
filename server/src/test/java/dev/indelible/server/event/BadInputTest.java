package dev.indelible.server.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of bad input, with the pointer and the code that it must get. */
class BadInputTest {

  private final EventDecoder decoder = new EventDecoder();

  private static Arguments bad(String name, String pointer, String code, String json) {
    return Arguments.of(name, pointer, code, json.getBytes(UTF_8));
  }

  /** A good event with more members. */
  private static String with(String members) {
    return "{\"action\":\"a\",\"actor\":{\"type\":\"user\",\"id\":\"u\"}," + members + "}";
  }

  static Stream<Arguments> badInput() {
    return Stream.of(encoding(), json(), types(), limits(), forms(), missing()).flatMap(s -> s);
  }

  private static Stream<Arguments> encoding() {
    return Stream.of(
        Arguments.of(
            "Latin-1", "", "bad_encoding", with("\"reason\":\"caf\u00e9\"").getBytes(ISO_8859_1)),
        Arguments.of("UTF-16", "", "bad_encoding", with("\"reason\":\"x\"").getBytes(UTF_16BE)),
        Arguments.of(
            "overlong",
            "",
            "bad_encoding",
            with("\"reason\":\"\u00c0\u0080\"").getBytes(ISO_8859_1)),
        Arguments.of(
            "a surrogate in UTF-8",
            "",
            "bad_encoding",
            with("\"reason\":\"\u00ed\u00a0\u0080\"").getBytes(ISO_8859_1)),
        Arguments.of(
            "cut", "", "bad_encoding", with("\"reason\":\"\u00e2\u0082\"").getBytes(ISO_8859_1)),
        bad("raw NUL", "", "bad_encoding", with("\"reason\":\"a\u0000b\"")),
        bad("escaped NUL", "/reason", "bad_encoding", with("\"reason\":\"a\\u0000b\"")),
        bad("lone high surrogate", "/reason", "bad_encoding", with("\"reason\":\"\\ud800\"")),
        bad(
            "lone low surrogate",
            "/details/x",
            "bad_encoding",
            with("\"details\":{\"x\":\"\\udc00x\"}")),
        bad(
            "swapped pair",
            "/changes/0/after",
            "bad_encoding",
            with("\"changes\":[{\"field\":\"f\",\"after\":\"\\udc00\\ud800\"}]")),
        bad("NUL in a key", "/details/?", "bad_encoding", with("\"details\":{\"\\u0000\":1}")),
        bad("lone surrogate in a key", "", "bad_encoding", with("\"details\":{\"\\ud800\":1}")),
        bad(
            "lone surrogate in a list",
            "/details/x/1",
            "bad_encoding",
            with("\"details\":{\"x\":[1,\"\\ud83d\"]}")));
  }

  private static Stream<Arguments> json() {
    return Stream.of(
        bad("nothing", "", "bad_json", ""),
        bad("space", "", "bad_json", "  \n"),
        bad("truncated", "", "bad_json", "{\"action\":\"a\""),
        bad("truncated text", "", "bad_json", "{\"action\":\"a"),
        bad("no colon", "", "bad_json", "{\"action\" \"a\"}"),
        bad("comment", "", "bad_json", with("/**/\"reason\":\"x\"")),
        bad("single quotes", "", "bad_json", "{'action':'a'}"),
        bad("NaN", "", "bad_json", with("\"details\":{\"x\":NaN}")),
        bad("leading zero", "", "bad_json", with("\"details\":{\"x\":01}")),
        bad("leading plus", "", "bad_json", with("\"details\":{\"x\":+1}")),
        bad("trailing comma", "", "bad_json", with("\"details\":{},")),
        bad("raw line feed in text", "", "bad_json", with("\"reason\":\"a\nb\"")),
        bad("two events", "", "bad_json", with("\"id\":\"1\"") + with("\"id\":\"2\"")),
        bad("an array", "", "wrong_type", "[" + with("\"id\":\"1\"") + "]"),
        bad("a string", "", "wrong_type", "\"x\""),
        bad("null", "", "wrong_type", "null"));
  }

  private static Stream<Arguments> types() {
    return Stream.of(
        bad("number for text", "/reason", "wrong_type", with("\"reason\":7")),
        bad("object for text", "/id", "wrong_type", with("\"id\":{\"a\":[1]}")),
        bad("text for object", "/context", "wrong_type", with("\"context\":\"x\"")),
        bad("array for object", "/details", "wrong_type", with("\"details\":[1]")),
        bad("object for array", "/targets", "wrong_type", with("\"targets\":{\"type\":\"t\"}")),
        bad(
            "text for number",
            "/context/location/latitude",
            "wrong_type",
            with("\"context\":{\"location\":{\"latitude\":\"1\"}}")),
        bad(
            "number in roles",
            "/actor/roles/1",
            "wrong_type",
            "{\"action\":\"a\",\"actor\":{\"type\":\"system\",\"roles\":[\"r\",1]}}"),
        bad(
            "null in roles",
            "/actor/roles/0",
            "wrong_type",
            "{\"action\":\"a\",\"actor\":{\"type\":\"system\",\"roles\":[null]}}"),
        bad("text for actor", "/actor", "wrong_type", "{\"action\":\"a\",\"actor\":\"ana\"}"),
        bad("unknown field", "/colour", "unknown_field", with("\"colour\":1")),
        bad(
            "unknown field of a target",
            "/targets/0/url",
            "unknown_field",
            with("\"targets\":[{\"type\":\"t\",\"id\":\"1\",\"url\":\"x\"}]")),
        bad(
            "unknown field of a change",
            "/changes/0/old",
            "unknown_field",
            with("\"changes\":[{\"field\":\"f\",\"old\":{\"deep\":[1]}}]")),
        bad(
            "hash from a caller",
            "/actor/id_hash",
            "unknown_field",
            "{\"action\":\"a\",\"actor\":{\"type\":\"system\",\"id_hash\":\"00\"}}"),
        bad("unknown outcome", "/outcome", "unknown_value", with("\"outcome\":\"ok\"")),
        bad("duplicate key", "/action", "duplicate_key", with("\"action\":\"b\"")),
        bad(
            "duplicate key of the actor",
            "/actor/id",
            "duplicate_key",
            "{\"action\":\"a\",\"actor\":{\"type\":\"user\",\"id\":\"1\",\"id\":\"2\"}}"),
        bad(
            "duplicate key, escaped",
            "/details/a",
            "duplicate_key",
            with("\"details\":{\"a\":1,\"\\u0061\":2}")),
        bad(
            "duplicate key, deep",
            "/details/x/0/k",
            "duplicate_key",
            with("\"details\":{\"x\":[{\"k\":null,\"k\":null}]}")));
  }

  private static Stream<Arguments> limits() {
    String nested = "[".repeat(31) + "]".repeat(31);
    String target = "{\"type\":\"t\",\"id\":\"1\"}";
    String change = "{\"field\":\"f\"}";
    return Stream.of(
        bad(
            "256 KiB + 1",
            "",
            "too_large",
            with(
                "\"reason\":\""
                    + "x".repeat(EventLimits.MAX_EVENT_BYTES - with("\"reason\":\"\"").length() + 1)
                    + "\"")),
        bad(
            "depth 33 in details",
            "/details/x" + "/0".repeat(30),
            "too_deep",
            with("\"details\":{\"x\":" + nested + "}")),
        bad(
            "depth 33 in a change",
            "/changes/0/after" + "/0".repeat(29),
            "too_deep",
            with(
                "\"changes\":[{\"field\":\"f\",\"after\":"
                    + "[".repeat(30)
                    + "]".repeat(30)
                    + "}]")),
        bad(
            "depth 100,000",
            "",
            "too_deep",
            with("\"details\":{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}")),
        bad(
            "depth in an unknown field",
            "",
            "too_deep",
            with("\"x\":" + "[".repeat(1_000) + "]".repeat(1_000))),
        bad(
            "17 targets",
            "/targets",
            "too_many",
            with("\"targets\":[" + (target + ",").repeat(16) + target + "]")),
        bad(
            "101 changes",
            "/changes",
            "too_many",
            with("\"changes\":[" + (change + ",").repeat(100) + change + "]")),
        bad(
            "101 roles",
            "/actor/roles",
            "too_many",
            "{\"action\":\"a\",\"actor\":{\"type\":\"system\",\"roles\":["
                + "\"r\",".repeat(100)
                + "\"r\"]}}"),
        bad(
            "long id",
            "/id",
            "too_long",
            with("\"id\":\"" + "x".repeat(EventLimits.MAX_ID_LENGTH + 1) + "\"")),
        bad(
            "long role",
            "/actor/roles/0",
            "too_long",
            "{\"action\":\"a\",\"actor\":{\"type\":\"system\",\"roles\":[\""
                + "r".repeat(257)
                + "\"]}}"),
        bad(
            "long reason",
            "/reason",
            "too_long",
            with("\"reason\":\"" + "x".repeat(EventLimits.MAX_TEXT_LENGTH + 1) + "\"")),
        bad(
            "long user agent",
            "/context/user_agent",
            "too_long",
            with(
                "\"context\":{\"user_agent\":\""
                    + "x".repeat(EventLimits.MAX_NAME_LENGTH + 1)
                    + "\"}")),
        bad(
            "long key in details",
            "/details/" + "k".repeat(Problems.MAX_QUOTED_LENGTH - 9) + "…",
            "too_long",
            with("\"details\":{\"" + "k".repeat(EventLimits.MAX_NAME_LENGTH + 1) + "\":1}")),
        bad("huge exponent", "/details/x", "out_of_range", with("\"details\":{\"x\":1e999999}")),
        bad(
            "exponent beyond an int",
            "/details/x",
            "out_of_range",
            with("\"details\":{\"x\":1e99999999999999}")),
        bad("tiny exponent", "/details/x", "out_of_range", with("\"details\":{\"x\":1e-401}")),
        bad(
            "zero with a huge exponent",
            "/details/x",
            "out_of_range",
            with("\"details\":{\"x\":0e999999}")),
        bad(
            "1,001 digits",
            "/changes/0/before",
            "out_of_range",
            with("\"changes\":[{\"field\":\"f\",\"before\":" + "9".repeat(1_001) + "}]")),
        bad(
            "1,001 decimals",
            "/details/x/0",
            "out_of_range",
            with("\"details\":{\"x\":[0." + "9".repeat(1_001) + "]}")),
        bad(
            "latitude",
            "/context/location/latitude",
            "out_of_range",
            with("\"context\":{\"location\":{\"latitude\":90.1}}")),
        bad(
            "infinite longitude",
            "/context/location/longitude",
            "out_of_range",
            with("\"context\":{\"location\":{\"longitude\":1e999}}")),
        bad(
            "year 1969",
            "/occurred_at",
            "out_of_range",
            with("\"occurred_at\":\"1969-12-31T23:59:59.999Z\"")),
        bad(
            "year 2201",
            "/occurred_at",
            "out_of_range",
            with("\"occurred_at\":\"2201-01-01T00:00:00Z\"")));
  }

  private static Stream<Arguments> forms() {
    return Stream.of(
        bad(
            "capital in action",
            "/action",
            "bad_format",
            "{\"action\":\"User\",\"actor\":{\"type\":\"system\"}}"),
        bad(
            "empty action",
            "/action",
            "bad_format",
            "{\"action\":\"\",\"actor\":{\"type\":\"system\"}}"),
        bad(
            "long action",
            "/action",
            "bad_format",
            "{\"action\":\"" + "a".repeat(129) + "\",\"actor\":{\"type\":\"system\"}}"),
        bad("tenant with a slash", "/tenant", "bad_format", with("\"tenant\":\"a/b\"")),
        bad("empty account", "/account", "bad_format", with("\"account\":\"\"")),
        bad("control character in an id", "/id", "bad_format", with("\"id\":\"a\\nb\"")),
        bad(
            "time without zone",
            "/occurred_at",
            "bad_format",
            with("\"occurred_at\":\"2026-11-20T10:00:00\"")),
        bad(
            "impossible day",
            "/occurred_at",
            "bad_format",
            with("\"occurred_at\":\"2026-02-29T10:00:00Z\"")),
        bad("epoch seconds", "/occurred_at", "wrong_type", with("\"occurred_at\":1700000000")),
        bad(
            "host name for IP",
            "/context/ip",
            "bad_format",
            with("\"context\":{\"ip\":\"example.com\"}")),
        bad(
            "IP with port",
            "/context/ip",
            "bad_format",
            with("\"context\":{\"ip\":\"1.2.3.4:80\"}")),
        bad("short IP", "/context/ip", "bad_format", with("\"context\":{\"ip\":\"127.1\"}")),
        bad(
            "script link",
            "/targets/0/href",
            "bad_format",
            with("\"targets\":[{\"type\":\"t\",\"id\":\"1\",\"href\":\"javascript:alert(1)\"}]")),
        bad(
            "protocol-relative link",
            "/targets/0/href",
            "bad_format",
            with("\"targets\":[{\"type\":\"t\",\"id\":\"1\",\"href\":\"//evil.test\"}]")),
        bad(
            "link with user",
            "/targets/0/href",
            "bad_format",
            with(
                "\"targets\":[{\"type\":\"t\",\"id\":\"1\",\"href\":\"https://bank.test@evil.test/\"}]")),
        bad(
            "country",
            "/context/location/country",
            "bad_format",
            with("\"context\":{\"location\":{\"country\":\"Germany\"}}")));
  }

  private static Stream<Arguments> missing() {
    return Stream.of(
        bad("no action", "/action", "missing", "{\"actor\":{\"type\":\"system\"}}"),
        bad(
            "null action",
            "/action",
            "missing",
            "{\"action\":null,\"actor\":{\"type\":\"system\"}}"),
        bad("no actor", "/actor", "missing", "{\"action\":\"a\"}"),
        bad("null actor", "/actor", "missing", "{\"action\":\"a\",\"actor\":null}"),
        bad(
            "no actor type",
            "/actor/type",
            "missing",
            "{\"action\":\"a\",\"actor\":{\"id\":\"u\"}}"),
        bad(
            "no actor id",
            "/actor/id",
            "missing",
            "{\"action\":\"a\",\"actor\":{\"type\":\"user\"}}"),
        bad(
            "null actor id",
            "/actor/id",
            "missing",
            "{\"action\":\"a\",\"actor\":{\"type\":\"user\",\"id\":null}}"),
        bad(
            "no id on behalf of",
            "/actor/on_behalf_of/id",
            "missing",
            "{\"action\":\"a\",\"actor\":{\"type\":\"user\",\"id\":\"u\",\"on_behalf_of\":{\"type\":\"user\"}}}"),
        bad("no target type", "/targets/0/type", "missing", with("\"targets\":[{\"id\":\"1\"}]")),
        bad(
            "null target id",
            "/targets/0/id",
            "missing",
            with("\"targets\":[{\"type\":\"t\",\"id\":null}]")),
        bad("no change field", "/changes/0/field", "missing", with("\"changes\":[{\"after\":1}]")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badInput")
  void isRefusedWhereItIsWrong(String name, String pointer, String code, byte[] json) {
    Decoding decoding = decoder.decode(json, 0, json.length);
    assertThat(decoding).isInstanceOf(Decoding.Invalid.class);
    Decoding.Invalid invalid = (Decoding.Invalid) decoding;
    // What is nested far too deep is found where it begins and again where the parser gives up.
    boolean givenUp = code.equals("too_deep") && pointer.isEmpty();
    if (!givenUp) {
      assertThat(invalid.problems()).as(name).hasSize(1);
      assertThat(invalid.problems().getFirst().pointer()).as(name).isEqualTo(pointer);
    }
    assertThat(invalid.problems())
        .as(name)
        .anySatisfy(problem -> assertThat(problem.code().jsonName()).isEqualTo(code))
        .allSatisfy(
            problem -> {
              assertThat(problem.detail()).isNotBlank().doesNotContain("\ufffd");
              assertThat(problem.detail().length()).isLessThan(1_000);
            });
  }
}
