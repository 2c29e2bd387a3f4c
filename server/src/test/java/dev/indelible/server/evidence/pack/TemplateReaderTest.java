package dev.indelible.server.evidence.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Templates: those that come with the program, and what is said of those that are none. */
class TemplateReaderTest {

  private static final String SMALL =
      """
      template: small
      title: Small
      about: {en: About, de: Über}
      controls:
        - {id: CC6.1, words: Only those who are known come in.}
      sections:
        - id: all
          title: All
          shows: Everything.
          query: verb:login
          controls: [CC6.1]
      """;

  private static void refused(String yaml, String message) {
    assertThatThrownBy(() -> TemplateReader.read("x.yaml", yaml))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("x.yaml")
        .hasMessageContaining(message);
  }

  @Test
  void thoseOfTheProgramAreInBothLanguagesAndSayWhatTheyCannotShow() throws Exception {
    List<PackTemplate> all = PackTemplates.open(null).all("acme");
    assertThat(all).extracting(PackTemplate::id).isEqualTo(PackTemplates.BUILT_IN);
    for (PackTemplate template : all) {
      assertThat(template.notShown()).as(template.id()).isNotEmpty();
      assertThat(template.title().texts()).as(template.id()).containsOnlyKeys("en", "de");
      for (PackTemplate.Section section : template.sections()) {
        assertThat(section.title().texts()).as(section.id()).containsOnlyKeys("en", "de");
        assertThat(section.shows().texts()).as(section.id()).containsOnlyKeys("en", "de");
      }
      template
          .controls()
          .forEach(control -> assertThat(control.words().texts()).as(control.id()).hasSize(2));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "soc2, CC6|CC7|CC8",
    "iso27001, A.5.15|A.5.18|A.5.28|A.5.33|A.8.2|A.8.15|A.8.16|A.8.32",
    "cyber_essentials, user_access_control|secure_configuration"
  })
  void frameworksHaveTheDemandsThatAnAuditLogSpeaksTo(String id, String wanted) throws Exception {
    PackTemplate template = PackTemplates.open(null).find("acme", id).orElseThrow();
    List<String> spoken =
        template.sections().stream().flatMap(section -> section.controls().stream()).toList();
    for (String control : wanted.split(Pattern.quote("|"), -1)) {
      assertThat(spoken).as(control).anyMatch(found -> found.startsWith(control));
    }
  }

  @Test
  void aTextThatIsNotThereInALanguageIsInEnglish() throws Exception {
    PackTemplate template = TemplateReader.read("small.yaml", SMALL);
    assertThat(template.title().in(Locale.GERMAN)).isEqualTo("Small");
    assertThat(template.about().in(Locale.GERMAN)).isEqualTo("Über");
    assertThat(template.query()).isEqualTo("(verb:login)");
    assertThat(template.source()).isEqualTo(SMALL);
  }

  @Test
  void whatIsWrongIsToldWithItsLineAndTheChoices() {
    refused(
        SMALL.replace("[CC6.1]", "[CC9.9]"),
        "line 11: there is no control CC9.9 here; there are CC6.1");
    refused(SMALL.replace("query: verb:login", "query: verb:fly"), "line 10: column");
    refused(SMALL.replace("shows:", "show:"), "\"show\" is not known here; known are id, title");
    refused(SMALL.replace("verb:login", "after:-7d"), "no times that count from now");
    refused(SMALL.replace("  - id: all", "  - id: All"), "lower-case");
    refused(SMALL.replace("{en: About, de: Über}", "{de: Über}"), "\"en\" is missing");
    refused(SMALL.replace("{en: About,", "{fr: Sur,"), "known are en, de");
    refused(SMALL.replace("title: Small\n", ""), "\"title\" is missing");
    refused(SMALL.substring(0, SMALL.indexOf("sections:")), "\"sections\" is missing");
    refused(SMALL + SMALL.substring(SMALL.indexOf("  - id: all")), "occurs twice");
    refused("a: [", "is not YAML");
  }

  @Test
  void limitsAreHeld() {
    refused(
        SMALL.replace("Everything.", "x".repeat(PackTemplate.MAX_TEXT_LENGTH + 1)),
        "there may be " + PackTemplate.MAX_TEXT_LENGTH);
    refused(
        SMALL + "#".repeat(PackTemplate.MAX_CHARACTERS),
        "a template may have " + PackTemplate.MAX_CHARACTERS);
    StringBuilder many = new StringBuilder(SMALL);
    for (int i = 0; i < PackTemplate.MAX_SECTIONS; i++) {
      many.append("  - {id: s%d, title: T, shows: S, query: 'verb:login'}\n".formatted(i));
    }
    refused(many.toString(), "there may be " + PackTemplate.MAX_SECTIONS);
    StringBuilder controls = new StringBuilder("controls:\n");
    for (int i = 0; i <= PackTemplate.MAX_CONTROLS; i++) {
      controls.append("  - {id: c%d, words: W}\n".formatted(i));
    }
    refused(
        SMALL.replaceFirst("controls:\n", controls.toString()),
        "there may be " + PackTemplate.MAX_CONTROLS);
  }

  @Test
  void aFolderHasTemplatesOfEverybodyAndOfSingleTenants(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("small.yaml"), SMALL);
    Files.writeString(folder.resolve("notes.txt"), "no template");
    Files.createDirectory(folder.resolve("acme"));
    Files.writeString(
        folder.resolve("acme").resolve("own.yaml"),
        SMALL.replace("template: small", "template: own"));
    Files.writeString(
        folder.resolve("acme").resolve("soc.yaml"),
        SMALL.replace("template: small", "template: soc2"));
    PackTemplates templates = PackTemplates.open(folder);
    assertThat(templates.find("acme", "own")).isPresent();
    assertThat(templates.find("other", "own")).isEmpty();
    assertThat(templates.find("other", "small")).isPresent();
    assertThat(templates.find("acme", "soc2").orElseThrow().sections()).hasSize(1);
    assertThat(templates.find("other", "soc2").orElseThrow().sections()).hasSizeGreaterThan(1);
    Files.writeString(folder.resolve("twice.yaml"), SMALL);
    assertThatThrownBy(() -> PackTemplates.open(folder))
        .hasMessageContaining("another file has the template small");
    Files.writeString(folder.resolve("twice.yaml"), "template: 1");
    assertThatThrownBy(() -> PackTemplates.open(folder)).hasMessageContaining("twice.yaml line 1");
  }

  @Test
  void anAccessReviewIsASectionWithoutAQueryAndMayHaveTheWholeLogAsProof() throws Exception {
    String review = "  - {id: who, title: Who, shows: Everybody., access_review: true}\n";
    PackTemplate template = TemplateReader.read("x.yaml", SMALL + review + "proofs: log\n");
    assertThat(template.hasAccessReview()).isTrue();
    assertThat(template.hasWholeLog()).isTrue();
    assertThat(template.query()).isEqualTo("(verb:login)");
    assertThat(TemplateReader.read("x.yaml", SMALL + review).hasWholeLog()).isFalse();
    refused(SMALL + review + review.replace("id: who", "id: two"), "one access review");
    refused(SMALL + review.replace("true", "false"), "is true, or left out");
    refused(SMALL + review.replace("true", "true, query: a"), "has no query");
    refused(SMALL + "proofs: log\n", "there is none");
    refused(SMALL + review + "proofs: all\n", "entries, log");
  }
}
