package dev.indelible.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A Javadoc's first sentence defines the thing: a noun phrase, or a verb in the third person. One
 * that begins with "What", "That" or "Whom" leaves the definition to the reader.
 */
class JavadocOpeningsTest {

  private static final Pattern JAVADOC = Pattern.compile("/\\*\\*[\\s*]*(.*?)\\*/", Pattern.DOTALL);

  private static final Pattern NO_DEFINITION =
      Pattern.compile(
          "(What|Whatever|That|Who|Whom|Whose|Whoever|Where|Which|When|Why|As|It|Its|They|There"
              + "|Somebody|Something|Looks|The same|So many|So much|From now)\\b");

  private static final int FEWEST_JAVADOCS = 2_000;

  /** Comments of a source whose first sentence is no definition, each with its line. */
  private static List<String> found(String name, String source) {
    List<String> found = new ArrayList<>();
    Matcher javadoc = JAVADOC.matcher(source);
    while (javadoc.find()) {
      String text = javadoc.group(1);
      if (NO_DEFINITION.matcher(text).lookingAt()) {
        long line = source.substring(0, javadoc.start(1)).lines().count();
        found.add(name + ":" + line + ": " + text.lines().findFirst().orElse("").strip());
      }
    }
    return found;
  }

  @Test
  void aFirstSentenceDefinesWhatItStandsOver() throws IOException {
    List<String> found = new ArrayList<>();
    long javadocs = 0;
    for (Path file : SourceFiles.ofTheProgram()) {
      String source = Files.readString(file);
      javadocs += JAVADOC.matcher(source).results().count();
      found.addAll(found(SourceFiles.name(file), source));
    }
    assertThat(found).as("first sentences that define nothing").isEmpty();
    assertThat(javadocs).isGreaterThan(FEWEST_JAVADOCS);
  }

  @Test
  void theRuleFindsEachOpeningThatDefinesNothing() {
    for (String planted :
        List.of(
            "/** What it works with. */",
            "  /** That the tenant is closed, if it is. */",
            "/** Whom a session is of. */",
            "/** The same for an export. */",
            "/** So many are read in two threads. */",
            "/**\n * Who signed a note.\n *\n * @param keys the keys\n */")) {
      assertThat(found("A.java", "class A {\n" + planted + "\nint a;\n}")).as(planted).hasSize(1);
    }
    assertThat(found("A.java", "\n\n/** What it is. */")).containsExactly("A.java:3: What it is.");
    assertThat(found("A.java", "/** Whether it holds. */ /** The tenant's closure. */")).isEmpty();
    assertThat(found("A.java", "/** Wakes those who wait. What is new is read. */")).isEmpty();
    assertThat(found("A.java", "/** Itself: asynchronous. */ /* What it is. */")).isEmpty();
  }
}
