package dev.indelible.server.print;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.contentstream.operator.OperatorName;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.pdfparser.PDFStreamParser;
import org.apache.pdfbox.pdfwriter.ContentStreamWriter;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDStream;

/**
 * Artifacts of a page (ISO 32000-1, 14.8.2.2): lines and backgrounds, which are not read aloud.
 *
 * <p>The library marks one for each box, most of them empty, and describes each by an object of its
 * own: half of a long table's memory. Here the empty ones go, and the others lose their
 * descriptions, which nobody needs.
 */
final class Artifacts {

  /** Tokens of {@code /Artifact /Prop1 BDC}. */
  private static final int BEGIN = 3;

  private Artifacts() {}

  /** Simplifies the artifacts of a page that is complete. */
  static void simplify(PDDocument document, PDPage page) throws IOException {
    List<Object> kept = simplified(new PDFStreamParser(page).parse());
    page.getResources().getCOSObject().removeItem(COSName.PROPERTIES);
    replace(document, page, kept);
  }

  private static List<Object> simplified(List<Object> tokens) {
    List<Object> kept = new ArrayList<>(tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      if (!beginsArtifact(tokens, i)) {
        kept.add(tokens.get(i));
      } else if (isOperator(tokens, i + BEGIN, OperatorName.END_MARKED_CONTENT)) {
        i += BEGIN;
      } else {
        kept.add(COSName.ARTIFACT);
        kept.add(Operator.getOperator(OperatorName.BEGIN_MARKED_CONTENT));
        i += BEGIN - 1;
      }
    }
    return kept;
  }

  private static boolean beginsArtifact(List<Object> tokens, int at) {
    return COSName.ARTIFACT.equals(tokens.get(at))
        && isOperator(tokens, at + BEGIN - 1, OperatorName.BEGIN_MARKED_CONTENT_SEQ);
  }

  private static boolean isOperator(List<Object> tokens, int at, String name) {
    return at < tokens.size()
        && tokens.get(at) instanceof Operator operator
        && operator.getName().equals(name);
  }

  /** Gives a page other contents. */
  static void replace(PDDocument document, PDPage page, List<Object> tokens) throws IOException {
    PDStream contents = new PDStream(document);
    try (OutputStream out = contents.createOutputStream(COSName.FLATE_DECODE)) {
      new ContentStreamWriter(out).writeTokens(tokens);
    }
    if (page.getCOSObject().getDictionaryObject(COSName.CONTENTS) instanceof COSStream before) {
      before.close();
    }
    page.setContents(contents);
  }
}
