package dev.indelible.server.evidence.pack;

import dev.indelible.server.print.Layout;
import dev.indelible.server.print.PrintedDocument;
import dev.indelible.server.takeout.file.NameCounts;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** The summary of a pack for people, PDF: counts and words, and no entry. */
final class PackSummary {

  private PackSummary() {}

  static byte[] toBytes(PackHead head, PackWords words, List<PackSection> sections, long entries)
      throws IOException {
    PackTemplate template = head.template();
    Locale language = words.language();
    Layout layout =
        new Layout(
            language,
            words.of("page"),
            words.of("of"),
            words.of("too_much"),
            false,
            PrintedDocument.MAX_LINES);
    String title = words.of("title", template.title().in(language), head.tenantName());
    try (PrintedDocument document = new PrintedDocument(title, head.asOf(), layout)) {
      document.paragraph(template.about().in(language));
      for (PackFacts.Fact fact : PackFacts.of(head, words, entries)) {
        document.field(fact.name(), fact.value());
      }
      document.heading(words.of("sections"));
      document.counts(
          words.of("section"),
          words.of("entries"),
          sections.stream()
              .map(
                  section ->
                      new PrintedDocument.Count(
                          section.section().title().in(language), section.entries()))
              .toList());
      sections.forEach(section -> section(document, words, section));
      if (!template.controls().isEmpty()) {
        document.heading(words.of("controls"));
        document.paragraph(words.of("controls.own"));
        template
            .controls()
            .forEach(control -> document.field(control.id(), control.words().in(language)));
      }
      if (!template.notShown().isEmpty()) {
        document.heading(words.of("not_shown"));
        template
            .notShown()
            .forEach(
                one ->
                    document.field(
                        one.controls().isEmpty()
                            ? words.of("not_shown.general")
                            : String.join(", ", one.controls()),
                        one.words().in(language)));
      }
      document.heading(words.of("verify"));
      document.paragraph(words.of("verify.text", head.origin()));
      document.paragraph(words.of("verify.bounds"));
      document.small(head.checkpoint());
      return document.toBytes();
    }
  }

  private static void section(PrintedDocument document, PackWords words, PackSection section) {
    PackTemplate.Section of = section.section();
    document.heading(of.title().in(words.language()));
    document.paragraph(of.shows().in(words.language()));
    if (!of.controls().isEmpty()) {
      document.field(words.of("controls"), String.join(", ", of.controls()));
    }
    switch (section) {
      case SectionFiles files -> entries(document, words, files);
      case AccessFiles access -> AccessSummary.write(document, words, access);
    }
  }

  private static void entries(PrintedDocument document, PackWords words, SectionFiles section) {
    document.field(words.of("query"), section.section().query());
    document.field(words.of("entries"), words.number(section.entries()));
    if (section.entries() == 0) {
      document.paragraph(words.of("section.none"));
      return;
    }
    document.field(words.of("failures"), words.number(section.failures()));
    counts(document, words, "actions", section.actions());
    counts(document, words, "actors", section.actors());
  }

  private static void counts(
      PrintedDocument document, PackWords words, String name, NameCounts counts) {
    document.counts(
        words.of(name),
        words.of("entries"),
        counts.top(SectionFiles.TOP).stream()
            .map(top -> new PrintedDocument.Count(top.name(), top.entries()))
            .toList());
    long more = counts.names() - (long) SectionFiles.TOP;
    if (more > 0 || counts.others() > 0) {
      document.paragraph(words.of("counts.more", words.number(SectionFiles.TOP)));
    }
  }
}
