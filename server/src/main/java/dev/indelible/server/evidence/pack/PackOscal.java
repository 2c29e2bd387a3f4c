package dev.indelible.server.evidence.pack;

import dev.indelible.server.json.Rfc3339;
import dev.indelible.verify.audit.PackVerifier;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A pack as assessment results of OSCAL 1.2, for programs that collect evidence: an observation for
 * each section, with the entries that show it. No finding: whether a demand is met is for whoever
 * assesses to say.
 *
 * <p>Source: NIST, OSCAL assessment results model, JSON schema 1.2.1.
 */
final class PackOscal {

  static final String VERSION = "1.2.1";

  /** The name under which this product's own properties stand. */
  private static final String NAMESPACE = "urn:indelible:pack";

  /** OSCAL's texts neither begin nor end with white space, and have one line. */
  private static final Pattern TEXT = Pattern.compile("\\S(.*\\S)?");

  private final PackHead head;
  private final PackWords words;
  private final Locale language;
  private final String pack;

  private PackOscal(PackHead head, PackWords words) {
    this.head = head;
    this.words = words;
    this.language = words.language();
    this.pack =
        String.join(
            "\n",
            head.origin(),
            head.root(),
            head.template().source(),
            Rfc3339.format(head.from()),
            Rfc3339.format(head.to()),
            String.join(",", head.accounts()),
            Boolean.toString(head.personal()),
            language.toLanguageTag());
  }

  static byte[] toBytes(PackHead head, PackWords words, List<PackSection> sections) {
    return new PackOscal(head, words).toBytes(sections);
  }

  private String uuid(String what) {
    return NamedUuid.of(pack, what);
  }

  private byte[] toBytes(List<PackSection> sections) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    ObjectNode results = document.putObject("assessment-results");
    results.put("uuid", uuid("assessment-results"));
    ObjectNode metadata = results.putObject("metadata");
    metadata.put("title", title());
    metadata.put("last-modified", Rfc3339.format(head.asOf()));
    metadata.put("version", Long.toString(head.position())).put("oscal-version", VERSION);
    results.putObject("import-ap").put("href", "#" + uuid("template"));
    ObjectNode result = results.putArray("results").addObject();
    result.put("uuid", uuid("result")).put("title", title());
    result.put("description", head.template().about().in(language));
    result.put("start", Rfc3339.format(head.from())).put("end", Rfc3339.format(head.to()));
    ArrayNode props = result.putArray("props");
    property(props, "log-origin", head.origin());
    property(props, "log-size", Long.toString(head.position()));
    property(props, "log-root", head.root());
    reviewedControls(result.putObject("reviewed-controls"));
    ArrayNode observations = result.putArray("observations");
    sections.forEach(section -> observation(observations.addObject(), section));
    result.put("remarks", remarks());
    backMatter(results.putObject("back-matter").putArray("resources"), sections);
    return PackJson.encode(document);
  }

  private String title() {
    return words.of("title", head.template().title().in(language), head.tenantName()).strip();
  }

  private void reviewedControls(ObjectNode reviewed) {
    ObjectNode selection = reviewed.putArray("control-selections").addObject();
    if (head.template().controls().isEmpty()) {
      selection.putObject("include-all");
      return;
    }
    selection.put("description", words.of("controls.own"));
    ArrayNode included = selection.putArray("include-controls");
    head.template()
        .controls()
        .forEach(control -> included.addObject().put("control-id", control.id()));
  }

  private void observation(ObjectNode observation, PackSection section) {
    PackTemplate.Section of = section.section();
    observation.put("uuid", uuid("observation " + of.id()));
    observation.put("title", of.title().in(language));
    observation.put("description", of.shows().in(language));
    ArrayNode props = observation.putArray("props");
    property(props, "entries", Long.toString(section.entries()));
    switch (section) {
      case SectionFiles files -> {
        property(props, "failures", Long.toString(files.failures()));
        property(props, "query", of.query());
      }
      case AccessFiles access -> {
        property(props, "people", Long.toString(access.review().people().size()));
        property(props, "grants", Long.toString(access.review().grants()));
        property(props, "leavers", Long.toString(access.review().leavers().size()));
        property(props, "rules-sha256", access.review().basis().rules().sha256());
      }
    }
    of.controls().forEach(control -> property(props, "control", control));
    observation.putArray("methods").add("EXAMINE");
    ArrayNode evidence = observation.putArray("relevant-evidence");
    evidence
        .addObject()
        .put("href", "#" + uuid("section " + of.id()))
        .put("description", words.of("section.entries", words.number(section.entries())));
    for (PackSection.Named entry : section.named()) {
      ObjectNode one = evidence.addObject();
      one.put("href", "#" + uuid("proofs"));
      one.put("description", words.of("oscal.entry", Long.toString(entry.seq()), entry.action()));
      ArrayNode names = one.putArray("props");
      property(names, "seq", Long.toString(entry.seq()));
      property(names, "entry", entry.id());
    }
    observation.put("collected", Rfc3339.format(head.asOf()));
    if (section.entries() > section.named().size()) {
      observation.put(
          "remarks",
          words.of(
              "oscal.first",
              words.number(section.named().size()),
              words.number(section.entries()),
              PackSection.path(of, "json")));
    }
  }

  private String remarks() {
    StringBuilder text = new StringBuilder(words.of("oscal.no_findings"));
    for (PackTemplate.NotShown not : head.template().notShown()) {
      text.append("\n\n");
      if (!not.controls().isEmpty()) {
        text.append(String.join(", ", not.controls())).append(": ");
      }
      text.append(not.words().in(language));
    }
    return text.toString();
  }

  private void backMatter(ArrayNode resources, List<PackSection> sections) {
    resource(resources, "template", "template.yaml", "application/yaml");
    resource(resources, "proofs", PackVerifier.ENTRIES, "application/x-ndjson");
    resource(resources, "checkpoint", PackVerifier.CHECKPOINT, "text/plain");
    for (PackSection section : sections) {
      resource(
          resources,
          "section " + section.section().id(),
          PackSection.path(section.section(), "json"),
          "application/json");
    }
  }

  private void resource(ArrayNode resources, String what, String path, String mediaType) {
    ObjectNode resource = resources.addObject();
    resource.put("uuid", uuid(what)).put("title", path);
    resource.putArray("rlinks").addObject().put("href", "../" + path).put("media-type", mediaType);
  }

  private static void property(ArrayNode props, String name, String value) {
    if (TEXT.matcher(value).matches()) {
      props.addObject().put("name", name).put("ns", NAMESPACE).put("value", value);
    }
  }
}
