package dev.indelible.cli.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.cli.source.SourceRecord.Parsed;
import dev.indelible.cli.source.SourceRecord.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as log buckets hold them: several texts, several gzip members, cut off. */
class JoinedTextsTest {

  private static final String WRAPPED = "{\"Records\":[{\"n\":%d},{\"n\":%d}]}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'Records':[{'n':1},{'n':2}]}{'Records':[{'n':3}]}",
        "{'Records':[{'n':1},{'n':2}]}\n{'Records':[{'n':3}]}\n",
        "{'v':[1],'Records':[{'n':1},{'n':2}],'next':{'a':1}} {'Records':[{'n':3}],'x':0}",
        "{'Records':[]}{'Records':[{'n':1},{'n':2},{'n':3}]}",
        "{'Records':[{'n':1}],'Records':[{'n':2},{'n':3}]}",
        "{'Records':[{'n':1}]}[{'n':2}]{'n':3}",
        "{'n':1}\n{'Records':[{'n':2},{'n':3}]}\n",
        "{'n':1}{'Records':[{'n':2}]}\n{'n':3}\n",
        "{\n'n':1}\n{'Records':[{'n':2},\n{'n':3}]}",
        "[{'n':1}][{'n':2},{'n':3}]",
        "[{'n':1}]\n[{'n':2},{'n':3}]\n",
        "{'n':1}{'n':2}{'n':3}",
        "{'n':1} {'n':2}\n{'n':3}",
        "{'n':1}\n[{'n':2},{'n':3}]\n",
      })
  void everyTextOfAFileIsRead(String text) throws IOException {
    String json = text.replace('\'', '"');
    assertThat(numbers(read(json.getBytes(UTF_8)))).containsExactly("1", "2", "3");
    assertThat(numbers(read(gzip(json)))).containsExactly("1", "2", "3");
  }

  @Test
  void everyMemberOfAGzipFileIsReadAlsoFromAPipe() throws IOException {
    byte[] joined = joined(gzip(WRAPPED.formatted(1, 2)), gzip(""), gzip(WRAPPED.formatted(3, 4)));
    assertThat(numbers(read(joined))).containsExactly("1", "2", "3", "4");
    assertThat(numbers(read(new Pipe(joined)))).containsExactly("1", "2", "3", "4");
    byte[] split = joined(gzip("{\"n\":1}\n{\"n\""), gzip(":2}\n{\"n\":3}\n"), new byte[512]);
    assertThat(numbers(read(split))).containsExactly("1", "2", "3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'Records':[{'n':1},{'n':2}]            | ends in the middle
          {'Records':[{'n':1},{'n':2}             | ends in the middle
          {'Records':[{'n':1},{'n':2},            | ends in the middle
          {'Records':[{'n':1},{'n':2}],'a'        | ends in the middle
          {'Records':[{'n':1},{'n':2}]]           | not JSON
          {'Records':[{'n':1},{'n':2}]} }         | not JSON
          {'Records':[{'n':1},{'n':2}]}{'Records':| ends in the middle
          [{'n':1},{'n':2}                        | ends in the middle
          [{'n':1},{'n':2}] rest                  | not JSON
          [{'n':1},{'n':2}]]                      | not JSON
          """)
  void whatIsNotReadIsSaidWithItsPlace(String text, String why) throws IOException {
    List<SourceRecord> records = read(text.replace('\'', '"').getBytes(UTF_8));
    assertThat(numbers(records.subList(0, 2))).containsExactly("1", "2");
    assertThat(records).hasSize(3);
    assertThat(records.get(2))
        .isInstanceOfSatisfying(
            Unreadable.class,
            end -> {
              assertThat(end.place()).hasToString("file:1");
              assertThat(end.why())
                  .contains(why, "nothing after it was read")
                  .doesNotContain("Source", "Feature", "`");
            });
  }

  @Test
  void aGzipFileThatIsCutOffGivesWhatIsThereAndSaysSo() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 20_000; i++) {
      lines.append("{\"n\":%d,\"x\":\"%d\"}\n".formatted(i, i * 7919 % 104729));
    }
    byte[] whole = gzip(lines.toString());
    List<SourceRecord> records = read(Arrays.copyOf(whole, whole.length / 2));
    assertThat(records.size()).isBetween(1_000, 19_999);
    assertThat(records.getLast())
        .isInstanceOfSatisfying(
            Unreadable.class,
            end -> {
              assertThat(end.place().file()).isEqualTo("file");
              assertThat(end.place().line()).isEqualTo(records.size());
              assertThat(end.why()).contains("nothing from here on was read", "cut off");
            });
    assertThat(records.subList(0, records.size() - 1)).allMatch(Parsed.class::isInstance);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 9, 10, 12, 21, 28})
  void aSmallGzipFileThatIsCutOffAnywhereSaysSo(int left) throws IOException {
    byte[] whole = gzip("{\"n\":1}\n");
    byte[] cut = Arrays.copyOf(whole, Math.min(left, whole.length - 1));
    List<SourceRecord> records = read(cut);
    assertThat(records.getLast()).isInstanceOf(Unreadable.class);
  }

  @Test
  void whatFollowsAGzipStreamAndIsNoneIsSaid() throws IOException {
    byte[] plain = "{\"n\":2}\n".getBytes(UTF_8);
    assertThat(lastOf(read(joined(gzip("{\"n\":1}\n"), plain)))).contains("not gzip", "part 1");
    byte[] afterZeros = joined(gzip("{\"n\":1}\n"), new byte[8], plain);
    assertThat(lastOf(read(afterZeros))).contains("not gzip");
    byte[] wrong = gzip("{\"n\":1}\n");
    wrong[wrong.length - 8] ^= 1;
    assertThat(lastOf(read(wrong))).contains("damaged", "checksum");
    byte[] broken = gzip("{\"n\":1}\n".repeat(1_000));
    Arrays.fill(broken, 14, 30, (byte) 0xff);
    assertThat(lastOf(read(broken))).containsAnyOf("damaged", "cut off");
  }

  @Test
  void aFileThatCannotBeReadIsNamed() {
    InputStream failing =
        new FilterInputStream(new ByteArrayInputStream(new byte[0])) {
          @Override
          public int read() throws IOException {
            throw new IOException("no such device");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
          }
        };
    assertThatThrownBy(() -> new JsonSource("far/away.json", failing, null).next())
        .isInstanceOf(IOException.class)
        .hasMessage("far/away.json: no such device");
  }

  private static String lastOf(List<SourceRecord> records) {
    assertThat(records.getLast()).isInstanceOf(Unreadable.class);
    return ((Unreadable) records.getLast()).why();
  }

  private static List<String> numbers(List<SourceRecord> records) {
    return records.stream()
        .map(
            record ->
                record instanceof Parsed(_, var tree)
                    ? tree.path("n").asString("none")
                    : record.toString())
        .toList();
  }

  private static List<SourceRecord> read(byte[] bytes) throws IOException {
    return read(new ByteArrayInputStream(bytes));
  }

  private static List<SourceRecord> read(InputStream in) throws IOException {
    List<SourceRecord> records = new ArrayList<>();
    try (JsonSource source = new JsonSource("file", in, "Records")) {
      for (SourceRecord record = source.next(); record != null; record = source.next()) {
        records.add(record);
      }
      assertThat(source.next()).isNull();
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

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  /** A stream that gives a few bytes at a time and never says that more are there. */
  private static final class Pipe extends FilterInputStream {
    Pipe(byte[] bytes) {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return in.read(bytes, offset, Math.min(length, 7));
    }

    @Override
    public int available() {
      return 0;
    }
  }
}
