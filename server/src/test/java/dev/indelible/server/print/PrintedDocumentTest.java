package dev.indelible.server.print;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.junit.jupiter.api.Test;

/** Tests the text on the pages of a document, read back from its bytes. */
class PrintedDocumentTest {

  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final float MARGIN = 56;
  private static final float RIGHT = PDRectangle.A4.getWidth() - MARGIN;

  @FunctionalInterface
  private interface Content {
    void of(PrintedDocument document) throws IOException;
  }

  /** A line as it stands on a page. */
  private record Line(int page, float left, float right, float baseline, String text) {}

  private static byte[] print(Content content) throws IOException {
    try (PrintedDocument document = new PrintedDocument("Title", NOW)) {
      content.of(document);
      return document.toBytes();
    }
  }

  private static List<Line> lines(byte[] pdf) throws IOException {
    List<Line> lines = new ArrayList<>();
    try (PDDocument document = Loader.loadPDF(pdf)) {
      new PDFTextStripper() {
        @Override
        protected void writeString(String text, List<TextPosition> positions) {
          TextPosition first = positions.getFirst();
          TextPosition last = positions.getLast();
          lines.add(
              new Line(
                  getCurrentPageNo(),
                  first.getXDirAdj(),
                  last.getXDirAdj() + last.getWidthDirAdj(),
                  first.getYDirAdj(),
                  text));
        }
      }.getText(document);
    }
    return lines;
  }

  /** The text without the title and the feet of pages. */
  private static List<String> body(byte[] pdf) throws IOException {
    return lines(pdf).stream()
        .map(line -> line.text().strip())
        .filter(text -> !text.startsWith("Title"))
        .toList();
  }

  @Test
  void aParagraphIsBrokenAtSpacesWithinTheMarginsAndLosesNoWord() throws IOException {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      words.append(i == 0 ? "" : " ").append("word").append(i);
    }
    byte[] pdf = print(document -> document.paragraph(words.toString()));
    assertThat(String.join(" ", body(pdf))).isEqualTo(words.toString());
    assertThat(body(pdf)).hasSizeGreaterThan(10);
    assertThat(lines(pdf))
        .allSatisfy(
            line -> {
              assertThat(line.left()).isGreaterThan(MARGIN - 1);
              assertThat(line.right()).isLessThan(RIGHT + 1);
            });
  }

  @Test
  void aWordThatIsLongerThanALineIsBrokenWithinIt() throws IOException {
    String word = "0123456789abcdef".repeat(30);
    byte[] pdf = print(document -> document.paragraph(word));
    assertThat(String.join("", body(pdf))).isEqualTo(word);
    assertThat(lines(pdf)).allSatisfy(line -> assertThat(line.right()).isLessThan(RIGHT + 1));
  }

  @Test
  void whatTheFontLacksIsWrittenAsItsNumber() throws IOException {
    byte[] pdf = print(document -> document.paragraph("Zoë Żółć Ωμέγα Жук 中 😀 a\u0007b c\td"));
    assertThat(body(pdf)).containsExactly("Zoë Żółć Ωμέγα Жук U+4E2D U+1F600 aU+0007b c d");
  }

  @Test
  void aNameAndItsValueStandBesideEachOtherHoweverLongEitherIs() throws IOException {
    byte[] pdf =
        print(
            document -> {
              document.field("Name", "value");
              document.field("A name that takes more than one line", "short");
              document.field("Next", "v ".repeat(200).strip());
            });
    List<Line> lines = lines(pdf);
    Line name =
        lines.stream().filter(line -> line.text().startsWith("Name")).findFirst().orElseThrow();
    Line value =
        lines.stream().filter(line -> line.text().contains("value")).findFirst().orElseThrow();
    assertThat(value.baseline()).isEqualTo(name.baseline());
    assertThat(String.join(" ", body(pdf))).contains("Name value").contains("v v v v");
    assertThat(lines).allSatisfy(line -> assertThat(line.right()).isLessThan(RIGHT + 1));
  }

  @Test
  void everyPageSaysWhichOfHowManyItIs() throws IOException {
    byte[] pdf =
        print(
            document -> {
              for (int i = 0; i < 120; i++) {
                document.paragraph("line " + i);
              }
            });
    List<String> feet =
        lines(pdf).stream().map(Line::text).filter(text -> text.startsWith("Title: page")).toList();
    assertThat(feet)
        .containsExactly(
            "Title: page 1 of 4", "Title: page 2 of 4", "Title: page 3 of 4", "Title: page 4 of 4");
    assertThat(body(pdf)).contains("line 0", "line 119").hasSize(120);
  }

  @Test
  void aDocumentOfTooManyPagesEndsAndSaysSo() throws IOException {
    byte[] pdf =
        print(
            document -> {
              for (int i = 0; i < 130; i++) {
                document.small("line\n".repeat(60));
              }
              document.paragraph("too late");
            });
    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertThat(document.getNumberOfPages()).isEqualTo(PrintedDocument.MAX_PAGES);
    }
    assertThat(body(pdf))
        .doesNotContain("too late")
        .filteredOn("There is more than fits here."::equals)
        .hasSize(1);
  }

  @Test
  void anAttachedFileStandsInItAsItIs() throws IOException {
    byte[] file = "{\"seal\": \"\u0001 as it is, neither compressed nor escaped\"}".getBytes(UTF_8);
    byte[] pdf = print(document -> document.attach("certificate.json", "application/json", file));
    assertThat(new String(pdf, ISO_8859_1)).contains(new String(file, ISO_8859_1));
    try (PDDocument document = Loader.loadPDF(pdf)) {
      var names = document.getDocumentCatalog().getNames().getEmbeddedFiles().getNames();
      assertThat(names).containsOnlyKeys("certificate.json");
      assertThat(requireNonNull(names.get("certificate.json")).getEmbeddedFile().toByteArray())
          .isEqualTo(file);
      assertThat(document.getDocumentInformation().getTitle()).isEqualTo("Title");
      assertThat(document.getDocumentInformation().getCreationDate().toInstant()).isEqualTo(NOW);
    }
  }
}
