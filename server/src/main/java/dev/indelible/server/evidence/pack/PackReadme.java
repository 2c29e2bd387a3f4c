package dev.indelible.server.evidence.pack;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** The file of a pack that is read first: what it is, what is in it, and how it is checked. */
final class PackReadme {

  private static final int WIDTH = 88;

  private final PackHead head;
  private final PackWords words;
  private final List<PackSection> sections;
  private final long entries;
  private final StringBuilder text = new StringBuilder();

  PackReadme(PackHead head, PackWords words, List<PackSection> sections, long entries) {
    this.entries = entries;
    this.head = head;
    this.words = words;
    this.sections = sections;
  }

  byte[] toBytes() {
    PackTemplate template = head.template();
    Locale language = words.language();
    heading(words.of("title", template.title().in(language), head.tenantName()), '=');
    paragraph(template.about().in(language), "");
    for (PackFacts.Fact fact : PackFacts.of(head, words, entries)) {
      paragraph("- " + fact.name() + ": " + fact.value(), "  ");
    }
    heading(words.of("sections"), '-');
    for (PackSection section : sections) {
      section(section, language);
    }
    if (!template.controls().isEmpty()) {
      heading(words.of("controls"), '-');
      paragraph(words.of("controls.own"), "");
      template
          .controls()
          .forEach(one -> paragraph("- " + one.id() + ": " + one.words().in(language), "  "));
    }
    if (!template.notShown().isEmpty()) {
      heading(words.of("not_shown"), '-');
      template
          .notShown()
          .forEach(
              one ->
                  paragraph(
                      "- "
                          + (one.controls().isEmpty()
                              ? ""
                              : String.join(", ", one.controls()) + ": ")
                          + one.words().in(language),
                      "  "));
    }
    heading(words.of("files"), '-');
    for (String file :
        List.of(
            "readme",
            "summary",
            "json",
            "template",
            "sections",
            "access",
            "oscal",
            "proofs",
            "log",
            "manifest")) {
      if (isThere(file)) {
        paragraph("- " + words.of("files." + file), "  ");
      }
    }
    heading(words.of("verify"), '-');
    paragraph(words.of("verify.text", head.origin()), "");
    paragraph(words.of("verify.bounds"), "");
    paragraph(words.of("again.text"), "");
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private boolean isThere(String file) {
    return switch (file) {
      case "access" -> head.template().hasAccessReview();
      case "proofs" -> !head.hasWholeLog();
      case "log" -> head.hasWholeLog();
      default -> true;
    };
  }

  private void section(PackSection section, Locale language) {
    PackTemplate.Section of = section.section();
    paragraph("- " + of.title().in(language) + ": " + count(section), "  ");
    paragraph("  " + of.shows().in(language), "  ");
    if (!of.controls().isEmpty()) {
      paragraph("  " + words.of("section.controls", String.join(", ", of.controls())), "  ");
    }
    String csv = PackSection.path(of, "csv");
    String json = PackSection.path(of, "json");
    switch (section) {
      case SectionFiles _ ->
          paragraph("  " + words.of("section.files", csv, json, of.query()), "  ");
      case AccessFiles access -> {
        paragraph("  " + access.review().completeness().words(), "  ");
        paragraph("  " + words.of("access.files", csv, json), "  ");
        paragraph(
            "  " + words.of(head.hasWholeLog() ? "access.proven" : "access.entries", json), "  ");
      }
    }
  }

  private String count(PackSection section) {
    return switch (section) {
      case SectionFiles files -> words.of("section.entries", words.number(files.entries()));
      case AccessFiles access ->
          words.of(
              "access.count",
              words.number(access.review().people().size()),
              words.number(access.review().grants()),
              words.number(access.review().leavers().size()));
    };
  }

  private void heading(String title, char line) {
    text.append(text.isEmpty() ? "" : "\n").append(title).append('\n');
    text.append(String.valueOf(line).repeat(Math.min(WIDTH, title.length()))).append("\n\n");
  }

  /** Breaks lines between words; the second and later ones begin with an indent. */
  private void paragraph(String line, String indent) {
    int column = 0;
    String lead = line.startsWith("  ") ? "  " : "";
    for (String word : line.strip().split(" ", -1)) {
      if (column == 0) {
        text.append(lead);
        column = lead.length();
      } else if (column + 1 + word.length() > WIDTH) {
        text.append('\n').append(indent);
        column = indent.length();
      } else {
        text.append(' ');
        column++;
      }
      text.append(word);
      column += word.length();
    }
    text.append(indent.isEmpty() ? "\n\n" : "\n");
  }
}
