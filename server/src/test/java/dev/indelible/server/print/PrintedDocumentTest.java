package dev.indelible.server.print;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentCatalog;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
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
        .filter(text -> !text.startsWith("Title") && !text.startsWith("page "))
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
  void namesOfManyScriptsCanBeReadSearchedAndCopied() throws IOException {
    List<String> names =
        List.of(
            "Zoë Żółć Nguyễn Ánh",
            "Ωμέγα Παπαδόπουλος",
            "Жук Владимир",
            "山田太郎 ヤマダ やまだ",
            "王小明 張偉 龍",
            "สมชาย");
    byte[] pdf = print(document -> names.forEach(document::paragraph));
    assertThat(body(pdf)).containsExactlyElementsOf(names);
    assertThat(fonts(pdf)).allSatisfy(font -> assertThat(font.isEmbedded()).isTrue());
  }

  @Test
  void arabicIsJoinedAndStandsFromRightToLeftAsHebrewDoes() throws IOException {
    byte[] pdf =
        print(
            document -> {
              document.paragraph("דוד כהן");
              document.paragraph("محمد");
            });
    List<TextPosition> glyphs = new ArrayList<>();
    try (PDDocument document = Loader.loadPDF(pdf)) {
      new PDFTextStripper() {
        @Override
        protected void processTextPosition(TextPosition text) {
          glyphs.add(text);
        }
      }.getText(document);
    }
    assertThat(left(glyphs, "ד")).isGreaterThan(left(glyphs, "כ"));
    // The forms of meem at the beginning and of dal at the end.
    assertThat(left(glyphs, "\uFEE3")).isGreaterThan(left(glyphs, "\uFEAA"));
  }

  @Test
  void hindiIsJoinedAndReadAsItWasWritten() throws IOException {
    String name = "क्षत्रिय श्रीवास्तव";
    byte[] pdf = print(document -> document.paragraph(name + " (Latin)"));
    List<TextPosition> glyphs = new ArrayList<>();
    try (PDDocument document = Loader.loadPDF(pdf)) {
      PDFTextStripper stripper =
          new PDFTextStripper() {
            @Override
            protected void processTextPosition(TextPosition text) {
              glyphs.add(text);
              super.processTextPosition(text);
            }
          };
      assertThat(stripper.getText(document)).contains("क्षत्रिय", "श्रीवास्तव", "(Latin)");
    }
    List<TextPosition> hindi =
        glyphs.stream().filter(text -> text.getFont().getName().contains("Devanagari")).toList();
    // The characters of syllables are joined to fewer glyphs.
    assertThat(hindi).isNotEmpty().hasSizeLessThan(name.length() - 6);
    double end =
        hindi.stream()
            .mapToDouble(glyph -> glyph.getXDirAdj() + glyph.getWidthDirAdj())
            .max()
            .orElseThrow();
    // And what follows stands behind them, not where unjoined ones would have ended.
    assertThat(left(glyphs, "(")).isBetween(end, end + 4);
  }

  @Test
  void aCharacterThatTurnsOthersRoundIsWrittenAsItsNumber() throws IOException {
    byte[] pdf = print(document -> document.paragraph("a\u202eb\u2066c"));
    assertThat(body(pdf)).containsExactly("aU+202EbU+2066c");
  }

  @Test
  void aWideDocumentSpeaksItsLanguage() throws IOException {
    Layout layout = new Layout(Locale.GERMAN, "Seite", "von", "Mehr.", true, 3);
    byte[] pdf;
    try (PrintedDocument document = new PrintedDocument("Titel", NOW, layout)) {
      for (int i = 0; i < 5; i++) {
        document.paragraph("Zeile " + i);
      }
      pdf = document.toBytes();
    }
    assertThat(lines(pdf).stream().map(line -> line.text().strip()))
        .contains("Seite 1 von 1", "Zeile 2", "Mehr.")
        .doesNotContain("Zeile 3");
    try (PDDocument document = Loader.loadPDF(pdf)) {
      PDRectangle page = document.getPage(0).getMediaBox();
      assertThat(page.getWidth()).isGreaterThan(page.getHeight());
    }
  }

  private static double left(List<TextPosition> glyphs, String character) {
    return glyphs.stream()
        .filter(glyph -> glyph.getUnicode().equals(character))
        .mapToDouble(TextPosition::getXDirAdj)
        .max()
        .orElseThrow();
  }

  private static List<PDFont> fonts(byte[] pdf) throws IOException {
    List<PDFont> fonts = new ArrayList<>();
    try (PDDocument document = Loader.loadPDF(pdf)) {
      PDResources resources = document.getPage(0).getResources();
      for (COSName name : resources.getFontNames()) {
        fonts.add(resources.getFont(name));
      }
    }
    assertThat(fonts).isNotEmpty();
    return fonts;
  }

  @Test
  void characterThatNoFontHasIsWrittenAsItsNumber() throws IOException {
    byte[] pdf = print(document -> document.paragraph("김 😀 a\u0007b c\td"));
    assertThat(body(pdf)).containsExactly("U+AE40 U+1F600 aU+0007b c d");
  }

  @Test
  void aTextIsNeverReadAsMarkupAndLoadsNothing() throws IOException {
    String text =
        "<img src='file:///etc/passwd'/> &amp; <style>@import url(http://a.test/)</style>";
    byte[] pdf =
        print(
            document -> {
              document.paragraph(text);
              document.field("</table>", "\" onload=\"x()");
            });
    assertThat(String.join(" ", body(pdf)))
        .contains(text)
        .contains("</table>")
        .contains("\" onload=\"x()");
    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertThat(document.getPage(0).getResources().getXObjectNames()).isEmpty();
    }
  }

  @Test
  void theSameCallsMakeTheSameBytes() throws IOException {
    Content content =
        document -> {
          document.heading("山 محمد");
          document.field("name", "value");
          document.counts("Action", "Entries", List.of(new PrintedDocument.Count("read", 3)));
          document.attach("b.json", "application/json", new byte[] {'b'});
          document.attach("a.json", "application/json", new byte[] {'a'});
        };
    assertThat(print(content)).isEqualTo(print(content));
  }

  @Test
  void itIsTaggedForScreenReadersInALanguageAndWithItsTitle() throws IOException {
    byte[] pdf = print(document -> document.field("name", "value"));
    try (PDDocument document = Loader.loadPDF(pdf)) {
      PDDocumentCatalog catalog = document.getDocumentCatalog();
      assertThat(catalog.getLanguage()).isEqualTo("en");
      assertThat(catalog.getMarkInfo().isMarked()).isTrue();
      assertThat(catalog.getStructureTreeRoot().getKids()).isNotEmpty();
      assertThat(catalog.getViewerPreferences().displayDocTitle()).isTrue();
    }
  }

  @Test
  void theHeadOfALongTableStandsOnEveryPage() throws IOException {
    List<PrintedDocument.Count> counts = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      counts.add(new PrintedDocument.Count("name" + i, 7000 + i));
    }
    byte[] pdf = print(document -> document.counts("Action", "Entries", counts));
    List<Line> lines = lines(pdf);
    int pages = lines.getLast().page();
    assertThat(pages).isGreaterThan(2);
    assertThat(lines.stream().filter(line -> line.text().strip().equals("Action")).map(Line::page))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, pages).boxed().toList());
    assertThat(lines.stream().map(line -> line.text().strip()))
        .contains("name0", "7000", "name149", "7149");
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
        lines(pdf).stream().map(Line::text).filter(text -> text.startsWith("page ")).toList();
    int pages = feet.size();
    assertThat(feet)
        .hasSizeGreaterThan(2)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, pages)
                .mapToObj(page -> "page %d of %d".formatted(page, pages))
                .toList());
    assertThat(body(pdf)).contains("line 0", "line 119").hasSize(120);
  }

  @Test
  void aDocumentOfTooManyLinesEndsAndSaysSo() throws IOException {
    byte[] pdf =
        print(
            document -> {
              for (int i = 0; i < 130; i++) {
                document.paragraph("words of a line ".repeat(300));
              }
              document.paragraph("too late");
              document.field("too", "late");
            });
    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertThat(document.getNumberOfPages()).isBetween(50, 110);
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
