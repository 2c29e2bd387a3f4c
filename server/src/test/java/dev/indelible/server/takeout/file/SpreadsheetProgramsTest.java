package dev.indelible.server.takeout.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.indelible.server.event.EntryCsv;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spreadsheets as LibreOffice Calc and Gnumeric read them, each asked to write as CSV what it
 * shows. Skipped where a program is not installed.
 */
@Tag("long")
class SpreadsheetProgramsTest {

  private static final long LIMIT_SECONDS = 120;
  private static final String[] COLUMNS = {"id", "seq", "reason"};

  /** Texts that spreadsheets make something else of when they may. */
  private static final List<String> TEXTS =
      List.of(
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
          "<a href=\"x\">&amp;'</a> ]]>",
          "\ud83d\ude00 grin",
          "محمد दीपक 山田",
          "x".repeat(XlsxText.MAX_CELL_UNITS));

  /** Texts that are escaped in the file, as ECMA-376 says. */
  private static final List<String> ESCAPED =
      List.of("_x0041_", "_x0041\u0001", "a\u0001\u001fz", "\ufffe\uffff", "_x005F_x0041_");

  @TempDir private Path folder;

  private Path xlsx(List<String> texts) throws IOException {
    Path file = folder.resolve("entries.xlsx");
    try (OutputStream out = Files.newOutputStream(file);
        EntryFile xlsx = EntryFiles.xlsx(out, TakenEntries.head(Locale.ENGLISH, COLUMNS))) {
      for (int seq = 0; seq < texts.size(); seq++) {
        xlsx.add(TakenEntries.entry(seq, "e" + seq, texts.get(seq), "s"));
      }
      xlsx.end(new FileTotals(texts.size(), 0, 0));
    }
    return file;
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("ended: %s", command).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }

  private Path byLibreOffice(Path file) throws IOException, InterruptedException {
    assumeTrue(isInstalled("soffice"), "LibreOffice Calc is not installed");
    // Commas, quotes, UTF-8, cells as they are shown, every sheet into a file of its own.
    run(
        List.of(
            "soffice",
            "-env:UserInstallation=" + folder.resolve("office").toUri(),
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
            "--outdir",
            folder.resolve("read").toString(),
            file.toString()));
    try (Stream<Path> read = Files.list(folder.resolve("read"))) {
      return read.filter(path -> !path.toString().contains("About")).findFirst().orElseThrow();
    }
  }

  private Path byGnumeric(Path file) throws IOException, InterruptedException {
    assumeTrue(isInstalled("ssconvert"), "Gnumeric is not installed");
    run(
        List.of(
            "ssconvert",
            "-S",
            "--export-type=Gnumeric_stf:stf_csv",
            file.toString(),
            folder.resolve("read-%n.csv").toString()));
    Path second = folder.resolve("read-1.csv");
    return Files.exists(second) ? second : folder.resolve("read-0.csv");
  }

  /** The column {@code reason}, without its heading. */
  private static List<String> reasons(Path csv, int column) throws IOException {
    List<String> reasons = new ArrayList<>();
    try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(csv, UTF_8)) {
      reader.forEach(row -> reasons.add(row.getField(column)));
    }
    return reasons.subList(1, reasons.size());
  }

  @Test
  void libreOfficeCalcReadsEveryTextAsItWas() throws Exception {
    List<String> texts = Stream.concat(TEXTS.stream(), ESCAPED.stream()).toList();
    assertThat(reasons(byLibreOffice(xlsx(texts)), 2)).isEqualTo(texts);
  }

  @Test
  void gnumericReadsEveryTextAsItWas() throws Exception {
    assertThat(reasons(byGnumeric(xlsx(TEXTS)), 2)).isEqualTo(TEXTS);
  }

  /** Gnumeric shows escapes as they stand in the file: the one thing that it cannot read back. */
  @Test
  void gnumericShowsEscapesAsTheyAre() throws Exception {
    assertThat(reasons(byGnumeric(xlsx(ESCAPED)), 2))
        .containsExactly(
            "_x005F_x0041_",
            "_x005F_x0041_x0001_",
            "a_x0001__x001F_z",
            "_xFFFE__xFFFF_",
            "_x005F_x005F_x005F_x0041_");
  }

  /** CSV promises nothing to spreadsheets: docs/formats/xlsx.md says so. */
  @Test
  void bothMakeOtherThingsOfCsv() throws Exception {
    Path csv = folder.resolve("entries.csv");
    EntryCsv lines = new EntryCsv();
    try (OutputStream out = Files.newOutputStream(csv)) {
      out.write(lines.headings());
      for (String id : List.of("00123", "1e5", "12345678901234567890")) {
        out.write(lines.line(TakenEntries.entry(0, id, "r", "s").found().shown(), Map.of()));
      }
    }
    Map<String, Path> read = new LinkedHashMap<>();
    read.put("Gnumeric", byGnumeric(csv));
    read.put("LibreOffice", byLibreOffice(csv));
    for (Map.Entry<String, Path> program : read.entrySet()) {
      assertThat(reasons(program.getValue(), 0))
          .as(program.getKey())
          .hasSize(3)
          .doesNotContain("00123", "1e5");
    }
  }
}
