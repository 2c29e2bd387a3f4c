package dev.indelible.server.print;

import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.pdfboxout.PDFontSupplier;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.fontbox.ttf.gsub.GsubWorkerFactory;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.jspecify.annotations.Nullable;

/**
 * The fonts of one document. Each is read when the first character needs it, and only the glyphs
 * that are used get into the document. Not thread-safe.
 */
final class Fonts {

  /** A font file, and the family of {@code document.css} that it belongs to. */
  private enum Face {
    TEXT("Text", 400, "Kurinto/KurintoSans-Rg.ttf"),
    BOLD("Text", 700, "Kurinto/KurintoSans-Bd.ttf"),
    DEVANAGARI("Devanagari", 400, "NotoSansDevanagari/NotoSansDevanagari-Regular.ttf"),
    HAN("Han", 400, "NotoSansSC/NotoSansSC-Regular.ttf");

    private final String family;
    private final int weight;
    private final String file;

    Face(String family, int weight, String file) {
      this.family = family;
      this.weight = weight;
      this.file = file;
    }
  }

  /**
   * A character as it is printed.
   *
   * @param text itself, or its number where no font has it
   * @param width its advance, in thousandths of the font's size
   */
  private record Glyphs(String text, float width) {}

  private final PDDocument document;
  private final Map<Face, PDFont> loaded = new EnumMap<>(Face.class);
  private @Nullable TrueTypeFont devanagari;
  private final Map<Integer, Glyphs> glyphs = new HashMap<>();

  /** Those that have a glyph of the texts seen so far; every document has a title in bold. */
  private final Set<Face> used = EnumSet.of(Face.TEXT, Face.BOLD);

  Fonts(PDDocument document) {
    this.document = document;
  }

  /**
   * Returns a text with every character that no font has written as its number, for example {@code
   * U+1F600}.
   */
  String printable(String text) {
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints().forEach(character -> result.append(glyphs(character).text()));
    return result.toString();
  }

  /** Returns the length of a printable text in one line, in ems. */
  double width(String printable) {
    return printable.codePoints().mapToDouble(character -> glyphs(character).width()).sum() / 1000;
  }

  /**
   * Returns how much shorter a word in Devanagari is, in ems, than {@link #width} says: the library
   * prints it joined, and makes room for its letters one by one.
   */
  double surplus(String word) {
    widthIn(Face.DEVANAGARI, word);
    TrueTypeFont font = devanagari;
    if (font == null) {
      throw new IllegalStateException("the font was not loaded");
    }
    try {
      CmapLookup characters = font.getUnicodeCmapLookup();
      List<Integer> letters = word.codePoints().mapToObj(characters::getGlyphId).toList();
      List<Integer> joined =
          new GsubWorkerFactory()
              .getGsubWorker(characters, font.getGsubData())
              .applyTransforms(letters);
      return (double) (advance(font, letters) - advance(font, joined)) / font.getUnitsPerEm();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long advance(TrueTypeFont font, List<Integer> glyphs) throws IOException {
    long units = 0;
    for (int glyph : glyphs) {
      units += font.getAdvanceWidth(glyph);
    }
    return units;
  }

  /** Hands a renderer the fonts that the texts seen so far need. */
  void addTo(PdfRendererBuilder builder) {
    for (Face face : used) {
      PDFontSupplier font = new PDFontSupplier(font(face));
      builder.useFont(font, face.family, face.weight, FontStyle.NORMAL, true);
    }
  }

  /** Corrects what readers search and copy; after the document was written once. */
  void nameGlyphs() throws IOException {
    List<String> printed =
        glyphs.entrySet().stream()
            .filter(entry -> entry.getValue().text().codePointAt(0) == entry.getKey())
            .map(entry -> entry.getValue().text())
            .sorted()
            .toList();
    for (Face face : used) {
      GlyphTexts.correct(font(face), printed);
    }
  }

  private Glyphs glyphs(int character) {
    return glyphs.computeIfAbsent(character, this::find);
  }

  private Glyphs find(int character) {
    if (Character.isWhitespace(character)) {
      return new Glyphs(" ", widthIn(Face.TEXT, " "));
    }
    String itself = Character.toString(character);
    if (!Character.isISOControl(character) && !changesDirection(character)) {
      for (Face face : faces(character)) {
        float width = widthIn(face, itself);
        if (width >= 0) {
          used.add(face);
          return new Glyphs(itself, width);
        }
      }
    }
    String number = "U+%04X".formatted(character);
    return new Glyphs(number, widthIn(Face.TEXT, number));
  }

  /** Whether it would have characters around it shown in another order than they were recorded. */
  private static boolean changesDirection(int character) {
    return (character >= 0x202A && character <= 0x202E)
        || (character >= 0x2066 && character <= 0x2069);
  }

  /** The fonts to look for a character in, in this order. */
  private static List<Face> faces(int character) {
    // The font of most scripts has the letters of Devanagari and not how they are joined.
    return Character.UnicodeScript.of(character) == Character.UnicodeScript.DEVANAGARI
        ? List.of(Face.DEVANAGARI)
        : List.of(Face.TEXT, Face.DEVANAGARI, Face.HAN);
  }

  /** Returns the width of a text in a font, in thousandths of its size; -1 if it lacks a glyph. */
  private float widthIn(Face face, String text) {
    try {
      return font(face).getStringWidth(text);
    } catch (IllegalArgumentException e) {
      return -1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PDFont font(Face face) {
    return loaded.computeIfAbsent(face, this::load);
  }

  private PDFont load(Face face) {
    try (InputStream in = Fonts.class.getResourceAsStream(face.file)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks the font " + face.file);
      }
      TrueTypeFont font = new TTFParser().parse(new RandomAccessReadBuffer(in));
      document.registerTrueTypeFontForClosing(font);
      // Ligatures: costly to look for, and widths are those of single characters. Devanagari cannot
      // be read without them.
      font.setEnableGsub(face == Face.DEVANAGARI);
      if (face == Face.DEVANAGARI) {
        devanagari = font;
      }
      return PDType0Font.load(document, font, true);
    } catch (IOException e) {
      throw new UncheckedIOException("the font " + face.file + " cannot be read", e);
    }
  }
}
