package dev.indelible.server.takeout.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.EventJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDStructureElement;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDStructureNode;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;

/** Tests documents of entries, read back from their bytes. */
class PdfFileTest {

  private static final List<String> NAMES =
      List.of("Ana Ribeiro", "山田太郎", "דוד כהן", "محمد", "प्रियंका श्रीवास्तव");

  private static byte[] write(FileHead head, PdfFile.Limits limits, List<TakenEntry> entries)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PdfFile file = new PdfFile(out, head, entry -> "Said of " + entry.id() + ".", limits)) {
      for (TakenEntry entry : entries) {
        file.add(entry);
      }
      file.end(new FileTotals(entries.size(), 2, 1));
    }
    return out.toByteArray();
  }

  private static byte[] write(FileHead head, List<TakenEntry> entries) throws IOException {
    return write(head, PdfFile.Limits.OF_DOCUMENTS, entries);
  }

  private static FileHead head() {
    return TakenEntries.head(Locale.ENGLISH);
  }

  /** Entries by people of five scripts, an hour after each other. */
  private static List<TakenEntry> entries(int count) {
    List<TakenEntry> entries = new ArrayList<>();
    for (int seq = 0; seq < count; seq++) {
      entries.add(
          TakenEntries.entry(
              seq,
              "entry-" + seq,
              TakenEntries.NOW.plusSeconds(3600L * seq),
              TakenEntries.actor("u_" + seq % NAMES.size(), NAMES.get(seq % NAMES.size())),
              TakenEntries.target("t_" + seq, "Ticket"),
              "because " + seq,
              "s"));
    }
    return entries;
  }

  private static String text(byte[] pdf) throws IOException {
    try (PDDocument document = Loader.loadPDF(pdf)) {
      PDFTextStripper text = new PDFTextStripper();
      text.setSortByPosition(true);
      return text.getText(document).replaceAll("[ \\u00a0]+", " ");
    }
  }

  private static List<PDStructureElement> elements(PDDocument document) {
    List<PDStructureElement> elements = new ArrayList<>();
    collect(document.getDocumentCatalog().getStructureTreeRoot(), elements);
    return elements;
  }

  private static void collect(PDStructureNode node, List<PDStructureElement> into) {
    if (node instanceof PDStructureElement element) {
      into.add(element);
    }
    for (Object kid : node.getKids()) {
      if (kid instanceof PDStructureNode inner) {
        collect(inner, into);
      }
    }
  }

  @Test
  void itSaysWhatItIsWhoMadeItAndHowToVerify() throws IOException {
    String text = text(write(head(), entries(7)));
    assertThat(text)
        .contains("Audit log of Acme & Söhne")
        .contains("Tenant Acme & Söhne (acme)")
        .contains("Scope Accounts eu")
        .contains("Filter outcome:failure")
        .contains("Period (occurred) From 2026-11-01T01:00:00+01:00")
        .contains("Exported by Ana Ribeiro (user:u_7)")
        .contains("Reason audit 2026")
        .contains("Entries 7")
        .contains("indelible verify FILE --key KEY")
        .contains("log.test/acme")
        .contains("page 1 of ")
        .contains("failure 3")
        .contains("success 4")
        .contains("ticket.updated 7");
  }

  @Test
  void aRowSaysWhenWhoWhatOnWhatAndHowItEnded() throws IOException {
    String text = text(write(head(), entries(2)));
    // 10:00 in UTC is 11:00 in the zone of the head.
    assertThat(text)
        .contains("2026-11-20 Ana Ribeiro Said of entry-0. Ticket failure 0")
        .contains("11:00:00.000 user:u_0 ticket.updated ticket:t_0 entry-0")
        .contains("Reason: because 0")
        .contains("All 2 entries");
  }

  @Test
  void itSpeaksGerman() throws IOException {
    byte[] pdf = write(TakenEntries.head(Locale.GERMAN), entries(2));
    assertThat(text(pdf)).contains("Protokoll von").contains("Seite 1 von").contains("Fehlschlag");
    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertThat(document.getDocumentCatalog().getLanguage()).isEqualTo("de");
    }
  }

  @Test
  void namesOfEveryScriptAreReadAsTheyWereRecorded() throws IOException {
    byte[] pdf = write(head(), entries(5));
    assertThat(text(pdf)).contains("Ana Ribeiro", "山田太郎", "דוד כהן");
    try (PDDocument document = Loader.loadPDF(pdf)) {
      // Joined letters are other glyphs: their characters stand beside them.
      assertThat(elements(document).stream().map(PDStructureElement::getActualText))
          .contains("प्रियंका", "श्रीवास्तव");
      for (PDPage page : document.getPages()) {
        for (COSName name : page.getResources().getFontNames()) {
          PDFont font = page.getResources().getFont(name);
          assertThat(font.isEmbedded()).as(font.getName()).isTrue();
        }
      }
    }
  }

  @Test
  void theChartIsOfLinesAndEachBarIsAText() throws IOException {
    byte[] pdf = write(head(), entries(5));
    assertThat(text(pdf))
        .contains("Entries by the hour")
        .contains("highest bar: 1")
        .contains("2026-11-20 11:00: 1; 2026-11-20 12:00: 1;");
    try (PDDocument document = Loader.loadPDF(pdf)) {
      for (PDPage page : document.getPages()) {
        assertThat(page.getResources().getXObjectNames()).isEmpty();
      }
    }
  }

  @Test
  void itIsATaggedTableWithHeadings() throws IOException {
    try (PDDocument document = Loader.loadPDF(write(head(), entries(3)))) {
      assertThat(document.getDocumentCatalog().getMarkInfo().isMarked()).isTrue();
      List<String> types =
          elements(document).stream().map(PDStructureElement::getStructureType).toList();
      assertThat(types).contains("H1", "H2", "Table", "THead", "TH", "TD");
      assertThat(types.stream().filter("TR"::equals).count()).isGreaterThan(3);
    }
  }

  @Test
  void theWholeSetIsAttached() throws IOException {
    List<TakenEntry> entries = entries(3);
    StringBuilder expected = new StringBuilder();
    for (TakenEntry entry : entries) {
      expected
          .append(new String(EventJson.toBytes(entry.found().shown(), entry.holds()), UTF_8))
          .append('\n');
    }
    byte[] pdf = write(head(), new PdfFile.Limits(2, 1 << 20), entries);
    assertThat(text(pdf))
        .contains("The first 2 of 3 entries")
        .contains("attached")
        .doesNotContain("entry-2");
    try (PDDocument document = Loader.loadPDF(pdf)) {
      var names = document.getDocumentCatalog().getNames().getEmbeddedFiles().getNames();
      assertThat(names).containsOnlyKeys(PdfFile.ATTACHED);
      assertThat(
              new String(
                  requireNonNull(names.get(PdfFile.ATTACHED)).getEmbeddedFile().toByteArray(),
                  UTF_8))
          .isEqualTo(expected.toString());
    }
  }

  @Test
  void aSetThatIsTooLargeToBeAttachedIsSaidToBeElsewhere() throws IOException {
    byte[] pdf = write(head(), new PdfFile.Limits(10, 500), entries(3));
    assertThat(text(pdf)).contains("too large to be attached").contains("All 3 entries");
    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertThat(document.getDocumentCatalog().getNames().getEmbeddedFiles().getNames()).isEmpty();
    }
    assertThat(PdfFile.Limits.OF_DOCUMENTS.rows()).isEqualTo(5_000);
    assertThat(PdfFile.Limits.OF_DOCUMENTS.attachedBytes()).isEqualTo(16 << 20);
  }

  @Test
  void aLongTextIsShortenedAndSaidToBe() throws IOException {
    TakenEntry entry = TakenEntries.entry(0, "e", "word ".repeat(100).strip(), "s");
    assertThat(text(write(head(), List.of(entry)))).contains("(and 339 more characters)");
  }

  @Test
  void aNameCannotTurnItsSurroundingsRound() throws IOException {
    TakenEntry entry =
        TakenEntries.entry(
            0,
            "e",
            TakenEntries.NOW,
            TakenEntries.actor("u_1", "\u202egnp.exe"),
            TakenEntries.target("t", "T"),
            "r",
            "s");
    assertThat(text(write(head(), List.of(entry)))).contains("U+202Egnp.exe");
  }

  @Test
  void withoutEntriesItSaysSo() throws IOException {
    assertThat(text(write(head(), List.of()))).contains("There are no entries in this scope.");
  }

  @Test
  void equalCallsMakeEqualBytes() throws IOException {
    assertThat(write(head(), entries(5))).isEqualTo(write(head(), entries(5)));
  }
}
