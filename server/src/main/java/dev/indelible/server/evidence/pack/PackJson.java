package dev.indelible.server.evidence.pack;

import dev.indelible.server.json.Rfc3339;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The file of a pack that says to programs what is in it: {@code pack.json}. */
final class PackJson {

  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");
  private static final ObjectWriter WRITER =
      JsonMapper.shared()
          .writer()
          .with(new DefaultPrettyPrinter().withObjectIndenter(LINES).withArrayIndenter(LINES));

  private PackJson() {}

  /** JSON as the files of packs have it: two spaces, line feeds, whatever the machine. */
  static byte[] encode(JsonNode json) {
    return (WRITER.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  static byte[] toBytes(PackHead head, List<PackSection> sections, long entries) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", "indelible-pack").put("version", 1);
    json.put("tenant", head.tenant()).put("template", head.template().id());
    json.put("from", Rfc3339.format(head.from())).put("to", Rfc3339.format(head.to()));
    json.put("origin", head.origin()).put("position", head.position()).put("root", head.root());
    json.put("as_of", Rfc3339.format(head.asOf()));
    if (!head.accounts().isEmpty()) {
      texts(json.putArray("accounts"), head.accounts());
    }
    json.put("restricted", head.restricted());
    json.put("personal", head.personal() ? "included" : "withheld");
    json.put("language", head.language().toLanguageTag());
    json.put("proofs", head.hasWholeLog() ? "log" : "entries");
    json.put("entries", entries);
    ArrayNode array = json.putArray("sections");
    for (PackSection section : sections) {
      PackTemplate.Section of = section.section();
      ObjectNode one = array.addObject();
      one.put("id", of.id()).put("title", of.title().in(head.language()));
      one.put("shows", of.shows().in(head.language()));
      texts(one.putArray("controls"), of.controls());
      switch (section) {
        case SectionFiles files ->
            one.put("query", of.query())
                .put("entries", files.entries())
                .put("failures", files.failures());
        case AccessFiles access ->
            one.put("access_review", true)
                .put("people", access.review().people().size())
                .put("grants", access.review().grants())
                .put("leavers", access.review().leavers().size())
                .put("complete", access.review().completeness().complete());
      }
      one.put("csv", PackSection.path(of, "csv")).put("json", PackSection.path(of, "json"));
    }
    ArrayNode notShown = json.putArray("not_shown");
    for (PackTemplate.NotShown not : head.template().notShown()) {
      ObjectNode one = notShown.addObject();
      texts(one.putArray("controls"), not.controls());
      one.put("what", not.words().in(head.language()));
    }
    return encode(json);
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
