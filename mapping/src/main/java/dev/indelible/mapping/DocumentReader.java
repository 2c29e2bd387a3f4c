package dev.indelible.mapping;

import dev.indelible.mapping.DocumentMap.Form;
import dev.indelible.mapping.DocumentMap.Layout;
import dev.indelible.mapping.DocumentMap.Let;
import dev.indelible.mapping.DocumentWriter.Name;
import dev.indelible.mapping.LogMap.Condition;
import dev.indelible.mapping.YamlNode.Members;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.StringNode;

/** Reads a {@link DocumentMap} from YAML; an unknown key is an error that names it and its line. */
final class DocumentReader {

  /** The most values of {@code let}. */
  static final int MAX_LETS = 64;

  /** The most characters of a member's name. */
  static final int MAX_NAME_LENGTH = 256;

  private static final Set<String> TOP =
      Set.of("version", "about", "absent", "parse", "form", "media_type", "long_numbers", "let");
  private static final Set<String> VALUE = Set.of("from", "any", "text");
  private static final Set<String> LEAF = Set.of("as", "max", "each");
  private static final Set<String> CONDITION = Set.of("if", "if_not");

  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]{0,30})(?:\\.[0-9]{1,30})?");
  private static final Pattern LET = Pattern.compile("[a-z][A-Za-z0-9_]*");
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.]+");
  private static final Pattern MEDIA_TYPE = Pattern.compile("[a-z0-9.+-]+/[a-z0-9.+-]+");

  private final ExpressionReader expressions;
  private final boolean isFlat;

  private DocumentReader(ExpressionReader expressions, boolean isFlat) {
    this.expressions = expressions;
    this.isFlat = isFlat;
  }

  /**
   * Head of a map.
   *
   * @param longNumbersAreText whether numbers that a double would round are written as text
   */
  record Head(String name, Form form, String mediaType, boolean longNumbersAreText) {}

  static DocumentMap read(String name, String yaml, Set<String> given) {
    Members top = YamlNode.parse(name, yaml).members("");
    top.allow(YamlNode.with(TOP, "to"));
    YamlNode version = top.need("version");
    if (!version.text().equals("2")) {
      throw version.invalid("is 2; a newer one needs a newer program");
    }
    Head head = head(name, top);
    StepReader.Result steps = new StepReader(true).read(top.items("parse"));
    Set<String> made = new HashSet<>(given);
    made.addAll(steps.made());
    Set<String> none = Set.copyOf(top.texts("absent"));
    List<Let> lets = new ArrayList<>();
    Places places = new Places();
    YamlNode let = top.get("let");
    if (let != null) {
      for (Map.Entry<String, YamlNode> one : let.members("let.").byName().entrySet()) {
        if (!LET.matcher(one.getKey()).matches() || lets.size() == MAX_LETS) {
          throw one.getValue()
              .invalid(
                  "is a name of letters, digits and _ that begins with a small letter, one of %d at"
                          .formatted(MAX_LETS)
                      + " most");
        }
        Expression value = new ExpressionReader(true, none, made, places).read(one.getValue());
        lets.add(new Let(one.getKey(), value));
        made.add(one.getKey());
      }
    }
    DocumentReader reader =
        new DocumentReader(
            new ExpressionReader(true, none, made, places), head.form() != Form.JSON);
    return new DocumentMap(
        head, steps.steps(), lets, reader.layout(head.form(), top.need("to")), places);
  }

  private static Head head(String name, Members top) {
    YamlNode form = top.need("form");
    Form read =
        switch (form.text()) {
          case "json" -> Form.JSON;
          case "cef" -> Form.CEF;
          case "leef" -> Form.LEEF;
          default -> throw form.invalid("is json, cef or leef, not " + form.text());
        };
    YamlNode media = top.get("media_type");
    String mediaType = read == Form.JSON ? "application/json" : "text/plain";
    if (media != null) {
      mediaType = media.text();
      if (!MEDIA_TYPE.matcher(mediaType).matches()) {
        throw media.invalid("is a media type such as application/json");
      }
    }
    YamlNode numbers = top.get("long_numbers");
    boolean asText = false;
    if (numbers != null) {
      asText =
          switch (numbers.text()) {
            case "text" -> true;
            case "number" -> false;
            default -> throw numbers.invalid("is text or number");
          };
    }
    return new Head(name, read, mediaType, asText);
  }

  private Layout layout(Form form, YamlNode to) {
    if (form == Form.JSON) {
      return new Layout(List.of(), part(to));
    }
    Members parts = to.members("to.");
    List<String> header =
        form == Form.CEF
            ? List.of("vendor", "product", "version", "event", "name", "severity")
            : List.of("vendor", "product", "version", "event");
    parts.allow(YamlNode.with(new HashSet<>(header), "extension"));
    List<Part> written = header.stream().map(key -> flat(parts.need(key))).toList();
    YamlNode extension = parts.need("extension");
    List<Part.Member> members = new ArrayList<>();
    for (Map.Entry<String, YamlNode> one : extension.members("to.extension.").byName().entrySet()) {
      if (!KEY.matcher(one.getKey()).matches()) {
        throw one.getValue().invalid("is a name of letters, digits, _ and dots");
      }
      members.add(new Part.Member(Name.of(one.getKey()), flat(one.getValue())));
    }
    return new Layout(written, new Part.Members(members));
  }

  /** A part of a form that knows no objects. */
  private Part flat(YamlNode value) {
    Part part = part(value);
    if (holdsObject(part, false)) {
      throw value.invalid("is an object, or a list in a list, which this form has none of");
    }
    return part;
  }

  private static boolean holdsObject(Part part, boolean inList) {
    return switch (part) {
      case Part.Fixed _, Part.Leaf _, Part.Rest _ -> false;
      case Part.Members _, Part.Switch _ -> true;
      case Part.First(List<Part> all) -> all.stream().anyMatch(one -> holdsObject(one, inList));
      case Part.Guarded(_, Part inner) -> holdsObject(inner, inList);
      case Part.Each(_, Part inner) -> holdsObject(inner, inList);
      case Part.Elements(List<Part> all, _) ->
          inList || all.stream().anyMatch(one -> holdsObject(one, true));
    };
  }

  /** The part that a map writes as {@code value}. */
  private Part part(YamlNode value) {
    if (value.isText()) {
      return scalar(value);
    }
    if (value.isList()) {
      if (value.items().isEmpty()) {
        throw value.invalid("is an empty list");
      }
      return new Part.First(value.items().stream().map(this::part).toList());
    }
    if (!value.isObject()) {
      throw value.invalid("is neither text, a list nor an object");
    }
    Members rule = value.members(value.path() + ".");
    if (rule.byName().containsKey("each")) {
      throw value.invalid("has \"each\", which only an element of a \"list\" may have");
    }
    return one(value, rule);
  }

  /** An object that stands for one part, whatever repeats it. */
  private Part one(YamlNode value, Members rule) {
    if (rule.byName().keySet().stream().anyMatch(VALUE::contains)) {
      return leaf(value, rule);
    }
    if (rule.get("list") != null) {
      return list(rule);
    }
    if (rule.get("rest") != null) {
      return rest(rule);
    }
    return guarded(rule, members(rule));
  }

  private Part scalar(YamlNode value) {
    String text = value.text();
    if (value.isPlain()) {
      if (text.isEmpty()) {
        throw value.invalid("is empty; the whole record is \"\"");
      }
      if (text.equals("true") || text.equals("false")) {
        return Part.Fixed.of(BooleanNode.valueOf(text.equals("true")));
      }
      if (NUMBER.matcher(text).matches()) {
        BigDecimal number = new BigDecimal(text);
        return Part.Fixed.of(
            number.scale() == 0 && number.precision() <= 18
                ? LongNode.valueOf(number.longValue())
                : DecimalNode.valueOf(number));
      }
    }
    Expression read = expressions.read(value);
    return read instanceof Expression.Constant constant
        ? Part.Fixed.of(StringNode.valueOf(constant.text()))
        : new Part.Leaf(read, LeafForm.AS_IS, 0);
  }

  private Part leaf(YamlNode value, Members rule) {
    YamlNode as = rule.get("as");
    LeafForm form = LeafForm.AS_IS;
    if (as != null) {
      form =
          LeafForm.named(as.text())
              .orElseThrow(
                  () -> as.invalid("is one of " + LeafForm.names() + ", not " + as.text()));
    }
    YamlNode max = rule.get("max");
    int maxLength = 0;
    if (max != null) {
      if (!max.text().matches("[1-9][0-9]{0,6}")) {
        throw max.invalid("is a number of characters from 1 to 9,999,999");
      }
      maxLength = Integer.parseInt(max.text());
    }
    return new Part.Leaf(expressions.changed(value, LEAF), form, maxLength);
  }

  private Part list(Members rule) {
    rule.allow(YamlNode.with(CONDITION, "list", "distinct", "each"));
    List<Part> elements = new ArrayList<>();
    boolean isDistinct = rule.flag("distinct");
    for (YamlNode item : rule.items("list")) {
      Part element = element(item);
      if (isDistinct && holdsObject(element, true)) {
        throw item.invalid("is an object or a list, which a distinct list has none of");
      }
      elements.add(element);
    }
    return guarded(rule, new Part.Elements(elements, isDistinct));
  }

  private Part element(YamlNode item) {
    if (!item.isObject()) {
      return part(item);
    }
    Members rule = item.members(item.path() + ".");
    YamlNode each = rule.get("each");
    if (each == null) {
      return part(item);
    }
    List<Pointer> lists = new ArrayList<>();
    for (YamlNode pointer : each.items()) {
      lists.add(expressions.pointer(pointer, pointer.text()));
    }
    if (lists.isEmpty() || lists.size() > MapReader.MAX_EACH) {
      throw each.invalid("leads through 1 to %d lists".formatted(MapReader.MAX_EACH));
    }
    return new Part.Each(lists, one(item, rule));
  }

  private Part rest(Members rule) {
    rule.allow(YamlNode.with(CONDITION, "rest", "besides", "each"));
    if (!rule.flag("rest")) {
      throw rule.need("rest").invalid("is true where it is there");
    }
    List<Pointer> besides = new ArrayList<>();
    for (YamlNode pointer : rule.items("besides")) {
      besides.add(expressions.pointer(pointer, pointer.text()));
    }
    return guarded(rule, new Part.Rest(besides, isFlat));
  }

  private Part guarded(Members rule, Part part) {
    Condition condition =
        new Condition(
            expressions.optional(rule.get("if")), expressions.optional(rule.get("if_not")));
    return condition.present() == null && condition.missing() == null
        ? part
        : new Part.Guarded(condition, part);
  }

  /** The members of an object; those whose names are pointers stand further in. */
  private Part.Members members(Members rule) {
    Tree root = new Tree();
    Part.Switch switched = null;
    for (Map.Entry<String, YamlNode> member : rule.byName().entrySet()) {
      String key = member.getKey();
      YamlNode value = member.getValue();
      if (CONDITION.contains(key) || key.equals("each")) {
        continue;
      }
      if (key.equals("switch")) {
        switched = choice(value);
        continue;
      }
      List<String> way = way(value, key);
      if (!root.add(way, 0, part(value))) {
        throw value.invalid("is written twice");
      }
    }
    if (root.inner.isEmpty() && switched == null) {
      throw rule.of().invalid("has no members");
    }
    Part.Members members = root.members();
    if (switched == null) {
      return members;
    }
    // Before the last member, which is the rest where there is one: what a case carries over is
    // none.
    List<Part.Member> all = new ArrayList<>(members.members());
    int at =
        !all.isEmpty() && all.getLast().part() instanceof Part.Rest ? all.size() - 1 : all.size();
    all.add(at, new Part.Member(Name.of("switch"), switched));
    return new Part.Members(all);
  }

  private Part.Switch choice(YamlNode value) {
    Members rule = value.members(value.path() + ".");
    rule.allow(Set.of("on", "cases", "else"));
    Map<String, Part.Members> cases = new LinkedHashMap<>();
    YamlNode table = rule.need("cases");
    table.members(table.path() + ".").byName().forEach((text, one) -> cases.put(text, object(one)));
    YamlNode other = rule.get("else");
    return new Part.Switch(
        expressions.read(rule.need("on")), cases, other == null ? null : object(other));
  }

  /** An object of members alone, without a condition. */
  private Part.Members object(YamlNode value) {
    if (part(value) instanceof Part.Members members) {
      return members;
    }
    throw value.invalid("is an object of members");
  }

  private static List<String> way(YamlNode place, String key) {
    if (key.isEmpty() || key.length() > MAX_NAME_LENGTH) {
      throw place.invalid("has a name of 1 to %d characters".formatted(MAX_NAME_LENGTH));
    }
    if (!key.startsWith("/")) {
      return List.of(key);
    }
    List<String> way = new ArrayList<>();
    for (JsonPointer rest = JsonPointer.compile(key); !rest.matches(); rest = rest.tail()) {
      if (way.size() == Pointer.MAX_SEGMENTS) {
        throw place.invalid("leads more than %d deep".formatted(Pointer.MAX_SEGMENTS));
      }
      way.add(rest.getMatchingProperty());
    }
    return way;
  }

  /** Members by the way to them. Not thread-safe; one while an object is read. */
  private static final class Tree {
    private final Map<String, Tree> inner = new LinkedHashMap<>();
    private @Nullable Part part;

    /** Puts a part at the end of a way; false when one stands there, or on the way. */
    boolean add(List<String> way, int from, Part value) {
      if (part != null) {
        return false;
      }
      if (from == way.size()) {
        if (value instanceof Part.Members(List<Part.Member> members)) {
          return members.stream().allMatch(one -> add(List.of(one.name().text()), 0, one.part()));
        }
        part = value;
        return inner.isEmpty();
      }
      return inner.computeIfAbsent(way.get(from), _ -> new Tree()).add(way, from + 1, value);
    }

    Part.Members members() {
      List<Part.Member> members = new ArrayList<>();
      inner.forEach(
          (name, tree) ->
              members.add(
                  new Part.Member(Name.of(name), tree.part == null ? tree.members() : tree.part)));
      return new Part.Members(members);
    }
  }
}
