package dev.indelible.cli.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.source.SourceRecord.Parsed;
import dev.indelible.cli.source.SourceRecord.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Text is never replaced and no member is dropped: what the API refuses is refused here. */
class ExactTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":"x\\ud83d"}                  | /a: holds a NUL character or half of a surrogate pair
          {"a":{"b":["ok","\\udc00y"]}}     | /a/b/1: holds a NUL character or half of a surrogate pair
          {"a":"\\ude00\\ud83d"}            | /a: holds a NUL character or half of a surrogate pair
          {"a":"\\u0000"}                   | /a: holds a NUL character
          {"a":1,"a":1}                     | /a: "a" occurs twice in the same object
          {"a":{"b":1,"c":2,"b":3}}         | /a/b: "b" occurs twice in the same object
          {"a":[{},{"x/y":1,"x/y":null}]}   | /a/1/x~1y: "x/y" occurs twice in the same object
          """)
  void itIsRefusedWithItsPlaceAndTheNextIsRead(String record, String why) throws IOException {
    String good = "{\"a\":\"\\ud83d\\ude00 \\\\ud800\",\"b\":{\"a\":1}}";
    for (String text :
        List.of(
            record + "\n" + good + "\n",
            "[" + record + "," + good + "]",
            "{\"Records\":[" + record + "," + good + "]}",
            "{\n \"x\":[]}" + record + good)) {
      List<SourceRecord> records = read(text);
      assertThat(records.get(records.size() - 2))
          .as(text)
          .isInstanceOfSatisfying(
              Unreadable.class, refused -> assertThat(refused.why()).startsWith(why));
      assertThat(records.getLast())
          .isInstanceOfSatisfying(
              Parsed.class,
              parsed -> assertThat(parsed.tree().path("a").asString()).isEqualTo("😀 \\ud800"));
    }
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() throws IOException {
    byte[] latin = "{\"a\":\"caf\u00e9\"}\n{\"a\":2}\n".getBytes(ISO_8859_1);
    List<SourceRecord> records = read(latin);
    assertThat(records.get(0)).isInstanceOf(Unreadable.class);
    assertThat(records.get(1)).isInstanceOf(Parsed.class);
    byte[] surrogate = "{\"a\":\"xyz\"}\n".getBytes(UTF_8);
    surrogate[6] = (byte) 0xed;
    surrogate[7] = (byte) 0xa0;
    surrogate[8] = (byte) 0x80;
    assertThat(read(surrogate).getFirst()).isInstanceOf(Unreadable.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":[1,2          | it ends in the middle of a value
          {"a":"x            | it ends in the middle of a value
          {a:1}              | Unexpected character
          {"a":NaN}          | NaN
          {"a":1} x          | Unrecognized token 'x'
          {"a":1}            | null
          {"a":/* c */1}     | Unexpected character
          {"a":01}           | zeroes
          """)
  void whatIsNoJsonIsSaidInPlainWords(String line, String why) throws IOException {
    SourceRecord record = read("{\"n\":1}\n" + line + "\n").get(1);
    if (record instanceof Unreadable(var place, var words)) {
      assertThat(place).hasToString("file:2");
      assertThat(words).contains(why).doesNotContain("`", "Feature", "Source:", "Constraints");
    } else {
      assertThat(why).isEqualTo("null");
    }
  }

  @Test
  void whatIsTooDeepOrTooLongForTheParserIsSaidInPlainWords() throws IOException {
    for (String bad : List.of("[".repeat(2_000), "{\"a\":" + "1".repeat(2_000) + "}")) {
      assertThat(read("{\"n\":1}\n" + bad + "\n{\"n\":2}\n").get(1))
          .isInstanceOfSatisfying(
              Unreadable.class,
              refused ->
                  assertThat(refused.why()).doesNotContain("`", "Feature", "Constraints", "()"));
    }
  }

  private static List<SourceRecord> read(String text) throws IOException {
    return read(text.getBytes(UTF_8));
  }

  private static List<SourceRecord> read(byte[] bytes) throws IOException {
    List<SourceRecord> records = new ArrayList<>();
    try (JsonSource source = new JsonSource("file", new ByteArrayInputStream(bytes), "Records")) {
      for (SourceRecord record = source.next(); record != null; record = source.next()) {
        records.add(record);
      }
    }
    return records;
  }
}
