package dev.indelible.server.sink;

import static dev.indelible.server.sink.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SyslogMessagesTest {

  private static final Pattern FRAME =
      Pattern.compile(
          "(?s)([0-9]+) (<[0-9]+>1 \\S+ \\S+ \\S+ - \\S+) \\[([^ ]+) ((?:[^\\]\\\\]|\\\\.)*)]"
              + " (.*)");

  private static SyslogMessages messages(boolean cookie, int maxBytes) {
    return new SyslogMessages(
        new SyslogMessages.Terms(
            "stm_1", 13, "audit.example.com", "indelible", 32473, cookie, maxBytes));
  }

  private static Matcher read(byte[] frame) {
    String text = new String(frame, StandardCharsets.UTF_8);
    Matcher matcher = FRAME.matcher(text);
    assertThat(matcher.matches()).as(text).isTrue();
    int space = text.indexOf(' ');
    assertThat(Integer.parseInt(matcher.group(1))).isEqualTo(frame.length - space - 1);
    return matcher;
  }

  private static Matcher frame(Message message) {
    return read(messages(false, 8096).frame(Batches.of(7, message), message));
  }

  @Test
  void anEntryIsAMessageWithItsLengthInFront() {
    Matcher frame = frame(Batches.plain(17));
    assertThat(frame.group(2))
        .isEqualTo("<110>1 2026-11-20T09:59:59.500Z audit.example.com indelible - entry");
    assertThat(frame.group(3)).isEqualTo("audit@32473");
    assertThat(frame.group(4))
        .isEqualTo(
            "stream=\"stm_1\" batch=\"7\" tenant=\"acme\" seq=\"17\" id=\"e-17\""
                + " action=\"user.login\"");
    assertThat(frame.group(5)).isEqualTo(Batches.entry(17).toString());
  }

  @Test
  void failuresAreWarningsAndWhatSecurityWantsToKnowIsNoticed() {
    ObjectNode failure = Batches.entry(1).put("outcome", "failure");
    assertThat(frame(Batches.message(1, failure)).group(2)).startsWith("<108>");
    ObjectNode relevant = Batches.entry(1).put("security_relevant", true);
    assertThat(frame(Batches.message(1, relevant)).group(2)).startsWith("<109>");
  }

  /** rsyslog merges names that differ in case and keeps the last; syslog-ng parts them at dots. */
  @Test
  void namesOfParametersAreLowerCaseWithoutDotsAndEachOnce() {
    ObjectNode large = Batches.entry(1);
    large.put("details", "x".repeat(9000));
    for (Message message : List.of(Batches.plain(1), Batches.message(1, large))) {
      List<String> names =
          Pattern.compile("([^ =]+)=\"")
              .matcher(frame(message).group(4))
              .results()
              .map(name -> name.group(1))
              .toList();
      assertThat(names).isNotEmpty().doesNotHaveDuplicates().allMatch(n -> n.matches("[a-z_]+"));
    }
  }

  @Test
  void valuesAreEscaped() {
    ObjectNode entry = Batches.entry(1);
    entry.put("id", "a\"b]c\\d\ne");
    assertThat(frame(Batches.message(1, entry)).group(4)).contains("id=\"a\\\"b\\]c\\\\d e\"");
  }

  @ParameterizedTest
  @CsvSource({"true,'@cee: {'", "false,'{'"})
  void noByteOrderMarkStandsBeforeJson(boolean cookie, String start) {
    Message message = Batches.plain(1);
    assertThat(read(messages(cookie, 8096).frame(Batches.of(1, message), message)).group(5))
        .startsWith(start);
    assertThat(read(messages(cookie, 8096).probe(NOW)).group(5)).startsWith(start);
  }

  @Test
  void cefStaysAsItIs() {
    Message message = Batches.message(1, Batches.entry(1), "CEF:0|a|b|1|c|d|5| msg=x");
    assertThat(read(messages(true, 8096).frame(Batches.of(1, message), message)).group(5))
        .isEqualTo("CEF:0|a|b|1|c|d|5| msg=x");
  }

  /** As long as the limit allows, and one byte longer. */
  @Test
  void whatIsTooLongIsShortenedAndSaysSo() {
    ObjectNode entry = Batches.entry(17);
    Message small = Batches.message(17, entry);
    int room = 8096 - lengthOf(small);
    entry.put("details", "x".repeat(room - ",\"details\":\"\"".length()));
    Message full = Batches.message(17, entry);
    assertThat(lengthOf(full)).isEqualTo(8096);
    entry.put("details", entry.get("details").stringValue() + "y");
    Message over = Batches.message(17, entry);
    Matcher frame = frame(over);
    JsonNode body = JsonMapper.shared().readTree(frame.group(5));
    assertThat(body)
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    """
                    {"id":"e-17","tenant":"acme","seq":17,"recorded_at":"2026-11-20T10:00:00.000Z",
                     "occurred_at":"2026-11-20T09:59:59.500Z","action":"user.login",
                     "outcome":"success","shortened":true,"bytes":%d,"left_out":["details"],
                     "read":"/v1/tenants/acme/events/e-17"}
                    """
                        .formatted(over.body().length)));
    assertThat(frame.group(4))
        .contains(
            "seq=\"17\" id=\"e-17\"",
            "left_out=\"details\"",
            "read=\"/v1/tenants/acme/events/e-17\"");
  }

  private static int lengthOf(Message message) {
    return Integer.parseInt(frame(message).group(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CEF:0|Indelible|Audit|1|user\\|login|Login|5| ",
        "LEEF:2.0|Indelible|Audit|1|user.login|"
      })
  void whatIsTooLongKeepsTheHeadThatReadersNeed(String head) {
    Message message = Batches.message(17, Batches.entry(17), head + "msg=" + "x".repeat(9000));
    String body = frame(message).group(5);
    assertThat(body)
        .startsWith(head.stripTrailing())
        .contains("externalId=e-17", "seq=17", "read=/v1/tenants/acme/events/e-17")
        .doesNotContain("xxx");
    if (head.startsWith("CEF")) {
      assertThat(body).as("mmnormalize eats a letter without the space").contains("|5| ext");
    }
  }

  /** The names of an entry are as long as they may be. */
  @Test
  void theShortestLimitHoldsEveryShortMessage() {
    ObjectNode entry = Batches.entry(Long.MAX_VALUE);
    entry.put("id", "ü".repeat(200));
    entry.put("action", "a".repeat(256));
    for (int i = 0; i < 30; i++) {
      entry.put("field_of_an_entry_" + i, "x".repeat(500));
    }
    Message message = Batches.message(Long.MAX_VALUE, entry);
    byte[] frame =
        messages(true, SyslogType.LEAST_MESSAGE_BYTES).frame(Batches.of(1, message), message);
    read(frame);
    assertThat(frame.length).isLessThan(SyslogType.LEAST_MESSAGE_BYTES);
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"a\":1,\"b\":[9223372036854775807,-9223372036854775808]}',",
    "'{\"a\":9223372036854775808}','{\"a\":\"9223372036854775808\"}'",
    "'{\"a\":[-9223372036854775809]}','{\"a\":[\"-9223372036854775809\"]}'",
    "'{\"a\":123456789012345678901234567890,\"b\":true,\"c\":null}',"
        + "'{\"a\":\"123456789012345678901234567890\",\"b\":true,\"c\":null}'",
    "'{\"a\":0.12345678901234567}','{\"a\":\"0.12345678901234567\"}'",
    "'{\"a\":0.1234567890123456}',",
    "'{\"a\":\"x\\u0000y\",\"b\\u0000\":{}}','{\"a\":\"x\u2400y\",\"b\u2400\":{}}'",
    "'{\"a\":\"1234567890123456789012\"}',",
    "'{\"a\":\"C:\\\\u0000\"}',",
  })
  void jsonHoldsNothingThatReadersMangle(String json, String safe) {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    assertThat(new String(SyslogJson.safe(text), StandardCharsets.UTF_8))
        .isEqualTo(safe == null ? json : safe);
  }

  @Test
  void nothingIsCopiedWhereNothingChanges() {
    byte[] text = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    assertThat(SyslogJson.safe(text)).isSameAs(text);
  }
}
