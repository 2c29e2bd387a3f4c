package dev.indelible.server.print;

import java.io.IOException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.contentstream.operator.OperatorName;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdfparser.PDFStreamParser;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDStructureElement;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDStructureNode;

/**
 * Replacement texts of words whose glyphs no longer are their characters (ISO 32000-1, 14.9.4): by
 * them they are read aloud, searched and copied. The words come as the expanded form of {@code
 * abbr} elements, the one attribute of texts that the library takes over.
 */
final class ActualTexts {

  private static final COSName ACTUAL_TEXT = COSName.getPDFName("ActualText");

  /** Texts of each page's marked content, by its id. */
  private final IdentityHashMap<COSDictionary, Map<Integer, String>> texts =
      new IdentityHashMap<>();

  private ActualTexts() {}

  /** Turns expanded forms into replacement texts, of the elements and of what they mark. */
  static void set(PDDocument document) throws IOException {
    PDStructureNode root = document.getDocumentCatalog().getStructureTreeRoot();
    if (root == null) {
      return;
    }
    ActualTexts texts = new ActualTexts();
    texts.walk(root);
    if (!texts.texts.isEmpty()) {
      for (PDPage page : document.getPages()) {
        texts.mark(document, page);
      }
    }
  }

  private void walk(PDStructureNode node) {
    if (node instanceof PDStructureElement element && element.getExpandedForm() != null) {
      replace(element);
    }
    for (Object kid : node.getKids()) {
      if (kid instanceof PDStructureNode inner) {
        walk(inner);
      }
    }
  }

  private void replace(PDStructureElement element) {
    String text = element.getExpandedForm();
    element.getCOSObject().removeItem(COSName.E);
    element.setActualText(text);
    PDPage page = element.getPage();
    for (Object kid : element.getKids()) {
      if (page != null && kid instanceof Integer id) {
        texts.computeIfAbsent(page.getCOSObject(), _ -> new HashMap<>()).put(id, text);
        // A word that is broken into lines is said once.
        text = "";
      }
    }
  }

  private void mark(PDDocument document, PDPage page) throws IOException {
    Map<Integer, String> marked = texts.get(page.getCOSObject());
    if (marked == null) {
      return;
    }
    List<Object> tokens = new PDFStreamParser(page).parse();
    for (int i = 1; i < tokens.size(); i++) {
      if (tokens.get(i) instanceof Operator operator
          && operator.getName().equals(OperatorName.BEGIN_MARKED_CONTENT_SEQ)
          && tokens.get(i - 1) instanceof COSDictionary properties) {
        String text = marked.get(properties.getInt(COSName.MCID));
        if (text != null) {
          properties.setString(ACTUAL_TEXT, text);
        }
      }
    }
    Artifacts.replace(document, page, tokens);
  }
}
