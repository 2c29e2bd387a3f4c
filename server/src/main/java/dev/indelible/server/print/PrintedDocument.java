package dev.indelible.server.print;

import com.openhtmltopdf.bidi.support.ICUBidiReorderer;
import com.openhtmltopdf.bidi.support.ICUBidiSplitter;
import com.openhtmltopdf.outputdevice.helper.ExternalResourceControlPriority;
import com.openhtmltopdf.pdfboxout.PdfBoxRenderer;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.util.XRLog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.pdfbox.pdfwriter.compress.CompressParameters;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.PDDocumentNameDictionary;
import org.apache.pdfbox.pdmodel.PDEmbeddedFilesNameTreeNode;
import org.apache.pdfbox.pdmodel.common.filespecification.PDComplexFileSpecification;
import org.apache.pdfbox.pdmodel.common.filespecification.PDEmbeddedFile;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * A document for people, as tagged PDF (PDF/UA): text in one column on pages of A4, with files
 * attached. The same calls make the same bytes. Not thread-safe.
 *
 * <p>It is an HTML document with the style sheet {@code document.css}, laid out by openhtmltopdf.
 * The document is built as a tree, so that a text is never read as markup, and nothing is loaded
 * from anywhere. The fonts have Latin, Greek, Cyrillic, Hebrew, Arabic, Thai, kana, Hangul and
 * Chinese characters. Characters that they lack, emoji for example, are written as {@code U+1F600}.
 */
public final class PrintedDocument implements AutoCloseable {

  /** One document takes up to 160 MB of heap while its fonts are cut to what it needs. */
  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

  /** The most lines, about 100 pages; what does not fit is left out, and said to be. */
  public static final int MAX_LINES = 5_000;

  private static final String STYLE = "document.css";
  private static final double WIDTH_POINTS = 483;
  private static final double NAME_WIDTH_POINTS = 110;
  private static final double VALUE_WIDTH_POINTS = 363;
  private static final double TEXT_SIZE = 10;
  private static final double SMALL_SIZE = 8;
  private static final double HEADING_SIZE = 12;
  private static final int LINES_AROUND_HEADING = 2;

  private final PDDocument pdf = new PDDocument();
  private final Fonts fonts = new Fonts(pdf);
  private final Map<String, PDComplexFileSpecification> files = new TreeMap<>();
  private final String title;
  private final Instant createdAt;
  private final Document html;
  private final Element body;
  private @Nullable Element fields;
  private double lines;
  private boolean full;

  /**
   * Begins a document.
   *
   * @param title stands at the top, and at the foot of every page
   * @param createdAt is said to be when it was made
   */
  public PrintedDocument(String title, Instant createdAt) throws IOException {
    this.title = fonts.printable(title);
    this.createdAt = createdAt;
    html = newHtml();
    Element root = html.createElement("html");
    root.setAttribute("lang", "en");
    html.appendChild(root);
    head(append(root, "head", ""));
    body = append(root, "body", "");
    append(body, "div", "foot").setTextContent(this.title);
    append(body, "h1", "").setTextContent(this.title);
  }

  private static Document newHtml() {
    try {
      return DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().newDocument();
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  private void head(Element head) throws IOException {
    append(head, "title", "").setTextContent(title);
    for (String name : List.of("subject", "description")) {
      Element meta = append(head, "meta", "");
      meta.setAttribute("name", name);
      meta.setAttribute("content", title);
    }
    try (InputStream in = PrintedDocument.class.getResourceAsStream(STYLE)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks " + STYLE);
      }
      append(head, "style", "")
          .setTextContent(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private Element append(Element parent, String name, String style) {
    Element element = html.createElement(name);
    if (!style.isEmpty()) {
      element.setAttribute("class", style);
    }
    parent.appendChild(element);
    return element;
  }

  /** Begins a section. */
  public void heading(String text) {
    String printable = fonts.printable(text);
    if (takes(linesOf(printable, HEADING_SIZE, WIDTH_POINTS) + LINES_AROUND_HEADING)) {
      block("h2", "", printable);
    }
  }

  /** Adds a paragraph. */
  public void paragraph(String text) {
    String printable = fonts.printable(text);
    if (!printable.isBlank() && takes(linesOf(printable, TEXT_SIZE, WIDTH_POINTS))) {
      block("p", "", printable);
    }
  }

  /** Adds what is for programs: small, line by line. */
  public void small(String text) {
    for (String line : text.lines().toList()) {
      String printable = fonts.printable(line);
      if (takes(linesOf(printable, SMALL_SIZE, WIDTH_POINTS))) {
        block("div", "small", printable);
      }
    }
  }

  private void block(String name, String style, String printable) {
    fields = null;
    append(body, name, style).setTextContent(printable);
  }

  /** Adds a name and its value. */
  public void field(String name, String value) {
    String printableName = fonts.printable(name);
    String printableValue = fonts.printable(value);
    if (takes(
        Math.max(
            linesOf(printableName, TEXT_SIZE, NAME_WIDTH_POINTS),
            linesOf(printableValue, TEXT_SIZE, VALUE_WIDTH_POINTS)))) {
      Element table = fields;
      if (table == null) {
        table = append(append(body, "table", "fields"), "tbody", "");
        fields = table;
      }
      Element row = append(table, "tr", "");
      Element cell = append(row, "th", "");
      cell.setAttribute("scope", "row");
      cell.setTextContent(printableName);
      append(row, "td", "").setTextContent(printableValue);
    }
  }

  /**
   * Adds a table of names and numbers, whose head stands again on every page.
   *
   * @param name stands over the names
   * @param number stands over the numbers
   */
  public void counts(String name, String number, List<Count> counts) {
    if (counts.isEmpty() || !takes(LINES_AROUND_HEADING)) {
      return;
    }
    fields = null;
    Element table = append(body, "table", "rows");
    Element head = append(append(table, "thead", ""), "tr", "");
    head(head, "", name);
    head(head, "number", number);
    Element rows = append(table, "tbody", "");
    for (Count count : counts) {
      String printable = fonts.printable(count.name());
      if (takes(linesOf(printable, TEXT_SIZE, VALUE_WIDTH_POINTS))) {
        Element row = append(rows, "tr", "");
        append(row, "td", "").setTextContent(printable);
        append(row, "td", "number").setTextContent(Long.toString(count.number()));
      }
    }
  }

  private void head(Element row, String style, String text) {
    Element cell = append(row, "th", style);
    cell.setAttribute("scope", "col");
    cell.setTextContent(fonts.printable(text));
  }

  /** A row of a table of numbers. */
  public record Count(String name, long number) {}

  /** Counts what is to be added, and says once when there is no more room. */
  private boolean takes(double more) {
    if (!full && lines + more > MAX_LINES) {
      full = true;
      block("p", "", "There is more than fits here.");
    }
    lines += more;
    return !full;
  }

  private double linesOf(String printable, double size, double width) {
    return Math.max(1, Math.ceil(fonts.width(printable) * size / width));
  }

  /**
   * Attaches a file. Its bytes stand in the document as they are, neither compressed nor encrypted.
   */
  public void attach(String name, String mediaType, byte[] bytes) throws IOException {
    PDEmbeddedFile file = new PDEmbeddedFile(pdf, new ByteArrayInputStream(bytes));
    file.setSubtype(mediaType);
    file.setSize(bytes.length);
    PDComplexFileSpecification specification = new PDComplexFileSpecification();
    specification.setFile(name);
    specification.setFileUnicode(name);
    specification.setEmbeddedFile(file);
    files.put(name, specification);
  }

  /** Returns the whole document; to be called once. */
  public byte[] toBytes() throws IOException {
    ONE_AT_A_TIME.lock();
    try {
      return print();
    } finally {
      ONE_AT_A_TIME.unlock();
    }
  }

  private byte[] print() throws IOException {
    layOut();
    PDDocumentInformation information = new PDDocumentInformation();
    information.setTitle(title);
    information.setProducer("Indelible");
    information.setCreationDate(
        GregorianCalendar.from(ZonedDateTime.ofInstant(createdAt, ZoneOffset.UTC)));
    pdf.setDocumentInformation(information);
    pdf.setDocumentId(createdAt.toEpochMilli());
    PDEmbeddedFilesNameTreeNode names = new PDEmbeddedFilesNameTreeNode();
    names.setNames(files);
    PDDocumentNameDictionary dictionary = new PDDocumentNameDictionary(pdf.getDocumentCatalog());
    dictionary.setEmbeddedFiles(names);
    pdf.getDocumentCatalog().setNames(dictionary);
    // The first time cuts the fonts to the glyphs that are used; the second numbers objects anew.
    pdf.save(OutputStream.nullOutputStream(), CompressParameters.NO_COMPRESSION);
    fonts.nameGlyphs();
    pdf.getDocument().setHighestXRefObjectNumber(0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    pdf.save(out, CompressParameters.NO_COMPRESSION);
    return out.toByteArray();
  }

  private void layOut() throws IOException {
    XRLog.setLoggerImpl(new RenderLog());
    PdfRendererBuilder builder = new PdfRendererBuilder();
    fonts.addTo(builder);
    for (ExternalResourceControlPriority when : ExternalResourceControlPriority.values()) {
      builder.useExternalResourceAccessControl((uri, type) -> false, when);
    }
    builder
        .usePDDocument(pdf)
        .usePdfUaAccessibility(true)
        .useUnicodeBidiSplitter(new ICUBidiSplitter.ICUBidiSplitterFactory())
        .useUnicodeBidiReorderer(new ICUBidiReorderer())
        .withW3cDocument(html, "");
    // Not closed: that would close the document too, which is saved later.
    PdfBoxRenderer renderer = builder.buildPdfRenderer();
    renderer.layout();
    renderer.createPDFWithoutClosing();
  }

  @Override
  public void close() throws IOException {
    pdf.close();
  }
}
