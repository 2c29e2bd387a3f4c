package dev.indelible.cli.map;

import dev.indelible.cli.map.Expression.Replacement;
import dev.indelible.server.event.EventLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;
import tools.jackson.core.JsonPointer;

/** Reads a {@link LogMap} from YAML; an unknown key is an error that names it. */
public final class MapReader {

  /** The largest map, in bytes. */
  static final int MAX_MAP_BYTES = 256 * 1024;

  private static final Set<String> CONTEXT =
      Set.of(
          "ip", "user_agent", "session_id", "request_id", "trace_id", "producer", "producer_seq");
  private static final Set<String> LOCATION =
      Set.of("country", "region", "city", "latitude", "longitude");
  private static final Set<String> PRINCIPAL =
      Set.of("type", "id", "name", "email", "model", "version");
  private static final Set<String> TEXTS =
      Set.of("id", "tenant", "account", "action", "outcome", "outcome_reason", "reason");
  private static final Set<String> CHANGED =
      Set.of("from", "any", "when", "replace", "snake", "lower", "values", "other", "else");
  private static final Set<String> TIME = Set.of("at", "as", "format", "zone", "unreadable");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(/[^}]*)}");

  private final String name;

  private MapReader(String name) {
    this.name = name;
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

  /** The map written as {@code yaml}, called {@code name} in errors. */
  public static LogMap read(String name, String yaml) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(name)
            .setSchema(new FailsafeSchema())
            .setAllowDuplicateKeys(false)
            .build();
    Object root;
    try {
      root = new Load(settings).loadFromString(yaml);
    } catch (YamlEngineException failure) {
      throw new InvalidMapException("map %s: %s".formatted(name, failure.getMessage()));
    }
    return new MapReader(name).map(root);
  }

  private LogMap map(@Nullable Object root) {
    Map<String, Object> top = object("the map", root);
    allow("the map", top, Set.of("about", "records", "event"));
    Map<String, Object> event = object("event", top.get("event"));
    Set<String> known = new LinkedHashSet<>(TEXTS);
    known.addAll(List.of("occurred_at", "actor", "context", "targets", "changes"));
    allow("event", event, known);

    Map<String, Expression> texts = new LinkedHashMap<>();
    Map<String, List<Expression>> lists = new LinkedHashMap<>();
    texts(texts, "", event, TEXTS);
    if (!texts.containsKey("action")) {
      throw invalid("event", "needs \"action\"");
    }
    actor(texts, lists, object("actor", event.get("actor")));
    if (event.get("context") != null) {
      Map<String, Object> context = object("context", event.get("context"));
      allow("context", context, with(CONTEXT, "location"));
      texts(texts, "context.", context, CONTEXT);
      if (context.get("location") != null) {
        Map<String, Object> location = object("context.location", context.get("location"));
        allow("context.location", location, LOCATION);
        texts(texts, "context.location.", location, LOCATION);
      }
    }
    Object records = top.get("records");
    return new LogMap(
        name,
        records == null ? null : text("records", records),
        texts,
        lists,
        event.get("occurred_at") == null ? null : time(event.get("occurred_at")),
        list(event.get("targets")).stream().map(this::target).toList(),
        list(event.get("changes")).stream().map(this::change).toList());
  }

  private void actor(
      Map<String, Expression> texts,
      Map<String, List<Expression>> lists,
      Map<String, Object> actor) {
    allow("actor", actor, with(PRINCIPAL, "roles", "permissions", "on_behalf_of"));
    texts(texts, "actor.", actor, PRINCIPAL);
    if (!texts.containsKey("actor.type")) {
      throw invalid("actor", "needs \"type\"");
    }
    for (String key : List.of("roles", "permissions")) {
      if (actor.get(key) != null) {
        lists.put(
            "actor." + key,
            list(actor.get(key)).stream().map(item -> expression("actor." + key, item)).toList());
      }
    }
    chain(texts, actor);
  }

  /** The parties on whose behalf the actor acted, one within the other. */
  private void chain(Map<String, Expression> texts, Map<String, Object> actor) {
    Map<String, Object> party = actor;
    String place = "actor";
    for (int step = 1; party.get("on_behalf_of") != null; step++) {
      place += ".on_behalf_of";
      if (step > EventLimits.MAX_ON_BEHALF_OF) {
        throw invalid(place, "is a step too many: %d at most".formatted(step - 1));
      }
      party = object(place, party.get("on_behalf_of"));
      allow(place, party, with(PRINCIPAL, "on_behalf_of"));
      texts(texts, place + ".", party, PRINCIPAL);
    }
  }

  private LogMap.Time time(@Nullable Object value) {
    if (!(value instanceof Map<?, ?>)) {
      return new LogMap.Time(
          expression("occurred_at", value),
          new TimeReader(List.of(TimeForm.RFC3339), List.of(), null),
          false);
    }
    Map<String, Object> time = object("occurred_at", value);
    allow("occurred_at", time, TIME);
    ZoneId zone =
        time.get("zone") == null ? null : zone(text("occurred_at.zone", time.get("zone")));
    List<TimePattern> patterns =
        list(time.get("format")).stream()
            .map(pattern -> pattern(text("occurred_at.format", pattern), zone))
            .toList();
    List<TimeForm> forms =
        time.get("as") == null && patterns.isEmpty()
            ? List.of(TimeForm.RFC3339)
            : list(time.get("as")).stream()
                .map(form -> form(text("occurred_at.as", form)))
                .toList();
    return new LogMap.Time(
        expression("occurred_at.at", time.get("at")),
        new TimeReader(forms, patterns, zone),
        keepsUnreadable(time.get("unreadable")));
  }

  private TimeForm form(String name) {
    return TimeForm.named(name)
        .orElseThrow(
            () -> invalid("occurred_at.as", "is one of " + TimeForm.names() + ", not " + name));
  }

  private TimePattern pattern(String text, @Nullable ZoneId zone) {
    TimePattern pattern;
    try {
      pattern = TimePattern.of(text);
    } catch (IllegalArgumentException failure) {
      throw invalid("occurred_at.format", "\"" + text + "\" " + failure.getMessage());
    }
    if (zone == null && !pattern.hasZone()) {
      throw invalid("occurred_at.format", "\"" + text + "\" reads no zone; name it in \"zone\"");
    }
    return pattern;
  }

  private ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException _) {
      throw invalid("occurred_at.zone", "is a zone such as Europe/Berlin or UTC, not " + text);
    }
  }

  private boolean keepsUnreadable(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case String text when text.equals("refuse") -> false;
      case String text when text.equals("flag") -> true;
      default -> throw invalid("occurred_at.unreadable", "is refuse or flag");
    };
  }

  private LogMap.TargetRule target(Object value) {
    Map<String, Object> target = object("targets", value);
    allow("targets", target, Set.of("each", "if", "type", "id", "name", "href"));
    return new LogMap.TargetRule(
        each("targets", target),
        optional("targets.if", target.get("if")),
        expression("targets.type", target.get("type")),
        expression("targets.id", target.get("id")),
        optional("targets.name", target.get("name")),
        optional("targets.href", target.get("href")));
  }

  private LogMap.ChangeRule change(Object value) {
    Map<String, Object> change = object("changes", value);
    allow("changes", change, Set.of("each", "if", "field", "before", "after"));
    return new LogMap.ChangeRule(
        each("changes", change),
        optional("changes.if", change.get("if")),
        optional("changes.field", change.get("field")),
        optional("changes.before", change.get("before")),
        optional("changes.after", change.get("after")));
  }

  private @Nullable JsonPointer each(String place, Map<String, Object> rule) {
    Object each = rule.get("each");
    return each == null ? null : pointer(place + ".each", text(place + ".each", each));
  }

  private void texts(
      Map<String, Expression> texts, String prefix, Map<String, Object> from, Set<String> keys) {
    for (String key : keys) {
      Object value = from.get(key);
      if (value != null) {
        texts.put(prefix + key, expression(prefix + key, value));
      }
    }
  }

  private @Nullable Expression optional(String place, @Nullable Object value) {
    return value == null ? null : expression(place, value);
  }

  private Expression expression(String place, @Nullable Object value) {
    return switch (value) {
      case null -> throw invalid(place, "is missing");
      case String text -> scalar(place, text);
      case List<?> alternatives ->
          new Expression.FirstOf(
              alternatives.stream().map(item -> expression(place, item)).toList());
      case Map<?, ?> _ -> changed(place, object(place, value));
      default -> throw invalid(place, "is neither text, a list nor an object");
    };
  }

  private Expression scalar(String place, String text) {
    if (text.startsWith("/") || text.isEmpty()) {
      return new Expression.At(pointer(place, text));
    }
    if (!text.contains("{/")) {
      return new Expression.Constant(text);
    }
    List<Expression> parts = new ArrayList<>();
    var matcher = PLACEHOLDER.matcher(text);
    int end = 0;
    while (matcher.find()) {
      if (matcher.start() > end) {
        parts.add(new Expression.Constant(text.substring(end, matcher.start())));
      }
      parts.add(new Expression.At(pointer(place, matcher.group(1))));
      end = matcher.end();
    }
    if (end < text.length()) {
      parts.add(new Expression.Constant(text.substring(end)));
    }
    return new Expression.Template(parts);
  }

  private Expression changed(String place, Map<String, Object> rule) {
    allow(place, rule, CHANGED);
    List<Replacement> replacements = new ArrayList<>();
    for (Object item : list(rule.get("replace"))) {
      if (!(item instanceof List<?> pair) || pair.size() != 2) {
        throw invalid(place + ".replace", "is a list of [pattern, replacement]");
      }
      replacements.add(
          new Replacement(
              regex(place + ".replace", pair.get(0)), text(place + ".replace", pair.get(1))));
    }
    Map<String, String> values = new LinkedHashMap<>();
    if (rule.get("values") != null) {
      object(place + ".values", rule.get("values"))
          .forEach((key, to) -> values.put(key, text(place + ".values." + key, to)));
    }
    Object other = rule.get("other");
    Object absent = rule.get("else");
    return new Expression.Changed(
        source(place, rule),
        replacements,
        flag(place + ".snake", rule.get("snake")),
        flag(place + ".lower", rule.get("lower")),
        values,
        other == null ? null : text(place + ".other", other),
        absent == null ? null : text(place + ".else", absent));
  }

  /**
   * Reads the source of a rule: {@code from} a value, or {@code any} member that matches {@code
   * when}.
   */
  private Expression source(String place, Map<String, Object> rule) {
    Object condition = rule.get("when");
    Pattern when = condition == null ? null : regex(place + ".when", condition);
    Object any = rule.get("any");
    if (any != null) {
      if (rule.get("from") != null) {
        throw invalid(place, "has both \"from\" and \"any\"");
      }
      return new Expression.AnyOf(pointer(place + ".any", text(place + ".any", any)), when);
    }
    Expression from = expression(place + ".from", rule.get("from"));
    return when == null ? from : new Expression.Matching(from, when);
  }

  private Pattern regex(String place, @Nullable Object value) {
    try {
      return Pattern.compile(text(place, value));
    } catch (PatternSyntaxException failure) {
      throw invalid(place, failure.getDescription() + ": " + failure.getPattern());
    }
  }

  private JsonPointer pointer(String place, String text) {
    try {
      return JsonPointer.compile(text);
    } catch (IllegalArgumentException failure) {
      throw invalid(place, "is not a JSON pointer: " + text);
    }
  }

  private boolean flag(String place, @Nullable Object value) {
    return switch (value) {
      case null -> false;
      case String text when text.equals("true") -> true;
      case String text when text.equals("false") -> false;
      default -> throw invalid(place, "is true or false");
    };
  }

  private String text(String place, @Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw invalid(place, "is not text");
  }

  /** A list as it is, one value as a list of it, nothing as an empty one. */
  private static List<Object> list(@Nullable Object value) {
    return switch (value) {
      case null -> List.of();
      case List<?> items -> items.stream().map(Object.class::cast).toList();
      default -> List.of(value);
    };
  }

  private Map<String, Object> object(String place, @Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw invalid(place, "is missing or not an object");
    }
    Map<String, Object> object = new LinkedHashMap<>();
    map.forEach((key, item) -> object.put(String.valueOf(key), item));
    return object;
  }

  private void allow(String place, Map<String, Object> object, Set<String> known) {
    for (String key : object.keySet()) {
      if (!known.contains(key)) {
        throw invalid(place, "has the unknown key \"" + key + "\"");
      }
    }
  }

  private static Set<String> with(Set<String> keys, String... more) {
    Set<String> all = new LinkedHashSet<>(keys);
    all.addAll(List.of(more));
    return all;
  }

  private InvalidMapException invalid(String place, String problem) {
    return new InvalidMapException("map %s: %s %s".formatted(name, place, problem));
  }
}
