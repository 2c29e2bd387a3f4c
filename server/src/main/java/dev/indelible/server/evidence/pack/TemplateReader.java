package dev.indelible.server.evidence.pack;

import dev.indelible.server.profile.ProfileFormatException;
import dev.indelible.server.profile.YamlText;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.ParsedQuery;
import dev.indelible.server.query.QueryParser;
import dev.indelible.server.query.QueryProblem;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Reads a template from its YAML, whose form is {@code docs/operate/evidence-packs.md}: the first
 * thing that is wrong with it is told with its line. Used once.
 */
final class TemplateReader {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,39}");
  private static final Pattern CONTROL = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,31}");
  private static final List<String> LANGUAGES = List.of("en", "de");
  private static final Instant EARLIER = Instant.EPOCH;
  private static final Instant LATER = Instant.EPOCH.plusSeconds(86_400L * 400);

  private final String file;
  private final YamlText yaml;
  private final Set<String> controlIds = new TreeSet<>();

  private TemplateReader(String file, YamlText yaml) {
    this.file = file;
    this.yaml = yaml;
  }

  /**
   * Reads a template.
   *
   * @param file its name, for messages
   */
  static PackTemplate read(String file, String source) throws TemplateException {
    if (source.length() > PackTemplate.MAX_CHARACTERS) {
      throw new TemplateException(
          "%s has %d characters, and a template may have %d"
              .formatted(file, source.length(), PackTemplate.MAX_CHARACTERS));
    }
    try {
      return new TemplateReader(file, YamlText.parse(file, source)).template(source);
    } catch (ProfileFormatException e) {
      throw new TemplateException(String.valueOf(e.getMessage()));
    }
  }

  private TemplateException fault(String pointer, String problem) {
    return new TemplateException("%s line %d: %s".formatted(file, yaml.line(pointer), problem));
  }

  private PackTemplate template(String source) throws TemplateException {
    JsonNode root = yaml.root();
    known(
        root,
        "",
        List.of("template", "title", "about", "controls", "sections", "not_shown", "proofs"));
    String id = name(root, "", "template");
    PackText title = words(root, "", "title");
    PackText about = words(root, "", "about");
    List<PackTemplate.Control> controls = new ArrayList<>();
    for (String at : elements(root, "controls", PackTemplate.MAX_CONTROLS)) {
      controls.add(control(root.at(at), at));
    }
    List<PackTemplate.Section> sections = new ArrayList<>();
    Set<String> sectionIds = new HashSet<>();
    for (String at : elements(root, "sections", PackTemplate.MAX_SECTIONS)) {
      PackTemplate.Section section = section(root.at(at), at);
      if (!sectionIds.add(section.id())) {
        throw fault(at + "/id", "the section \"" + section.id() + "\" occurs twice");
      }
      sections.add(section);
    }
    checkAll(sections);
    List<PackTemplate.NotShown> notShown = new ArrayList<>();
    for (String at : elements(root, "not_shown", PackTemplate.MAX_CONTROLS)) {
      JsonNode one = root.at(at);
      known(one, at, List.of("controls", "what"));
      notShown.add(new PackTemplate.NotShown(controls(one, at), words(one, at, "what")));
    }
    PackTemplate template =
        new PackTemplate(
            id, title, about, controls, sections, notShown, proofs(root, sections), source);
    String all = template.query();
    if (QueryParser.parse(all, EARLIER, ZoneOffset.UTC) instanceof QueryProblem problem) {
      throw fault(
          "/sections", "the queries of all sections together are no query: " + problem.message());
    }
    return template;
  }

  private void checkAll(List<PackTemplate.Section> sections) throws TemplateException {
    long reviews = sections.stream().filter(PackTemplate.Section::isAccessReview).count();
    if (sections.size() == reviews) {
      throw fault("", "\"sections\" is missing: a pack has at least one with a query");
    }
    if (reviews > 1) {
      throw fault("/sections", "a pack has one access review, and this one has " + reviews);
    }
  }

  /** Whether the proofs are of the whole log. */
  private boolean proofs(JsonNode root, List<PackTemplate.Section> sections)
      throws TemplateException {
    if (!root.has("proofs")) {
      return false;
    }
    String proofs = text(root, "", "proofs");
    if (!List.of("entries", "log").contains(proofs)) {
      throw fault("/proofs", "\"proofs\" is one of entries, log");
    }
    boolean isLog = proofs.equals("log");
    if (isLog && sections.stream().noneMatch(PackTemplate.Section::isAccessReview)) {
      throw fault("/proofs", "the whole log is needed for an access review alone; there is none");
    }
    return isLog;
  }

  private PackTemplate.Control control(JsonNode control, String at) throws TemplateException {
    known(control, at, List.of("id", "words"));
    String id = text(control, at, "id");
    if (!CONTROL.matcher(id).matches()) {
      throw fault(
          at + "/id",
          "a control's id begins with a letter, then letters, digits, dots and dashes, such as"
              + " CC6.1 or A.5.15");
    }
    if (!controlIds.add(id)) {
      throw fault(at + "/id", "the control \"" + id + "\" occurs twice");
    }
    return new PackTemplate.Control(id, words(control, at, "words"));
  }

  private PackTemplate.Section section(JsonNode section, String at) throws TemplateException {
    known(section, at, List.of("id", "title", "shows", "query", "access_review", "controls"));
    boolean isAccessReview = isAccessReview(section, at);
    return new PackTemplate.Section(
        name(section, at, "id"),
        words(section, at, "title"),
        words(section, at, "shows"),
        isAccessReview ? "" : query(section, at),
        isAccessReview,
        controls(section, at));
  }

  private boolean isAccessReview(JsonNode section, String at) throws TemplateException {
    JsonNode value = section.path("access_review");
    if (value.isMissingNode()) {
      return false;
    }
    if (!value.isBoolean() || !value.booleanValue()) {
      throw fault(at + "/access_review", "\"access_review\" is true, or left out");
    }
    if (section.has("query")) {
      throw fault(at + "/query", "an access review has no query: it is made of the whole log");
    }
    return true;
  }

  private String query(JsonNode section, String at) throws TemplateException {
    String query = text(section, at, "query");
    Filter filter = parse(query, EARLIER, at);
    if (!filter.equals(parse(query, LATER, at))) {
      throw fault(
          at + "/query",
          "a query of a template has no times that count from now: the pack has its own period");
    }
    return query;
  }

  private Filter parse(String query, Instant now, String at) throws TemplateException {
    return switch (QueryParser.parse(query, now, ZoneOffset.UTC, QueryParser.Reading.ASKED)) {
      case ParsedQuery.Valid(Filter filter) -> filter;
      case QueryProblem problem ->
          throw fault(at + "/query", "column " + problem.column() + ": " + problem.message());
    };
  }

  private List<String> controls(JsonNode object, String at) throws TemplateException {
    List<String> ids = new ArrayList<>();
    JsonNode list = object.path("controls");
    if (list.isMissingNode()) {
      return ids;
    }
    if (!list.isArray()) {
      throw fault(at + "/controls", "\"controls\" must be a list");
    }
    for (int i = 0; i < list.size(); i++) {
      JsonNode id = list.get(i);
      if (!id.isString() || !controlIds.contains(id.stringValue())) {
        throw fault(
            at + "/controls/" + i,
            "there is no control %s here; there are %s"
                .formatted(id.isString() ? id.stringValue() : id, String.join(", ", controlIds)));
      }
      ids.add(id.stringValue());
    }
    return ids;
  }

  /** Pointers of the objects in a list; none when it is not there. */
  private List<String> elements(JsonNode root, String key, int most) throws TemplateException {
    JsonNode list = root.path(key);
    List<String> pointers = new ArrayList<>();
    if (list.isMissingNode()) {
      return pointers;
    }
    if (!list.isArray()) {
      throw fault("/" + key, "\"" + key + "\" must be a list");
    }
    if (list.size() > most) {
      throw fault(
          "/" + key,
          "there are %d of \"%s\", and there may be %d".formatted(list.size(), key, most));
    }
    for (int i = 0; i < list.size(); i++) {
      pointers.add("/" + key + "/" + i);
    }
    return pointers;
  }

  private void known(JsonNode object, String at, List<String> keys) throws TemplateException {
    if (!object.isObject()) {
      throw fault(at, "there must be an object of " + String.join(", ", keys));
    }
    for (String key : object.propertyNames()) {
      if (!keys.contains(key)) {
        throw fault(
            at + "/" + key,
            "\"%s\" is not known here; known are %s".formatted(key, String.join(", ", keys)));
      }
    }
  }

  private String name(JsonNode object, String at, String key) throws TemplateException {
    String name = text(object, at, key);
    if (!NAME.matcher(name).matches()) {
      throw fault(
          at + "/" + key,
          "\"" + key + "\" is of lower-case letters, digits and underscores, at most 40 of them");
    }
    return name;
  }

  private String text(JsonNode object, String at, String key) throws TemplateException {
    JsonNode value = object.path(key);
    if (value.isMissingNode()) {
      throw fault(at, "\"" + key + "\" is missing");
    }
    return text(value, at + "/" + key);
  }

  private String text(JsonNode value, String pointer) throws TemplateException {
    if (!value.isString() || value.stringValue().isBlank()) {
      throw fault(pointer, "there must be a text");
    }
    String text = value.stringValue().strip().replaceAll("\\s+", " ");
    if (text.length() > PackTemplate.MAX_TEXT_LENGTH) {
      throw fault(
          pointer,
          "a text of %d characters, and there may be %d"
              .formatted(text.length(), PackTemplate.MAX_TEXT_LENGTH));
    }
    return text;
  }

  /** A text, or one in each language. */
  private PackText words(JsonNode object, String at, String key) throws TemplateException {
    JsonNode value = object.path(key);
    if (!value.isObject()) {
      return PackText.of(text(object, at, key));
    }
    String pointer = at + "/" + key;
    known(value, pointer, LANGUAGES);
    Map<String, String> texts = new LinkedHashMap<>();
    for (String language : LANGUAGES) {
      if (value.has(language)) {
        texts.put(language, text(value.path(language), pointer + "/" + language));
      }
    }
    if (!texts.containsKey(PackText.ENGLISH)) {
      throw fault(pointer, "\"" + PackText.ENGLISH + "\" is missing");
    }
    return new PackText(texts);
  }
}
