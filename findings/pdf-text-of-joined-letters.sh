#!/usr/bin/env bash
# openhtmltopdf 1.1.65 (on Apache PDFBox 3.0.7), printing Hindi with Noto Sans Devanagari (npm
# @expo-google-fonts/noto-sans-devanagari 0.4.1) as PDF/UA.
#
# Behaviour: the page shows joined letters as it should, and the text that is extracted from the same
# file lacks them, without a warning: श्रीवास्तव comes back as " ीवा तव", क्षत्रिय as " ि य". The map from
# glyphs to text has entries for glyphs of single characters alone, and a tagged document gets no
# ActualText for the others. A document that was asked to be accessible (PDF/UA wants every glyph to have
# its characters) reads half of a name aloud, and a search for the name finds nothing.
#
# Why one would guess otherwise: joining is the hard part and works, and a Latin or Chinese test passes.
# The way out: one <abbr title="the word"> for each word. Its title becomes the structure element's expanded
# form (E), which can be turned into ActualText afterwards.
#
# Ends with 0 while this is so, with 1 when it has changed, with 2 when it could not be tried.
set -u

command -v mvn >/dev/null && command -v java >/dev/null && command -v npm >/dev/null ||
  { echo "needs mvn, java and npm" >&2; exit 2; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2

cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.github.openhtmltopdf</groupId><artifactId>openhtmltopdf-pdfbox</artifactId><version>1.1.65</version></dependency>
    <dependency><groupId>org.apache.pdfbox</groupId><artifactId>pdfbox</artifactId><version>3.0.7</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >mvn.log 2>&1 || { cat mvn.log >&2; exit 2; }
npm pack --silent @expo-google-fonts/noto-sans-devanagari@0.4.1 >npm.log 2>&1 && tar xzf ./*.tgz ||
  { cat npm.log >&2; exit 2; }

cat > Extract.java <<'JAVA'
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.util.XRLog;
import java.io.ByteArrayOutputStream;
import java.io.File;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;

class Extract {
  public static void main(String[] args) throws Exception {
    XRLog.setLoggingEnabled(false);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    PdfRendererBuilder builder = new PdfRendererBuilder();
    builder.useFont(new File(args[0]), "Hindi");
    builder.usePdfUaAccessibility(true);
    builder.withHtmlContent(
        "<html lang='hi'><head><title>t</title><meta name='description' content='t'/>"
            + "<style>body { font-family: Hindi }</style></head><body><p>" + args[1] + "</p></body></html>",
        "");
    builder.toStream(file);
    builder.run();
    try (PDDocument document = Loader.loadPDF(file.toByteArray())) {
      System.out.print(new PDFTextStripper().getText(document).replaceAll("\\s+", ""));
    }
  }
}
JAVA

# LC_ALL only decides how the arguments are read; the file is the same.
extract() { LC_ALL=C.UTF-8 java -Dstdout.encoding=UTF-8 -cp 'lib/*' Extract.java package/400Regular/NotoSansDevanagari_400Regular.ttf "$1" 2>java.log; }

joined=$(extract 'श्रीवास्तव') || { cat java.log >&2; exit 2; }
single=$(extract 'दीपक') || { cat java.log >&2; exit 2; }
echo "written श्रीवास्तव, extracted $joined; written दीपक, extracted $single"
[ "$joined" = 'ीवातव' ] && [ "$single" = 'दीपक' ] && exit 0
echo "this has changed" >&2
exit 1
