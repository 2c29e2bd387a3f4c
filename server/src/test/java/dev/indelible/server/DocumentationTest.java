package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the links of the documents: what they point at is there. */
class DocumentationTest {

  private static final Path ROOT = Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");

  /** A file of tests of pages in a row of the coverage, and its tests in code spans. */
  private static final Pattern COVERED_BY_PAGES =
      Pattern.compile("\\[[\\w.-]+\\.test\\.ts\\]\\(([^)]+)\\)((?:,? `[^`]+`)+)");

  /** A test in a row of the coverage: its file, and its methods in code spans. */
  private static final Pattern COVERED =
      Pattern.compile("\\[\\w+\\]\\(([^)]+Test\\.java)\\)((?: `\\w+`,?)+)");

  @Test
  void everyRelativeLinkOfADocumentLeadsToAFile() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path document : documents()) {
      Matcher matcher = LINK.matcher(Files.readString(document));
      while (matcher.find()) {
        String target = matcher.group(1);
        if (target.contains("://") || target.startsWith("mailto:")) {
          continue;
        }
        links++;
        if (!Files.exists(document.resolveSibling(target))) {
          broken.add(ROOT.relativize(document) + " -> " + target);
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(30);
  }

  @Test
  void theLifeOfAnEventLinksEveryStop() throws IOException {
    String text = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
    int from = text.indexOf("## The life of an event");
    String life = text.substring(from, text.indexOf("\n## ", from + 1));
    for (int stop = 1; stop <= 11; stop++) {
      int begin = life.indexOf("\n" + stop + ". ");
      int end = life.indexOf("\n" + (stop + 1) + ". ");
      assertThat(begin).as("stop %d", stop).isPositive();
      assertThat(life.substring(begin, end < 0 ? life.length() : end)).contains("](", ".java)");
    }
  }

  @Test
  void theCoverageNamesTestsThatAreThere() throws IOException {
    Path coverage = ROOT.resolve("docs/coverage.md");
    List<String> wrong = new ArrayList<>();
    int named = 0;
    for (String row : Files.readAllLines(coverage)) {
      String[] cells = row.split(" \\| ", -1);
      if (cells.length != 4 || cells[3].startsWith("status")) {
        continue;
      }
      if (!cells[3].matches("(done|part|open).*")) {
        wrong.add("a status that is none: " + row);
      }
      Matcher test = COVERED.matcher(cells[2]);
      boolean any = false;
      while (test.find()) {
        any = true;
        named++;
        String source = Files.readString(coverage.resolveSibling(test.group(1)));
        for (String method : test.group(2).replaceAll("[`,]", " ").strip().split(" +", -1)) {
          if (!source.contains("void " + method + "(")) {
            wrong.add(test.group(1) + " has no test " + method);
          }
        }
      }
      Matcher ofPages = COVERED_BY_PAGES.matcher(cells[2]);
      while (ofPages.find()) {
        any = true;
        named++;
        String source = Files.readString(coverage.resolveSibling(ofPages.group(1)));
        for (String name : ofPages.group(2).replaceAll("^ `|`$", "").split("`, `", -1)) {
          if (!source.contains("it('" + name + "'")) {
            wrong.add(ofPages.group(1) + " has no test " + name);
          }
        }
      }
      if (!any && !cells[3].startsWith("open")) {
        wrong.add("nothing proves: " + row);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(named).isGreaterThan(100);
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("docs"));
        Stream<Path> top = Files.list(ROOT)) {
      return Stream.concat(files, top)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }
}
