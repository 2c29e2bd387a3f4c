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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdfwriter.compress.CompressParameters;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.PDDocumentNameDictionary;
import org.apache.pdfbox.pdmodel.PDEmbeddedFilesNameTreeNode;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.common.filespecification.PDComplexFileSpecification;
import org.apache.pdfbox.pdmodel.common.filespecification.PDEmbeddedFile;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * A document for people, as tagged PDF (PDF/UA): text in one column on pages of A4, with files
 * attached. The same calls make the same bytes. Not thread-safe.
 *
 * <p>It is an HTML document with the style sheet {@code document.css}, laid out by openhtmltopdf.
 * The document is built as a tree, so that a text is never read as markup, and nothing is loaded
 * from anywhere. The fonts have Latin, Greek, Cyrillic, Hebrew, Arabic, Devanagari, Thai, kana,
 * Hangul and Chinese characters. Characters that they lack, emoji for example, are written as
 * {@code U+1F600}.
 */
public final class PrintedDocument implements AutoCloseable {

  /**
   * One document takes up to 160 MB of heap while its fonts are cut to what it needs, and each row
   * of a table some 40 kB.
   */
  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

  /** The most lines, about 100 pages; what does not fit is left out, and said to be. */
  public static final int MAX_LINES = 5_000;

  private static final String STYLE = "document.css";
  private static final double NAME_WIDTH_POINTS = 110;
  private static final double TEXT_SIZE = 10;
  private static final double SMALL_SIZE = 8;
  private static final double HEADING_SIZE = 12;
  private static final double CELL_SIZE = 7.5;
  private static final double CELL_PADDING_POINTS = 6;
  private static final int CHART_HEIGHT_POINTS = 110;
  private static final int LINES_OF_CHART = 12;
  private static final int LINES_AROUND_HEADING = 2;

  private final PDDocument pdf = new PDDocument();
  private final Fonts fonts = new Fonts(pdf);
  private final Map<String, PDComplexFileSpecification> files = new TreeMap<>();
  private final String title;
  private final Instant createdAt;
  private final Layout layout;
  private final double width;
  private final double valueWidth;
  private final Markup html;
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
    this(title, createdAt, Layout.TEXT);
  }

  /** Begins a document of another layout. */
  public PrintedDocument(String title, Instant createdAt, Layout layout) throws IOException {
    this.title = fonts.printable(title);
    this.createdAt = createdAt;
    this.layout = layout;
    width = layout.wide() ? Layout.LANDSCAPE_WIDTH_POINTS : Layout.PORTRAIT_WIDTH_POINTS;
    valueWidth = width - NAME_WIDTH_POINTS - Layout.GAP_POINTS;
    html = new Markup(fonts::surplus);
    Element root = html.root(layout.language().toLanguageTag());
    head(html.append(root, "head", ""));
    body = html.append(root, "body", "");
    html.text(html.append(body, "div", "foot"), this.title);
    html.text(html.append(body, "h1", ""), this.title);
  }

  private void head(Element head) throws IOException {
    html.append(head, "title", "").setTextContent(title);
    for (String name : List.of("subject", "description")) {
      Element meta = html.append(head, "meta", "");
      meta.setAttribute("name", name);
      meta.setAttribute("content", title);
    }
    try (InputStream in = PrintedDocument.class.getResourceAsStream(STYLE)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks " + STYLE);
      }
      html.append(head, "style", "")
          .setTextContent(layout.style(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    }
  }

  /** Begins a section. */
  public void heading(String text) {
    String printable = fonts.printable(text);
    if (takes(linesOf(printable, HEADING_SIZE, width) + LINES_AROUND_HEADING)) {
      block("h2", "", printable);
    }
  }

  /** Adds a paragraph. */
  public void paragraph(String text) {
    String printable = fonts.printable(text);
    if (!printable.isBlank() && takes(linesOf(printable, TEXT_SIZE, width))) {
      block("p", "", printable);
    }
  }

  /** Adds what is for programs: small, line by line. */
  public void small(String text) {
    for (String line : text.lines().toList()) {
      String printable = fonts.printable(line);
      if (takes(linesOf(printable, SMALL_SIZE, width))) {
        block("div", "small", printable);
      }
    }
  }

  private void block(String name, String style, String printable) {
    fields = null;
    html.text(html.append(body, name, style), printable);
  }

  /** Adds a name and its value. */
  public void field(String name, String value) {
    String printableName = fonts.printable(name);
    String printableValue = fonts.printable(value);
    if (takes(
        Math.max(
            linesOf(printableName, TEXT_SIZE, NAME_WIDTH_POINTS),
            linesOf(printableValue, TEXT_SIZE, valueWidth)))) {
      Element table = fields;
      if (table == null) {
        table = html.append(html.append(body, "table", "fields"), "tbody", "");
        fields = table;
      }
      Element row = html.append(table, "tr", "");
      Element cell = html.append(row, "th", "");
      cell.setAttribute("scope", "row");
      html.text(cell, printableName);
      html.text(html.append(row, "td", ""), printableValue);
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
    Element table = html.append(body, "table", "rows");
    Element head = html.append(html.append(table, "thead", ""), "tr", "");
    head(head, "", name);
    head(head, "number", number);
    Element rows = html.append(table, "tbody", "");
    for (Count count : counts) {
      List<String> printable = count.name().lines().map(fonts::printable).toList();
      if (takes(
          printable.stream().mapToDouble(line -> linesOf(line, TEXT_SIZE, valueWidth)).sum())) {
        Element row = html.append(rows, "tr", "");
        html.lines(html.append(row, "td", ""), printable);
        html.append(row, "td", "number").setTextContent(Long.toString(count.number()));
      }
    }
  }

  private void head(Element row, String style, String text) {
    Element cell = html.append(row, "th", style);
    cell.setAttribute("scope", "col");
    html.text(cell, fonts.printable(text));
  }

  /**
   * A row of a table of numbers.
   *
   * @param name may have several lines, the first more visible
   */
  public record Count(String name, long number) {}

  /**
   * A bar of a chart.
   *
   * @param name what it counts, such as a day
   */
  public record Bar(String name, long number) {}

  /**
   * Adds a chart of bars from left to right, and beneath it what each says, as text.
   *
   * @param highest what to write at the top, the highest bar's number
   */
  public void bars(List<Bar> bars, String highest) {
    if (bars.isEmpty() || !takes(LINES_OF_CHART)) {
      return;
    }
    fields = null;
    long most = Math.max(1, bars.stream().mapToLong(Bar::number).max().orElseThrow());
    Element chart = html.append(body, "div", "chart");
    html.text(html.append(chart, "div", "highest"), fonts.printable(highest));
    Element area = html.append(chart, "div", "area");
    area.setAttribute("style", "height: %dpt".formatted(CHART_HEIGHT_POINTS));
    double step = width / bars.size();
    for (int i = 0; i < bars.size(); i++) {
      long number = bars.get(i).number();
      if (number > 0) {
        // One that is not nothing can be seen.
        double height = Math.max(1, (double) number * CHART_HEIGHT_POINTS / most);
        html.append(area, "div", "bar")
            .setAttribute(
                "style",
                String.format(
                    Locale.ROOT,
                    "left: %.2fpt; width: %.2fpt; height: %.2fpt",
                    i * step,
                    Math.min(step * 0.8, 40),
                    height));
      }
    }
    Element axis =
        html.append(html.append(html.append(chart, "table", "axis"), "tbody", ""), "tr", "");
    html.text(html.append(axis, "td", ""), fonts.printable(bars.getFirst().name()));
    html.text(html.append(axis, "td", "number"), fonts.printable(bars.getLast().name()));
    small(
        bars.stream()
            .filter(bar -> bar.number() > 0)
            .map(bar -> bar.name() + ": " + bar.number())
            .collect(Collectors.joining("; ")));
  }

  /**
   * A column of a table.
   *
   * @param name its heading
   * @param share of the page's width, in hundredths
   */
  public record Column(String name, int share) {}

  /**
   * Adds a table whose head stands again on every page.
   *
   * @param rows of each column, texts that stand beneath each other, the first more visible: no
   *     text is beside another, so that none can change the order of another's characters
   */
  public void table(List<Column> columns, List<List<List<String>>> rows) {
    if (rows.isEmpty() || !takes(LINES_AROUND_HEADING)) {
      return;
    }
    fields = null;
    Element table = html.append(body, "table", "rows entries");
    Element head = html.append(html.append(table, "thead", ""), "tr", "");
    for (Column column : columns) {
      head(head, "", column.name());
      ((Element) head.getLastChild()).setAttribute("style", "width: " + column.share() + "%");
    }
    Element tbody = html.append(table, "tbody", "");
    for (List<List<String>> row : rows) {
      List<List<String>> printable =
          row.stream().map(cell -> cell.stream().map(fonts::printable).toList()).toList();
      if (!takes(linesOf(columns, printable))) {
        return;
      }
      Element line = html.append(tbody, "tr", "");
      for (List<String> cell : printable) {
        html.lines(html.append(line, "td", ""), cell);
      }
    }
  }

  private double linesOf(List<Column> columns, List<List<String>> row) {
    double most = 1;
    for (int i = 0; i < row.size(); i++) {
      double room = width * columns.get(i).share() / 100 - CELL_PADDING_POINTS;
      most =
          Math.max(
              most, row.get(i).stream().mapToDouble(text -> linesOf(text, CELL_SIZE, room)).sum());
    }
    return most;
  }

  /** Counts what is to be added, and says once when there is no more room. */
  private boolean takes(double more) {
    if (!full && lines + more > layout.maxLines()) {
      full = true;
      block("p", "", fonts.printable(layout.more()));
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
    attach(name, mediaType, bytes.length, new PDEmbeddedFile(pdf, new ByteArrayInputStream(bytes)));
  }

  /** Attaches a file whose bytes are compressed in the document. */
  public void attachCompressed(String name, String mediaType, byte[] bytes) throws IOException {
    attach(
        name,
        mediaType,
        bytes.length,
        new PDEmbeddedFile(pdf, new ByteArrayInputStream(bytes), COSName.FLATE_DECODE));
  }

  private void attach(String name, String mediaType, int sizeBytes, PDEmbeddedFile file) {
    file.setSubtype(mediaType);
    file.setSize(sizeBytes);
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
        .usePageSupplier(this::nextPage)
        .useUnicodeBidiSplitter(new ICUBidiSplitter.ICUBidiSplitterFactory())
        .useUnicodeBidiReorderer(new ICUBidiReorderer())
        .withW3cDocument(html.document(), "");
    // Not closed: that would close the document too, which is saved later.
    PdfBoxRenderer renderer = builder.buildPdfRenderer();
    renderer.layout();
    renderer.createPDFWithoutClosing();
    simplifyLastPage();
    ActualTexts.set(pdf);
  }

  /** Adds a page, and tidies the one before as soon as it is complete: memory is short. */
  private PDPage nextPage(PDDocument to, float wide, float high, int number, int shadow) {
    try {
      simplifyLastPage();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    PDPage page = new PDPage(new PDRectangle(wide, high));
    to.addPage(page);
    return page;
  }

  private void simplifyLastPage() throws IOException {
    int pages = pdf.getNumberOfPages();
    if (pages > 0) {
      Artifacts.simplify(pdf, pdf.getPage(pages - 1));
    }
  }

  @Override
  public void close() throws IOException {
    pdf.close();
  }
}
