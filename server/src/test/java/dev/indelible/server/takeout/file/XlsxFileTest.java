package dev.indelible.server.takeout.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.CellType;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.xssf.usermodel.XSSFSheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests spreadsheets as Apache POI reads them. */
class XlsxFileTest {

  private static final String[] COLUMNS = {"id", "seq", "reason", "session_id"};

  private static byte[] write(FileHead head, XlsxFile.Limits limits, List<TakenEntry> entries)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (XlsxFile file = new XlsxFile(out, head, limits)) {
      for (TakenEntry entry : entries) {
        file.add(entry);
      }
      file.end(new FileTotals(entries.size(), 2, 1));
    }
    return out.toByteArray();
  }

  private static byte[] write(FileHead head, List<TakenEntry> entries) throws IOException {
    return write(head, XlsxFile.Limits.OF_SHEETS, entries);
  }

  private static FileHead head() {
    return TakenEntries.head(Locale.ENGLISH, COLUMNS);
  }

  private static XSSFWorkbook read(byte[] xlsx) throws IOException {
    return new XSSFWorkbook(new ByteArrayInputStream(xlsx));
  }

  private static List<List<String>> rows(XSSFSheet sheet) {
    List<List<String>> rows = new ArrayList<>();
    for (Row row : sheet) {
      List<String> cells = new ArrayList<>();
      for (int column = 0; column < row.getLastCellNum(); column++) {
        Cell cell = row.getCell(column);
        if (cell != null) {
          assertThat(cell.getCellType()).isEqualTo(CellType.STRING);
          assertThat(cell.getCellStyle().getDataFormatString()).isEqualTo("@");
        }
        cells.add(cell == null ? "" : cell.getStringCellValue());
      }
      rows.add(cells);
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00123",
        "1e5",
        "12345678901234567890",
        "=1+1",
        "+1",
        "-1",
        "@a",
        "'a",
        "2026-11-20T10:00:00.123Z",
        "2026-11-20 10:00",
        "1/2",
        "TRUE",
        " leading and trailing ",
        "two  spaces",
        "\ttab\t",
        "line\nbreak",
        "carriage\r\nreturn",
        "\n",
        "<a href=\"x\">&amp;'</a> ]]>",
        "_x0041_",
        "_x0041_x0042_",
        "_x005F_x0041_",
        "_x00e4_",
        "_x004",
        "__x0041__",
        "_x0041\u0001",
        "\u0000\u0001\b\u001f\u007f\u0085",
        "\ufffe\uffff",
        "\ud83d\ude00 grin",
        "\ud800 alone \udc00",
        "محمد दीपक 山田"
      })
  void aTextIsReadBackAsItWas(String text) throws IOException {
    byte[] xlsx =
        write(
            head(),
            List.of(
                TakenEntries.entry(0, "00123", text, "1e5"),
                TakenEntries.entry(1, "b", "r", text)));
    try (XSSFWorkbook workbook = read(xlsx)) {
      assertThat(rows(workbook.getSheetAt(1)))
          .containsExactly(
              List.of("id", "seq", "reason", "session_id", "part"),
              List.of("00123", "0", text, "1e5"),
              List.of("b", "1", "r", text));
    }
  }

  @Test
  void entriesBeyondTheRowsOfASheetStandInTheNextUnderTheSameHead() throws IOException {
    List<TakenEntry> entries = new ArrayList<>();
    for (int seq = 0; seq < 7; seq++) {
      entries.add(TakenEntries.entry(seq, "e" + seq, "r", "s"));
    }
    byte[] xlsx = write(head(), new XlsxFile.Limits(4, Long.MAX_VALUE), entries);
    try (XSSFWorkbook workbook = read(xlsx)) {
      assertThat(workbook.getNumberOfSheets()).isEqualTo(4);
      List<String> ids = new ArrayList<>();
      for (int number = 1; number < 4; number++) {
        XSSFSheet sheet = workbook.getSheetAt(number);
        assertThat(sheet.getSheetName()).isEqualTo("Entries " + number);
        List<List<String>> rows = rows(sheet);
        assertThat(rows.getFirst()).startsWith("id");
        rows.stream().skip(1).map(List::getFirst).forEach(ids::add);
        assertThat(sheet.getCTWorksheet().getAutoFilter().getRef()).endsWith("E" + rows.size());
      }
      assertThat(ids).containsExactly("e0", "e1", "e2", "e3", "e4", "e5", "e6");
    }
  }

  @Test
  void aSheetThatHasTooManyBytesForZipIsFollowedByAnother() throws IOException {
    List<TakenEntry> entries =
        List.of(
            TakenEntries.entry(0, "a", "r".repeat(3000), "s"),
            TakenEntries.entry(1, "b", "ä".repeat(1500), "s"),
            TakenEntries.entry(2, "c", "r", "s"));
    byte[] xlsx = write(head(), new XlsxFile.Limits(1000, 2000), entries);
    try (XSSFWorkbook workbook = read(xlsx)) {
      assertThat(workbook.getNumberOfSheets()).isEqualTo(4);
    }
    assertThat(XlsxFile.Limits.OF_SHEETS.rows()).isEqualTo(1_048_576);
    assertThat(XlsxFile.Limits.OF_SHEETS.bytes()).isLessThan(1L << 32);
    assertThat(XlsxPackage.utf8Bytes("aä€😀"))
        .isEqualTo("aä€😀".getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void aTextThatIsLongerThanACellGoesOnBelowAndNothingIsCut() throws IOException {
    // A pair of surrogates stands across the first border.
    String text =
        "r".repeat(XlsxText.MAX_CELL_UNITS - 1) + "😀" + "s".repeat(2 * XlsxText.MAX_CELL_UNITS);
    List<TakenEntry> entries =
        List.of(
            TakenEntries.entry(0, "a", "x".repeat(XlsxText.MAX_CELL_UNITS), "s"),
            TakenEntries.entry(1, "b", text, "short"));
    byte[] xlsx = write(head(), new XlsxFile.Limits(5, Long.MAX_VALUE), entries);
    try (XSSFWorkbook workbook = read(xlsx)) {
      List<List<String>> whole = rows(workbook.getSheetAt(1));
      assertThat(whole).hasSize(2);
      assertThat(whole.get(1)).containsExactly("a", "0", "x".repeat(32_767), "s");
      // The entry's rows stay together: in a sheet with room for all of them.
      List<List<String>> rows = rows(workbook.getSheetAt(2));
      assertThat(rows).hasSize(5);
      StringBuilder joined = new StringBuilder();
      for (int part = 1; part <= 4; part++) {
        List<String> row = rows.get(part);
        assertThat(row).startsWith("b", "1").endsWith(part + "/4");
        assertThat(row.get(3)).isEqualTo(part == 1 ? "short" : "");
        assertThat(row.get(2).length()).isLessThanOrEqualTo(XlsxText.MAX_CELL_UNITS);
        joined.append(row.get(2));
      }
      assertThat(joined.toString()).isEqualTo(text);
    }
  }

  @Test
  void theFirstSheetSaysWhatTheFileIs() throws IOException {
    byte[] xlsx = write(head(), List.of(TakenEntries.entry(0, "a", "r", "s")));
    try (XSSFWorkbook workbook = read(xlsx)) {
      XSSFSheet about = workbook.getSheetAt(0);
      assertThat(about.getSheetName()).isEqualTo("About");
      assertThat(rows(about))
          .contains(
              List.of("Audit log of Acme & Söhne"),
              List.of("Tenant", "Acme & Söhne (acme)"),
              List.of("Scope", "Accounts eu"),
              List.of("Filter", "outcome:failure"),
              List.of("Filter in words", "the outcome is failure"),
              List.of("Period (occurred)", "From 2026-11-01T01:00:00+01:00"),
              List.of("Sequence numbers", "0 to 2"),
              List.of("Personal data", "Included"),
              List.of("Columns", "id, seq, reason, session_id"),
              List.of("Entries", "1"),
              List.of("Purged while the file was made", "2"),
              List.of("Personal data erased", "1"),
              List.of("Rows", "1"),
              List.of("Exported by", "Ana Ribeiro (user:u_7)"),
              List.of("Exported at", "2026-11-20T11:00:00+01:00 = 2026-11-20T10:00:00.000Z"),
              List.of("Reason", "audit 2026"),
              List.of("Checkpoint", TakenEntries.CHECKPOINT))
          .anySatisfy(row -> assertThat(row).first().isEqualTo("Columns left out"))
          .anySatisfy(row -> assertThat(row.getLast()).contains("indelible verify"));
      assertThat(workbook.getProperties().getCoreProperties().getCreated())
          .isEqualTo(TakenEntries.NOW);
    }
  }

  @Test
  void itSpeaksGermanAndAnyOtherLanguageIsEnglish() throws IOException {
    try (XSSFWorkbook workbook = read(write(TakenEntries.head(Locale.GERMAN), List.of()))) {
      assertThat(workbook.getSheetName(0)).isEqualTo("Über diese Datei");
      assertThat(workbook.getSheetName(1)).isEqualTo("Einträge 1");
    }
    try (XSSFWorkbook workbook = read(write(TakenEntries.head(Locale.JAPANESE), List.of()))) {
      assertThat(workbook.getSheetName(0)).isEqualTo("About");
    }
  }

  @Test
  void withoutChosenColumnsItHasAllOfThem() throws IOException {
    byte[] xlsx =
        write(TakenEntries.head(Locale.ENGLISH), List.of(TakenEntries.entry(0, "a", "r", "s")));
    try (XSSFWorkbook workbook = read(xlsx)) {
      List<List<String>> rows = rows(workbook.getSheetAt(1));
      assertThat(rows.getFirst()).startsWith("id", "seq").endsWith("holds", "part");
      assertThat(rows.getFirst()).hasSize(Columns.ALL.size() + 1);
      int details = Columns.ALL.indexOf("details");
      assertThat(rows.get(1).get(details)).isEqualTo("{\"k\":0}");
      assertThat(rows.get(1).get(2)).isEqualTo("2026-11-20T10:00:00.000Z");
    }
  }

  @Test
  void equalCallsMakeEqualBytesWithNoTimeOfTheirOwn() throws IOException {
    List<TakenEntry> entries = List.of(TakenEntries.entry(0, "a", "r", "s"));
    byte[] xlsx = write(head(), entries);
    assertThat(write(head(), entries)).isEqualTo(xlsx);
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(xlsx))) {
      int parts = 0;
      for (ZipEntry part = zip.getNextEntry(); part != null; part = zip.getNextEntry()) {
        assertThat(part.getTimeLocal()).hasToString("1980-01-01T00:00");
        parts++;
      }
      assertThat(parts).isEqualTo(8);
    }
  }

  @Test
  void columnsAreCalledByLetters() {
    assertThat(List.of(0, 25, 26, 51, 52, 701, 702).stream().map(XlsxSheet::letters))
        .containsExactly("A", "Z", "AA", "AZ", "BA", "ZZ", "AAA");
  }
}
