package dev.indelible.server.print;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;

/** What is on the pages of a printed document. */
class PrintedPagesTest {

  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  private interface Writing {
    void write(PrintedDocument document) throws Exception;
  }

  private static PDDocument printed(Writing writing) throws Exception {
    try (PrintedDocument document = new PrintedDocument("Report of acme", NOW)) {
      writing.write(document);
      return Loader.loadPDF(document.toBytes());
    }
  }

  /** The text of some pages, the first of which is 1, on one line. */
  private static String text(PDDocument document, int from, int to) throws Exception {
    PDFTextStripper stripper = new PDFTextStripper();
    stripper.setStartPage(from);
    stripper.setEndPage(to);
    return stripper.getText(document).replaceAll("\\s+", " ");
  }

  @Test
  void whatIsLongGoesOnOverNumberedPagesAndLosesNothing() throws Exception {
    try (PDDocument document =
        printed(
            report -> {
              for (int i = 0; i < 120; i++) {
                report.field("line " + i, "value " + i + " ".repeat(3) + "word ".repeat(30));
              }
            })) {
      int pages = document.getNumberOfPages();
      assertThat(pages).isGreaterThan(2);
      String all = text(document, 1, pages);
      for (int i = 0; i < 120; i++) {
        assertThat(all).contains("line " + i + " ", "value " + i + " ");
      }
      for (int page = 1; page <= pages; page++) {
        assertThat(text(document, page, page))
            .contains("Report of acme: page %d of %d".formatted(page, pages));
      }
      assertThat(all).doesNotContain("There is more than fits here.");
    }
  }

  @Test
  void whatDoesNotFitIsSaidToBeMissing() throws Exception {
    try (PDDocument document =
        printed(
            report -> {
              for (int i = 0; i < 10_000; i++) {
                report.paragraph("paragraph " + i);
              }
            })) {
      assertThat(document.getNumberOfPages()).isEqualTo(PrintedDocument.MAX_PAGES);
      assertThat(text(document, PrintedDocument.MAX_PAGES, PrintedDocument.MAX_PAGES))
          .contains("There is more than fits here.");
      assertThat(text(document, 1, PrintedDocument.MAX_PAGES)).doesNotContain("paragraph 9999");
    }
  }

  @Test
  void aCharacterThatTheFontLacksIsNamedInsteadOfLost() throws Exception {
    try (PDDocument document = printed(report -> report.field("name", "A\u0007 B\u4e16 \u00c9"))) {
      assertThat(text(document, 1, 1)).contains("AU+0007 BU+4E16 \u00c9");
    }
  }

  @Test
  void aWordThatIsLongerThanALineIsBrokenAndNotCut() throws Exception {
    String word = "x".repeat(300) + "end";
    try (PDDocument document = printed(report -> report.paragraph(word))) {
      assertThat(text(document, 1, 1).replace(" ", "")).contains(word);
    }
  }

  @Test
  void whatIsAttachedIsInTheFile() throws Exception {
    byte[] bytes = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    try (PDDocument document =
        printed(report -> report.attach("record.json", "application/json", bytes))) {
      var files = document.getDocumentCatalog().getNames().getEmbeddedFiles().getNames();
      assertThat(files).containsOnlyKeys("record.json");
      assertThat(requireNonNull(files.get("record.json")).getEmbeddedFile().toByteArray())
          .isEqualTo(bytes);
    }
  }
}
