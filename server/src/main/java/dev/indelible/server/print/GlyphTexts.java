package dev.indelible.server.print;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.pdmodel.font.PDFont;

/**
 * The map of an embedded font from its glyphs to text, by which readers search and copy (ISO
 * 32000-1, 9.10.3).
 *
 * <p>Characters can share a glyph: 山 has that of the radical ⼭. The library then names the first of
 * the two, whichever was printed; here it becomes the one that was.
 */
final class GlyphTexts {

  /** First code, last code, and the text of the first in UTF-16. */
  private static final Pattern RANGE =
      Pattern.compile("<([0-9A-F]{4})> <([0-9A-F]{4})> <([0-9A-F]{4,})>");

  private static final Pattern FIRST_RANGES = Pattern.compile("\\d+ beginbfrange");
  private static final String END = "endcmap";

  /** The most mappings of one block. */
  private static final int MAX_BLOCK = 100;

  private GlyphTexts() {}

  /** Names the characters that were printed in the map of a font that was cut to its glyphs. */
  static void correct(PDFont font, Collection<String> printed) throws IOException {
    COSStream map = font.getCOSObject().getCOSStream(COSName.TO_UNICODE);
    String text = map.toTextString();
    Matcher first = FIRST_RANGES.matcher(text);
    int end = text.indexOf(END);
    if (!first.find() || end < 0) {
      throw new IOException("the map from glyphs to text has no ranges");
    }
    Map<Integer, String> texts = texts(text);
    for (String character : printed) {
      try {
        texts.replace(code(font.encode(character)), utf16(character));
      } catch (IllegalArgumentException _) {
        // Printed in another font.
      }
    }
    String corrected = text.substring(0, first.start()) + blocks(texts) + text.substring(end);
    try (OutputStream out = map.createOutputStream(COSName.FLATE_DECODE)) {
      out.write(corrected.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static Map<Integer, String> texts(String map) {
    Map<Integer, String> texts = new TreeMap<>();
    Matcher range = RANGE.matcher(map);
    while (range.find()) {
      int from = Integer.parseInt(range.group(1), 16);
      int to = Integer.parseInt(range.group(2), 16);
      String text = range.group(3);
      String before = text.substring(0, text.length() - 4);
      int last = Integer.parseInt(text.substring(text.length() - 4), 16);
      for (int code = from; code <= to; code++) {
        texts.put(code, before + hex(last + code - from));
      }
    }
    return texts;
  }

  private static String blocks(Map<Integer, String> texts) {
    StringBuilder result = new StringBuilder();
    Iterator<Map.Entry<Integer, String>> rest = texts.entrySet().iterator();
    for (int left = texts.size(); left > 0; left -= MAX_BLOCK) {
      int size = Math.min(left, MAX_BLOCK);
      result.append(size).append(" beginbfchar\n");
      for (int i = 0; i < size; i++) {
        Map.Entry<Integer, String> next = rest.next();
        result.append('<').append(hex(next.getKey())).append("> <");
        result.append(next.getValue()).append(">\n");
      }
      result.append("endbfchar\n\n");
    }
    return result.toString();
  }

  private static int code(byte[] bytes) {
    return (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
  }

  private static String utf16(String text) {
    StringBuilder result = new StringBuilder();
    text.chars().forEach(unit -> result.append(hex(unit)));
    return result.toString();
  }

  private static String hex(int unit) {
    return String.format(Locale.ROOT, "%04X", unit);
  }
}
