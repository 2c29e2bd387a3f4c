package dev.indelible.mapping;

import dev.indelible.mapping.LogMap.ChangeRule;
import dev.indelible.mapping.LogMap.Condition;
import dev.indelible.mapping.LogMap.SkipRule;
import dev.indelible.mapping.LogMap.TargetRule;
import dev.indelible.mapping.YamlNode.Members;
import dev.indelible.mapping.form.FieldLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a {@link LogMap} from YAML; an unknown key is an error that names it and its line. */
public final class MapReader {

  /** The largest map, in bytes. */
  static final int MAX_MAP_BYTES = 256 * 1024;

  /** The most lists that a rule's {@code each} leads through, one within the other. */
  static final int MAX_EACH = 8;

  private static final String EVENT = "event.";
  private static final Set<String> TOP = Set.of("version", "about", "records", "event");
  private static final Set<String> NEWER_TOP = Set.of("input", "absent", "parse", "expand", "skip");
  private static final Set<String> CONTEXT =
      Set.of(
          "ip", "user_agent", "session_id", "request_id", "trace_id", "producer", "producer_seq");
  private static final Set<String> LOCATION =
      Set.of("country", "region", "city", "latitude", "longitude");
  private static final Set<String> PRINCIPAL =
      Set.of("type", "id", "name", "email", "model", "version");
  private static final Set<String> TEXTS =
      Set.of("id", "tenant", "account", "action", "outcome", "outcome_reason", "reason");
  private static final Set<String> CONDITION = Set.of("if_not");

  private final ExpressionReader expressions;
  private final Map<String, Rule> texts = new LinkedHashMap<>();
  private final Map<String, List<Rule>> lists = new LinkedHashMap<>();

  private MapReader(ExpressionReader expressions) {
    this.expressions = expressions;
  }

  /**
   * The map in {@code file}.
   *
   * @throws InvalidMapException when it is not a map
   * @throws IOException when it cannot be read
   */
  public static LogMap readFile(Path file) throws IOException {
    if (Files.size(file) > MAX_MAP_BYTES) {
      throw new InvalidMapException("map %s: larger than %d bytes".formatted(file, MAX_MAP_BYTES));
    }
    return read(file.toString(), Files.readString(file));
  }

  static LogMap readResource(String name) {
    try (InputStream in = MapReader.class.getResourceAsStream(name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("the map " + name + " is not part of the program");
      }
      return read(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * The map written as {@code yaml}, called {@code name} in errors.
   *
   * @throws InvalidMapException when it is none
   */
  public static LogMap read(String name, String yaml) {
    YamlNode root = YamlNode.parse(name, yaml);
    Members top = root.members("");
    boolean isVersion2 = isVersion2(top);
    top.allow(TOP, NEWER_TOP, isVersion2);
    StepReader.Result steps = new StepReader(isVersion2).read(top.items("parse"));
    ExpressionReader expressions =
        new ExpressionReader(
            isVersion2, Set.copyOf(top.texts("absent")), steps.made(), new Places());
    return new MapReader(expressions).map(name, top, steps.steps());
  }

  private static boolean isVersion2(Members top) {
    YamlNode version = top.get("version");
    if (version == null || version.text().equals("1")) {
      return false;
    }
    if (version.text().equals("2")) {
      return true;
    }
    throw version.invalid("is 1 or 2; a newer one needs a newer program");
  }

  private LogMap map(String name, Members top, List<Step> steps) {
    Members event = top.need("event").members(EVENT);
    event.allow(YamlNode.with(TEXTS, "occurred_at", "actor", "context", "targets", "changes"));
    texts("", event, TEXTS);
    if (!texts.containsKey("action")) {
      throw event.of().invalid("needs \"action\"");
    }
    actor(event.need("actor").members(EVENT + "actor."));
    YamlNode context = event.get("context");
    if (context != null) {
      context(context.members(EVENT + "context."));
    }
    YamlNode records = top.get("records");
    YamlNode input = top.get("input");
    return new LogMap(
        name,
        expressions.isVersion2() ? 2 : 1,
        input == null ? Input.JSON : InputReader.read(input),
        records == null ? null : records.text(),
        steps,
        expand(top.get("expand")),
        top.items("skip").stream().map(this::skip).toList(),
        texts,
        lists,
        new TimeRuleReader(expressions).read(event.get("occurred_at")),
        event.items("targets").stream().map(this::target).toList(),
        event.items("changes").stream().map(this::change).toList(),
        expressions.places());
  }

  private void actor(Members actor) {
    actor.allow(YamlNode.with(PRINCIPAL, "roles", "permissions", "on_behalf_of"));
    texts("actor.", actor, PRINCIPAL);
    if (!texts.containsKey("actor.type")) {
      throw actor.of().invalid("needs \"type\"");
    }
    for (String key : List.of("roles", "permissions")) {
      List<Rule> rules =
          actor.items(key).stream()
              .map(item -> expressions.rule(item, EVENT + "actor." + key))
              .toList();
      if (!rules.isEmpty()) {
        lists.put("actor." + key, rules);
      }
    }
    chain(actor);
  }

  /** The parties on whose behalf the actor acted, one within the other. */
  private void chain(Members actor) {
    Members party = actor;
    String place = "actor.";
    for (int step = 1; party.get("on_behalf_of") != null; step++) {
      place += "on_behalf_of.";
      YamlNode next = party.need("on_behalf_of");
      if (step > FieldLimits.MAX_ON_BEHALF_OF) {
        throw next.invalid("is a step too many: %d at most".formatted(step - 1));
      }
      party = next.members(EVENT + place);
      party.allow(YamlNode.with(PRINCIPAL, "on_behalf_of"));
      texts(place, party, PRINCIPAL);
    }
  }

  private void context(Members context) {
    context.allow(YamlNode.with(CONTEXT, "location"));
    texts("context.", context, CONTEXT);
    YamlNode location = context.get("location");
    if (location != null) {
      Members members = location.members(location.path() + ".");
      members.allow(LOCATION);
      texts("context.location.", members, LOCATION);
    }
  }

  private void texts(String prefix, Members from, Set<String> keys) {
    for (String key : keys) {
      YamlNode value = from.get(key);
      if (value != null) {
        texts.put(prefix + key, expressions.rule(value, EVENT + prefix + key));
      }
    }
  }

  private @Nullable Pointer expand(@Nullable YamlNode value) {
    if (value == null) {
      return null;
    }
    Pointer pointer = expressions.pointer(value, value.text());
    if (pointer.start() != Pointer.Start.HERE || pointer.segments().isEmpty()) {
      throw value.invalid("leads from the record to a list in it, as /events does");
    }
    return pointer;
  }

  private SkipRule skip(YamlNode value) {
    Members rule = value.members("skip.");
    rule.allow(Set.of("if", "if_not", "because"));
    if (rule.get("if") == null && rule.get("if_not") == null) {
      throw value.invalid("needs \"if\" or \"if_not\"");
    }
    return new SkipRule(condition(rule), rule.need("because").text());
  }

  private TargetRule target(YamlNode value) {
    Members target = value.members(EVENT + "targets.");
    target.allow(
        Set.of("each", "if", "type", "id", "name", "href"), CONDITION, expressions.isVersion2());
    return new TargetRule(
        each(target),
        condition(target),
        expressions.read(target.need("type")),
        expressions.read(target.need("id")),
        expressions.optional(target.get("name")),
        expressions.optional(target.get("href")));
  }

  private ChangeRule change(YamlNode value) {
    Members change = value.members(EVENT + "changes.");
    change.allow(
        Set.of("each", "if", "field", "before", "after"), CONDITION, expressions.isVersion2());
    return new ChangeRule(
        each(change),
        condition(change),
        expressions.optional(change.get("field")),
        expressions.optional(change.get("before")),
        expressions.optional(change.get("after")));
  }

  private Condition condition(Members rule) {
    return new Condition(
        expressions.optional(rule.get("if")), expressions.optional(rule.get("if_not")));
  }

  /** The pointers of a rule from list to list; none when it is about the whole record. */
  private List<Pointer> each(Members rule) {
    YamlNode each = rule.get("each");
    if (each == null) {
      return List.of();
    }
    if (each.isList() && !expressions.isVersion2()) {
      throw each.invalid("is not text; lists in lists need \"version: 2\"");
    }
    List<Pointer> pointers = new ArrayList<>();
    for (YamlNode item : each.items()) {
      pointers.add(expressions.pointer(item, item.text()));
    }
    if (pointers.isEmpty() || pointers.size() > MAX_EACH) {
      throw each.invalid("leads through 1 to %d lists".formatted(MAX_EACH));
    }
    return pointers;
  }
}
