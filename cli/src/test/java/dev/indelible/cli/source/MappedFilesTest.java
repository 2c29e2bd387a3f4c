package dev.indelible.cli.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.source.SourceRecord.Parsed;
import dev.indelible.cli.source.SourceRecord.Unreadable;
import dev.indelible.mapping.Input;
import dev.indelible.mapping.MapReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files in the forms that a map can name, as records. */
class MappedFilesTest {

  private static final String MAP =
      """
      version: 2
      input: %s
      event: {action: app.did, actor: {type: system}}
      """;

  private static Input input(String form) {
    return MapReader.read("test.yaml", MAP.formatted(form)).input();
  }

  /** The records as they would be written here, {@code !12: why} for what is none on line 12. */
  private static List<String> read(String form, byte[] file) {
    try (RecordSource source =
        Sources.open(input(form), "f.log", "f.log", new ByteArrayInputStream(file), null)) {
      List<String> records = new ArrayList<>();
      for (SourceRecord record = source.next(); record != null; record = source.next()) {
        assertThat(record.place().ordinal()).isEqualTo(records.size() + 1);
        records.add(
            switch (record) {
              case Parsed(var place, var tree) ->
                  place.line() + ": " + tree.toString().replace('"', '\'');
              case Unreadable(var place, String why) -> "!" + place.line() + ": " + why;
            });
      }
      assertThat(source.bytesRead()).isEqualTo(file.length);
      return records;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static List<String> read(String form, String file) {
    List<String> plain = read(form, file.getBytes(UTF_8));
    assertThat(read(form, ("\ufeff" + file).getBytes(UTF_8))).isEqualTo(plain);
    assertThat(read(form, gzip(file))).isEqualTo(plain);
    assertThat(read(form, file.replace("\n", "\r\n").getBytes(UTF_8))).isEqualTo(plain);
    return plain;
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return bytes.toByteArray();
  }

  @Test
  void csvHasItsColumnsFromItsFirstRowOrFromTheMap() {
    assertThat(read("csv", "a,b,c\n1,,\"x, \"\"y\"\"\"\n\n2,3\n"))
        .containsExactly("2: {'a':'1','c':'x, \\'y\\''}", "4: {'a':'2','b':'3'}");
    assertThat(read("{form: csv, separator: ;, columns: [a, b]}", "1;2;3\n"))
        .containsExactly("1: {'a':'1','b':'2','column_3':'3'}");
  }

  @Test
  void aQuotedCellMayHoldLineBreaks() {
    List<String> records =
        read("{form: csv, columns: [a, b]}", "x,\"1\n2\"\ny,3\n".getBytes(UTF_8));
    assertThat(records).containsExactly("1: {'a':'x','b':'1\\n2'}", "3: {'a':'y','b':'3'}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a,b~1,2~"x"y,3~4,5   | !3: nothing from here on was read, since it is no CSV
          a,a~1,2              | !1: the first row does not name each column once
          a,b~1,2~"open        | !3: nothing from here on was read, since it is no CSV
          """)
  void whatIsNoCsvEndsTheFileAndIsSaid(String file, String last) {
    List<String> records = read("csv", file.replace('~', '\n').getBytes(UTF_8));
    assertThat(records.getLast()).startsWith(last.substring(0, 1)).contains(last.substring(3));
  }

  @Test
  void pairsAreOneRecordALine() {
    assertThat(read("{form: keyvalue}", "a=1 b=\"x y\"\n\nnone\nc=2\n"))
        .containsExactly("1: {'a':'1','b':'x y'}", "!3: the line has no key=value", "4: {'c':'2'}");
  }

  @Test
  void linesThatGoOnBelongToTheirRecord() {
    assertThat(read("lines", "one\n\ntwo\n"))
        .containsExactly("1: {'line':'one'}", "3: {'line':'two'}");
    assertThat(
            read(
                "{form: lines, start: \"^\\\\d\"}",
                "before\n1 first\n  at x\n\n  at y\n2 second\n"))
        .containsExactly(
            "1: {'line':'before'}",
            "2: {'line':'1 first\\n  at x\\n\\n  at y'}",
            "6: {'line':'2 second'}");
  }

  @Test
  void aRecordOfTooManyLinesIsRefusedAndTheNextIsRead() {
    String file = "1 first\n" + "  more\n".repeat(TextSource.MAX_RECORD_LINES) + "2 second\n";
    assertThat(read("{form: lines, start: \"^\\\\d\"}", file.getBytes(UTF_8)))
        .containsExactly(
            "!1: the record has more than 10,000 lines or 4,194,304 characters",
            "10002: {'line':'2 second'}");
  }

  @Test
  void whatIsNoTextIsRefusedByItsLine() {
    byte[] file = "ok\n?\nnul\u0000\nend".getBytes(UTF_8);
    file[3] = (byte) 0xff;
    assertThat(read("lines", file))
        .containsExactly(
            "1: {'line':'ok'}",
            "!2: the line is not UTF-8",
            "!3: the line holds a NUL character, which no text can hold",
            "4: {'line':'end'}");
    byte[] csv = "a\n1\n?\n".getBytes(UTF_8);
    csv[4] = (byte) 0xff;
    assertThat(read("csv", csv).getLast()).contains("not UTF-8");
  }

  @Test
  void aFileThatIsCutOffSaysSoAfterItsRecords() {
    byte[] whole =
        gzip(
            IntStream.range(0, 2_000)
                .mapToObj(i -> i + "=" + Integer.toHexString(i * 7919) + "\n")
                .collect(Collectors.joining()));
    byte[] cut = Arrays.copyOf(whole, whole.length - 200);
    for (String form : List.of("lines", "keyvalue", "{form: csv, columns: [a]}")) {
      List<String> records = read(form, cut);
      assertThat(records).hasSizeGreaterThan(1_000);
      assertThat(records.getLast()).startsWith("!").contains("nothing from here on was read");
    }
  }

  @Test
  void entriesOfLdifHaveTheirAttributesByName() {
    String ldif =
        """
        version: 1
        # a comment
         that goes on
        dn: cn=a,dc=test
        objectClass: top
        objectClass: person
        cn:: w6Q=
        jpegPhoto:: /9j/
        description: a long
          text
        seeAlso:< file:///x

        dn: cn=b,dc=test
        changetype: modify
        add: mail
        mail: b@test
        -

        dn: cn=c,dc=test
        """;
    assertThat(read("ldif", ldif))
        .containsExactly(
            "1: {'dn':'cn=a,dc=test','objectClass':['top','person'],'cn':'ä',"
                + "'jpegPhoto':{'base64':'/9j/'},'description':'a long text',"
                + "'seeAlso':{'url':'file:///x'}}",
            "13: {'dn':'cn=b,dc=test','changetype':'modify',"
                + "'changes':[{'op':'add','attribute':'mail','values':['b@test']}]}",
            "19: {'dn':'cn=c,dc=test'}");
    assertThat(read("ldif", "dn: a\n-\n"))
        .containsExactly("!1: the entry holds a line without \"name: value\"");
    assertThat(read("ldif", "dn: a\nnothing\n"))
        .containsExactly("!1: the entry holds a line without \"name: value\"");
  }

  @Test
  void changesOfLdifAreListsOfWhatIsDoneToEachAttribute() {
    String ldif =
        """
        # modify 1796089637 dc=test
        #  cn=admin
        dn: cn=b,dc=test
        changetype: modify
        replace: mail
        mail: b@test
        mail:: w6Q=
        -
        delete: description
        -
        add: Member
        member: cn=c
        # end modify 1796089637

        dn: cn=b,dc=test
        changetype: modrdn
        newrdn: cn=d
        deleteoldrdn: 1

        dn: cn=d,dc=test
        changetype: delete

        dn: cn=d,dc=test
        changetype: modify
        add: mail
        cn: x
        """;
    assertThat(read("ldif", ldif))
        .containsExactly(
            "1: {'dn':'cn=b,dc=test','changetype':'modify',"
                + "'#':'modify 1796089637 dc=test\\ncn=admin','changes':["
                + "{'op':'replace','attribute':'mail','values':['b@test','ä']},"
                + "{'op':'delete','attribute':'description','values':[]},"
                + "{'op':'add','attribute':'Member','values':['cn=c']}]}",
            "15: {'dn':'cn=b,dc=test','changetype':'modrdn','newrdn':'cn=d','deleteoldrdn':'1'}",
            "20: {'dn':'cn=d,dc=test','changetype':'delete'}",
            "!23: the change holds a value that is not of the attribute it names: cn");
  }
}
