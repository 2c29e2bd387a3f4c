#!/usr/bin/env bash
# Apache PDFBox 3.0.7, writing Chinese text with an embedded, subset TrueType font (Noto Sans SC, from
# ph-fonts-noto-sans-sc 6.1.0).
#
# Behaviour: the page shows the characters that were written, and the text that is extracted (searched,
# copied) from the same file holds other characters for some of them: 山 (U+5C71) comes back as the radical
# ⼭ (U+2F2D), 一 (U+4E00) as ⼀ (U+2F00), 大 (U+5927) as ⼤ (U+2F24). The map from glyphs to text that PDFBox
# writes names, for a glyph that two characters share, the first of the two in the font's own table, not the
# one that was written. Seen: written "山田一大", extracted "⼭⽥⼀⼤"; characters that share no glyph
# (字, 海) come back as they were.
#
# Why one would guess otherwise: extracting the text of one's own file looks like the identity, a Latin test
# passes, and the two characters look the same in print. A search for a person's name in a printed record then
# finds nothing, and a copied name is another one.
#
# Ends with 0 while this is so, with 1 when it has changed, with 2 when it could not be tried.
set -u

command -v mvn >/dev/null && command -v java >/dev/null || { echo "needs mvn and java" >&2; exit 2; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2

cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.pdfbox</groupId><artifactId>pdfbox</artifactId><version>3.0.7</version></dependency>
    <dependency><groupId>com.helger.font</groupId><artifactId>ph-fonts-noto-sans-sc</artifactId><version>6.1.0</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >mvn.log 2>&1 || { cat mvn.log >&2; exit 2; }

cat > Extract.java <<'JAVA'
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.text.PDFTextStripper;

class Extract {
  public static void main(String[] args) throws Exception {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ZipFile fonts = new ZipFile(args[0]); PDDocument document = new PDDocument()) {
      ZipEntry regular =
          fonts.stream()
              .filter(entry -> entry.getName().endsWith("NotoSansSC-Regular.ttf"))
              .findFirst()
              .orElseThrow();
      try (InputStream in = fonts.getInputStream(regular)) {
        PDType0Font font = PDType0Font.load(document, in, true);
        PDPage page = new PDPage();
        document.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
          content.beginText();
          content.setFont(font, 20);
          content.newLineAtOffset(50, 700);
          content.showText(args[1]);
          content.endText();
        }
        document.save(file);
      }
    }
    try (PDDocument document = Loader.loadPDF(file.toByteArray())) {
      System.out.print(new PDFTextStripper().getText(document).strip());
    }
  }
}
JAVA

# LC_ALL only decides how the arguments are read; the file is the same.
extract() { LC_ALL=C.UTF-8 java -Dstdout.encoding=UTF-8 -cp 'lib/*' Extract.java lib/ph-fonts-noto-sans-sc-6.1.0.jar "$1" 2>java.log; }

shared=$(extract '山田一大') || { cat java.log >&2; exit 2; }
alone=$(extract '字海') || { cat java.log >&2; exit 2; }
echo "written 山田一大, extracted $shared; written 字海, extracted $alone"
[ "$shared" = '⼭⽥⼀⼤' ] && [ "$alone" = '字海' ] && exit 0
echo "this has changed" >&2
exit 1
