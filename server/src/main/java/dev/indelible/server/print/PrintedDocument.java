package dev.indelible.server.print;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.pdfwriter.compress.CompressParameters;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentNameDictionary;
import org.apache.pdfbox.pdmodel.PDEmbeddedFilesNameTreeNode;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDPageContentStream.AppendMode;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.common.filespecification.PDComplexFileSpecification;
import org.apache.pdfbox.pdmodel.common.filespecification.PDEmbeddedFile;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.jspecify.annotations.Nullable;

/**
 * A document for people, as PDF: text in one column on pages of A4, with files attached. Not
 * thread-safe.
 *
 * <p>The font is embedded, Liberation Sans: Latin, Greek and Cyrillic. Characters that it lacks are
 * written as {@code U+4E2D}.
 */
public final class PrintedDocument implements AutoCloseable {

  /** The most pages; what does not fit any more is left out, and said to be. */
  public static final int MAX_PAGES = 100;

  private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";
  private static final float MARGIN = 56;
  private static final float TITLE_SIZE = 18;
  private static final float HEADING_SIZE = 12;
  private static final float TEXT_SIZE = 10;
  private static final float SMALL_SIZE = 8;
  private static final float LEADING = 1.4f;
  private static final float NAME_WIDTH = 120;
  private static final float WIDTH = PDRectangle.A4.getWidth() - 2 * MARGIN;

  private final PDDocument document = new PDDocument();
  private final PDFont font;
  private final String title;
  private final Map<String, PDComplexFileSpecification> files = new HashMap<>();
  private final Map<Integer, String> printable = new HashMap<>();
  private @Nullable PDPageContentStream page;
  private float y;
  private boolean full;

  /**
   * Begins a document.
   *
   * @param title stands at the top, and at the foot of every page
   * @param createdAt is said to be when it was made
   */
  public PrintedDocument(String title, Instant createdAt) throws IOException {
    this.title = title;
    try (InputStream in = PDDocument.class.getResourceAsStream(FONT)) {
      if (in == null) {
        throw new IOException("the class path lacks " + FONT);
      }
      font = PDType0Font.load(document, in, true);
    }
    document.setDocumentId(createdAt.toEpochMilli());
    var information = document.getDocumentInformation();
    information.setTitle(title);
    information.setProducer("Indelible");
    information.setCreationDate(
        GregorianCalendar.from(ZonedDateTime.ofInstant(createdAt, ZoneOffset.UTC)));
    document.getDocumentCatalog().setLanguage("en");
    lines(title, MARGIN, WIDTH, TITLE_SIZE);
    space(TEXT_SIZE);
  }

  /** Begins a section. */
  public void heading(String text) throws IOException {
    space(TEXT_SIZE);
    lines(text, MARGIN, WIDTH, HEADING_SIZE);
    space(TEXT_SIZE / 2);
  }

  /** Adds a paragraph. */
  public void paragraph(String text) throws IOException {
    lines(text, MARGIN, WIDTH, TEXT_SIZE);
    space(TEXT_SIZE / 2);
  }

  /** Adds a name and its value. */
  public void field(String name, String value) throws IOException {
    need(TEXT_SIZE * LEADING);
    float top = y;
    PDPageContentStream before = page;
    lines(name, MARGIN, NAME_WIDTH - TEXT_SIZE, TEXT_SIZE);
    if (page == before) {
      y = top;
    }
    lines(value, MARGIN + NAME_WIDTH, WIDTH - NAME_WIDTH, TEXT_SIZE);
  }

  /** Adds what is for programs: small, line by line. */
  public void small(String text) throws IOException {
    for (String line : text.split("\n", -1)) {
      lines(line, MARGIN, WIDTH, SMALL_SIZE);
    }
  }

  /**
   * Attaches a file. Its bytes stand in the document as they are, neither compressed nor encrypted.
   */
  public void attach(String name, String mediaType, byte[] bytes) throws IOException {
    PDEmbeddedFile file = new PDEmbeddedFile(document, new ByteArrayInputStream(bytes));
    file.setSubtype(mediaType);
    file.setSize(bytes.length);
    PDComplexFileSpecification specification = new PDComplexFileSpecification();
    specification.setFile(name);
    specification.setFileUnicode(name);
    specification.setEmbeddedFile(file);
    files.put(name, specification);
  }

  /** The whole document. */
  public byte[] toBytes() throws IOException {
    closePage();
    PDEmbeddedFilesNameTreeNode names = new PDEmbeddedFilesNameTreeNode();
    names.setNames(files);
    PDDocumentNameDictionary dictionary =
        new PDDocumentNameDictionary(document.getDocumentCatalog());
    dictionary.setEmbeddedFiles(names);
    document.getDocumentCatalog().setNames(dictionary);
    int count = document.getNumberOfPages();
    for (int i = 0; i < count; i++) {
      try (PDPageContentStream foot =
          new PDPageContentStream(document, document.getPage(i), AppendMode.APPEND, true, true)) {
        show(
            foot,
            "%s: page %d of %d".formatted(title, i + 1, count),
            MARGIN,
            MARGIN / 2,
            SMALL_SIZE);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    document.save(out, CompressParameters.NO_COMPRESSION);
    return out.toByteArray();
  }

  private void space(float height) {
    y -= height;
  }

  /** Makes sure that there is a page with that much room; false when there are too many pages. */
  private boolean need(float height) throws IOException {
    if (full) {
      return false;
    }
    if (page == null || y - height < MARGIN) {
      if (document.getNumberOfPages() == MAX_PAGES) {
        full = true;
        show(page(), "There is more than fits here.", MARGIN, MARGIN * 0.8f, SMALL_SIZE);
        return false;
      }
      closePage();
      PDPage added = new PDPage(PDRectangle.A4);
      document.addPage(added);
      page = new PDPageContentStream(document, added);
      y = PDRectangle.A4.getHeight() - MARGIN;
    }
    return true;
  }

  private PDPageContentStream page() {
    PDPageContentStream current = page;
    if (current == null) {
      throw new IllegalStateException("no page");
    }
    return current;
  }

  private void closePage() throws IOException {
    PDPageContentStream current = page;
    page = null;
    if (current != null) {
      current.close();
    }
  }

  private void lines(String text, float x, float width, float size) throws IOException {
    for (String line : wrapped(printable(text), width, size)) {
      if (!need(size * LEADING)) {
        return;
      }
      y -= size * LEADING;
      show(page(), line, x, y, size);
    }
  }

  private void show(PDPageContentStream stream, String line, float x, float baseline, float size)
      throws IOException {
    stream.beginText();
    stream.setFont(font, size);
    stream.newLineAtOffset(x, baseline);
    stream.showText(printable(line));
    stream.endText();
  }

  /** Breaks at spaces where there are any, and within words that are too long. */
  private List<String> wrapped(String text, float width, float size) throws IOException {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    float used = 0;
    int space = -1;
    for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
      int character = text.codePointAt(at);
      float advance = font.getStringWidth(Character.toString(character)) / 1000 * size;
      if (used + advance > width && !line.isEmpty()) {
        String rest = space < 0 ? "" : line.substring(space + 1);
        lines.add(space < 0 ? line.toString() : line.substring(0, space));
        line.setLength(0);
        line.append(rest);
        used = font.getStringWidth(rest) / 1000 * size;
        space = -1;
      }
      if (character == ' ') {
        space = line.length();
      }
      line.appendCodePoint(character);
      used += advance;
    }
    lines.add(line.toString());
    return lines;
  }

  private String printable(String text) {
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints()
        .forEach(character -> result.append(printable.computeIfAbsent(character, this::form)));
    return result.toString();
  }

  private String form(int character) {
    if (Character.isWhitespace(character)) {
      return " ";
    }
    String itself = Character.toString(character);
    if (!Character.isISOControl(character)) {
      try {
        font.encode(itself);
        return itself;
      } catch (IllegalArgumentException | IOException e) {
        // The font lacks it.
      }
    }
    return "U+%04X".formatted(character);
  }

  @Override
  public void close() throws IOException {
    closePage();
    document.close();
  }
}
