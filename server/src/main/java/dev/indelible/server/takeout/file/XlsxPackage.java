package dev.indelible.server.takeout.file;

import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Package of an Office Open XML spreadsheet (ECMA-376-2): a ZIP file of parts, written one after
 * another, each with the time 1980-01-01, so that equal calls make equal bytes. The first sheet can
 * be written last.
 */
final class XlsxPackage implements Closeable {

  private static final String DECLARATION =
      "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
  private static final String MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  private static final String RELATIONS =
      "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  private static final String PACKAGE_RELATIONS =
      "http://schemas.openxmlformats.org/package/2006/relationships";
  private static final String SPREADSHEET =
      "application/vnd.openxmlformats-officedocument.spreadsheetml.";

  /** The earliest time that ZIP can state. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  /** Level that takes a third of the default's time for files that are a tenth larger. */
  private static final int LEVEL = 2;

  private static final int BUFFER_SIZE = 1 << 16;

  private final ZipOutputStream zip;
  private final Writer text;

  /** Names of the sheets by their numbers, from 1. */
  private final List<String> sheets = new ArrayList<>();

  private long partBytes;

  XlsxPackage(OutputStream out) {
    zip = new ZipOutputStream(new BufferedOutputStream(out, BUFFER_SIZE), StandardCharsets.UTF_8);
    zip.setLevel(LEVEL);
    text = new BufferedWriter(new OutputStreamWriter(zip, StandardCharsets.UTF_8), BUFFER_SIZE);
  }

  /**
   * Names the next sheet, without writing it.
   *
   * @return its number
   */
  int name(String sheet) {
    sheets.add(sheet);
    return sheets.size();
  }

  /** Begins the part of a sheet that was named. */
  void begin(int sheet) throws IOException {
    begin("xl/worksheets/sheet" + sheet + ".xml");
    write("<worksheet xmlns=\"" + MAIN + "\">");
  }

  /** Appends to the part that was begun. */
  void write(CharSequence xml) throws IOException {
    text.append(xml);
    partBytes += utf8Bytes(xml);
  }

  /** Length of the part that was begun, so far, in bytes before they are compressed. */
  long partBytes() {
    return partBytes;
  }

  static long utf8Bytes(CharSequence text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      bytes += unit < 0x80 ? 1 : unit < 0x800 || Character.isSurrogate(unit) ? 2 : 3;
    }
    return bytes;
  }

  /** Ends the sheet that was begun. */
  void endSheet() throws IOException {
    write("</worksheet>");
    end();
  }

  private void begin(String part) throws IOException {
    ZipEntry entry = new ZipEntry(part);
    entry.setTimeLocal(TIME);
    zip.putNextEntry(entry);
    partBytes = 0;
    write(DECLARATION);
  }

  private void end() throws IOException {
    text.flush();
    zip.closeEntry();
  }

  private void part(String name, CharSequence xml) throws IOException {
    begin(name);
    write(xml);
    end();
  }

  /**
   * Writes what the sheets need around them, and ends the ZIP file.
   *
   * @param title the document's title
   * @param created when it was made, RFC 3339
   */
  void end(String title, String created) throws IOException {
    part("xl/styles.xml", styles());
    part("xl/workbook.xml", workbook());
    part("xl/_rels/workbook.xml.rels", workbookRelations());
    part("docProps/core.xml", properties(title, created));
    part(
        "_rels/.rels",
        relations(
            relation("rId1", RELATIONS + "/officeDocument", "xl/workbook.xml"),
            relation(
                "rId2", PACKAGE_RELATIONS + "/metadata/core-properties", "docProps/core.xml")));
    part("[Content_Types].xml", contentTypes());
    zip.finish();
    zip.flush();
  }

  private static String styles() {
    // Format 49 is "@": what is typed into the cell stays a text.
    return """
    <styleSheet xmlns="%s"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
    <font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
    <fills count="2"><fill><patternFill patternType="none"/></fill>\
    <fill><patternFill patternType="gray125"/></fill></fills>\
    <borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
    <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
    <cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
    <xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
    <xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>\
    <xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">\
    <alignment vertical="top" wrapText="1"/></xf></cellXfs>\
    <cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>\
    """
        .formatted(MAIN);
  }

  private String workbook() {
    StringBuilder xml = new StringBuilder();
    xml.append("<workbook xmlns=\"").append(MAIN).append("\" xmlns:r=\"").append(RELATIONS);
    xml.append("\"><bookViews><workbookView/></bookViews><sheets>");
    for (int number = 1; number <= sheets.size(); number++) {
      xml.append("<sheet name=\"");
      XlsxText.append(xml, sheets.get(number - 1));
      xml.append("\" sheetId=\"").append(number).append("\" r:id=\"rId").append(number);
      xml.append("\"/>");
    }
    return xml.append("</sheets></workbook>").toString();
  }

  private String workbookRelations() {
    List<String> relations = new ArrayList<>();
    for (int number = 1; number <= sheets.size(); number++) {
      relations.add(
          relation("rId" + number, RELATIONS + "/worksheet", "worksheets/sheet" + number + ".xml"));
    }
    relations.add(relation("rId" + (sheets.size() + 1), RELATIONS + "/styles", "styles.xml"));
    return relations(relations.toArray(String[]::new));
  }

  private static String relations(String... relations) {
    return "<Relationships xmlns=\""
        + PACKAGE_RELATIONS
        + "\">"
        + String.join("", relations)
        + "</Relationships>";
  }

  private static String relation(String id, String type, String target) {
    return "<Relationship Id=\"%s\" Type=\"%s\" Target=\"%s\"/>".formatted(id, type, target);
  }

  private static String properties(String title, String created) {
    StringBuilder xml = new StringBuilder();
    xml.append(
        """
        <cp:coreProperties \
        xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
        xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" \
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>\
        """);
    XlsxText.append(xml, title);
    xml.append("</dc:title><dc:creator>Indelible</dc:creator>");
    xml.append("<dcterms:created xsi:type=\"dcterms:W3CDTF\">").append(created);
    return xml.append("</dcterms:created></cp:coreProperties>").toString();
  }

  private String contentTypes() {
    StringBuilder xml = new StringBuilder();
    xml.append(
        """
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
        <Default Extension="rels" \
        ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
        """);
    type(xml, "/xl/workbook.xml", SPREADSHEET + "sheet.main+xml");
    type(xml, "/xl/styles.xml", SPREADSHEET + "styles+xml");
    type(xml, "/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml");
    for (int number = 1; number <= sheets.size(); number++) {
      type(xml, "/xl/worksheets/sheet" + number + ".xml", SPREADSHEET + "worksheet+xml");
    }
    return xml.append("</Types>").toString();
  }

  private static void type(StringBuilder xml, String part, String type) {
    xml.append("<Override PartName=\"").append(part).append("\" ContentType=\"").append(type);
    xml.append("\"/>");
  }

  /** Closes the stream beneath. */
  @Override
  public void close() throws IOException {
    zip.close();
  }
}
