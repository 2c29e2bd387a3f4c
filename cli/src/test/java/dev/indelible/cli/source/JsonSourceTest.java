package dev.indelible.cli.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.source.SourceRecord.Parsed;
import dev.indelible.cli.source.SourceRecord.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSourceTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n",
        "{\"a\":1}\r\n\r\n  {\"a\":2}\r\n{\"a\":3}",
        "\uFEFF{\"a\":1}\n{\"a\":2}\n{\"a\":3}",
        "[{\"a\":1},{\"a\":2},\n{\"a\":3}]",
        " \n[\n {\"a\":1}, {\"a\":2}, {\"a\":3} ]\n",
        "{\n \"a\": 1\n}\n{\n \"a\": 2\n}\n{\"a\":3}",
        "{\"Version\":{\"x\":[]},\"Records\":[{\"a\":1},{\"a\":2},{\"a\":3}]}",
        "{\n\"Records\" : [{\"a\":1},{\"a\":2},{\"a\":3}]}",
      })
  void everyFormIsRecognisedAlsoCompressed(String text) throws IOException {
    for (byte[] bytes : List.of(text.getBytes(UTF_8), gzip(text))) {
      List<SourceRecord> records = read(bytes);
      assertThat(records).hasSize(3).allMatch(Parsed.class::isInstance);
      assertThat(records)
          .extracting(r -> ((Parsed) r).tree().path("a").asInt())
          .containsExactly(1, 2, 3);
      assertThat(records).extracting(r -> r.place().ordinal()).containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void aBadLineCostsThatLineOnly() throws IOException {
    List<SourceRecord> records =
        read("{\"a\":1}\n{\"a\":\n{\"a\":3} x\n{\"a\":4}\n".getBytes(UTF_8));
    assertThat(records).hasSize(4);
    assertThat(records.get(1)).isInstanceOf(Unreadable.class);
    assertThat(records.get(1).place()).hasToString("file:2");
    assertThat(records.get(2)).isInstanceOf(Unreadable.class);
    assertThat(records.get(3)).isInstanceOf(Parsed.class);
  }

  @Test
  void aBrokenArrayEndsWithTheReasonAndTheLine() throws IOException {
    List<SourceRecord> records = read("[{\"a\":1},\n{\"a\":2},\n{\"a\" 3}]".getBytes(UTF_8));
    assertThat(records).hasSize(3);
    assertThat(records.get(2)).isInstanceOf(Unreadable.class);
    assertThat(records.get(2).place().line()).isEqualTo(3);
  }

  @Test
  void aLineThatIsTooLongIsSkipped() throws IOException {
    String longLine = "{\"a\":\"" + "x".repeat(ByteLines.MAX_LINE_BYTES) + "\"}";
    List<SourceRecord> records = read(("{\"a\":1}\n" + longLine + "\n{\"a\":3}\n").getBytes(UTF_8));
    assertThat(records).hasSize(3);
    assertThat(records.get(1)).isInstanceOf(Unreadable.class);
    assertThat(records.get(2)).isInstanceOf(Parsed.class);
  }

  @Test
  void anEmptyFileHasNoRecords() throws IOException {
    assertThat(read(new byte[0])).isEmpty();
    assertThat(read("\n \n".getBytes(UTF_8))).isEmpty();
    assertThat(read("[]".getBytes(UTF_8))).isEmpty();
  }

  @Test
  void numbersKeepAllTheirDigits() throws IOException {
    Parsed record =
        (Parsed) read("{\"a\":123456789012345678901234567890.125}".getBytes(UTF_8)).getFirst();
    assertThat(record.tree().toString()).isEqualTo("{\"a\":123456789012345678901234567890.125}");
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

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }
}
